"""What an administrator decides by hand; it stands above the rules, with its reason, and can be undone.

A decision that stands is not decided again, nor is what it rules out: of two administrators who decide at once, the
second is told so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, Engine, select

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ActRefused, NotFound, Overtaken
from lrs_bridge.acts.lookups import learners_of, owner_of_completion, owner_of_finding, owner_of_goal
from lrs_bridge.acts.permission import allow
from lrs_bridge.acts.words import written
from lrs_bridge.domain.facts import Decision, DecisionKind
from lrs_bridge.domain.learner import Learner
from lrs_bridge.store import decisions, errors
from lrs_bridge.store.agendas import load_competencies
from lrs_bridge.store.engine import write
from lrs_bridge.store.locks import lock_common, lock_learner
from lrs_bridge.store.tables import CompletionRow
from lrs_bridge_rules.nearest import nearest_or_all


def decide(
    engine: Engine,
    by: Actor,
    kind: DecisionKind,
    subject: str,
    reason: str,
    now: datetime,
    *,
    object: str = "",  # noqa: A002 - the word of the domain: what the subject is tied to
    learner_id: str | None = None,
) -> Decision:
    """Decide about a completion, a finding or (for everybody) an activity; `object` is the goal or the competency.

    Raises ActError. `learner_id` says whose completion is meant where a group's statement made several.
    """
    with write(engine) as connection:
        allow("decision.decide", by)
        words = written(reason, what="a reason")
        learner = _held(connection, lambda: _CONCERNED[kind](connection, by, subject, object, learner_id))
        standing = decisions.standing_on(connection, subject, learner_id=learner.id if learner else None)
        _refuse_beside(standing, kind, object)
        decision = Decision(str(uuid4()), kind, subject, words, by.id, now, object)
        decisions.add_decision(connection, decision, now, learner_id=learner.id if learner else None)
        record(connection, by, f"decision.{kind}", subject, now, decision=decision.id, object=object)
    return decision


def _held(connection: Connection, find: Callable[[], Learner | None]) -> Learner | None:
    """Whom it concerns (None: everybody), with whoever else decides about that kept out until it is done."""
    found = find()
    if found is None:
        lock_common(connection)
    else:
        lock_learner(connection, found.id)
    return find()


def _refuse_beside(standing: Sequence[Decision], kind: DecisionKind, to: str) -> None:
    """Two decisions about one subject stand beside each other only where both have an effect."""
    if any(each.kind is kind and each.object == to for each in standing):
        raise Overtaken("This is decided already, and the decision stands.", "Undo it first to give another reason.")
    against = next((each for each in standing if {each.kind, kind} in _RULED_OUT), None)
    if against is not None:
        raise Overtaken(
            f"Another decision about it stands: {against.kind}. That rules out {kind}.",
            "Look at it again; undo that decision first if this one is right.",
        )


def undo(engine: Engine, by: Actor, decision_id: str, now: datetime) -> None:
    """Let a decision hold no longer. Raises ActError, also when somebody undid it before."""
    with write(engine) as connection:
        allow("decision.undo", by)
        try:
            undone = decisions.undo_decision(connection, decision_id, by=by.id, now=now)
        except errors.NotFound as error:
            raise NotFound(str(error)) from error
        if not undone:
            raise Overtaken("This decision is undone already.", "Nothing more can be done with it.")
        record(connection, by, "decision.undo", decision_id, now)


def _link_to_goal(
    connection: Connection, by: Actor, completion_id: str, goal_id: str, learner_id: str | None
) -> Learner:
    """A completion is linked to a goal of the same person."""
    goal_owner = owner_of_goal(connection, goal_id, by)
    learner = owner_of_completion(connection, completion_id, by, learner_id or goal_owner.id)
    if learner.id != goal_owner.id:
        raise ActRefused("The goal is another learner's.", "Choose a goal of the learner who completed it.")
    return learner


def _exclude(connection: Connection, by: Actor, subject: str, _: str, learner_id: str | None) -> Learner | None:
    """One completion of one learner; else an activity, for everybody."""
    if learners_of(connection, select(CompletionRow.learner_id).where(CompletionRow.id == subject)):
        return owner_of_completion(connection, subject, by, learner_id)
    return None


def _accept_finding(connection: Connection, by: Actor, subject: str, _: str, learner_id: str | None) -> Learner:
    return owner_of_finding(connection, subject, by, learner_id)


def _map_activity(connection: Connection, _: Actor, __: str, competency: str, ___: str | None) -> None:
    """Any competency will do where none was ever declared; as in imports."""
    if not competency:
        raise ActRefused("An activity is mapped to a competency.", "Say to which.")
    declared = {each.id for each in load_competencies(connection)}
    if declared and competency not in declared:
        raise ActRefused(
            f"The strategy declares no competency {competency!r}{nearest_or_all(competency, declared)}",
            "Choose one that it declares, or declare this one and import the strategy.",
        )


#: What is excluded can be evidence of nothing, whichever was decided first.
_RULED_OUT: tuple[AbstractSet[DecisionKind], ...] = (
    {DecisionKind.EXCLUDE, DecisionKind.LINK_TO_GOAL},
    {DecisionKind.EXCLUDE, DecisionKind.MAP_ACTIVITY},
)

_CONCERNED: Mapping[DecisionKind, Callable[[Connection, Actor, str, str, str | None], Learner | None]] = {
    DecisionKind.LINK_TO_GOAL: _link_to_goal,
    DecisionKind.EXCLUDE: _exclude,
    DecisionKind.ACCEPT_FINDING: _accept_finding,
    DecisionKind.MAP_ACTIVITY: _map_activity,
}
