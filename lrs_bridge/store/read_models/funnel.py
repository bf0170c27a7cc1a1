"""The funnel: of what was completed, how much was agreed on, followed up and applied, and what achieved something."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, Connection, and_, func, select, true, tuple_

from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.follow_up import APPLYING, FollowUpState
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.store.tables import CompletionRow, EvidenceRow, FollowUpRow, GoalProgressRow


class Step(StrEnum):
    """The steps, each a part of the one before; only a goal can be achieved by its measure alone."""

    COMPLETED = "completed"
    MATCHED = "matched"
    FOLLOWED_UP = "followed-up"
    APPLIED = "applied"
    ACHIEVED = "achieved"


@dataclass(frozen=True, slots=True)
class Funnel:
    """How many completions came to each step."""

    completed: int
    matched: int
    followed_up: int
    applied: int
    achieved: int

    @property
    def steps(self) -> tuple[tuple[Step, int], ...]:
        counts = (self.completed, self.matched, self.followed_up, self.applied, self.achieved)
        return tuple(zip(Step, counts, strict=True))


_KEY = tuple_(CompletionRow.learner_id, CompletionRow.id)
_FINISHED = (Standing.MATCHED, Standing.OFF_CONTRACT, Standing.UNMATCHED)


def _has_follow_up(*which: ColumnElement[bool]) -> ColumnElement[bool]:
    done = select(FollowUpRow.learner_id, FollowUpRow.completion_id).where(
        FollowUpRow.state == FollowUpState.DONE, *which
    )
    return _KEY.in_(done)


def _serves_achieved_goal() -> ColumnElement[bool]:
    """Asked from the goals' side: few goals are achieved, many completions are not evidence for them."""
    serving = (
        select(EvidenceRow.learner_id, EvidenceRow.completion_id)
        .join(
            GoalProgressRow,
            and_(
                GoalProgressRow.learner_id == EvidenceRow.learner_id,
                GoalProgressRow.goal_id == EvidenceRow.goal_id,
                GoalProgressRow.contract_id == EvidenceRow.contract_id,
            ),
        )
        .where(GoalProgressRow.state == GoalState.ACHIEVED)
    )
    return _KEY.in_(serving)


def _conditions() -> Mapping[Step, ColumnElement[bool]]:
    matched = CompletionRow.standing == Standing.MATCHED
    return {
        Step.COMPLETED: CompletionRow.standing.in_(_FINISHED),
        Step.MATCHED: matched,
        Step.FOLLOWED_UP: and_(matched, _has_follow_up()),
        Step.APPLIED: and_(
            matched, _has_follow_up(FollowUpRow.kind.in_(sorted(APPLYING)), FollowUpRow.reason_gone.is_(False))
        ),
        Step.ACHIEVED: and_(matched, _serves_achieved_goal()),
    }


#: What makes a completion come to a step: the same here and in the list of completions behind each number.
CONDITIONS = _conditions()


def in_period(since: datetime | None) -> ColumnElement[bool]:
    """Completions that ended at that moment or later; all of them without one."""
    return true() if since is None else CompletionRow.ended_at >= since


def funnel(connection: Connection, since: datetime | None = None) -> Funnel:
    """The numbers of completions at each step, of those that ended since then."""
    counts = [
        connection.execute(
            select(func.count()).select_from(CompletionRow).where(condition, in_period(since))
        ).scalar_one()
        for condition in CONDITIONS.values()
    ]
    return Funnel(*counts)
