"""The list of completions: the rows behind every number of the other pages.

What has not ended stands last in order of time.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, select

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.store.read_models.funnel import CONDITIONS
from lrs_bridge.store.read_models.listing import Listing, Request, Slice, before, equals, named, one_of, since
from lrs_bridge.store.tables import CompletionRow, LearnerRow
from lrs_bridge_rules.completions.outcome import Outcome

if TYPE_CHECKING:
    from lrs_bridge.store.read_models.listing import AnySelect

_AT = func.coalesce(CompletionRow.ended_at, CompletionRow.started_at)


@dataclass(frozen=True, slots=True)
class ListedCompletion:
    """One completion with the names that people know. `at` is its end; for one that has not ended, its start."""

    id: str
    learner_id: str
    learner_name: str
    unit: str
    activity_id: str
    activity_name: str
    activity_type: str
    provider: str
    outcome: Outcome
    standing: Standing
    quadrant: Quadrant | None
    percent: float | None
    hours: float
    cost: int
    at: datetime


_LISTING = Listing(
    sorts={
        "at": CompletionRow.ended_at,
        "learner": LearnerRow.name,
        "activity": CompletionRow.activity_name,
        "standing": CompletionRow.standing,
        "outcome": CompletionRow.outcome,
        "quadrant": CompletionRow.quadrant,
        "hours": CompletionRow.hours,
        "cost": CompletionRow.cost,
        "percent": CompletionRow.percent,
    },
    order=("at", True),
    tie=CompletionRow.id,
    filters={
        "step": named({step.value: condition for step, condition in CONDITIONS.items()}),
        "standing": one_of(CompletionRow.standing, Standing),
        "outcome": one_of(CompletionRow.outcome, Outcome),
        "quadrant": one_of(CompletionRow.quadrant, Quadrant),
        "activity": equals(CompletionRow.activity_id),
        "provider": equals(CompletionRow.provider),
        "learner": equals(CompletionRow.learner_id),
        "unit": equals(LearnerRow.unit),
        "from": since(CompletionRow.ended_at),
        "to": before(CompletionRow.ended_at),
    },
    search=(CompletionRow.activity_name, LearnerRow.name),
    key=(CompletionRow.learner_id, CompletionRow.id),
)


def completions(connection: Connection, request: Request) -> Slice[ListedCompletion]:
    """Completions, the latest first."""
    statement: AnySelect = select(
        CompletionRow.id,
        CompletionRow.learner_id,
        LearnerRow.name.label("learner_name"),
        LearnerRow.unit,
        CompletionRow.activity_id,
        CompletionRow.activity_name,
        CompletionRow.activity_type,
        CompletionRow.provider,
        CompletionRow.outcome,
        CompletionRow.standing,
        CompletionRow.quadrant,
        CompletionRow.percent,
        CompletionRow.hours,
        CompletionRow.cost,
        _AT.label("at"),
    )
    # Every completion has its learner. Inner, the database may begin with the learners; outer, it may leave them out.
    by_learner = request.sort == "learner" or "unit" in request.filters
    statement = statement.join(LearnerRow, LearnerRow.id == CompletionRow.learner_id, isouter=not by_learner)
    return _LISTING.take(connection, statement, request).map(lambda row: ListedCompletion(**row._mapping))
