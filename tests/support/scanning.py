"""Looks for texts in everything that a database holds: the bytes of its files, or every value of every table."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from sqlalchemy import Engine, select

from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import Base


def traces(engine: Engine, texts: Iterable[str]) -> set[str]:
    """Which of these texts are anywhere in the database, in any letter case."""
    everything = _bytes_of(engine).lower()
    return {text for text in texts if text.lower().encode() in everything}


def _bytes_of(engine: Engine) -> bytes:
    """SQLite: the file with its write-ahead log, free pages included. PostgreSQL: all rows of all tables."""
    if engine.dialect.name == "sqlite":
        file = Path(engine.url.database or "")
        parts = (file, file.with_name(f"{file.name}-wal"), file.with_name(f"{file.name}-journal"))
        return b"\n".join(part.read_bytes() for part in parts if part.exists())
    found: list[bytes] = []
    with read(engine) as connection:
        for table in Base.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                found += [value if isinstance(value, bytes) else str(value).encode() for value in row]
    return b"\n".join(found)
