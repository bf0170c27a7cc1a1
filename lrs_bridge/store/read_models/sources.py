"""Where data comes from: how fresh each source is, what could not be taken in, and what no definition wants."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import Connection, func, select

from lrs_bridge.store.read_models.histories import History, histories
from lrs_bridge.store.read_models.listing import Listing, Request, Slice, equals, one_of
from lrs_bridge.store.rows import values_of
from lrs_bridge.store.sources import SourceState, all_states
from lrs_bridge.store.tables import BackfillState, NoiseRow, QuarantineRow, QuarantineState


class Freshness(StrEnum):
    """Whether what is shown can be believed to be of today."""

    FRESH = "fresh"
    STALE = "stale"
    FAILING = "failing"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class ListedSource(SourceState):
    """How a source stands, and whether that is good; `waiting` is what lies in quarantine now.

    `history`: the reading of its past that is under way or was stopped, if there is one.
    """

    freshness: Freshness = Freshness.NEVER
    waiting: int = 0
    history: History | None = None


def source_states(
    connection: Connection, now: datetime, *, stale_after: timedelta, names: Iterable[str] = ()
) -> tuple[ListedSource, ...]:
    """All sources that ever ran, and those in `names` (configured) that never did; by name."""
    counts = {row.source: row.waiting for row in connection.execute(_WAITING)}
    unfinished = {each.source: each for each in histories(connection, now) if each.state is not BackfillState.DONE}
    states = {
        state.name: ListedSource(
            **values_of(state),
            freshness=_freshness(state.last_ok_at, state.last_error_at, now, stale_after),
            waiting=counts.get(state.name, 0),
            history=unfinished.get(state.name),
        )
        for state in all_states(connection)
    }
    never = {name: ListedSource(name) for name in names if name not in states}
    return tuple(sorted((*states.values(), *never.values()), key=lambda state: state.name))


_WAITING = (
    select(QuarantineRow.source, func.count().label("waiting"))
    .where(QuarantineRow.state == QuarantineState.WAITING)
    .group_by(QuarantineRow.source)
)


def _freshness(ok_at: datetime | None, error_at: datetime | None, now: datetime, stale_after: timedelta) -> Freshness:
    if error_at is not None and (ok_at is None or error_at >= ok_at):  # a success would have cleared it
        return Freshness.FAILING
    if ok_at is None:
        return Freshness.NEVER
    return Freshness.STALE if now - ok_at > stale_after else Freshness.FRESH


@dataclass(frozen=True, slots=True)
class QuarantinedRecord:
    """A record that could not be taken in, without its body; `size` is the body's length in bytes."""

    id: str
    source: str
    statement_id: str | None
    reason: str
    size: int
    at: datetime
    state: QuarantineState
    settled_at: datetime | None
    settled_by: str | None


_SIZE = func.length(QuarantineRow.body).label("size")
_QUARANTINE = Listing(
    sorts={"at": QuarantineRow.at, "source": QuarantineRow.source, "reason": QuarantineRow.reason, "size": _SIZE},
    order=("at", True),
    tie=QuarantineRow.id,
    filters={"state": one_of(QuarantineRow.state, QuarantineState), "source": equals(QuarantineRow.source)},
    search=(QuarantineRow.reason, QuarantineRow.statement_id),
)


def quarantined(connection: Connection, request: Request) -> Slice[QuarantinedRecord]:
    """What could not be taken in, the latest first."""
    statement = select(
        QuarantineRow.id,
        QuarantineRow.source,
        QuarantineRow.statement_id,
        QuarantineRow.reason,
        _SIZE,
        QuarantineRow.at,
        QuarantineRow.state,
        QuarantineRow.settled_at,
        QuarantineRow.settled_by,
    )
    return _QUARANTINE.take(connection, statement, request).map(lambda row: QuarantinedRecord(**row._mapping))


@dataclass(frozen=True, slots=True)
class NoiseKind:
    """A kind of statement that no completion definition wants."""

    source: str
    verb: str
    activity_type: str
    statements: int
    last_day: date


_COUNT = func.sum(NoiseRow.count).label("statements")
_LAST_DAY = func.max(NoiseRow.day).label("last_day")
_NOISE = Listing(
    sorts={
        "source": NoiseRow.source,
        "verb": NoiseRow.verb,
        "activity_type": NoiseRow.activity_type,
        "statements": _COUNT,
        "last_day": _LAST_DAY,
    },
    order=("statements", True),
    tie=NoiseRow.source + NoiseRow.verb + NoiseRow.activity_type,
    filters={"source": equals(NoiseRow.source)},
    search=(NoiseRow.verb, NoiseRow.activity_type),
)


def noise_kinds(connection: Connection, request: Request) -> Slice[NoiseKind]:
    """What the sources send that nobody wants, the most frequent first."""
    kind = (NoiseRow.source, NoiseRow.verb, NoiseRow.activity_type)
    statement = select(*kind, _COUNT, _LAST_DAY).group_by(*kind)
    return _NOISE.take(connection, statement, request).map(lambda row: NoiseKind(**row._mapping))
