"""The funnel: of what was completed, how much was agreed on, followed up and applied, and what achieved something."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from sqlalchemy import ColumnElement, Connection, and_, func, select, true, tuple_

from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.follow_up import APPLYING, FollowUpState
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.store.tables import CompletionRow, EvidenceRow, FollowUpRow, GoalProgressRow

if TYPE_CHECKING:
    from lrs_bridge.store.read_models.listing import AnySelect


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
_MATCHED = CompletionRow.standing == Standing.MATCHED


def _done(*which: ColumnElement[bool]) -> AnySelect:
    """The completions of which an application task is done."""
    done = select(FollowUpRow.learner_id, FollowUpRow.completion_id)
    return done.where(FollowUpRow.state == FollowUpState.DONE, *which)


_SERVING_ACHIEVED_GOALS = (
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

#: What a matched completion must stand in to come to a step.
_AMONG = {
    Step.FOLLOWED_UP: _done(),
    Step.APPLIED: _done(FollowUpRow.kind.in_(sorted(APPLYING)), FollowUpRow.reason_gone.is_(False)),
    Step.ACHIEVED: _SERVING_ACHIEVED_GOALS,
}


def _asked_of_all(found: AnySelect) -> ColumnElement[bool]:
    """Found once, then looked up in: for counting."""
    return _KEY.in_(found)


def _asked_of_each(found: AnySelect) -> ColumnElement[bool]:
    """Looked for at each completion: for a page of a list, which ends after a few."""
    learner_id, completion_id = found.selected_columns
    return found.where(learner_id == CompletionRow.learner_id, completion_id == CompletionRow.id).exists()


def _conditions(asked: Callable[[AnySelect], ColumnElement[bool]]) -> Mapping[Step, ColumnElement[bool]]:
    return {
        Step.COMPLETED: CompletionRow.standing.in_(_FINISHED),
        Step.MATCHED: _MATCHED,
        **{step: and_(_MATCHED, asked(found)) for step, found in _AMONG.items()},
    }


#: What makes a completion come to a step: the same for each number and for the list of completions behind it.
CONDITIONS = _conditions(_asked_of_each)
_COUNTED = _conditions(_asked_of_all)


def in_period(since: datetime | None) -> ColumnElement[bool]:
    """Completions that ended at that moment or later; all of them without one."""
    return true() if since is None else CompletionRow.ended_at >= since


def funnel(connection: Connection, since: datetime | None = None) -> Funnel:
    """The numbers of completions at each step, of those that ended since then."""
    counts = [
        connection.execute(
            select(func.count()).select_from(CompletionRow).where(condition, in_period(since))
        ).scalar_one()
        for condition in _COUNTED.values()
    ]
    return Funnel(*counts)
