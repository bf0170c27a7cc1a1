"""Sixth step: what was, or is about to be, wasted, and why. One small function a reason, found in one table.

Mandated learning is never called waste, nor is what was waived, excluded, or what no rule knows yet.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.contract import Support
from lrs_bridge.domain.facts import DecisionKind
from lrs_bridge.domain.follow_up import FollowUp, FollowUpState
from lrs_bridge.domain.moments import shifted
from lrs_bridge.domain.planning.completing import earlier_valid
from lrs_bridge.domain.planning.context import AgreedGoal, Context
from lrs_bridge.domain.planning.matching import Matched
from lrs_bridge.domain.planning.progressing import GoalProgress, GoalState
from lrs_bridge.domain.waste import Finding, FindingStatus, WasteReason, finding_id
from lrs_bridge_rules.completions.outcome import Outcome

RAN_OUT = frozenset({FollowUpState.EXPIRED, FollowUpState.DECLINED})


@dataclass(frozen=True, slots=True)
class Case:
    """One completion under examination, with what lies around it.

    `ended` are all completions of the same activity that came to an end, in order of that.
    """

    context: Context
    matched: Matched
    completion: Completion
    ended: Sequence[Completion]
    tasks: Sequence[FollowUp]

    @property
    def ended_at(self) -> datetime:
        return self.matched.seen.ended_at


@dataclass(frozen=True, slots=True)
class Ground:
    """That a reason holds: since when, whether its cause has gone meanwhile, at which goal, and who can still help."""

    since: datetime
    rescued: bool = False
    goal_id: str | None = None
    rescuer: str | None = None


def unaligned(case: Case) -> Ground | None:
    return Ground(case.ended_at) if case.completion.quadrant is Quadrant.WASTE else None


def no_contract(case: Case) -> Ground | None:
    return Ground(case.ended_at) if case.matched.seen.finished and not case.matched.any_contract else None


def support_missing(case: Case) -> Ground | None:
    """A support of a goal was not ready when the training ended. Once all are there, the learning can be used."""
    missing = [
        (agreed, support)
        for agreed in case.matched.goals
        for support in agreed.goal.supports
        if case.matched.evidence and (support.ready_at is None or support.ready_at > case.ended_at)
    ]
    if not missing:
        return None
    owed = [pair for pair in missing if not _ready(case.context, pair[1])]
    agreed, support = (owed or missing)[0]
    return Ground(case.ended_at, not owed, agreed.goal.id, support.provider_id or agreed.contract.manager_id)


def already_known(case: Case) -> Ground | None:
    before, mastery = case.completion.before, case.context.ruleset.waste.mastery
    return Ground(case.ended_at) if before is not None and before >= mastery else None


def no_gain(case: Case) -> Ground | None:
    gain = case.completion.gain
    return Ground(case.ended_at) if case.matched.seen.finished and gain is not None and gain <= 0 else None


def repeat(case: Case) -> Ground | None:
    if not case.matched.seen.finished:
        return None
    return Ground(case.ended_at) if earlier_valid(case.ended, case.ended_at) is not None else None


def abandoned(case: Case) -> Ground | None:
    """Started and never finished: neither this attempt nor a later one at the same activity.

    Who had finished it before and looks something up in it abandons nothing.
    """
    if case.completion.outcome is not Outcome.STARTED:
        return None
    seen = case.matched.seen
    started_at = case.completion.started_at
    last_end = case.ended[-1].ended_at if case.ended else None
    finished_later = last_end is not None and last_end >= started_at
    if finished_later or earlier_valid(case.ended, started_at) is not None:
        return None
    quiet_until = shifted(seen.last_at, case.context.ruleset.waste.abandoned_after)
    return Ground(quiet_until) if case.context.horizon.passed(quiet_until) else None


def not_applied(case: Case) -> Ground | None:
    """All application tasks ran out or were declined, and none was done."""
    tasks = case.tasks
    if not tasks or any(task.state not in RAN_OUT for task in tasks):
        return None
    learner = case.context.facts.learner
    return Ground(max(task.since for task in tasks), goal_id=tasks[0].goals[0], rescuer=learner.manager_id)


#: In the order of the glossary; the first open one carries the hours and the money.
EXAMINERS: dict[WasteReason, Callable[[Case], Ground | None]] = {
    WasteReason.UNALIGNED: unaligned,
    WasteReason.NO_CONTRACT: no_contract,
    WasteReason.SUPPORT_MISSING: support_missing,
    WasteReason.ALREADY_KNOWN: already_known,
    WasteReason.NO_GAIN: no_gain,
    WasteReason.REPEAT: repeat,
    WasteReason.ABANDONED: abandoned,
    WasteReason.NOT_APPLIED: not_applied,
}


def find_waste(
    context: Context,
    matched: Sequence[Matched],
    completions: Sequence[Completion],
    tasks: Sequence[FollowUp],
    goals: Sequence[GoalProgress],
) -> tuple[Finding, ...]:
    """All findings of one learner: at completions, and at goals whose supports are late before any training."""
    by_completion: dict[str, list[FollowUp]] = {}
    for task in tasks:
        if not task.reason_gone:
            by_completion.setdefault(task.completion_id, []).append(task)
    ended = _ended(completions)
    findings = [
        finding
        for each, completion in zip(matched, completions, strict=True)
        if _can_be_waste(each)
        for finding in _count_once(_findings(_case(context, each, completion, ended, by_completion)))
    ]
    return tuple(sorted((*findings, *_late_supports(context, goals)), key=lambda finding: finding.id))


def _ended(completions: Sequence[Completion]) -> Mapping[str, Sequence[Completion]]:
    """What came to an end, by activity and in order of that."""
    found: dict[str, list[Completion]] = {}
    for completion in sorted(completions, key=lambda each: each.ended_at or each.started_at):
        if completion.ended_at is not None:
            found.setdefault(completion.activity_id, []).append(completion)
    return found


def _case(
    context: Context,
    matched: Matched,
    completion: Completion,
    ended: Mapping[str, Sequence[Completion]],
    tasks: Mapping[str, Sequence[FollowUp]],
) -> Case:
    at_hand, around = tasks.get(completion.id, ()), ended.get(completion.activity_id, ())
    return Case(context, matched, completion, around, at_hand)


def _can_be_waste(matched: Matched) -> bool:
    seen = matched.seen
    if matched.excluded_because or seen.mandated or not matched.known or seen.attestation is not None:
        return False
    started = seen.conclusion.outcome is Outcome.STARTED
    return started or (seen.finished and seen.conclusion.outcome is not Outcome.WAIVED)


def _findings(case: Case) -> Iterator[Finding]:
    for reason, examine in EXAMINERS.items():
        ground = examine(case)
        if ground is not None:
            yield _finding(case, reason, ground)


def _finding(case: Case, reason: WasteReason, ground: Ground) -> Finding:
    completion = case.completion
    own_id = finding_id(reason, completion.id)
    return Finding(
        id=own_id,
        reason=reason,
        status=_status(case.context, own_id, rescued=ground.rescued),
        since=ground.since,
        completion_id=completion.id,
        goal_id=ground.goal_id,
        activity_id=completion.activity_id,
        provider=completion.provider,
        hours=completion.hours,
        money=completion.cost,
        counted=False,
        rescuer=ground.rescuer,
    )


def _status(context: Context, own_id: str, *, rescued: bool) -> FindingStatus:
    if rescued:
        return FindingStatus.RESCUED
    return FindingStatus.ACCEPTED if context.decided(DecisionKind.ACCEPT_FINDING, own_id) else FindingStatus.OPEN


def _count_once(findings: Iterator[Finding]) -> Iterator[Finding]:
    """Let the first open finding of a completion carry its hours and money."""
    counted = False
    for finding in findings:
        counts = finding.status is FindingStatus.OPEN and not counted
        counted = counted or counts
        yield replace(finding, counted=True) if counts else finding


def _ready(context: Context, support: Support) -> bool:
    return support.ready_at is not None and context.horizon.passed(support.ready_at)


def _late_supports(context: Context, goals: Sequence[GoalProgress]) -> Iterator[Finding]:
    """A support that is late while its goal is still only planned: the training ahead is about to be wasted."""
    planned = {goal.goal_id for goal in goals if goal.state is GoalState.PLANNED}
    for agreed in context.goals_now():
        if agreed.goal.id in planned:
            late = [(at, support) for support in agreed.goal.supports if (at := late_since(context, support))]
            if late:
                yield _finding_at_goal(context, agreed, *min(late, key=lambda pair: (pair[0], pair[1].id)))


def late_since(context: Context, support: Support) -> datetime | None:
    """Since when a support is late; None while there is time, and once it is there."""
    if support.needed_by is None or _ready(context, support):
        return None
    day_after = context.end_of(support.needed_by)
    return day_after if context.horizon.passed(day_after) else None


def _finding_at_goal(context: Context, agreed: AgreedGoal, since: datetime, support: Support) -> Finding:
    own_id = finding_id(WasteReason.SUPPORT_MISSING, agreed.goal.id)
    return Finding(
        id=own_id,
        reason=WasteReason.SUPPORT_MISSING,
        status=_status(context, own_id, rescued=False),
        since=since,
        completion_id=None,
        goal_id=agreed.goal.id,
        activity_id="",
        provider="",
        hours=0.0,
        money=0,
        counted=False,
        rescuer=support.provider_id or agreed.contract.manager_id,
    )
