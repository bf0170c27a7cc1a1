"""Fourth step: which application tasks follow from the evidence, and where they stand."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from lrs_bridge.domain.follow_up import FollowUp, FollowUpState, follow_up_id, state_after
from lrs_bridge.domain.moments import shifted
from lrs_bridge.domain.planning.context import Context
from lrs_bridge.domain.planning.matching import Matched, opens_tasks
from lrs_bridge_rules.follow_up import FollowUpTemplate

_WORD = re.compile(r"\{(activity|goal|learner)\}")


def follow_up(context: Context, matched: Sequence[Matched]) -> tuple[FollowUp, ...]:
    """The tasks that should exist, in order of their due dates.

    A task that somebody worked on and that nothing asks for any more is kept, and marked so.
    """
    known = {each.id: each for each in context.facts.previous.follow_ups}
    wanted = {
        task.id: task
        for each, name, goals in _asked(context, matched, known)
        for task in (_task(context, each, goals, context.ruleset.follow_ups[name], known),)
    }
    orphans = [
        _stand(context, replace(task, reason_gone=True))
        for task in known.values()
        if task.id not in wanted and task.id in context.follow_up_acts
    ]
    return tuple(sorted((*wanted.values(), *orphans), key=lambda task: (task.due_at, task.id)))


def _asked(
    context: Context, matched: Sequence[Matched], known: Mapping[str, FollowUp]
) -> Iterator[tuple[Matched, str, tuple[str, ...]]]:
    """Which completion answers for which goals by which template.

    A goal gets each task once for an activity, however often that was done. The completion that already bears the
    task keeps it; else the first one bears it that was not long past when it was first seen.
    """
    candidates: dict[tuple[str, str, str], list[Matched]] = {}
    for each, goal, name in _claims(context, matched):
        candidates.setdefault((each.seen.activity.id, goal, name), []).append(each)
    asked: dict[tuple[str, str], list[str]] = {}
    for (_, goal, name), completions in candidates.items():
        template = context.ruleset.follow_ups[name]
        bearing = [each for each in completions if follow_up_id(each.seen.id, name) in known]
        recent = (
            each for each in completions if not context.horizon.passed(shifted(each.seen.ended_at, template.within))
        )
        answering = bearing[0] if bearing else next(recent, None)
        if answering is not None:
            asked.setdefault((answering.seen.id, name), []).append(goal)
    by_id = {each.seen.id: each for each in matched}
    for (own_id, name), goals in asked.items():
        yield by_id[own_id], name, tuple(goals)


def _claims(context: Context, matched: Sequence[Matched]) -> Iterator[tuple[Matched, str, str]]:
    """Which goal asks for which template because of which completion; goals that were given up ask for nothing."""
    for each in matched:
        if opens_tasks(each):
            for goal_id, names in each.follow_ups.items():
                if goal_id not in context.given_up:
                    yield from ((each, goal_id, name) for name in names)


def _task(
    context: Context,
    matched: Matched,
    goals: tuple[str, ...],
    template: FollowUpTemplate,
    known: Mapping[str, FollowUp],
) -> FollowUp:
    seen = matched.seen
    own_id = follow_up_id(seen.id, template.id)
    before = known.get(own_id)
    opened_at = before.opened_at if before is not None else max(context.horizon.now, seen.ended_at)
    due_at = shifted(opened_at, template.due)
    task = FollowUp(
        id=own_id,
        completion_id=seen.id,
        goals=goals,
        template=template.id,
        kind=template.kind,
        title=_title(context, matched, goals[0], template),
        state=FollowUpState.OPEN,
        since=opened_at,
        opened_at=opened_at,
        due_at=due_at,
        expires_at=shifted(due_at, template.expire),
        confirm=template.confirm == "manager",
        job_aid=seen.catalogue.job_aid if seen.catalogue is not None else "",
        questions=template.questions,
    )
    return _stand(context, task)


def _title(context: Context, matched: Matched, goal_id: str, template: FollowUpTemplate) -> str:
    goal = next((agreed.goal.title for agreed in matched.goals if agreed.goal.id == goal_id), "")
    words = {"activity": matched.seen.activity.name, "goal": goal, "learner": context.facts.learner.name}
    return _WORD.sub(lambda found: words[found.group(1)], template.title)


def _stand(context: Context, task: FollowUp) -> FollowUp:
    """Where a task stands: what acts made of it, and whether it ran out meanwhile.

    A task that was returned or reopened late gets the same grace again.
    """
    acts = context.follow_up_acts.get(task.id, ())
    state, since = state_after(acts, confirm=task.confirm, opened_at=task.opened_at)
    if state is FollowUpState.OPEN:
        end = max(task.expires_at, shifted(since, task.expires_at - task.due_at))
        if context.horizon.passed(end):
            state, since = FollowUpState.EXPIRED, end
    return replace(task, state=state, since=since)
