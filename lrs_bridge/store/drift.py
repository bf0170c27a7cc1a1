"""What the store holds of a source, for comparing it with what the source itself shows, and for mending it.

Everything here works on a page or a batch of ids: a comparison needs no more memory for a long span than for a short
one. `jobs/verify` asks.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Literal

from sqlalchemy import ColumnElement, Connection, Engine, and_, delete, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from lrs_bridge.domain.ghost import ghost_ifi
from lrs_bridge.store import quarantine
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.engine import read
from lrs_bridge.store.fitness import tidy
from lrs_bridge.store.ingest import Rejected, Wanted, concerned_by, sort_out
from lrs_bridge.store.locks import lock_facts
from lrs_bridge.store.noise import LABEL_BYTES
from lrs_bridge.store.rows import chunks
from lrs_bridge.store.seal import SealFor
from lrs_bridge.store.summary_state import mark_stale
from lrs_bridge.store.tables import NoiseRow, StatementMemberRow, StatementRow
from lrs_bridge.store.tombstones import sift

#: By which time a statement belongs to a span: the one that the source's own windows follow.
TimeField = Literal["stored", "timestamp"]
NoiseKey = tuple[str, str, date]

#: Kept statements that are compared at a time.
BATCH = 1000

_TIMES: Mapping[TimeField, InstrumentedAttribute[datetime | None]] = {
    "stored": StatementRow.stored,
    "timestamp": StatementRow.timestamp,
}


@dataclass(frozen=True, slots=True)
class Kept:
    """One statement that is kept, and its time."""

    id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Compared:
    """Records of a page beside the store: what would be new, what is kept with another meaning, what cannot be read.

    Of the last two only what is not in quarantine already, whatever became of it there.
    """

    missing: tuple[Wanted, ...]
    changed: tuple[Rejected, ...]
    unread: tuple[Rejected, ...]


def compare(
    connection: Connection,
    source: str,
    wanted: Sequence[Wanted],
    rejected: Sequence[Rejected],
    seal: SealFor | None = None,
) -> Compared:
    """Judge records as `save_page` would, without saving them. What erased people said is not missing."""
    sifted = sift(connection, seal, wanted, rejected)
    judged, rejected = sort_out(connection, sifted.wanted), sifted.rejected
    missing = {each.id for each in judged.new}
    # What is under a kept id, and not kept, means something else; the rest of what is turned away could not be kept.
    known = kept_among(connection, (each.statement_id for each in judged.rejected if each.statement_id))
    aside = quarantine.known(connection, source, [*rejected, *judged.rejected])
    left = [each for each in (*rejected, *judged.rejected) if not aside(each)]
    conflicts = {id(each) for each in judged.rejected if each.statement_id in known | missing}
    return Compared(
        tuple(judged.new),
        tuple(each for each in left if id(each) in conflicts),
        tuple(each for each in left if id(each) not in conflicts),
    )


def kept_among(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    """Which of these statements are kept, from whichever source they came."""
    return frozenset(
        own_id
        for some in chunks(dict.fromkeys(ids))
        for own_id in connection.execute(select(StatementRow.id).where(StatementRow.id.in_(some))).scalars()
    )


def voided_among(connection: Connection, ids: Iterable[str]) -> frozenset[str]:
    """For which of these statements a voiding one is kept."""
    return frozenset(
        own_id
        for some in chunks(dict.fromkeys(ids))
        for own_id in connection.execute(select(StatementRow.voids).where(StatementRow.voids.in_(some))).scalars()
        if own_id is not None
    )


def kept_between(
    engine: Engine, source: str, field: TimeField, since: datetime | None, until: datetime | None
) -> Iterator[Sequence[Kept]]:
    """What is kept of a source after `since`, up to and including `until`, in batches in the order of their times.

    Each batch is read in a transaction of its own: between two of them somebody may ask the source, or write.
    """
    time = _TIMES[field]
    query = select(StatementRow.id, time.label("at")).where(StatementRow.source == source, *_bounds(time, since, until))
    query = query.order_by(time, StatementRow.id).limit(BATCH)
    after: ColumnElement[bool] | None = None
    while True:
        with read(engine) as connection:
            rows = connection.execute(query if after is None else query.where(after)).all()
        batch = [Kept(row.id, row.at) for row in rows]
        if batch:
            yield batch
        if len(batch) < BATCH:
            return
        after = or_(time > batch[-1].at, and_(time == batch[-1].at, StatementRow.id > batch[-1].id))


def _bounds(
    time: InstrumentedAttribute[datetime | None], since: datetime | None, until: datetime | None
) -> Iterator[ColumnElement[bool]]:
    yield time.is_not(None)
    # What is left of people who were erased is at no source: ids of its own, and nobody to ask for.
    yield or_(StatementRow.ifi.is_(None), StatementRow.ifi.not_like(ghost_ifi("%")))
    if since is not None:
        yield time > since
    if until is not None:
        yield time <= until


def uncounted(connection: Connection, source: str, noise: Mapping[NoiseKey, int]) -> Counter[NoiseKey]:
    """By how many the tallies are lower than these counts: so many, at least, were never counted."""
    tidied: Counter[NoiseKey] = Counter()
    for (verb, kind, day), count in noise.items():
        tidied[tidy(verb, LABEL_BYTES), tidy(kind, LABEL_BYTES), day] += count
    key = (NoiseRow.verb, NoiseRow.activity_type, NoiseRow.day)
    query = select(*key, func.sum(NoiseRow.count)).where(NoiseRow.source == source).group_by(*key)
    lacking = Counter(tidied)
    for days in chunks(sorted({day for _, _, day in tidied})):
        for verb, kind, day, count in connection.execute(query.where(NoiseRow.day.in_(days))):
            if (verb, kind, day) in lacking:
                lacking[verb, kind, day] -= int(count)
    return +lacking


def forget(connection: Connection, source: str, ids: Iterable[str], now: datetime) -> int:
    """Take statements out of the store; the learners concerned become due. Returns how many there were.

    Only the fact goes; what followed from it goes with the next plan, as if the statement had never come.
    """
    lock_facts(connection)
    forgotten = 0
    for some in chunks(dict.fromkeys(ids)):
        ours = (StatementRow.id.in_(some), StatementRow.source == source)
        rows = connection.execute(select(StatementRow.id, StatementRow.ifi, StatementRow.voids).where(*ours)).all()
        found = [row.id for row in rows]
        members = select(StatementMemberRow.ifi).where(StatementMemberRow.statement_id.in_(found))
        ifis = {row.ifi for row in rows if row.ifi is not None} | set(connection.execute(members).scalars())
        mark_due(connection, concerned_by(connection, ifis, {row.voids for row in rows if row.voids is not None}), now)
        connection.execute(delete(StatementMemberRow).where(StatementMemberRow.statement_id.in_(found)))
        forgotten += connection.execute(delete(StatementRow).where(StatementRow.id.in_(found))).rowcount
    if forgotten:
        mark_stale(connection)  # actors whom nobody knows are counted, and make nobody due
    return forgotten
