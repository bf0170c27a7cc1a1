"""Makes the database forget what was deleted: deleted rows stay in a file until something is written over them."""

from __future__ import annotations

import sqlite3
from typing import Any

from sqlalchemy import Engine, text
from sqlalchemy.exc import DatabaseError


def scrub(engine: Engine) -> bool:
    """Write the database anew without what was deleted; False if it was too busy for that, and nothing was done.

    SQLite: the file is rewritten and its write-ahead log emptied, for which nobody else may write meanwhile.
    PostgreSQL: dead rows are taken out of its tables; its own write-ahead log and backups forget at their own pace.
    """
    try:
        if engine.dialect.name == "postgresql":
            with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text("VACUUM"))
            return True
        return _rewrite_file(engine)
    except (DatabaseError, sqlite3.OperationalError):
        return False


def _rewrite_file(engine: Engine) -> bool:
    """Over the driver itself: there is no transaction around what rewrites the file."""
    borrowed = engine.raw_connection()
    try:
        driver: Any = borrowed.driver_connection
        driver.execute("PRAGMA temp_store = FILE")  # what is rewritten need not fit into memory
        driver.execute("VACUUM")
        busy, _, _ = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        return not busy
    finally:
        borrowed.invalidate()  # its settings are not those of the others
        borrowed.close()
