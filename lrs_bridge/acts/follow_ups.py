"""What people do with application tasks: submit, confirm, return, decline, reopen.

What is possible follows from the acts so far and the domain's table of transitions, not from the stored state: that
one may wait for the next plan. Acts on one learner's tasks come one after the other, so of two people who act at once
the second is told what the first did. A page that says how many acts were `seen` keeps its reader from answering to
something that has changed since.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from uuid import uuid4

from sqlalchemy import Connection, Engine, select

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ActRefused, Overtaken
from lrs_bridge.acts.lookups import held, owner_of_follow_up
from lrs_bridge.acts.permission import allow
from lrs_bridge.acts.words import short_enough, written
from lrs_bridge.domain.follow_up import TRANSITIONS, FollowUpAct, FollowUpActKind, FollowUpState, state_after
from lrs_bridge.store import acts_log
from lrs_bridge.store.engine import write
from lrs_bridge.store.tables import FollowUpRow

#: What has to be written with an act; those that are not here may go without words.
_NEEDS_WORDS = {
    FollowUpActKind.SUBMIT: "a few words on what was done",
    FollowUpActKind.RETURN: "a few words on what is missing",
    FollowUpActKind.DECLINE: "a reason",
}


def submit(
    engine: Engine,
    by: Actor,
    follow_up_id: str,
    text: str,
    now: datetime,
    *,
    learner_id: str | None = None,
    seen: int | None = None,
) -> FollowUpAct:
    """The learner says what was done. Raises ActError."""
    return _act(engine, by, FollowUpActKind.SUBMIT, follow_up_id, text, now, learner_id, seen)


def confirm(
    engine: Engine,
    by: Actor,
    follow_up_id: str,
    now: datetime,
    text: str = "",
    *,
    learner_id: str | None = None,
    seen: int | None = None,
) -> FollowUpAct:
    """The manager confirms that the learning was used. Raises ActError."""
    return _act(engine, by, FollowUpActKind.CONFIRM, follow_up_id, text, now, learner_id, seen)


def return_(
    engine: Engine,
    by: Actor,
    follow_up_id: str,
    text: str,
    now: datetime,
    *,
    learner_id: str | None = None,
    seen: int | None = None,
) -> FollowUpAct:
    """The manager gives it back, saying what is missing. Raises ActError."""
    return _act(engine, by, FollowUpActKind.RETURN, follow_up_id, text, now, learner_id, seen)


def decline(
    engine: Engine,
    by: Actor,
    follow_up_id: str,
    text: str,
    now: datetime,
    *,
    learner_id: str | None = None,
    seen: int | None = None,
) -> FollowUpAct:
    """It will not be done, for a reason. Raises ActError."""
    return _act(engine, by, FollowUpActKind.DECLINE, follow_up_id, text, now, learner_id, seen)


def reopen(
    engine: Engine,
    by: Actor,
    follow_up_id: str,
    now: datetime,
    text: str = "",
    *,
    learner_id: str | None = None,
    seen: int | None = None,
) -> FollowUpAct:
    """A declined task is asked for again. Raises ActError."""
    return _act(engine, by, FollowUpActKind.REOPEN, follow_up_id, text, now, learner_id, seen)


def _act(
    engine: Engine,
    by: Actor,
    kind: FollowUpActKind,
    follow_up_id: str,
    text: str,
    now: datetime,
    learner_id: str | None,
    seen: int | None,
) -> FollowUpAct:
    name = f"follow-up.{kind}"
    with write(engine) as connection:
        learner = held(connection, lambda: owner_of_follow_up(connection, follow_up_id, by, learner_id))
        allow(name, by, learner)
        earlier = _acts_on(connection, learner.id, follow_up_id)
        state, since = _state(connection, learner.id, follow_up_id, earlier, now)
        _refuse_unless_seen(state, since, len(earlier), seen)
        _refuse_unless_possible(state, since, kind)
        words = written(text, what=_NEEDS_WORDS[kind]) if kind in _NEEDS_WORDS else short_enough(text)
        act = FollowUpAct(_next_id(earlier), follow_up_id, kind, by.id, now, words)
        acts_log.add_follow_up_act(connection, learner.id, act, now)
        record(connection, by, name, follow_up_id, now, learner=learner.id)
    return act


def _acts_on(connection: Connection, learner_id: str, follow_up_id: str) -> list[FollowUpAct]:
    acts = acts_log.load_follow_up_acts(connection, [learner_id]).get(learner_id, ())
    return [act for act in acts if act.follow_up_id == follow_up_id]


def _next_id(earlier: Sequence[FollowUpAct]) -> str:
    """Acts of one moment are told apart by their ids: so these go up in the order in which people acted."""
    return f"{len(earlier) + 1:06}-{uuid4()}"


def _state(
    connection: Connection, learner_id: str, follow_up_id: str, acts: Sequence[FollowUpAct], now: datetime
) -> tuple[FollowUpState, datetime]:
    """Where the task stands, and since when."""
    query = select(FollowUpRow.confirm, FollowUpRow.opened_at, FollowUpRow.expires_at)
    task = connection.execute(query.where(FollowUpRow.learner_id == learner_id, FollowUpRow.id == follow_up_id)).one()
    state, since = state_after(acts, confirm=task.confirm, opened_at=task.opened_at)
    expired = state is FollowUpState.OPEN and task.expires_at <= now
    return (FollowUpState.EXPIRED, task.expires_at) if expired else (state, since)


def _refuse_unless_seen(state: FollowUpState, since: datetime, acts: int, seen: int | None) -> None:
    if seen is not None and seen != acts:
        raise Overtaken(
            f"Meanwhile somebody else did something with this task: it is {state} {_since(since)}.",
            "Look at it again, and decide then.",
        )


def _since(moment: datetime) -> str:
    return f"since {moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _refuse_unless_possible(state: FollowUpState, since: datetime, kind: FollowUpActKind) -> None:
    if (state, kind) in TRANSITIONS:
        return
    possible = " or ".join(each.value for before, each in TRANSITIONS if before is state)
    advice = f"What can be done with it: {possible}." if possible else "Nothing more can be done with it."
    raise ActRefused(f"This task is {state} {_since(since)}; that cannot be followed by {kind}.", advice)
