"""Last step: who should be told what. Only what still holds; the store sends nothing twice.

Of several reminders that came due together, after a pause say, only the latest is a notice.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.follow_up import FollowUp, FollowUpState
from lrs_bridge.domain.learner import is_ghost
from lrs_bridge.domain.moments import shifted
from lrs_bridge.domain.notice import Notice, NoticeKind, notice_key
from lrs_bridge.domain.planning.completing import counts
from lrs_bridge.domain.planning.context import Context
from lrs_bridge.domain.planning.finding import late_since
from lrs_bridge.domain.planning.growing import Growth


def notices(
    context: Context, completions: Sequence[Completion], tasks: Sequence[FollowUp], grown: Growth
) -> tuple[Notice, ...]:
    """All notices that hold now, in order of their keys; none to or about somebody who was erased."""
    if is_ghost(context.facts.learner.id):
        return ()
    found = (
        *(notice for task in tasks if not task.reason_gone for notice in _about_task(context, task)),
        *_about_supports(context),
        *_about_certificates(context, completions),
        *_about_stagnation(context, grown),
    )
    reachable = (notice for notice in found if not is_ghost(notice.recipient_id))
    return tuple(sorted(reachable, key=lambda notice: notice.key))


def _notice(
    context: Context,
    kind: NoticeKind,
    recipient_id: str,
    subject_id: str,
    due_at: datetime,
    occasion: str = "",
    **details: str,
) -> Notice:
    key = notice_key(kind, recipient_id, subject_id, occasion)
    return Notice(key, kind, recipient_id, context.facts.learner.id, due_at, details)


def _about_task(context: Context, task: FollowUp) -> Iterator[Notice]:
    learner = context.facts.learner
    details = {"title": task.title, "due": context.day_of(task.due_at).isoformat(), "job_aid": task.job_aid}
    if task.state is FollowUpState.OPEN:
        yield _came_back(context, task, details)
        yield from _reminder(context, task, details)
        yield from _escalation(context, task, details)
    if task.state is FollowUpState.SUBMITTED and learner.manager_id is not None:
        kind = NoticeKind.CONFIRMATION_WAITING
        occasion = task.since.isoformat()
        yield _notice(context, kind, learner.manager_id, task.id, task.since, occasion, **details)


def _came_back(context: Context, task: FollowUp, details: dict[str, str]) -> Notice:
    """That a task is there, or that it is there again: returned by the manager, or reopened."""
    learner_id = context.facts.learner.id
    if task.since == task.opened_at:
        return _notice(context, NoticeKind.FOLLOW_UP_OPENED, learner_id, task.id, task.opened_at, **details)
    occasion = task.since.isoformat()
    return _notice(context, NoticeKind.FOLLOW_UP_RETURNED, learner_id, task.id, task.since, occasion, **details)


def _reminder(context: Context, task: FollowUp, details: dict[str, str]) -> Iterator[Notice]:
    template = context.ruleset.follow_ups.get(task.template)
    if template is None:
        return
    latest = _latest_ahead(context, task.due_at, template.remind, after=task.since)
    if latest is not None:
        kind = NoticeKind.FOLLOW_UP_REMINDER
        learner_id = context.facts.learner.id
        yield _notice(context, kind, learner_id, task.id, shifted(task.due_at, -latest), _days(latest), **details)


def _escalation(context: Context, task: FollowUp, details: dict[str, str]) -> Iterator[Notice]:
    template = context.ruleset.follow_ups.get(task.template)
    manager_id = context.facts.learner.manager_id
    if template is None or template.escalate is None or manager_id is None:
        return
    overdue_at = shifted(max(task.due_at, task.since), template.escalate)
    if context.horizon.passed(overdue_at):
        yield _notice(context, NoticeKind.FOLLOW_UP_OVERDUE, manager_id, task.id, overdue_at, **details)


def _about_supports(context: Context) -> Iterator[Notice]:
    for agreed in context.goals_now():
        for support in agreed.goal.supports:
            late = late_since(context, support)
            recipient = support.provider_id or agreed.contract.manager_id
            if late is not None and recipient is not None:
                details = {"what": support.what, "goal": agreed.goal.title}
                yield _notice(context, NoticeKind.SUPPORT_LATE, recipient, support.id, late, **details)


def _about_certificates(context: Context, completions: Sequence[Completion]) -> Iterator[Notice]:
    """A certificate that runs out is announced ahead, unless it was renewed meanwhile."""
    catalogue, ahead = context.facts.organisation.catalogue, context.ruleset.waste.certificate_ahead
    newest: dict[str, Completion] = {}
    for each in completions:
        if counts(each) and each.valid_until is not None:
            newest[each.activity_id] = each
    for each in newest.values():
        activity = catalogue.find(each.activity_id)
        if activity is None or not activity.mandated or each.valid_until is None:
            continue
        latest = _latest_ahead(context, each.valid_until, ahead)
        if latest is not None and not context.horizon.passed(each.valid_until):
            details = {"activity": each.activity_name, "until": context.day_of(each.valid_until).isoformat()}
            kind, learner_id, due_at = NoticeKind.CERTIFICATE_EXPIRING, context.facts.learner.id, each.valid_until
            yield _notice(context, kind, learner_id, each.id, shifted(due_at, -latest), _days(latest), **details)


def _about_stagnation(context: Context, grown: Growth) -> Iterator[Notice]:
    learner = context.facts.learner
    if grown.stagnant_since is not None and learner.manager_id is not None:
        occasion = grown.stagnant_since.date().isoformat()
        yield _notice(context, NoticeKind.STAGNATION, learner.manager_id, learner.id, grown.stagnant_since, occasion)


def _latest_ahead(
    context: Context, moment: datetime, spans: Sequence[timedelta], after: datetime | None = None
) -> timedelta | None:
    """The shortest of the spans ahead of a moment that has begun (and began after `after`)."""
    usable = [span for span in spans if after is None or shifted(moment, -span) > after]
    begun = [span for span in usable if context.horizon.passed(shifted(moment, -span))]
    return min(begun, default=None)


def _days(span: timedelta) -> str:
    return f"{span.days}d"
