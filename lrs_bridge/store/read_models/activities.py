"""Completions gathered by activity: what no rule knows yet (unmatched), and what nobody had agreed on (off-contract).

One row an activity, not one an event: so that one person can decide about it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, case, func, select

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.store.read_models.listing import Listing, Request, Slice, equals, one_of
from lrs_bridge.store.read_models.weeks import WEEKS, bucket, weeks_until
from lrs_bridge.store.tables import CompletionRow, LearnerRow

if TYPE_CHECKING:
    from lrs_bridge.store.read_models.listing import AnyRow, AnySelect

_AT = func.coalesce(CompletionRow.ended_at, CompletionRow.started_at)
_NAME = func.max(CompletionRow.activity_name).label("name")
_TYPE = func.max(CompletionRow.activity_type).label("type")
_PROVIDER = func.max(CompletionRow.provider).label("provider")
_LEARNERS = func.count(CompletionRow.learner_id.distinct()).label("learners")
_COMPLETIONS = func.count().label("completions")
_HOURS = func.sum(CompletionRow.hours).label("hours")
_COST = func.sum(CompletionRow.cost).label("cost")
_LAST = func.max(_AT).label("last_seen")


@dataclass(frozen=True, slots=True)
class UnmatchedActivity:
    """An activity that no rule and no catalogue entry knows. `trend` counts completions in the last twelve weeks."""

    activity_id: str
    name: str
    type: str
    learners: int
    completions: int
    hours: float
    last_seen: datetime
    trend: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class OffContractActivity:
    """A known activity that no goal in force asked for, with its completions by quadrant."""

    activity_id: str
    name: str
    type: str
    provider: str
    learners: int
    completions: int
    hours: float
    cost: int
    last_seen: datetime
    quadrants: tuple[tuple[Quadrant, int], ...]


def _grouped(standing: Standing, *more: Any) -> AnySelect:  # noqa: ANN401  # any columns
    return (
        select(CompletionRow.activity_id, _NAME, _TYPE, _LEARNERS, _COMPLETIONS, _HOURS, _LAST, *more)
        .outerjoin(LearnerRow, LearnerRow.id == CompletionRow.learner_id)  # left out where no filter asks for it
        .where(CompletionRow.standing == standing)
        .group_by(CompletionRow.activity_id)
    )


_LISTING = Listing(
    sorts={
        "name": _NAME,
        "type": _TYPE,
        "learners": _LEARNERS,
        "completions": _COMPLETIONS,
        "hours": _HOURS,
        "last_seen": _LAST,
    },
    order=("completions", True),
    tie=CompletionRow.activity_id,
    filters={
        "type": equals(CompletionRow.activity_type),
        "unit": equals(LearnerRow.unit),
        "activity": equals(CompletionRow.activity_id),
    },
    search=(CompletionRow.activity_name, CompletionRow.activity_id),
)

_OFF_CONTRACT = Listing(
    sorts={**_LISTING.sorts, "provider": _PROVIDER, "cost": _COST},
    order=("hours", True),
    tie=_LISTING.tie,
    filters={
        **_LISTING.filters,
        "provider": equals(CompletionRow.provider),
        "quadrant": one_of(CompletionRow.quadrant, Quadrant),
    },
    search=(*_LISTING.search, CompletionRow.provider),
)


def unmatched_activities(connection: Connection, request: Request, now: datetime) -> Slice[UnmatchedActivity]:
    """Activities that no rule knows, the most frequent first."""
    found = _LISTING.take(connection, _grouped(Standing.UNMATCHED), request)
    trends = _trends(connection, (row.activity_id for row in found.rows), now)
    return found.map(lambda row: UnmatchedActivity(**row._mapping, trend=trends.get(row.activity_id, _FLAT)))


def off_contract_activities(connection: Connection, request: Request) -> Slice[OffContractActivity]:
    """Known activities that nobody had agreed on, those with the most hours first."""
    counts = [func.sum(case((CompletionRow.quadrant == each, 1), else_=0)).label(each.name) for each in Quadrant]
    statement = _grouped(Standing.OFF_CONTRACT, _PROVIDER, _COST, *counts)

    def make(row: AnyRow) -> OffContractActivity:
        values = dict(row._mapping)
        shares = tuple((each, values.pop(each.name)) for each in Quadrant)
        return OffContractActivity(**values, quadrants=shares)

    return _OFF_CONTRACT.take(connection, statement, request).map(make)


_FLAT = (0,) * WEEKS


def _trends(connection: Connection, activity_ids: Iterable[str], now: datetime) -> Mapping[str, tuple[int, ...]]:
    """Unmatched completions per week, for the activities of one page alone."""
    starts = weeks_until(now)
    week = bucket(_AT, starts).label("week")
    statement = (
        select(CompletionRow.activity_id, week, func.count())
        .where(
            CompletionRow.standing == Standing.UNMATCHED,
            CompletionRow.activity_id.in_(list(activity_ids)),
            starts[0] <= _AT,
        )
        .group_by(CompletionRow.activity_id, week)
    )
    trends: dict[str, list[int]] = {}
    for activity_id, index, count in connection.execute(statement):
        trends.setdefault(activity_id, list(_FLAT))[index] = count
    return {activity_id: tuple(counts) for activity_id, counts in trends.items()}
