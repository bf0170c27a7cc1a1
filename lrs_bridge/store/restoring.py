"""The way back from a backup: checked before anything is touched, with what is replaced kept beside it.

Messages that waited when the backup was made may have gone out since, and nothing here knows: they are held back as
given up, for a person to look at (`lrs-bridge outbox list`, `outbox retry`), unless that person says otherwise now.
"""

from __future__ import annotations

import os
import sqlite3
import stat
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from sqlalchemy import Engine, or_, update

from lrs_bridge.store import backup, schema
from lrs_bridge.store.engine import make_engine, write
from lrs_bridge.store.errors import Refused, SchemaError, SchemaNewer, SchemaOlder
from lrs_bridge.store.outbox import WAITING
from lrs_bridge.store.tables import OutboxRow, OutboxState

HELD_BACK: Final = "held back after a restore: it may have been sent after the backup was made"
_BESIDE: Final = ("-wal", "-shm")


@dataclass(frozen=True, slots=True)
class Restored:
    """What was put back. `replaced`: where the database that was there is now; `held_back`: messages that wait."""

    file: Path
    replaced: Path | None
    held_back: int
    upgraded: bool


def restore(
    engine: Engine, source: Path, now: datetime, *, force: bool = False, upgrade: bool = False, send: bool = False
) -> Restored:
    """Put a backup in the place of the database. Whatever is wrong is found before anything is touched.

    `force` replaces a database that is there, `upgrade` accepts a backup of an earlier version, `send` holds no
    messages back. Raises Refused, Damaged, SchemaError, and OSError.
    """
    target = backup.file_of(engine)
    if target.exists() and not force:
        raise Refused(
            f"There is a database at {target}. Nothing was changed; to replace it (it is kept beside), use --force."
        )
    with backup.unfinished(target) as part:
        backup.copy(source, part)
        backup.refuse_damaged(part, source)
        upgraded, held_back = _prepare(part, source, now, upgrade=upgrade, send=send)
        backup.settle(part)
        _as_before(part, target)
        replaced = _put_aside(target, now)
        part.replace(target)
        backup.flush(target.parent)
    return Restored(target, replaced, held_back, upgraded)


def hold_back(engine: Engine, now: datetime) -> int:
    """Give up every message whose time had come by now and that has not gone out; returns how many there were."""
    begun = OutboxRow.state == OutboxState.SENDING
    waits = OutboxRow.state.in_(WAITING) & (OutboxRow.next_attempt_at <= now)
    held = update(OutboxRow).where(or_(begun, waits), OutboxRow.holds)
    given_up = held.values(state=OutboxState.DEAD, last_error=HELD_BACK, lease=None, leased_until=None)
    with write(engine) as connection:
        return connection.execute(given_up).rowcount


def _prepare(part: Path, source: Path, now: datetime, *, upgrade: bool, send: bool) -> tuple[bool, int]:
    engine = make_engine(f"sqlite:///{part}")
    try:
        older = _is_older(engine, source)
        if older and not upgrade:
            raise Refused(
                f"{source} was made by an earlier version of lrs-bridge. To bring it to the layout of this version on "
                "the way, use --upgrade; the backup itself stays as it is."
            )
        if older:
            schema.upgrade(engine)
        return older, 0 if send else hold_back(engine, now)
    finally:
        engine.dispose()


def _is_older(engine: Engine, source: Path) -> bool:
    """Raises Refused for what is no backup of this program, or one of a later version."""
    try:
        schema.check(engine)
    except SchemaOlder:
        return True
    except SchemaNewer as error:
        raise Refused(f"{source} was made by a later version of lrs-bridge. Install that version first.") from error
    except SchemaError as error:
        raise Refused(f"{source} is no backup of lrs-bridge. Nothing was changed.") from error
    return False


def _as_before(part: Path, target: Path) -> None:
    """Whoever could open the database can open what takes its place."""
    if target.exists():
        owner = target.stat()
        part.chmod(stat.S_IMODE(owner.st_mode))
        with suppress(PermissionError):  # only root gives files away, and only root need
            os.chown(part, owner.st_uid, owner.st_gid)


def _put_aside(target: Path, now: datetime) -> Path | None:
    """Give what is there another name, which says when; None if nothing was. Raises Refused while somebody uses it."""
    aside = target.with_name(f"{target.name}.replaced-{now:%Y%m%dT%H%M%SZ}")
    if aside.exists():
        raise Refused(f"There is something at {aside} already. Nothing was changed; move it away.")
    if target.exists():
        _refuse_used(target)
    for ending in _BESIDE:  # of a damaged or lost one only; it must not be taken for the new one's
        log = Path(f"{target}{ending}")
        if log.exists():
            log.rename(f"{aside}{ending}")
    if not target.exists():
        return None
    try:
        os.link(target, aside)
    except OSError:  # a file system without links: for a moment there is no database
        target.rename(aside)
    return aside


def _refuse_used(target: Path) -> None:
    """SQLite gives up the write-ahead log only to somebody who is alone with the database."""
    try:
        with closing(sqlite3.connect(target, timeout=0)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.OperationalError as error:
        raise Refused(
            f"The database at {target} is in use ({error.sqlite_errorname}). Stop lrs-bridge (web, worker, beat, up), "
            "then restore."
        ) from error
    except sqlite3.DatabaseError:
        return  # damaged: that is why it is replaced
