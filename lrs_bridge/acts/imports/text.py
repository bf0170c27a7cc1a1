"""First step of an import: bytes become text, or one clear sentence about why they do not."""

from __future__ import annotations

import codecs
from pathlib import Path

from lrs_bridge_rules.documents.tree import Place, Problems

#: Nothing that people write by hand or export for a thousand learners comes near; a wrong file does.
LARGEST_FILE = 50_000_000


def read_text(path: Path, problems: Problems) -> str | None:
    """Return the text of a UTF-8 file without its byte order mark; None when it cannot be read (a problem says why)."""
    start = Place(str(path))
    try:
        if path.stat().st_size > LARGEST_FILE:
            problems.add(start, f"this file is larger than {LARGEST_FILE // 1_000_000} MB; split it")
            return None
        return _decode(path.read_bytes(), path, problems)
    except OSError as error:
        problems.add(start, f"the file cannot be read ({error.strerror}); check the path and its permissions")
        return None


def _decode(body: bytes, path: Path, problems: Problems) -> str | None:
    body = body.removeprefix(codecs.BOM_UTF8)
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        before = body[: error.start].decode(errors="replace")
        problems.add(place_at(before, len(before), str(path)), _encoding_advice(body))
        return None
    if "\0" in text:
        problems.add(place_at(text, text.index("\0"), str(path)), "a NUL character; this is not a text file")
        return None
    return text


def _encoding_advice(body: bytes) -> str:
    if body.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "this file is UTF-16; save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and import it again"
    return (
        "this is not UTF-8 text; the file looks like Latin-1 or Windows-1252: "
        "save it as UTF-8 (in a spreadsheet: “CSV UTF-8”) and import it again"
    )


def place_at(text: str, offset: int, path: str) -> Place:
    """The line and column, counted from 1, of a character."""
    line_start = text.rfind("\n", 0, offset) + 1
    return Place(path, text.count("\n", 0, offset) + 1, offset - line_start + 1)
