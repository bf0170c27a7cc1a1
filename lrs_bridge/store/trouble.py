"""What is the matter with the database itself, by the words of its driver, and what to do about it.

Stands beside the engine: an error that is in these tables is the operator's business and becomes an `Unreachable` that
says so; every other error is about what was asked for, and stays what it is.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from lrs_bridge.store.errors import Busy, Damaged, Full, ReadOnly, Unreachable

_NOTHING_KEPT: Final = "Nothing of this step was kept;"
_FULL: Final = (
    f"There is no room left for the database at {{engine}}. {_NOTHING_KEPT} make room on its disk and repeat it."
)
_BUSY: Final = (
    "Another process has kept the database file {file} busy for too long. "
    f"{_NOTHING_KEPT} end that process if it hangs (a copy, or a tool that holds the file open), and repeat it."
)
_READ_ONLY: Final = (
    "The database file {file} can only be read. "
    f"{_NOTHING_KEPT} see that this user may write to it, to its -wal and -shm and to the folder, and repeat it."
)
_READ_ONLY_SERVER: Final = (
    "The database at {engine} can only be read, as a standby can. "
    f"{_NOTHING_KEPT} let it take changes again, or correct [database] url, and repeat it."
)
_DISK: Final = (
    "The disk of the database at {engine} does not do what it is asked. "
    f"{_NOTHING_KEPT} look at the disk and at the messages of the system, and repeat it."
)
_DAMAGED: Final = (
    "The database file {file} is damaged. Stop lrs-bridge and restore a backup; what came after it is pulled again."
)
_CANNOT_OPEN: Final = (
    "The database file {file} cannot be opened as one. See that its folder exists, that this user may write there, and "
    "that it is an SQLite database, or correct [database] url."
)
_NO_ANSWER: Final = (
    "The database at {engine} does not answer, or refuses the sign-in. Start it, or correct the address, user and "
    "password in [database]."
)
_GONE: Final = (
    "The database at {engine} stopped answering. Nothing of this step was kept; repeat it once the database answers."
)

Trouble = tuple[type[Unreachable], str]

#: Beginning of SQLite's name for it (sqlite.org/rescode.html) → what it is; the first that fits.
_SQLITE: Final[tuple[tuple[str, Trouble], ...]] = (
    ("SQLITE_FULL", (Full, _FULL)),
    ("SQLITE_IOERR_SHMSIZE", (Full, _FULL)),  # beside the file, a page of shared memory found no room
    ("SQLITE_IOERR_WRITE", (Full, _FULL)),  # as some file systems say it; a failing disk would fail to read as well
    ("SQLITE_IOERR", (Unreachable, _DISK)),
    ("SQLITE_READONLY", (ReadOnly, _READ_ONLY)),
    ("SQLITE_CANTOPEN", (Unreachable, _CANNOT_OPEN)),
    ("SQLITE_BUSY", (Busy, _BUSY)),
    ("SQLITE_LOCKED", (Busy, _BUSY)),
    ("SQLITE_PROTOCOL", (Busy, _BUSY)),
    ("SQLITE_CORRUPT", (Damaged, _DAMAGED)),
    ("SQLITE_NOTADB", (Unreachable, _CANNOT_OPEN)),
)
#: PostgreSQL's state (its appendix A) → what it is.
_POSTGRES: Final[dict[str, Trouble]] = {
    "53100": (Full, _FULL),
    "25006": (ReadOnly, _READ_ONLY_SERVER),
    # The server is being stopped, has crashed, or is not up again yet: it says so before it hangs up.
    "57P01": (Unreachable, _GONE),
    "57P02": (Unreachable, _GONE),
    "57P03": (Unreachable, _GONE),
}


def trouble_of(engine: Engine, error: DBAPIError) -> Unreachable | None:
    """What is the matter with the database, as an error to raise; None where it is what was asked of it."""
    found = _found(error)
    return None if found is None else found[0](_filled(found[1], engine))


def unreachable(engine: Engine, error: DBAPIError) -> Unreachable:
    """Why the database cannot even be opened. What nobody can open is told with everything that may be wrong."""
    found = trouble_of(engine, error)
    return found if isinstance(found, Full | ReadOnly | Busy | Damaged) else Unreachable(unreachable_text(engine))


def masked(engine: Engine) -> str:
    """The database's address without its password, for messages."""
    return engine.url.set(query={}).render_as_string(hide_password=True)


def unreachable_text(engine: Engine) -> str:
    """What to do about a database that cannot be opened or does not answer; names no password."""
    return _filled(_CANNOT_OPEN if engine.dialect.name == "sqlite" else _NO_ANSWER, engine)


def _filled(text: str, engine: Engine) -> str:
    return text.format(engine=masked(engine), file=engine.url.database)


def _found(error: DBAPIError) -> Trouble | None:
    name, state = getattr(error.orig, "sqlite_errorname", ""), getattr(error.orig, "sqlstate", "")
    if state in _POSTGRES:
        return _POSTGRES[state]
    for beginning, trouble in _SQLITE:
        if name.startswith(beginning):
            return trouble
    return (Unreachable, _GONE) if error.connection_invalidated else None
