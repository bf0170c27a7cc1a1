"""The quadrant picture: how much learning was needed, wanted, both or neither."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.store.read_models.funnel import in_period
from lrs_bridge.store.tables import CompletionRow


@dataclass(frozen=True, slots=True)
class QuadrantTotal:
    """What lies in one quadrant."""

    quadrant: Quadrant
    completions: int = 0
    learners: int = 0
    hours: float = 0.0
    cost: int = 0


def quadrants(connection: Connection, since: datetime | None = None) -> tuple[QuadrantTotal, ...]:
    """All four quadrants in their fixed order, of completions that ended since then."""
    statement = (
        select(
            CompletionRow.quadrant,
            func.count(),
            func.count(CompletionRow.learner_id.distinct()),
            func.sum(CompletionRow.hours),
            func.sum(CompletionRow.cost),
        )
        .where(CompletionRow.quadrant.is_not(None), CompletionRow.ended_at.is_not(None), in_period(since))
        .group_by(CompletionRow.quadrant)
    )
    found = {
        quadrant: QuadrantTotal(quadrant, completions, learners, float(hours), int(cost))
        for quadrant, completions, learners, hours, cost in connection.execute(statement)
        if quadrant is not None
    }
    return tuple(found.get(quadrant, QuadrantTotal(quadrant)) for quadrant in Quadrant)
