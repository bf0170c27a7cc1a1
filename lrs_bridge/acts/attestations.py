"""Methods without an LRS behind them count too: the manager attests that a coaching, a secondment, … took place."""

from __future__ import annotations

import math
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Engine

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ActRefused
from lrs_bridge.acts.lookups import owner_of_goal
from lrs_bridge.acts.permission import allow
from lrs_bridge.acts.words import written
from lrs_bridge.domain.contract import Attestation
from lrs_bridge.store import acts_log
from lrs_bridge.store.engine import write

_ATTEST = "goal.attest"


def attest(
    engine: Engine,
    by: Actor,
    goal_id: str,
    title: str,
    ended_at: datetime,
    now: datetime,
    *,
    started_at: datetime | None = None,
    hours: float = 0.0,
) -> Attestation:
    """The manager's word that learning for a goal took place. Raises ActError."""
    if ended_at > now or (started_at is not None and started_at > ended_at):
        raise ActRefused("What is attested lies in the past, and begins before it ends.", "Correct the days.")
    if not math.isfinite(hours) or hours < 0:
        raise ActRefused("These are no hours.", "Give a number that is not negative.")
    with write(engine) as connection:
        learner = owner_of_goal(connection, goal_id, by)
        allow(_ATTEST, by, learner)
        words = written(title, what="a title")
        attestation = Attestation(str(uuid4()), goal_id, words, ended_at, by.id, started_at, hours)
        acts_log.add_attestation(connection, learner.id, attestation, now)
        record(connection, by, _ATTEST, goal_id, now, learner=learner.id, attestation=attestation.id)
    return attestation
