"""Fifth step: where each goal stands. planned → learned → applied → achieved, or dropped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.contract import Goal, GoalActKind
from lrs_bridge.domain.follow_up import FollowUp
from lrs_bridge.domain.planning.context import AgreedGoal, Context
from lrs_bridge.domain.planning.matching import Evidence


class GoalState(StrEnum):
    """How far a goal has come. DROPPED ends it."""

    PLANNED = "planned"
    LEARNED = "learned"
    APPLIED = "applied"
    ACHIEVED = "achieved"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class GoalProgress:
    """Where one goal stands and since when. `learned` and `required` are sums of evidence weights.

    An activity counts once for a goal, with the best of its completions (docs/decisions/0017).
    """

    goal_id: str
    contract_id: str
    title: str
    state: GoalState
    since: datetime | None
    learned: float
    required: float
    measured: float | None = None


def progress(
    context: Context, completions: Sequence[Completion], evidence: Sequence[Evidence], tasks: Sequence[FollowUp]
) -> tuple[GoalProgress, ...]:
    """The state of every goal of every agreed contract, also of contracts that have ended."""
    learned = _learned(completions, evidence)
    applied = _applied(evidence, tasks)
    return tuple(
        _progress(context, agreed, learned.get(agreed.goal.id, ()), applied.get(agreed.goal.id))
        for agreed in context.agreed_goals
    )


def _learned(
    completions: Sequence[Completion], evidence: Sequence[Evidence]
) -> Mapping[str, Sequence[tuple[datetime, float]]]:
    """How much was learned for each goal, and since when: the sum grows where an activity does better than before."""
    by_id = {each.id: each for each in completions}
    best: dict[tuple[str, str], float] = {}
    sums: dict[str, list[tuple[datetime, float]]] = {}
    for at, activity, item in sorted(_ended(by_id, evidence), key=lambda each: (each[0], each[1], each[2].weight)):
        before = best.get((item.goal_id, activity), 0.0)
        best[item.goal_id, activity] = max(before, item.weight)
        steps = sums.setdefault(item.goal_id, [])
        steps.append((at, (steps[-1][1] if steps else 0.0) + best[item.goal_id, activity] - before))
    return sums


def _ended(by_id: Mapping[str, Completion], evidence: Sequence[Evidence]) -> Iterator[tuple[datetime, str, Evidence]]:
    for item in evidence:
        completion = by_id[item.completion_id]
        if completion.ended_at is not None:
            yield completion.ended_at, completion.activity_id, item


def _applied(evidence: Sequence[Evidence], tasks: Sequence[FollowUp]) -> dict[str, datetime]:
    """When each goal was first applied. Done is done, also where no rule asks for that task any more; what counts is
    that its completion is still evidence for the goal.
    """
    counting = {(item.completion_id, item.goal_id) for item in evidence}
    applied: dict[str, datetime] = {}
    for task in tasks:
        for goal_id in task.goals:
            if task.applies and (task.completion_id, goal_id) in counting:
                applied[goal_id] = min(task.since, applied.get(goal_id, task.since))
    return applied


def _progress(
    context: Context, agreed: AgreedGoal, sums: Sequence[tuple[datetime, float]], applied_at: datetime | None
) -> GoalProgress:
    contract, goal = agreed.contract, agreed.goal
    learned = round(sums[-1][1], 4) if sums else 0.0
    learned_at = next((at for at, total in sums if total >= goal.required - 1e-9), None)
    if applied_at is not None:  # what is learned only in part is not applied yet
        applied_at = max(applied_at, learned_at) if learned_at is not None else None
    measured, measured_at = _measured(context, goal)
    steps = (
        (GoalState.DROPPED, _dropped_at(context, agreed)),
        (GoalState.ACHIEVED, _earliest(_act_at(context, goal, GoalActKind.ACHIEVED), measured_at)),
        (GoalState.APPLIED, applied_at),
        (GoalState.LEARNED, learned_at),
    )
    state, since = next(((state, at) for state, at in steps if at is not None), (GoalState.PLANNED, None))
    return GoalProgress(goal.id, contract.id, goal.title, state, since, learned, goal.required, measured)


def _dropped_at(context: Context, agreed: AgreedGoal) -> datetime | None:
    """When the goal was given up, by itself or with its contract."""
    if agreed.goal.id not in context.given_up:
        return None
    return _earliest(_act_at(context, agreed.goal, GoalActKind.DROPPED), agreed.contract.withdrawn_at)


def _measured(context: Context, goal: Goal) -> tuple[float | None, datetime | None]:
    """The last reading of the success measure, and when a reading first was at its target."""
    acts = context.goal_acts.get(goal.id, ())
    readings = [(act.at, act.value) for act in acts if act.kind is GoalActKind.MEASURED and act.value is not None]
    if not readings or goal.measure is None:
        return None, None
    measure = goal.measure
    reached = next((at for at, value in readings if measure.reached(value)), None)
    return readings[-1][1], reached


def _act_at(context: Context, goal: Goal, kind: GoalActKind) -> datetime | None:
    return next((act.at for act in context.goal_acts.get(goal.id, ()) if act.kind is kind), None)


def _earliest(*moments: datetime | None) -> datetime | None:
    return min((moment for moment in moments if moment is not None), default=None)
