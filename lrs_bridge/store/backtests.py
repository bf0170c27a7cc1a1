"""Backtests that workers share: recorded, handed out in parts under leases, and gathered.

Whoever claims a part gives it back with what was found. A lease that ran out is taken over, so that the part of a
worker that was killed is tried again; what comes of the same part twice is kept once.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Connection, Engine, delete, insert, or_, select, update

from lrs_bridge.store.engine import write
from lrs_bridge.store.rows import columns_of, values_of
from lrs_bridge.store.tables import BacktestPartRow, BacktestRow, BacktestState

_PART = BacktestPartRow


@dataclass(frozen=True, slots=True)
class Run:
    """One backtest; see `BacktestRow`."""

    id: str
    version: int
    documents: Mapping[str, str]
    planned_at: datetime
    since: datetime | None
    parts: int
    state: BacktestState
    begun_at: datetime
    report: bytes
    ended_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ClaimedPart:
    """A part to try, and the word that proves whose the lease is."""

    run: Run
    number: int
    lease: str


_RUN = columns_of(BacktestRow, Run)


def record(connection: Connection, run: Run) -> None:
    """Begin: its parts wait to be tried from now on."""
    connection.execute(insert(BacktestRow).values(**values_of(run)))
    parts = [{"backtest_id": run.id, "number": number} for number in range(run.parts)]
    if parts:
        connection.execute(insert(_PART), parts)


def get(connection: Connection, run_id: str) -> Run | None:
    """A run by its id; None if it is gone."""
    row = connection.execute(select(*_RUN).where(BacktestRow.id == run_id)).one_or_none()
    return None if row is None else Run(*row)


def claim(
    engine: Engine, *, now: datetime, lease: timedelta, only: str | None = None, owner: str = "worker"
) -> ClaimedPart | None:
    """Take a part that nobody tries, of the oldest run that is open (or of `only`); None if there is none."""
    query = (
        select(*_RUN, _PART.number)
        .join(_PART, _PART.backtest_id == BacktestRow.id)
        .where(BacktestRow.state == BacktestState.OPEN, _PART.tally.is_(None))
        .where(or_(_PART.leased_until.is_(None), _PART.leased_until <= now))
        .order_by(BacktestRow.begun_at, BacktestRow.id, _PART.number)
        .limit(1)
        .with_for_update(skip_locked=True, of=_PART)
    )
    word = f"{owner}:{uuid4()}"
    with write(engine) as connection:
        row = connection.execute(query if only is None else query.where(BacktestRow.id == only)).one_or_none()
        if row is None:
            return None
        *values, number = row
        run = Run(*values)
        mine = update(_PART).where(_PART.backtest_id == run.id, _PART.number == number)
        connection.execute(mine.values(lease=word, leased_until=now + lease))
    return ClaimedPart(run, number, word)


def keep(connection: Connection, part: ClaimedPart, tally: bytes) -> bool:
    """Give a part back with what was found; False if it was taken over or cancelled: then nothing is kept."""
    is_open = select(BacktestRow.id).where(BacktestRow.id == part.run.id, BacktestRow.state == BacktestState.OPEN)
    mine = update(_PART).where(
        _PART.backtest_id.in_(is_open.scalar_subquery()), _PART.number == part.number, _PART.lease == part.lease
    )
    return connection.execute(mine.values(tally=tally, lease=None, leased_until=None)).rowcount == 1


def tallies(connection: Connection, run_id: str, but: Collection[int] = ()) -> Mapping[int, bytes]:
    """What was found so far, by part; but for parts that are known already."""
    query = select(_PART.number, _PART.tally).where(_PART.backtest_id == run_id, _PART.tally.is_not(None))
    numbers = select(_PART.number).where(_PART.backtest_id == run_id, _PART.tally.is_not(None))
    fresh = sorted(set(connection.execute(numbers).scalars()) - set(but))
    return {number: tally for number, tally in connection.execute(query.where(_PART.number.in_(fresh))) if tally}


def end(connection: Connection, run_id: str, state: BacktestState, report: bytes, now: datetime) -> bool:
    """Put an end to a run that is open, with its report; False if it has ended or is gone. Its parts are let go."""
    ended = update(BacktestRow).where(BacktestRow.id == run_id, BacktestRow.state == BacktestState.OPEN)
    if not connection.execute(ended.values(state=state, report=report, ended_at=now)).rowcount:
        return False
    connection.execute(delete(_PART).where(_PART.backtest_id == run_id))
    return True


def forget(connection: Connection) -> None:
    """Throw all of them away, also those that are open: what they name as examples may be no more."""
    connection.execute(delete(BacktestRow))
