"""Keeps a ghost: its facts by the ways of all facts, and its plan by that of all plans."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, insert, select, update

from lrs_bridge.domain.facts import StatementFact
from lrs_bridge.domain.ghost import Ghost, ghost_ifi
from lrs_bridge.domain.learner import Identity
from lrs_bridge.store import people
from lrs_bridge.store.acts_log import add_attestation, add_goal_act
from lrs_bridge.store.agendas import save_wants
from lrs_bridge.store.apply import apply
from lrs_bridge.store.bulk import insert_many
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.decisions import add_decision
from lrs_bridge.store.derived import StoredPlan
from lrs_bridge.store.due import Claim
from lrs_bridge.store.load import Loaded
from lrs_bridge.store.rows import values_of
from lrs_bridge.store.tables import DueRow, FollowUpActRow, StatementRow


def keep(connection: Connection, ghost: Ghost, before: Loaded, now: datetime) -> None:
    """Write the ghost's facts, and the plan that follows from them."""
    facts = ghost.facts
    ghost_id = facts.learner.id
    people.save_learners(connection, [facts.learner], [Identity(ghost_ifi(ghost_id), ghost_id, now, "erased")], now)
    _keep_statements(connection, facts.statements, ghost_ifi(ghost_id), now)
    save_contracts(connection, facts.contracts, now)
    if facts.wants:
        save_wants(connection, {ghost_id: facts.wants}, now)
    for attestation in facts.attestations:
        add_attestation(connection, ghost_id, attestation, now)
    for act in facts.goal_acts:
        add_goal_act(connection, ghost_id, act, now)
    for decision in facts.decisions:
        add_decision(connection, decision, now, learner_id=ghost_id)
    acts = [{**values_of(act), "learner_id": ghost_id} for act in facts.follow_up_acts]
    if acts:
        connection.execute(insert(FollowUpActRow), acts)
    _apply(connection, ghost, before, now)


def _keep_statements(connection: Connection, statements: Iterable[StatementFact], ifi: str, now: datetime) -> None:
    """`stored` is left out: it is the place in the source's order, where these statements are no more."""
    insert_many(connection, StatementRow, [_row(each, ifi, now) for each in statements])


def _row(fact: StatementFact, ifi: str, now: datetime) -> dict[str, Any]:
    body = fact.statement.body
    return {
        "id": fact.id,
        "source": fact.source,
        "ifi": ifi,
        "verb": fact.statement.verb.id,
        "object_id": fact.statement.object.id,
        "voids": None,
        "timestamp": fact.statement.timestamp,
        "stored": None,
        "received_at": now,
        "digest": sha256(body).hexdigest(),
        "body": body,
    }


def _apply(connection: Connection, ghost: Ghost, before: Loaded, now: datetime) -> None:
    """As a worker would that holds the lease: the same writing, and the same moment to look again."""
    ghost_id = ghost.facts.learner.id
    lease = str(uuid4())
    connection.execute(update(DueRow).where(DueRow.learner_id == ghost_id).values(lease=lease, leased_until=now))
    revision = connection.execute(select(DueRow.revision).where(DueRow.learner_id == ghost_id)).scalar_one()
    nothing = replace(before, facts=ghost.facts, stored=StoredPlan())
    apply(connection, Claim(ghost_id, revision, lease), nothing, ghost.plan, now)
