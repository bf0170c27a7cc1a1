"""The cells of a CSV file with their places. Python's csv module forgets columns; a person needs them.

RFC 4180 with what spreadsheets really write: comma, semicolon or tab (told by the header line), CRLF or LF. Lists of
rule documents and imported tables are read out of it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.documents.tree import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrs_bridge_rules.documents.tree import Problems

_DELIMITERS: Final = (",", ";", "\t")
_CELL: Final = r'[ ]*(?:"((?:[^"]|"")*)"[ ]*|([^"DELIMITER\r\n][^DELIMITER\r\n]*|))(DELIMITER|\r?\n|\r|\Z)'


@dataclass(frozen=True, slots=True)
class Cell:
    """The text of one cell, without quotes and outer blanks, and where it begins."""

    text: str
    place: Place


def rows_of(text: str, path: str, problems: Problems) -> list[list[Cell]]:
    """Return the rows of a table, the header among them; lines without any text are left out."""
    return [row for row in _rows(text, path, problems) if any(cell.text for cell in row)]


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
