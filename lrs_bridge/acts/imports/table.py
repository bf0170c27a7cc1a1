"""A CSV file as a tree in which every cell knows its place. Python's csv module forgets columns; a person needs them.

RFC 4180 with what spreadsheets really write: comma, semicolon or tab (told by the header line), CRLF or LF, empty
lines, and cells left out at the end of a line. A row is a mapping from column name to cell.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lrs_bridge_rules.documents.tree import Node, Place, Problems
from lrs_bridge_rules.nearest import nearest_or_all

_DELIMITERS = (",", ";", "\t")
_CELL = r'[ ]*(?:"((?:[^"]|"")*)"[ ]*|([^"DELIMITER\r\n][^DELIMITER\r\n]*|))(DELIMITER|\r?\n|\r|\Z)'


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell, without quotes and outer blanks, and where it begins."""

    text: str
    place: Place


def read_table(text: str, path: str, columns: Sequence[str], problems: Problems) -> list[Node]:
    """Return the rows of a table with these columns; header names in any order and letter case."""
    rows = [row for row in _rows(text, path, problems) if any(cell.text for cell in row)]
    if not rows:
        problems.add(Place(path), f"the file is empty; expected a header line with {', '.join(columns)}")
        return []
    names = _header(rows[0], tuple(columns), problems)
    return [_row(names, row, frozenset(columns), problems) for row in rows[1:]]


def _rows(text: str, path: str, problems: Problems) -> Iterator[list[Cell]]:
    delimiter = _delimiter(text)
    cell = re.compile(_CELL.replace("DELIMITER", delimiter))
    row: list[Cell] = []
    offset, line, line_start = 0, 1, 0
    while offset < len(text) or row:
        place = Place(path, line, offset - line_start + 1)
        found = cell.match(text, offset)
        if found is None:
            problems.add(place, 'a quote is not closed, or something follows a closed one; write " inside quotes as ""')
            return
        row.append(Cell((found[2] or "" if found[1] is None else found[1].replace('""', '"')).strip(), place))
        offset = found.end()
        if (breaks := text.count("\n", found.start(), offset)) > 0:
            line += breaks
            line_start = text.rfind("\n", found.start(), offset) + 1
        if found[3] != delimiter:
            yield row
            row = []


def _delimiter(text: str) -> str:
    header = next((line for line in text.splitlines() if line.strip()), "")
    return max(_DELIMITERS, key=header.count)


def _header(row: list[Cell], columns: tuple[str, ...], problems: Problems) -> list[str]:
    names = [re.sub(r"[\s-]+", "_", cell.text.lower()) for cell in row]
    for name, cell in zip(names, row, strict=True):
        if name not in columns:
            problems.add(cell.place, f"unknown column {cell.text!r}{nearest_or_all(name, columns)}")
        elif names.count(name) > 1:
            problems.add(cell.place, f"the column {name!r} is there twice")
    return names


def _row(names: list[str], row: list[Cell], columns: frozenset[str], problems: Problems) -> Node:
    for extra in row[len(names) :]:
        if extra.text:
            problems.add(
                extra.place, f"more cells than the header's {len(names)} columns; quote a cell that holds the separator"
            )
    place = next((cell.place for cell in row if cell.text), row[0].place)
    cells = {name: Node(cell.text, cell.place) for name, cell in zip(names, row, strict=False) if name in columns}
    return Node(cells, place)
