"""Brings into the database and into the LRS what happened before a turn. Only the program between is ever killed."""

from __future__ import annotations

import random
from datetime import datetime

from sqlalchemy import Connection, Engine, select

from lrs_bridge.domain.follow_up import FollowUpAct, FollowUpActKind, FollowUpState
from lrs_bridge.store import schema
from lrs_bridge.store.acts_log import add_follow_up_act
from lrs_bridge.store.catalogue import save_catalogue
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.engine import write
from lrs_bridge.store.people import save_learners, save_units
from lrs_bridge.store.rulesets import RulesetVersion, publish
from lrs_bridge.store.tables import FollowUpRow
from support.builders import a_ruleset
from trials.crash.helper import Helper
from trials.crash.world import BEGIN, Turn, World, catalogue, managers

#: How much of what waits for somebody is done on a morning.
_DILIGENCE = 0.15


def furnish(engine: Engine) -> None:
    """Lay out the database; rules, managers and the catalogue."""
    schema.upgrade(engine)
    ruleset = a_ruleset()
    with write(engine) as connection:
        save_learners(connection, managers(), [], BEGIN)
        save_units(connection, {"unit 0": "m0", "unit 1": "m1"})
        save_catalogue(connection, catalogue(), BEGIN)
        publish(connection, RulesetVersion(1, "trial", "", ruleset.digest, ruleset.documents, BEGIN))


def feed(world: World, turn: Turn, engine: Engine, lrs: Helper) -> None:
    """Everything that happened before this turn."""
    lrs.ask(now=turn.now.isoformat(), statements=world.statements(turn))
    if turn.is_morning:
        with write(engine) as connection:
            save_learners(connection, *world.newcomers(turn.day), turn.now)
            save_contracts(connection, world.contracts(turn.day), turn.now)
            _act(connection, world, turn)


def _act(connection: Connection, world: World, turn: Turn) -> None:
    """People submit, decline and confirm what stood on their lists in the evening before."""
    waiting = (FollowUpState.OPEN, FollowUpState.SUBMITTED)
    query = select(FollowUpRow.learner_id, FollowUpRow.id, FollowUpRow.state).where(FollowUpRow.state.in_(waiting))
    for row in connection.execute(query.order_by(FollowUpRow.learner_id, FollowUpRow.id)).all():
        chance = random.Random(f"{world.seed} {turn.day} {row.id}")
        if chance.random() < _DILIGENCE:
            act = _an_act(row.id, row.state, turn.now, declines=chance.random() < 0.2)
            add_follow_up_act(connection, row.learner_id, act, turn.now)


def _an_act(task: str, state: FollowUpState, now: datetime, *, declines: bool) -> FollowUpAct:
    open_ = FollowUpActKind.DECLINE if declines else FollowUpActKind.SUBMIT
    kind = open_ if state is FollowUpState.OPEN else FollowUpActKind.CONFIRM
    return FollowUpAct(f"{task} {now:%Y%m%d}", task, kind, "somebody", now, "Done")
