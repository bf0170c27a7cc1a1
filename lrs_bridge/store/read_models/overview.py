"""The first page: is data flowing, what came of the learning, what was wasted, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from lrs_bridge.domain.completion import Standing
from lrs_bridge.store.read_models.follow_ups import looks
from lrs_bridge.store.read_models.funnel import Funnel, funnel
from lrs_bridge.store.read_models.quadrants import QuadrantTotal, quadrants
from lrs_bridge.store.read_models.sources import ListedSource, source_states
from lrs_bridge.store.read_models.waste import IS_RESCUABLE, WasteSummary, waste_summary
from lrs_bridge.store.tables import (
    CompletionRow,
    FindingRow,
    FollowUpRow,
    IdentityRow,
    LearnerRow,
    OutboxRow,
    OutboxState,
    QuarantineRow,
    QuarantineState,
    StatementRow,
)

if TYPE_CHECKING:
    from lrs_bridge.store.read_models.listing import AnySelect


@dataclass(frozen=True, slots=True)
class Waiting:
    """What needs somebody today, as counts of things to decide about."""

    rescuable_findings: int
    overdue_follow_ups: int
    unconfirmed_follow_ups: int
    orphaned_follow_ups: int
    unmatched_activities: int
    unknown_actors: int
    quarantined_records: int
    undelivered_messages: int


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything that the first page shows. `learners` and `statements` are totals, whatever the period."""

    sources: tuple[ListedSource, ...]
    funnel: Funnel
    quadrants: tuple[QuadrantTotal, ...]
    waste: WasteSummary
    waiting: Waiting
    learners: int
    statements: int


def overview(
    connection: Connection,
    now: datetime,
    *,
    stale_after: timedelta,
    since: datetime | None = None,
    zone: tzinfo = UTC,
    sources: Iterable[str] = (),
) -> Overview:
    """The state of things. `since` narrows funnel and quadrants; `sources` are the names of configured ones.

    A source whose last good pull is older than `stale_after` counts as stale.
    """
    return Overview(
        sources=source_states(connection, now, names=sources, stale_after=stale_after),
        funnel=funnel(connection, since),
        quadrants=quadrants(connection, since),
        waste=waste_summary(connection, now, zone),
        waiting=waiting(connection, now),
        learners=_count(connection, select(LearnerRow.id)),
        statements=_count(connection, select(StatementRow.id)),
    )


def waiting(connection: Connection, now: datetime) -> Waiting:
    """What needs somebody today."""
    tasks = looks(now)
    return Waiting(
        rescuable_findings=_count(connection, select(FindingRow.id).where(IS_RESCUABLE)),
        overdue_follow_ups=_count(connection, select(FollowUpRow.id).where(tasks["overdue"])),
        unconfirmed_follow_ups=_count(connection, select(FollowUpRow.id).where(tasks["waiting"])),
        orphaned_follow_ups=_count(connection, select(FollowUpRow.id).where(tasks["reason-gone"])),
        unmatched_activities=_count(
            connection,
            select(CompletionRow.activity_id).where(CompletionRow.standing == Standing.UNMATCHED).distinct(),
        ),
        unknown_actors=_count(connection, _UNKNOWN),
        quarantined_records=_count(
            connection, select(QuarantineRow.id).where(QuarantineRow.state == QuarantineState.WAITING)
        ),
        undelivered_messages=_count(connection, select(OutboxRow.key).where(OutboxRow.state == OutboxState.DEAD)),
    )


_UNKNOWN = (
    select(StatementRow.ifi)
    .outerjoin(IdentityRow, IdentityRow.ifi == StatementRow.ifi)
    .where(StatementRow.ifi.is_not(None), IdentityRow.ifi.is_(None))
    .distinct()
)


def _count(connection: Connection, statement: AnySelect) -> int:
    return connection.execute(select(func.count()).select_from(statement.subquery())).scalar_one()
