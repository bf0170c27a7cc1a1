"""The first page: is data flowing, what came of the learning, what was wasted, and what waits for a decision."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from sqlalchemy import Connection, select

from lrs_bridge.store.read_models.figures import Figures, count, count_figures, kept_figures
from lrs_bridge.store.read_models.follow_ups import looks
from lrs_bridge.store.read_models.funnel import Funnel
from lrs_bridge.store.read_models.quadrants import QuadrantTotal
from lrs_bridge.store.read_models.sources import ListedSource, source_states
from lrs_bridge.store.read_models.waste import WasteSummary
from lrs_bridge.store.tables import (
    FollowUpRow,
    LearnerRow,
    OutboxRow,
    OutboxState,
    QuarantineRow,
    QuarantineState,
    StatementRow,
)


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
    counted_at: datetime


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

    Figures over everything are those of `counted_at`, if some were kept for this period. A source whose last good pull
    is older than `stale_after` counts as stale.
    """
    kept = kept_figures(connection, since)
    figures = kept.figures if kept else count_figures(connection, now, since, zone)
    return Overview(
        sources=source_states(connection, now, names=sources, stale_after=stale_after),
        funnel=figures.funnel,
        quadrants=figures.quadrants,
        waste=figures.waste,
        waiting=waiting(connection, now, figures),
        learners=count(connection, select(LearnerRow.id)),
        statements=count(connection, select(StatementRow.id)),
        counted_at=kept.at if kept else now,
    )


def waiting(connection: Connection, now: datetime, figures: Figures) -> Waiting:
    """What needs somebody today."""
    tasks = looks(now)
    return Waiting(
        rescuable_findings=figures.waste.rescuable,
        overdue_follow_ups=count(connection, select(FollowUpRow.id).where(tasks["overdue"])),
        unconfirmed_follow_ups=count(connection, select(FollowUpRow.id).where(tasks["waiting"])),
        orphaned_follow_ups=count(connection, select(FollowUpRow.id).where(tasks["reason-gone"])),
        unmatched_activities=figures.unmatched_activities,
        unknown_actors=figures.unknown_actors,
        quarantined_records=count(
            connection, select(QuarantineRow.id).where(QuarantineRow.state == QuarantineState.WAITING)
        ),
        undelivered_messages=count(connection, select(OutboxRow.key).where(OutboxRow.state == OutboxState.DEAD)),
    )
