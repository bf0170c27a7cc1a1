"""Copies of an SQLite database while it is written to: whole, checked, and never over something that is there.

What this makes is one file that needs nothing beside it. `restoring` goes the way back; PostgreSQL has its own tools.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import Final
from urllib.parse import quote

from sqlalchemy import URL, Engine

from lrs_bridge.store.engine import BUSY_SECONDS
from lrs_bridge.store.errors import Damaged, Refused, StoreError

OWNER_ONLY: Final = 0o600  # a copy holds names and learning records, as the original does
#: Of many faults in a damaged file these many are told.
_MOST: Final = 5


def save(engine: Engine, target: Path, now: datetime) -> Path:
    """Copy the database as it is at this moment; whoever writes goes on writing. Returns the file.

    `target` is a file that is not there yet, or a folder, in which the file gets a name with the time in UTC. Raises
    Refused (PostgreSQL, something is there already), Damaged, StoreError for a full disk, and OSError.
    """
    file = file_of(engine)
    if target.is_dir():
        target /= f"{file.stem}-{now:%Y%m%dT%H%M%SZ}.db"
    if target.exists():
        raise Refused(f"There is something at {target} already. Nothing was written; give another name, or a folder.")
    if not target.parent.is_dir():
        raise Refused(f"There is no folder {target.parent}. Make it, or give another path.")
    with unfinished(target) as part:
        copy(file, part)
        refuse_damaged(part, file)
        settle(part)
        finish(part, target)
    return target


def file_of(engine: Engine) -> Path:
    """The file of an SQLite database. Raises Refused for one in memory, and for PostgreSQL, with its own tool."""
    url = engine.url
    if engine.dialect.name != "sqlite":
        address = URL.create("postgresql", url.username, None, url.host, url.port, url.database).render_as_string()
        raise Refused(
            "PostgreSQL is backed up with its own tools, while everything runs: "
            f"`pg_dump --format=custom --file=lrs_bridge.dump --dbname={address}`, and back with `pg_restore`; "
            "see docs/backup.md. The password belongs into ~/.pgpass."
        )
    if not url.database or url.database == ":memory:":
        raise Refused("A database in memory has no file to copy. Look at [database] url.")
    return Path(url.database)


@contextmanager
def unfinished(target: Path) -> Iterator[Path]:
    """A new file beside the target, only for its owner, that is gone again unless it became the target."""
    part = target.with_name(f".{target.name}.{os.getpid()}.part")
    os.close(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, OWNER_ONLY))
    try:
        yield part
    except sqlite3.OperationalError as error:
        raise StoreError(
            f"The copy {target} could not be written ({error.sqlite_errorname}). Nothing was left behind; make room on "
            "its disk, or wait until the database is less busy, and repeat it."
        ) from error
    finally:
        for ending in ("", "-wal", "-shm", "-journal"):
            Path(f"{part}{ending}").unlink(missing_ok=True)


def copy(file: Path, part: Path) -> None:
    """Copy all pages in one step: a snapshot of one moment. Raises Damaged."""
    if not file.is_file():
        raise Damaged(f"There is no database file {file}.")
    origin = sqlite3.connect(uri_of(file), uri=True, timeout=BUSY_SECONDS)
    try:
        with closing(origin), closing(sqlite3.connect(part)) as target:
            origin.backup(target)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{file} cannot be read as an SQLite database ({error.sqlite_errorname}).") from error


def uri_of(file: Path) -> str:
    """An address that only reads, whatever characters the path has."""
    return f"file:{quote(str(file.absolute()))}?mode=ro"


def refuse_damaged(part: Path, named: Path) -> None:
    """Raises Damaged with what SQLite finds wrong in the copy of what is `named`."""
    try:
        with closing(sqlite3.connect(uri_of(part), uri=True)) as connection:
            found = [text for (text,) in connection.execute(f"PRAGMA integrity_check({_MOST})") if text != "ok"]
            loose = connection.execute("PRAGMA foreign_key_check").fetchmany(_MOST)
    except sqlite3.DatabaseError as error:
        raise Damaged(f"{named} is no SQLite database, or damaged ({error.sqlite_errorname}).") from error
    found += [f"a row of {row[0]} belongs to none of {row[2]}" for row in loose]
    if found:
        raise Damaged(f"{named} is damaged: {'; '.join(found)}. Use another backup.")


def settle(part: Path) -> None:
    """Make it one file that needs no log beside it, and see it on the disk."""
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA journal_mode = DELETE")
    flush(part)


def finish(part: Path, target: Path) -> None:
    """Give the file its name, unless somebody else took it meanwhile. Raises Refused."""
    try:
        os.link(part, target)
    except FileExistsError:
        raise Refused(f"Something was written to {target} meanwhile. Nothing was changed there.") from None
    except OSError:  # a file system without links
        part.rename(target)
    flush(target.parent)


def flush(path: Path) -> None:
    """What was written to a file, or which names a folder has, outlives a power cut from here on."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
