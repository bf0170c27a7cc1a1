"""What people say about a goal as a whole: a reading of its measure, that it is achieved, that it is dropped."""

from __future__ import annotations

import math
from datetime import datetime

from sqlalchemy import Connection, Engine

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ActRefused
from lrs_bridge.acts.lookups import held, owner_of_goal
from lrs_bridge.acts.permission import allow
from lrs_bridge.acts.words import written
from lrs_bridge.domain.contract import Goal, GoalAct, GoalActKind
from lrs_bridge.domain.learner import Learner
from lrs_bridge.store import acts_log, contracts
from lrs_bridge.store.engine import write


def measure(engine: Engine, by: Actor, goal_id: str, value: float, now: datetime) -> GoalAct:
    """A reading of the goal's success measure. Raises ActError, also when the goal has no measure."""
    if not math.isfinite(value):
        raise ActRefused("This is no reading.", "Give a number.")
    act = GoalAct(goal_id, GoalActKind.MEASURED, now, by.id, value=value)
    with write(engine) as connection:
        learner = _owner(connection, by, "goal.measure", goal_id)
        _refuse_dropped(connection, learner, goal_id)
        if _goal(connection, goal_id).measure is None:
            raise ActRefused("This goal has no success measure.", "Agree one in a new revision of the contract.")
        _keep(connection, by, "goal.measure", learner, act)
    return act


def achieve(engine: Engine, by: Actor, goal_id: str, reason: str, now: datetime) -> GoalAct:
    """The manager's word that the goal is achieved, with the reason. Raises ActError."""
    return _say(engine, by, "goal.achieve", goal_id, GoalActKind.ACHIEVED, reason, now)


def drop(engine: Engine, by: Actor, goal_id: str, reason: str, now: datetime) -> GoalAct:
    """The goal is given up, with the reason. Raises ActError."""
    return _say(engine, by, "goal.drop", goal_id, GoalActKind.DROPPED, reason, now)


def _say(engine: Engine, by: Actor, name: str, goal_id: str, kind: GoalActKind, reason: str, now: datetime) -> GoalAct:
    with write(engine) as connection:
        learner = _owner(connection, by, name, goal_id)
        _refuse_dropped(connection, learner, goal_id)
        act = GoalAct(goal_id, kind, now, by.id, reason=written(reason, what="a reason"))
        _keep(connection, by, name, learner, act)
    return act


def _owner(connection: Connection, by: Actor, name: str, goal_id: str) -> Learner:
    learner = held(connection, lambda: owner_of_goal(connection, goal_id, by))
    allow(name, by, learner)
    return learner


def _goal(connection: Connection, goal_id: str) -> Goal:
    """The goal as the latest revision that has it puts it."""
    contract = contracts.find_goal(connection, goal_id)
    revisions = contract.revisions if contract is not None else ()
    return [goal for each in revisions for goal in each.goals if goal.id == goal_id][-1]


def _refuse_dropped(connection: Connection, learner: Learner, goal_id: str) -> None:
    acts = acts_log.load_goal_acts(connection, [learner.id]).get(learner.id, ())
    if any(act.goal_id == goal_id and act.kind is GoalActKind.DROPPED for act in acts):
        raise ActRefused("This goal is dropped.", "Agree a new goal in a new revision of the contract.")


def _keep(connection: Connection, by: Actor, name: str, learner: Learner, act: GoalAct) -> None:
    acts_log.add_goal_act(connection, learner.id, act, act.at)
    record(connection, by, name, act.goal_id, act.at, learner=learner.id)
