"""How far the reading of long histories is, and about how long it will still take."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from lrs_bridge.store.backfills import Backfill
from lrs_bridge.store.rows import columns_of
from lrs_bridge.store.tables import BackfillRow, BackfillState, BackfillWindowRow


@dataclass(frozen=True, slots=True)
class History:
    """The last history that was begun of a source. `windows` and `done` count its windows, `readers` who are at them.

    `share`: of the span of time, 0 to 1. `seconds`: the readers' time so far, all together. `failing` windows wait for
    another attempt, `error` is the latest reason. `left`: about how long it still takes, None if nobody can say.
    """

    source: str
    state: BackfillState
    since: datetime | None
    until: datetime
    begun_at: datetime
    ended_at: datetime | None
    windows: int
    done: int
    readers: int
    share: float
    read: int
    new: int
    duplicates: int
    quarantined: int
    noise: int
    seconds: float
    failing: int
    error: str
    left: timedelta | None

    @property
    def rate(self) -> float:
        """Statements a second that one reader takes in."""
        return self.read / self.seconds if self.seconds else 0.0


def histories(connection: Connection, now: datetime) -> tuple[History, ...]:
    """The last history of every source that has one, by name."""
    query = select(*columns_of(BackfillRow, Backfill)).order_by(BackfillRow.source, BackfillRow.begun_at)
    latest = {row.source: Backfill(*row) for row in connection.execute(query)}
    return tuple(_history(connection, each, now) for each in latest.values())


def _history(connection: Connection, backfill: Backfill, now: datetime) -> History:
    row = BackfillWindowRow
    mine = row.backfill_id == backfill.id
    counts = [func.coalesce(func.sum(getattr(row, name)), 0).label(name) for name in _SUMS]
    sums = connection.execute(select(func.count().label("windows"), *counts).where(mine)).one()
    open_ = connection.execute(
        select(row.since, row.until, row.resume, row.orderly, row.leased_until, row.last_error)
        .where(mine, row.done.is_(False))
        .order_by(row.until)
    ).all()
    readers = sum(each.leased_until is not None and each.leased_until > now for each in open_)
    begin = backfill.earliest if backfill.since is None else max(backfill.since, backfill.earliest)
    unread = [each.until - max(begin, _reached(each, begin)) for each in open_]
    share = _share(sum(unread, timedelta(0)), backfill.until - begin)
    errors = [each.last_error for each in open_ if each.last_error]
    return History(
        source=backfill.source,
        state=backfill.state,
        since=backfill.since,
        until=backfill.until,
        begun_at=backfill.begun_at,
        ended_at=backfill.ended_at,
        windows=sums.windows,
        done=sums.windows - len(open_),
        readers=readers,
        share=share if open_ else 1.0,
        failing=len(errors),
        error=errors[-1] if errors else "",
        left=time_left(share, float(sums.seconds), readers) if backfill.state is BackfillState.OPEN else None,
        read=int(sums.read),
        new=int(sums.new),
        duplicates=int(sums.duplicates),
        quarantined=int(sums.quarantined),
        noise=int(sums.noise),
        seconds=float(sums.seconds),
    )


_SUMS = ("read", "new", "duplicates", "quarantined", "noise", "seconds")


def _reached(window: object, begin: datetime) -> datetime:
    since, resume = getattr(window, "since", None), getattr(window, "resume", None)
    return (resume if resume is not None and getattr(window, "orderly", False) else since) or begin


def _share(unread: timedelta, whole: timedelta) -> float:
    return 1.0 if whole <= timedelta(0) else min(1.0, max(0.0, 1.0 - unread / whole))


def time_left(share: float, seconds: float, readers: int) -> timedelta | None:
    """If what is left is as dense as what was read: the readers' seconds so far, times what is left of the span.

    A site that grew has more in its last years than in its first: then it takes longer than this says at first.
    """
    if share <= 0 or not seconds:
        return None
    return timedelta(seconds=seconds * (1 - share) / share / max(readers, 1))
