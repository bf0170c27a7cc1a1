"""Seventh step: is the person still learning anything that counts? After long in the same job, learning slows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.moments import shifted
from lrs_bridge.domain.planning.context import Context
from lrs_bridge.domain.planning.matching import Evidence


@dataclass(frozen=True, slots=True)
class Growth:
    """When goal-linked learning was last seen, and since when the person stagnates (None: does not)."""

    last_learned_at: datetime | None = None
    stagnant_since: datetime | None = None


def growth(context: Context, completions: Sequence[Completion], evidence: Sequence[Evidence]) -> Growth:
    """Stagnation: longer in the job than the ruleset's tenure, and no goal-linked learning for its quiet time."""
    linked = {item.completion_id for item in evidence}
    ends = [each.ended_at for each in completions if each.id in linked and each.ended_at is not None]
    last = max(ends, default=None)
    in_job_since = context.facts.learner.in_job_since
    if in_job_since is None:
        return Growth(last)
    started = context.start_of(in_job_since)
    waste = context.ruleset.waste
    since = max(shifted(started, waste.stagnation_tenure), shifted(last or started, waste.stagnation_quiet))
    return Growth(last, since if context.horizon.passed(since) else None)
