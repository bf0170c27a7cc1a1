"""Who is due, and who works on it: the only trigger of planning.

A new fact makes its learners due (`mark_due`). A worker claims some of them under a lease that runs out (`claim`), so
that what a crashed worker held is taken over. `apply` gives the lease back; `postpone` does where planning failed.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import ColumnElement, Connection, Engine, and_, bindparam, case, func, insert, or_, select, true, update

from lrs_bridge.store.engine import is_postgres, write
from lrs_bridge.store.rows import chunks
from lrs_bridge.store.tables import DueRow


@dataclass(frozen=True, slots=True)
class Claim:
    """A learner to plan, with the revision of the facts at that moment, and the word that proves whose the lease is."""

    learner_id: str
    revision: int
    lease: str = ""


def mark_due(connection: Connection, learner_ids: Iterable[str] | None, now: datetime) -> int:
    """Make learners due at once (None: all of them); returns how many there were. Unknown ids are passed over."""
    sooner = case((or_(DueRow.due_at.is_(None), DueRow.due_at > now), now), else_=DueRow.due_at)
    mark = update(DueRow).values(due_at=sooner, revision=DueRow.revision + 1)
    if learner_ids is None:
        _lock(connection, true())
        return connection.execute(mark).rowcount
    marked = 0
    for ids in chunks(sorted(set(learner_ids))):
        concerned = DueRow.learner_id.in_(ids)
        _lock(connection, concerned)
        marked += connection.execute(mark.where(concerned)).rowcount
    return marked


def mark_later(connection: Connection, learner_ids: Iterable[str], later_at: datetime) -> None:
    """Facts came that are not urgent: the learners become due at `later_at`, or whenever they were to before that.

    While a long history comes in, every page concerns the same learners; planning each of them after each page would
    be the most of all work, and all but the last of it in vain. A fact of today still makes its learner due at once.
    """
    mark = update(DueRow).values(later_at=later_at)
    for ids in chunks(sorted(set(learner_ids))):
        concerned = and_(DueRow.learner_id.in_(ids), DueRow.later_at.is_(None))
        _lock(connection, concerned)
        connection.execute(mark.where(concerned))


def ripen(connection: Connection, now: datetime, until: datetime | None = None) -> int:
    """Make those due whose not so urgent facts have waited long enough: until `now`, or all that wait until `until`.

    Returns how many there were. From here on it is as if the facts had come at this moment.
    """
    ripe = DueRow.later_at <= (until or now)
    _lock(connection, ripe)
    sooner = case((or_(DueRow.due_at.is_(None), DueRow.due_at > now), now), else_=DueRow.due_at)
    mark = update(DueRow).where(ripe).values(due_at=sooner, revision=DueRow.revision + 1, later_at=None)
    return connection.execute(mark).rowcount


def _lock(connection: Connection, concerned: ColumnElement[bool]) -> None:
    """Lock rows in the order of their ids, as everybody here does: nobody can wait for somebody who waits."""
    if is_postgres(connection):
        order = _in_order(connection)
        connection.execute(select(DueRow.learner_id).where(concerned).order_by(order).with_for_update())


def _in_order(connection: Connection) -> ColumnElement[str]:
    """The order in which Python sorts ids, whatever language the database sorts by: lists are locked in chunks."""
    return DueRow.learner_id.collate("C") if is_postgres(connection) else DueRow.learner_id.expression


def enrol(connection: Connection, learner_ids: Iterable[str], now: datetime) -> None:
    """Begin to plan for new learners."""
    rows = [{"learner_id": each, "due_at": now, "revision": 1, "failures": 0, "last_error": ""} for each in learner_ids]
    if rows:
        connection.execute(insert(DueRow), rows)


def claim(
    engine: Engine, *, now: datetime, limit: int, lease: timedelta = timedelta(minutes=5), owner: str = "worker"
) -> list[Claim]:
    """Take up to `limit` due learners whom nobody works on, the longest due first. The lease runs out after `lease`."""
    word = f"{owner}:{uuid4()}"
    with write(engine) as connection:
        found = connection.execute(
            select(DueRow.learner_id, DueRow.revision)
            .where(DueRow.due_at <= now, or_(DueRow.leased_until.is_(None), DueRow.leased_until <= now))
            .order_by(DueRow.due_at, DueRow.learner_id)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        for ids in chunks(row.learner_id for row in found):
            taken = update(DueRow).where(DueRow.learner_id.in_(ids)).values(lease=word, leased_until=now + lease)
            connection.execute(taken)
    return [Claim(row.learner_id, row.revision, word) for row in found]


def release(connection: Connection, claims: Sequence[Claim]) -> None:
    """Give claims back as they are: the learners stay due. For a worker that is told to stop."""
    _give_back(connection, claims)


def postpone(connection: Connection, claims: Sequence[Claim], *, reason: str, retry_at: datetime) -> None:
    """Give back claims that could not be planned, to be tried again later. `reason` must name no person."""
    _give_back(connection, claims, due_at=retry_at, failures=DueRow.failures + 1, last_error=reason)


def _give_back(connection: Connection, claims: Sequence[Claim], **values: object) -> None:
    if not claims:
        return
    given_back = update(DueRow).where(DueRow.learner_id == bindparam("learner"), DueRow.lease == bindparam("word"))
    connection.execute(
        given_back.values(lease=None, leased_until=None, **values),
        [{"learner": each.learner_id, "word": each.lease} for each in sorted(claims, key=lambda each: each.learner_id)],
    )


def count_due(connection: Connection, now: datetime) -> int:
    """How many learners wait to be planned."""
    return connection.execute(select(func.count()).where(DueRow.due_at <= now)).scalar_one()


def failing(connection: Connection) -> list[tuple[str, int, str]]:
    """Learners who could not be planned: id, how often, and the last reason. For `doctor`."""
    query = select(DueRow.learner_id, DueRow.failures, DueRow.last_error).where(DueRow.failures > 0)
    return [(row.learner_id, row.failures, row.last_error) for row in connection.execute(query)]


def hold(connection: Connection, claims: Sequence[Claim]) -> dict[str, int]:
    """Keep the rows of these learners from changing until the transaction ends: learner id → revision of the facts.

    Claims whose lease was taken over are left out.
    """
    words = {each.learner_id: each.lease for each in claims}
    query = select(DueRow.learner_id, DueRow.revision, DueRow.lease).order_by(_in_order(connection)).with_for_update()
    return {
        row.learner_id: row.revision
        for ids in chunks(sorted(words))
        for row in connection.execute(query.where(DueRow.learner_id.in_(ids)))
        if row.lease == words[row.learner_id]
    }


def settle(
    connection: Connection, claims: Sequence[tuple[Claim, datetime | None]], revisions: Mapping[str, int]
) -> None:
    """Give back claims that were planned, with the moment at which each is due next (None: when something happens).

    Where facts arrived since the claim (`revisions` as `hold` gave them) the learner stays due.
    """
    free = update(DueRow).where(DueRow.learner_id == bindparam("learner"))
    free = free.values(lease=None, leased_until=None, failures=0, last_error="")
    done = [(each, wake_at) for each, wake_at in claims if revisions[each.learner_id] == each.revision]
    moved = [each for each, _ in claims if revisions[each.learner_id] != each.revision]
    if done:
        rows = [{"learner": each.learner_id, "next_due_at": wake_at} for each, wake_at in done]
        connection.execute(free.values(due_at=bindparam("next_due_at")), rows)
    if moved:
        connection.execute(free, [{"learner": each.learner_id} for each in moved])
