"""What is needed to use the learning: the word that it is there."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Engine

from lrs_bridge.acts.actor import AccountRole, Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ActRefused
from lrs_bridge.acts.lookups import owner_of_support
from lrs_bridge.acts.permission import allow
from lrs_bridge.domain.contract import Contract
from lrs_bridge.store import acts_log, contracts
from lrs_bridge.store.acts_log import SupportAct
from lrs_bridge.store.engine import write

_READY = "support.mark-ready"


def mark_ready(
    engine: Engine, by: Actor, support_id: str, now: datetime, *, ready_at: datetime | None = None
) -> SupportAct:
    """A support is there, since `ready_at` (now, if not said otherwise). Whoever provides it may say so as well.

    Raises ActError, also for a moment that is still to come: a promise is not a support.
    """
    since = ready_at or now
    if since > now:
        raise ActRefused("This moment is still to come.", "Mark the support as ready once it is there.")
    return _say(engine, by, support_id, since, now)


def mark_missing(engine: Engine, by: Actor, support_id: str, now: datetime) -> SupportAct:
    """A support that was said to be there is not, after all. Raises ActError."""
    return _say(engine, by, support_id, None, now)


def _say(engine: Engine, by: Actor, support_id: str, ready_at: datetime | None, now: datetime) -> SupportAct:
    with write(engine) as connection:
        learner = owner_of_support(connection, support_id, by, None)
        promised = contracts.find_support(connection, support_id)
        if not _provides(by, support_id, promised):
            allow(_READY, by, learner)
        act = SupportAct(support_id, ready_at, by.id, now)
        acts_log.add_support_act(connection, learner.id, act, now)
        record(connection, by, _READY, support_id, now, ready="no" if ready_at is None else "yes")
    return act


def _provides(by: Actor, support_id: str, contract: Contract | None) -> bool:
    """Whether the actor is who owes the support."""
    if contract is None or by.learner_id is None or by.role is AccountRole.AUDITOR:
        return False
    supports = (support for each in contract.revisions for goal in each.goals for support in goal.supports)
    return any(each.id == support_id and each.provider_id == by.learner_id for each in supports)
