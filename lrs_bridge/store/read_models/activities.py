"""Completions gathered by activity: what no rule knows yet (unmatched), and what nobody had agreed on (off-contract).

One row an activity, not one an event: so that one person can decide about it. The rows are those that were kept when
completions last changed (`store.summaries`). A list that is narrowed to one unit is counted as it is asked for, and so
is everything before anything was kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, case, func, literal, select

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.store.read_models.listing import Listing, Request, Slice, equals, one_of
from lrs_bridge.store.read_models.weeks import WEEKS, bucket, weeks_until
from lrs_bridge.store.tables import ActivitySummaryRow, CompletionRow, LearnerRow, SummaryPart, SummaryStateRow

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


_QUADRANTS = [func.sum(case((CompletionRow.quadrant == each, 1), else_=0)).label(each.name) for each in Quadrant]


def _grouped(*more: Any) -> AnySelect:  # noqa: ANN401  # any columns
    columns = (CompletionRow.activity_id, _NAME, _TYPE, _LEARNERS, _COMPLETIONS, _HOURS, _LAST)
    return select(*columns, *more).group_by(CompletionRow.activity_id)


def _counted(
    connection: Connection,
    listing: Listing,
    standing: Standing,
    request: Request,
    *more: Any,  # noqa: ANN401  # any columns
) -> Slice[AnyRow]:
    """Counted now, over the completions themselves."""
    statement = _grouped(*more)
    if "unit" in request.filters:
        # Wrapped, no index helps with the standing: the few learners of a unit are walked, not all of a standing.
        statement = statement.join(LearnerRow, LearnerRow.id == CompletionRow.learner_id)
        statement = statement.where(func.coalesce(CompletionRow.standing, literal("")) == standing.value)
    else:
        statement = statement.where(CompletionRow.standing == standing)
    return listing.take(connection, statement, request)


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


_K = ActivitySummaryRow
_KEPT = Listing(
    sorts={
        "name": _K.name,
        "type": _K.type,
        "provider": _K.provider,
        "learners": _K.learners,
        "completions": _K.completions,
        "hours": _K.hours,
        "cost": _K.cost,
        "last_seen": _K.last_seen,
    },
    order=("completions", True),
    tie=_K.activity_id,
    filters={
        "type": equals(_K.type),
        "provider": equals(_K.provider),
        "activity": equals(_K.activity_id),
        "quadrant": one_of(_K.value, Quadrant),
    },
    search=(_K.name, _K.activity_id),
)
_KEPT_OFF_CONTRACT = replace(_KEPT, order=("hours", True), search=(*_KEPT.search, _K.provider))
_COLUMNS = (_K.activity_id, _K.name, _K.type, _K.learners, _K.completions, _K.hours, _K.last_seen)
_KEPT_QUADRANTS = (_K.sweet_spot, _K.uphill, _K.gift, _K.waste)


def _kept(standing: Standing, request: Request, *more: Any) -> AnySelect:  # noqa: ANN401  # any columns
    part = SummaryPart.QUADRANT if "quadrant" in request.filters else SummaryPart.ALL
    return select(*_COLUMNS, *more).where(_K.standing == standing, _K.part == part)


def _is_kept(connection: Connection, request: Request) -> bool:
    """Whether the answer to this request was kept."""
    if "unit" in request.filters:
        return False
    return connection.execute(select(SummaryStateRow.at)).scalar() is not None


def unmatched_activities(connection: Connection, request: Request, now: datetime) -> Slice[UnmatchedActivity]:
    """Activities that no rule knows, the most frequent first."""
    if _is_kept(connection, request):
        _LISTING.conditions(request)  # refuses what this list cannot be narrowed by
        kept = _KEPT.take(connection, _kept(Standing.UNMATCHED, request, _K.trend), request)
        return kept.map(lambda row: UnmatchedActivity(**row._mapping))
    found = _counted(connection, _LISTING, Standing.UNMATCHED, request)
    trends = _trends(connection, (row.activity_id for row in found.rows), now)
    return found.map(lambda row: UnmatchedActivity(**row._mapping, trend=trends.get(row.activity_id, _FLAT)))


def off_contract_activities(connection: Connection, request: Request) -> Slice[OffContractActivity]:
    """Known activities that nobody had agreed on, those with the most hours first."""
    if _is_kept(connection, request):
        statement = _kept(Standing.OFF_CONTRACT, request, _K.provider, _K.cost, *_KEPT_QUADRANTS)
        return _KEPT_OFF_CONTRACT.take(connection, statement, request).map(_off_contract)
    more = (_PROVIDER, _COST, *_QUADRANTS)
    return _counted(connection, _OFF_CONTRACT, Standing.OFF_CONTRACT, request, *more).map(_off_contract)


def _off_contract(row: AnyRow) -> OffContractActivity:
    *values, sweet_spot, uphill, gift, waste = row
    shares = tuple(zip(Quadrant, (sweet_spot, uphill, gift, waste), strict=True))
    names = ("activity_id", "name", "type", "learners", "completions", "hours", "last_seen", "provider", "cost")
    return OffContractActivity(**dict(zip(names, values, strict=True)), quadrants=shares)


def count_activities(connection: Connection, now: datetime) -> Iterator[dict[str, Any]]:
    """The rows of `activity_summary`, counted now."""
    names = [column.key for column in (*_COLUMNS, _K.provider, _K.cost, *_KEPT_QUADRANTS)]
    for standing in (Standing.UNMATCHED, Standing.OFF_CONTRACT):
        trends = _trends(connection, None, now) if standing is Standing.UNMATCHED else {}
        everything = _grouped(_PROVIDER, _COST, *_QUADRANTS).where(CompletionRow.standing == standing)
        narrowed = [
            (SummaryPart.QUADRANT, each.value, everything.where(CompletionRow.quadrant == each)) for each in Quadrant
        ]
        for part, value, statement in ((SummaryPart.ALL, "", everything), *narrowed):
            for row in connection.execute(statement):
                key = {"standing": standing, "part": part, "value": value}
                yield {**key, **dict(zip(names, row, strict=True)), "trend": trends.get(row.activity_id, _FLAT)}


_FLAT = (0,) * WEEKS


def _trends(connection: Connection, activity_ids: Iterable[str] | None, now: datetime) -> Mapping[str, tuple[int, ...]]:
    """Unmatched completions per week, for the activities of one page alone (None: for all)."""
    starts = weeks_until(now)
    week = bucket(CompletionRow.ended_at, starts).label("week")
    of_these = () if activity_ids is None else (CompletionRow.activity_id.in_(list(activity_ids)),)
    statement = (
        select(CompletionRow.activity_id, week, func.count())
        .where(CompletionRow.standing == Standing.UNMATCHED, starts[0] <= CompletionRow.ended_at, *of_these)
        .group_by(CompletionRow.activity_id, week)
    )
    trends: dict[str, list[int]] = {}
    for activity_id, index, count in connection.execute(statement):
        trends.setdefault(activity_id, list(_FLAT))[index] = count
    return {activity_id: tuple(counts) for activity_id, counts in trends.items()}
