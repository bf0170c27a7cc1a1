"""Follow-ups: the application tasks that a completion opens, because that is where the learning happens.

A follow-up's state follows from the acts on it and from time, by one table. Nobody stores a state by hand.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lrs_bridge.domain.names import named_id
from lrs_bridge_rules.follow_up import FollowUpKind

FOLLOW_UP_NAMESPACE = UUID("0f3a9a3e-2a0f-5a7e-8f55-6d1b7c0f2a41")

#: Kinds that show the learning in use. To reflect, to talk with the manager or to measure does not, by itself.
APPLYING = frozenset({FollowUpKind.APPLY, FollowUpKind.SHARE, FollowUpKind.SUMMARY, FollowUpKind.TEACH_BACK})


class FollowUpState(StrEnum):
    """Where an application task stands."""

    OPEN = "open"
    SUBMITTED = "submitted"
    DONE = "done"
    DECLINED = "declined"
    EXPIRED = "expired"


class FollowUpActKind(StrEnum):
    """What people do with an application task."""

    SUBMIT = "submit"
    CONFIRM = "confirm"
    RETURN = "return"
    DECLINE = "decline"
    REOPEN = "reopen"


@dataclass(frozen=True, slots=True)
class FollowUpAct:
    """One act: who, when, and what was written. A fact; never changed afterwards."""

    id: str
    follow_up_id: str
    kind: FollowUpActKind
    by: str
    at: datetime
    text: str = ""


#: state × act → state. A pair that is not here is not allowed. A task that ran out may still be submitted: better late.
TRANSITIONS = {
    (FollowUpState.OPEN, FollowUpActKind.SUBMIT): FollowUpState.SUBMITTED,
    (FollowUpState.OPEN, FollowUpActKind.DECLINE): FollowUpState.DECLINED,
    (FollowUpState.EXPIRED, FollowUpActKind.SUBMIT): FollowUpState.SUBMITTED,
    (FollowUpState.EXPIRED, FollowUpActKind.DECLINE): FollowUpState.DECLINED,
    (FollowUpState.SUBMITTED, FollowUpActKind.CONFIRM): FollowUpState.DONE,
    (FollowUpState.SUBMITTED, FollowUpActKind.RETURN): FollowUpState.OPEN,
    (FollowUpState.DECLINED, FollowUpActKind.REOPEN): FollowUpState.OPEN,
}


@dataclass(frozen=True, slots=True)
class FollowUp:
    """One application task on a learner's list. Stored as it stands here.

    `opened_at` is the moment at which it was first asked for; the time allowed counts from there, so that a late
    statement never opens a task that is already overdue. `reason_gone` marks a task that somebody worked on and whose
    completion or rule has since disappeared: it is shown, never deleted.
    """

    id: str
    completion_id: str
    goals: tuple[str, ...]
    template: str
    kind: FollowUpKind
    title: str
    state: FollowUpState
    since: datetime
    opened_at: datetime
    due_at: datetime
    expires_at: datetime
    confirm: bool
    job_aid: str = ""
    questions: tuple[str, ...] = ()
    reason_gone: bool = False

    @property
    def applies(self) -> bool:
        """Whether it shows that the learning was used at work."""
        return self.state is FollowUpState.DONE and self.kind in APPLYING


def follow_up_id(completion_id: str, template: str) -> str:
    """The id of the task that a completion opens by a template: always the same."""
    return named_id(FOLLOW_UP_NAMESPACE, f"{completion_id} {template}")


def state_after(acts: Iterable[FollowUpAct], *, confirm: bool, opened_at: datetime) -> tuple[FollowUpState, datetime]:
    """The state that acts lead to, and since when; acts that are not allowed where they stand change nothing.

    Time is the caller's: a task that is still open and past its end has expired.
    """
    state, since = FollowUpState.OPEN, opened_at
    for act in sorted(acts, key=lambda act: (act.at, act.id)):
        following = TRANSITIONS.get((state, act.kind))
        if following is None:
            continue
        done_at_once = following is FollowUpState.SUBMITTED and not confirm
        state, since = FollowUpState.DONE if done_at_once else following, act.at
    return state, since
