"""Waste: open findings by reason, month and group, in hours and money; those that can still be rescued first.

A completion can be waste for several reasons; its hours and money are `counted` once, at the first open one. Sums
here are sums of what is counted, so that they are true; one finding shows what is at stake with it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, Connection, SQLColumnExpression, and_, case, func, select
from sqlalchemy.orm import aliased

from lrs_bridge.domain.waste import RESCUABLE, FindingStatus, WasteReason
from lrs_bridge.store.read_models.listing import Listing, Request, Slice, before, equals, named, one_of, since
from lrs_bridge.store.read_models.names import activity_name
from lrs_bridge.store.read_models.weeks import bucket, months_until
from lrs_bridge.store.tables import CompletionRow, ContractGoalRow, FindingRow, LearnerRow

if TYPE_CHECKING:
    from lrs_bridge.store.read_models.listing import AnyRow, AnySelect

_RESCUER = aliased(LearnerRow)
_IS_OPEN = FindingRow.status == FindingStatus.OPEN
#: What somebody can still do something about.
IS_RESCUABLE = and_(_IS_OPEN, FindingRow.reason.in_(sorted(RESCUABLE)))
_COUNTED_HOURS = func.sum(case((FindingRow.counted, FindingRow.hours), else_=0.0)).label("hours")
_COUNTED_MONEY = func.sum(case((FindingRow.counted, FindingRow.money), else_=0)).label("money")
_FINDINGS = func.count().label("findings")
#: Those that can still be rescued are shown first: there is something to do about them.
SHOWN_ORDER = tuple(sorted(WasteReason, key=lambda reason: reason not in RESCUABLE))


@dataclass(frozen=True, slots=True)
class ReasonTotal:
    """The open findings of one reason."""

    reason: WasteReason
    findings: int = 0
    hours: float = 0.0
    money: int = 0

    @property
    def rescuable(self) -> bool:
        return self.reason in RESCUABLE


@dataclass(frozen=True, slots=True)
class Totals:
    """Open findings by reason, in the order in which reasons are shown, and what they come to together."""

    reasons: tuple[ReasonTotal, ...]

    @property
    def findings(self) -> int:
        return sum(each.findings for each in self.reasons)

    @property
    def hours(self) -> float:
        return sum(each.hours for each in self.reasons)

    @property
    def money(self) -> int:
        return sum(each.money for each in self.reasons)


@dataclass(frozen=True, slots=True)
class MonthTotal(Totals):
    """What became waste in one month; `starts_at` is its first moment where the organisation is."""

    starts_at: datetime


@dataclass(frozen=True, slots=True)
class WasteSummary(Totals):
    """All that is open, and the last twelve months of it."""

    months: tuple[MonthTotal, ...]

    @property
    def rescuable(self) -> int:
        """How many findings can still be turned into use."""
        return sum(each.findings for each in self.reasons if each.rescuable)


def waste_summary(connection: Connection, now: datetime, zone: tzinfo) -> WasteSummary:
    """What is wasted as things stand: every reason with its sums, and by month (calendar months of `zone`)."""
    starts = months_until(now, zone)
    month = bucket(FindingRow.since, starts).label("month")
    statement = (
        select(FindingRow.reason, month, _FINDINGS, _COUNTED_HOURS, _COUNTED_MONEY)
        .where(_IS_OPEN)
        .group_by(FindingRow.reason, month)
    )
    rows = [
        (index, ReasonTotal(reason, findings, float(hours), int(money)))
        for reason, index, findings, hours, money in connection.execute(statement)
    ]
    return WasteSummary(
        reasons=_by_reason([total for _, total in rows]),
        months=tuple(
            MonthTotal(_by_reason([total for at, total in rows if at == index]), start)
            for index, start in enumerate(starts)
        ),
    )


def _by_reason(totals: list[ReasonTotal]) -> tuple[ReasonTotal, ...]:
    return tuple(_sum(reason, [total for total in totals if total.reason is reason]) for reason in SHOWN_ORDER)


def _sum(reason: WasteReason, totals: list[ReasonTotal]) -> ReasonTotal:
    return ReasonTotal(
        reason,
        sum(total.findings for total in totals),
        sum(total.hours for total in totals),
        sum(total.money for total in totals),
    )


@dataclass(frozen=True, slots=True)
class ListedFinding:
    """One finding with the names that people know. A finding at a goal ahead of any training has no completion."""

    id: str
    reason: WasteReason
    status: FindingStatus
    since: datetime
    learner_id: str
    learner_name: str
    unit: str
    completion_id: str | None
    activity_id: str
    activity_name: str | None
    goal_title: str | None
    provider: str
    hours: float
    money: int
    counted: bool
    rescuer: str | None
    rescuer_name: str | None

    @property
    def rescuable(self) -> bool:
        return self.status is FindingStatus.OPEN and self.reason in RESCUABLE


_GOAL_TITLE = (
    select(func.max(ContractGoalRow.title))
    .where(ContractGoalRow.goal_id == FindingRow.goal_id)
    .scalar_subquery()
    .label("goal_title")
)
#: What can be rescued stands first, and among that, as among the rest, what most is lost with. No sum comes near it.
_RESCUABLE_FIRST = case((IS_RESCUABLE, 10**16), else_=0) + FindingRow.money
_RESCUABLE = func.sum(case((IS_RESCUABLE, 1), else_=0)).label("rescuable")

_FILTERS = {
    "reason": one_of(FindingRow.reason, WasteReason),
    "status": one_of(FindingRow.status, FindingStatus),
    "rescuable": named({"yes": IS_RESCUABLE}),
    "activity": equals(FindingRow.activity_id),
    "provider": equals(FindingRow.provider),
    "unit": equals(LearnerRow.unit),
    "learner": equals(FindingRow.learner_id),
    "rescuer": equals(FindingRow.rescuer),
    "from": since(FindingRow.since),
    "to": before(FindingRow.since),
}

_LISTING = Listing(
    sorts={
        "rescuable": _RESCUABLE_FIRST,
        "since": FindingRow.since,
        "reason": FindingRow.reason,
        "hours": FindingRow.hours,
        "money": FindingRow.money,
        "learner": LearnerRow.name,
        "activity": CompletionRow.activity_name,
        "provider": FindingRow.provider,
    },
    order=("rescuable", True),
    tie=FindingRow.id,
    filters=_FILTERS,
    search=(LearnerRow.name, func.coalesce(CompletionRow.activity_name, "")),
    key=(FindingRow.learner_id, FindingRow.id),
)


def _with_learner(statement: AnySelect) -> AnySelect:
    return statement.outerjoin(LearnerRow, LearnerRow.id == FindingRow.learner_id)  # left out where nothing asks for it


def _with_completion(statement: AnySelect) -> AnySelect:
    return statement.outerjoin(
        CompletionRow,
        and_(CompletionRow.learner_id == FindingRow.learner_id, CompletionRow.id == FindingRow.completion_id),
    )


def waste_findings(connection: Connection, request: Request) -> Slice[ListedFinding]:
    """Findings, those that can still be rescued first; open ones unless the request asks for a status."""
    statement: AnySelect = (
        select(
            FindingRow.id,
            FindingRow.reason,
            FindingRow.status,
            FindingRow.since,
            FindingRow.learner_id,
            LearnerRow.name.label("learner_name"),
            LearnerRow.unit,
            FindingRow.completion_id,
            FindingRow.activity_id,
            CompletionRow.activity_name,
            _GOAL_TITLE,
            FindingRow.provider,
            FindingRow.hours,
            FindingRow.money,
            FindingRow.counted,
            FindingRow.rescuer,
            _RESCUER.name.label("rescuer_name"),
        )
        .select_from(FindingRow)
        .outerjoin(_RESCUER, _RESCUER.id == FindingRow.rescuer)
    )
    statement = _with_completion(_with_learner(statement))
    request = replace(request, filters={"status": FindingStatus.OPEN.value, **request.filters})
    return _LISTING.take(connection, statement, request).map(lambda row: ListedFinding(**row._mapping))


class GroupedBy(StrEnum):
    """What findings can be gathered by."""

    ACTIVITY = "activity"
    PROVIDER = "provider"
    UNIT = "unit"


_KEYS: dict[GroupedBy, SQLColumnExpression[str]] = {
    GroupedBy.ACTIVITY: FindingRow.activity_id,
    GroupedBy.PROVIDER: FindingRow.provider,
    GroupedBy.UNIT: LearnerRow.unit,
}


@dataclass(frozen=True, slots=True)
class WasteGroup:
    """The open findings of one activity, provider or unit; `name` is empty where there is none."""

    key: str
    name: str
    findings: int
    rescuable: int
    learners: int
    hours: float
    money: int


def waste_groups(connection: Connection, by: GroupedBy, request: Request) -> Slice[WasteGroup]:
    """Open findings gathered by activity, provider or unit, the dearest first."""
    # A provider and a unit are their own names. The name of an activity stands at its completions: it is looked up for
    # the rows that are shown, unless the list is searched, or put in order, by it.
    named = by is GroupedBy.ACTIVITY and (request.sort == "name" or bool(request.search))
    name = func.coalesce(func.max(CompletionRow.activity_name if named else _KEYS[by]), "").label("name")
    columns: dict[str, ColumnElement[Any]] = {
        "name": name,
        "findings": _FINDINGS,
        "rescuable": _RESCUABLE,
        "learners": func.count(FindingRow.learner_id.distinct()).label("learners"),
        "hours": _COUNTED_HOURS,
        "money": _COUNTED_MONEY,
    }
    statement = select(_KEYS[by].label("key"), *columns.values()).select_from(FindingRow)
    if by is GroupedBy.UNIT or request.search or "unit" in request.filters:
        statement = _with_learner(statement)
    if named or request.search:
        statement = _with_completion(statement)
    listing = Listing(
        sorts=columns,
        order=("money", True),
        tie=_KEYS[by],
        filters=_FILTERS,
        search=(func.coalesce(CompletionRow.activity_name, ""), FindingRow.provider, LearnerRow.unit),
    )
    found = listing.take(connection, statement.where(_IS_OPEN).group_by(_KEYS[by]), request)
    return found.map(lambda row: WasteGroup(**{**row._mapping, "name": _name_of(connection, by, named, row)}))


def _name_of(connection: Connection, by: GroupedBy, named: bool, row: AnyRow) -> str:
    """What people call a group; empty for goals ahead of their training, which belong to no activity."""
    if by is not GroupedBy.ACTIVITY or named or not row.key:
        return str(row.name)
    return activity_name(connection, row.key)
