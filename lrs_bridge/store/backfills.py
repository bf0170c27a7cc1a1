"""Histories that are read in windows: recorded, shared out under leases, and counted.

A worker claims a window, keeps its lease with every page, and gives it back read, split or with the reason why not.
What a page brought and how far the window was read stand in one transaction, so that a window that is read again after
a crash counts nothing twice. Times that divide windows are whole milliseconds.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, insert, or_, select, update

from lrs_bridge.store.engine import write
from lrs_bridge.store.ingest import PageSaved
from lrs_bridge.store.rows import columns_of, values_of
from lrs_bridge.store.tables import BackfillRow, BackfillState, BackfillWindowRow

#: After since (None: from the beginning), up to and including until.
Span = tuple[datetime | None, datetime]


@dataclass(frozen=True, slots=True)
class Backfill:
    """One history; see `BackfillRow`."""

    id: str
    source: str
    since: datetime | None
    earliest: datetime
    until: datetime
    counts_noise: bool
    counted: datetime | None
    state: BackfillState
    begun_at: datetime
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimedWindow:
    """A window to read, and the word that proves whose the lease is."""

    id: int
    backfill: Backfill
    since: datetime | None
    until: datetime
    resume: datetime | None
    orderly: bool
    attempts: int
    lease: str


@dataclass(frozen=True, slots=True)
class Step:
    """What one page did to its window; `resume` None: no further than before."""

    records: int
    saved: PageSaved
    seconds: float
    resume: datetime | None
    orderly: bool


_BACKFILL = columns_of(BackfillRow, Backfill)
_WINDOW = BackfillWindowRow


def record(connection: Connection, backfill: Backfill, spans: Sequence[Span]) -> None:
    """Begin: the windows wait to be read from now on."""
    connection.execute(insert(BackfillRow).values(**values_of(backfill)))
    connection.execute(insert(_WINDOW), [_fresh(backfill.id, span, backfill.begun_at) for span in spans])


def _fresh(backfill_id: str, span: Span, now: datetime, resume: datetime | None = None) -> dict[str, object]:
    counters = dict.fromkeys(("attempts", "read", "new", "duplicates", "quarantined", "noise"), 0)
    return {
        "backfill_id": backfill_id,
        "since": span[0],
        "until": span[1],
        "resume": resume,
        "orderly": resume is None,
        "done": False,
        "try_at": now,
        "last_error": "",
        "seconds": 0.0,
        **counters,
    }


def latest_of(connection: Connection, source: str) -> Backfill | None:
    """The last history of a source that was begun, whatever became of it."""
    query = select(*_BACKFILL).where(BackfillRow.source == source).order_by(BackfillRow.begun_at.desc()).limit(1)
    row = connection.execute(query).one_or_none()
    return None if row is None else Backfill(*row)


def open_span(connection: Connection, source: str) -> Span | None:
    """The span of a history that is being read; None where none is."""
    found = latest_of(connection, source)
    return (found.since, found.until) if found is not None and found.state is BackfillState.OPEN else None


def claim(
    engine: Engine, *, now: datetime, at_once: Mapping[str, int], lease: timedelta, owner: str = "worker"
) -> ClaimedWindow | None:
    """Take the oldest window that nobody reads; None if there is none. The lease runs out after `lease`.

    `at_once`: source → how many of its windows may be read at the same time; other sources are left alone. The source
    with the fewest at work comes first.
    """
    with write(engine) as connection:
        # Whoever claims waits here for whoever else does: otherwise two could both find room for one more.
        query = select(*_BACKFILL).where(BackfillRow.state == BackfillState.OPEN, BackfillRow.source.in_(at_once))
        found = [
            Backfill(*row) for row in connection.execute(query.order_by(BackfillRow.id).with_for_update(key_share=True))
        ]
        busy = _at_work(connection, now)
        for backfill in sorted(found, key=lambda each: (busy.get(each.id, 0), each.begun_at)):
            if busy.get(backfill.id, 0) < at_once[backfill.source]:
                claimed = _take(connection, backfill, now, lease, f"{owner}:{uuid4()}")
                if claimed is not None:
                    return claimed
    return None


def _at_work(connection: Connection, now: datetime) -> dict[str, int]:
    query = select(_WINDOW.backfill_id, func.count()).where(_WINDOW.done.is_(False), _WINDOW.leased_until > now)
    return {row[0]: row[1] for row in connection.execute(query.group_by(_WINDOW.backfill_id))}


def _take(
    connection: Connection, backfill: Backfill, now: datetime, lease: timedelta, word: str
) -> ClaimedWindow | None:
    columns = (_WINDOW.id, _WINDOW.since, _WINDOW.until, _WINDOW.resume, _WINDOW.orderly, _WINDOW.attempts)
    query = select(*columns).where(_waiting(backfill.id, now), _WINDOW.try_at <= now)
    row = connection.execute(query.order_by(_WINDOW.until).limit(1)).one_or_none()
    if row is None:
        return None
    taken = update(_WINDOW).where(_WINDOW.id == row.id).values(lease=word, leased_until=now + lease)
    connection.execute(taken)
    return ClaimedWindow(row.id, backfill, *row[1:], lease=word)


def _waiting(backfill_id: str, now: datetime) -> ColumnElement[bool]:
    free = or_(_WINDOW.leased_until.is_(None), _WINDOW.leased_until <= now)
    return and_(_WINDOW.backfill_id == backfill_id, _WINDOW.done.is_(False), free)


def keep(connection: Connection, window: ClaimedWindow, step: Step, leased_until: datetime) -> bool:
    """Count a page in and keep the lease; False if the window was taken over or cancelled: then nothing may be kept."""
    values = {name: getattr(_WINDOW, name) + getattr(step.saved, name) for name in _COUNTED}
    values |= {"read": _WINDOW.read + step.records, "seconds": _WINDOW.seconds + step.seconds}
    if step.resume is not None:
        values["resume"] = step.resume
    return _change(connection, window, orderly=step.orderly, leased_until=leased_until, **values)


_COUNTED = ("new", "duplicates", "quarantined", "noise")


def finish(connection: Connection, window: ClaimedWindow, now: datetime) -> bool:
    """The window was read to its end. Whether that was the last one, and the history is complete.

    Under `lock`, which the caller took at the beginning of the transaction.
    """
    if not _give_back(connection, window, done=True, attempts=0, last_error=""):
        return False
    left = select(func.count()).where(_WINDOW.backfill_id == window.backfill.id, _WINDOW.done.is_(False))
    if connection.execute(left).scalar_one():
        return False
    _settle(connection, window.backfill.id, BackfillState.DONE, now)
    return True


def split(connection: Connection, window: ClaimedWindow, borders: Sequence[datetime], now: datetime) -> None:
    """Give a window back in parts that end at `borders`, the last of which is its own end; others can share them.

    Where reading keeps order the first part goes on from where it is; elsewhere all begin anew, and count no noise
    that was counted.
    """
    first, *rest = borders
    if _give_back(connection, window, until=first, attempts=0, last_error=""):
        resume = None if window.orderly else window.resume
        spans = zip([first, *rest], rest, strict=False)
        rows = [_fresh(window.backfill.id, span, now, resume) for span in spans]
        if rows:
            connection.execute(insert(_WINDOW), rows)


def widen(connection: Connection, window: ClaimedWindow, many: int, now: datetime) -> ClaimedWindow | None:
    """Join up to `many` untouched windows that follow to one that turned out empty; None if none follows.

    What is joined begins where the empty one ended: were that forgotten, a source without order would have to divide
    and join the same span for ever.
    """
    if window.resume is not None and not window.orderly:
        return None  # up to where noise was counted is not the same for the others
    lock(connection, window.backfill.id)
    query = (
        select(_WINDOW.id, _WINDOW.since, _WINDOW.until)
        .where(_waiting(window.backfill.id, now), _WINDOW.until > window.until, _WINDOW.resume.is_(None))
        .where(_WINDOW.read == 0, _WINDOW.attempts == 0)
        .order_by(_WINDOW.until)
        .limit(many)
    )
    joined, end = [], window.until
    for row in connection.execute(query).all():
        if row.since != end:
            break
        joined.append(row.id)
        end = row.until
    if not joined:
        return None
    connection.execute(delete(_WINDOW).where(_WINDOW.id.in_(joined)))
    changes: dict[str, Any] = {"since": window.until, "until": end, "resume": None, "orderly": True}
    return replace(window, **changes) if _change(connection, window, **changes) else None


def postpone(connection: Connection, window: ClaimedWindow, *, reason: str, try_at: datetime) -> None:
    """Give back a window that could not be read, to be tried again later. `reason` holds no credential and no body."""
    _give_back(connection, window, attempts=window.attempts + 1, last_error=reason, try_at=try_at)


def release(connection: Connection, window: ClaimedWindow) -> None:
    """Give a window back as it is, for whoever comes next."""
    _give_back(connection, window)


def cancel(connection: Connection, backfill_id: str, now: datetime) -> None:
    """Put a stop to it; who is reading finds the lease gone. Windows stay as they are, for `reopen`."""
    lock(connection, backfill_id)
    taken = update(_WINDOW).where(_WINDOW.backfill_id == backfill_id)
    connection.execute(taken.values(lease=None, leased_until=None))
    _settle(connection, backfill_id, BackfillState.CANCELLED, now)


def reopen(connection: Connection, backfill_id: str, now: datetime) -> None:
    """Go on with what was cancelled, or try at once what waits for a further attempt."""
    lock(connection, backfill_id)
    waits = update(_WINDOW).where(_WINDOW.backfill_id == backfill_id, _WINDOW.done.is_(False), _WINDOW.try_at > now)
    connection.execute(waits.values(try_at=now))
    opened = update(BackfillRow).where(BackfillRow.id == backfill_id, BackfillRow.state == BackfillState.CANCELLED)
    connection.execute(opened.values(state=BackfillState.OPEN, ended_at=None))


def count_claimable(connection: Connection, now: datetime, sources: Iterable[str]) -> dict[str, int]:
    """Source → how many of its windows wait for a reader now."""
    query = (
        select(BackfillRow.source, func.count())
        .join(_WINDOW, _WINDOW.backfill_id == BackfillRow.id)
        .where(BackfillRow.state == BackfillState.OPEN, BackfillRow.source.in_(list(sources)))
        .where(_WINDOW.done.is_(False), _WINDOW.try_at <= now)
        .where(or_(_WINDOW.leased_until.is_(None), _WINDOW.leased_until <= now))
        .group_by(BackfillRow.source)
    )
    return {row[0]: row[1] for row in connection.execute(query)}


def lock(connection: Connection, backfill_id: str) -> None:
    """Keep others from claiming and finishing: of two who finish the last two windows each would see the other's open.

    Always taken before any row of a window, so that nobody can wait for somebody who waits.
    """
    mine = select(BackfillRow.id).where(BackfillRow.id == backfill_id)
    connection.execute(mine.with_for_update(key_share=True))


def _settle(connection: Connection, backfill_id: str, state: BackfillState, now: datetime) -> None:
    settled = update(BackfillRow).where(BackfillRow.id == backfill_id, BackfillRow.state == BackfillState.OPEN)
    connection.execute(settled.values(state=state, ended_at=now))


def _give_back(connection: Connection, window: ClaimedWindow, **values: object) -> bool:
    return _change(connection, window, lease=None, leased_until=None, **values)


def _change(connection: Connection, window: ClaimedWindow, **values: object) -> bool:
    """Set columns of a window, if the lease is still ours."""
    mine = update(_WINDOW).where(_WINDOW.id == window.id, _WINDOW.lease == window.lease)
    return connection.execute(mine.values(**values)).rowcount == 1
