"""Where the pulling of each source stands: cursor, freshness, the last failure, and what came in so far."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from lrs_bridge.store.rows import columns_of
from lrs_bridge.store.tables import SourceRow


@dataclass(frozen=True, slots=True)
class SourceState:
    """The state of one source. `cursor` is the source's own opaque text; counters add up over all pulls.

    `missed` is what the last rescan found that pulls had missed; `differences` what the last verification left open.
    `erased` counts statements of people who were erased: they were delivered again, and not kept.
    """

    name: str
    cursor: str | None = None
    latest: datetime | None = None
    last_started_at: datetime | None = None
    last_ok_at: datetime | None = None
    last_error: str = ""
    last_error_at: datetime | None = None
    new: int = 0
    duplicates: int = 0
    quarantined: int = 0
    noise: int = 0
    rescanned_at: datetime | None = None
    missed: int = 0
    verified_at: datetime | None = None
    differences: int = 0
    erased: int = 0


_STATE = columns_of(SourceRow, SourceState)


def get_state(connection: Connection, name: str) -> SourceState:
    """The state of a source; one that was never pulled is at its beginning."""
    row = connection.execute(select(*_STATE).where(SourceRow.name == name)).one_or_none()
    return SourceState(name) if row is None else SourceState(*row)


def all_states(connection: Connection) -> list[SourceState]:
    """Every source that was ever pulled, in order of the names."""
    return [SourceState(*row) for row in connection.execute(select(*_STATE).order_by(SourceRow.name))]


def started(connection: Connection, name: str, now: datetime) -> None:
    """A pull begins."""
    change(connection, name, last_started_at=now)


def succeeded(connection: Connection, name: str, now: datetime) -> None:
    """A pull came to its end; the last failure is over."""
    change(connection, name, last_ok_at=now, last_error="", last_error_at=None)


def failed(connection: Connection, name: str, reason: str, now: datetime) -> None:
    """A pull stopped. `reason` holds no credential and no body."""
    change(connection, name, last_error=reason, last_error_at=now)


def rescanned(connection: Connection, name: str, missed: int, now: datetime) -> None:
    """A rescan came to its end, and took in what pulls had missed."""
    change(connection, name, rescanned_at=now, missed=missed)


def verified(connection: Connection, name: str, differences: int, now: datetime) -> None:
    """A verification came to its end, with so many differences left."""
    change(connection, name, verified_at=now, differences=differences)


def change(connection: Connection, name: str, **values: object) -> None:
    """Set columns of a source's row, which is made if there is none."""
    if connection.execute(update(SourceRow).where(SourceRow.name == name).values(**values)).rowcount == 0:
        counters = dict.fromkeys(("new", "duplicates", "quarantined", "noise", "missed", "erased", "differences"), 0)
        connection.execute(insert(SourceRow).values(**{"name": name, "last_error": "", **counters, **values}))
