"""Named lists whose values stand in a column of a CSV file beside the document: `{file: activities.csv, column: id}`.

`loader` finds the files and gives their texts by name; `compiler` makes the values of them. What is wrong with the
choice of file or column is said where the document says it, what is wrong in a row where it stands in the file.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.documents.cells import rows_of
from lrs_bridge_rules.documents.tree import Node
from lrs_bridge_rules.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrs_bridge_rules.documents.cells import Cell
    from lrs_bridge_rules.documents.tree import Place, Problems

SUFFIX: Final = ".csv"
MAX_LIST_BYTES: Final = 4 * 1024 * 1024
MAX_VALUES: Final = 100_000


def inside_folder(file: object) -> str:
    """Return the name of a list's file. Raises ValueError unless it can only lead into the document's own folder."""
    if not isinstance(file, str) or not file.endswith(SUFFIX):
        raise ValueError(f"expected the name of a file that ends with {SUFFIX}")
    path = PurePosixPath(file)
    if path.is_absolute() or ".." in path.parts or any(mark in file for mark in ("\\", ":", "\0")):
        raise ValueError("a list's file stands in the folder of the document, or in one below it")
    return path.as_posix()


@dataclass(frozen=True, slots=True)
class ListFile:
    """A list of a document that names a file. `text_name` is the file's among the texts of a ruleset."""

    list_name: str
    text_name: str
    node: Node

    @property
    def place(self) -> Place:
        return self.node.place_of(("file",))


def list_files(root: Node) -> Iterator[ListFile]:
    """Return the lists of a document whose values stand in files that may be read."""
    section = root.child("lists")
    entries = section.value if section is not None and isinstance(section.value, dict) else {}
    folder = PurePosixPath(root.place.path).parent
    for name, node in entries.items():
        file = node.child("file")
        try:
            if file is not None:
                yield ListFile(name, (folder / inside_folder(file.value)).as_posix(), node)
        except ValueError:
            continue  # the shape of the document says what is wrong with it


def values_of(named: ListFile, texts: Mapping[str, str], problems: Problems) -> list[Node]:
    """Return the values of a list, each with its place in the file; none where something is wrong with them."""
    text = texts.get(named.text_name)
    if text is None:
        return []  # `loader` has said so
    rows = rows_of(text.removeprefix("\ufeff"), named.text_name, problems)
    column = _column(named, rows[0] if rows else [], problems)
    if column is None:
        return []
    if len(rows) - 1 > MAX_VALUES:
        problems.add(named.place, f"{named.text_name} has more than {MAX_VALUES:,} rows; make several lists of it")
        return []
    if len(rows) == 1:
        problems.add(named.place, f"{named.text_name} has no row below its header, so the list can never fit")
    return list(_cells(rows[1:], column, len(rows[0]), problems))


def _column(named: ListFile, header: Sequence[Cell], problems: Problems) -> int | None:
    """Which cell of each row it is; None with the problem recorded."""
    names = [cell.text for cell in header]
    wanted = named.node.child("column")
    if not names:
        problems.add(named.place, f"{named.text_name} is empty; expected a line with the names of its columns")
    elif wanted is None and len(names) > 1:
        problems.add(named.place, f"{named.text_name} has the columns {', '.join(names)}; say which with column")
    elif wanted is None:
        return 0
    elif names.count(str(wanted.value)) > 1:
        problems.add(header[names.index(str(wanted.value))].place, f"the column {wanted.value!r} is there twice")
    elif wanted.value in names:
        return names.index(str(wanted.value))
    else:
        hint = nearest(str(wanted.value), names) or f" (there are: {', '.join(names)})"
        problems.add(wanted.place, f"{named.text_name} has no column {wanted.value!r}{hint}")
    return None


def _cells(rows: Sequence[Sequence[Cell]], column: int, width: int, problems: Problems) -> Iterator[Node]:
    """The values of one column. An empty one or a second one is a slip in most cases, and says so."""
    first: dict[str, int] = {}
    for row in rows:
        if len(row) > width:
            problems.add(
                row[width].place, f"more cells than the header's {width}; quote a cell that holds the separator"
            )
        if len(row) <= column or not row[column].text:
            problems.add(row[min(column, len(row) - 1)].place, "the cell is empty; fill it, or take the row out")
            continue
        cell = row[column]
        if cell.text in first:
            problems.add(cell.place, f"{cell.text!r} is given twice (first in line {first[cell.text]})")
            continue
        first[cell.text] = cell.place.line
        yield Node(cell.text, cell.place)
