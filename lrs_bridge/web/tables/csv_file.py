"""A table as a file for spreadsheets. No cell can be taken for a formula there (CWE-1236)."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence

#: Also in the full width that East Asian spreadsheets take for the same.
_FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "\n")


def safe(value: object) -> object:
    """A text that a spreadsheet would run gets an apostrophe in front; numbers stay numbers."""
    if isinstance(value, str):
        return f"'{value}" if value.startswith(_FORMULA) else value
    return "" if value is None else value


def lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of the file, one by one, so that a long list needs no memory."""
    for row in _chain(header, rows):
        buffer = io.StringIO()
        csv.writer(buffer).writerow([safe(value) for value in row])
        yield buffer.getvalue()


def _chain(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[Sequence[object]]:
    yield header
    yield from rows
