"""Statements in a file that somebody names: one, a list of them, or a result as an LRS sends it."""

from __future__ import annotations

import json
from pathlib import Path

from lrs_bridge.errors import UsageError
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.statement import Statement, decode_statement

#: Whoever has more has a source, and can pull it.
_MOST = 1000
_LARGEST = 50 * 1024 * 1024


def bodies_in(file: Path) -> list[bytes]:
    """The statements as JSON bodies, in the order of the file. Raises UsageError if it holds none."""
    with file.open("rb") as opened:
        text = opened.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        raise UsageError(f"{file} is larger than {_LARGEST // 1024**2} MiB.", "Save only what is asked about.")
    try:
        content = json.loads(text)
    except (ValueError, RecursionError) as error:
        where = f" (line {error.lineno}, column {error.colno})" if isinstance(error, json.JSONDecodeError) else ""
        raise UsageError(f"{file} is not JSON{where}.", "It holds one statement, or a list of statements.") from None
    if isinstance(content, dict) and isinstance(content.get("statements"), list):
        content = content["statements"]
    statements = content if isinstance(content, list) else [content]
    if not statements or len(statements) > _MOST:
        raise UsageError(f"{file} holds {len(statements):,} statements.", f"Give one to {_MOST:,} of them.")
    return [json.dumps(each).encode() for each in statements]


def statements_in(file: Path) -> list[Statement]:
    """The statements of a file, each decoded as when it is pulled. Raises UsageError if one is none."""
    return [_decoded(number, body) for number, body in enumerate(bodies_in(file), start=1)]


def _decoded(number: int, body: bytes) -> Statement:
    try:
        return decode_statement(body)
    except StatementError as error:
        raise UsageError(f"Statement {number} of the file cannot be read: {error.reason}.", "Correct it.") from None
