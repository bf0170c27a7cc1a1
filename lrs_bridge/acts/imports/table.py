"""A CSV file as a tree in which every cell knows its place: a row is a mapping from column name to cell.

Empty lines, and cells left out at the end of a line, are as spreadsheets write them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from lrs_bridge_rules.documents.cells import Cell, rows_of
from lrs_bridge_rules.documents.tree import Node, Place, Problems
from lrs_bridge_rules.nearest import nearest_or_all


def read_table(text: str, path: str, columns: Sequence[str], problems: Problems) -> list[Node]:
    """Return the rows of a table with these columns; header names in any order and letter case."""
    rows = rows_of(text, path, problems)
    if not rows:
        problems.add(Place(path), f"the file is empty; expected a header line with {', '.join(columns)}")
        return []
    names = _header(rows[0], tuple(columns), problems)
    return [_row(names, row, frozenset(columns), problems) for row in rows[1:]]


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
