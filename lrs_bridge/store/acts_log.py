"""What people did: acts on follow-ups, goals and supports, and attestations. Added, never changed.

Adding the same act again (by its id) changes nothing; a new one makes its learner due.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import Connection, insert, select

from lrs_bridge.domain.contract import Attestation, GoalAct
from lrs_bridge.domain.follow_up import FollowUpAct
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.errors import NotFound
from lrs_bridge.store.rows import by_learner, chunks, columns_of, values_of
from lrs_bridge.store.tables import AttestationRow, FollowUpActRow, FollowUpRow, GoalActRow, SupportActRow

ACT_NAMESPACE = UUID("9c8f3a52-3a55-5d0f-8b7e-6a4d2f1c0e93")


@dataclass(frozen=True, slots=True)
class SupportAct:
    """The word that a support is ready since `ready_at`, or (None) that it is not, after all."""

    support_id: str
    ready_at: datetime | None
    by: str
    at: datetime


_FOLLOW_UP_ACT = columns_of(FollowUpActRow, FollowUpAct)
_GOAL_ACT = columns_of(GoalActRow, GoalAct)
_ATTESTATION = columns_of(AttestationRow, Attestation)


def add_follow_up_act(connection: Connection, learner_id: str, act: FollowUpAct, now: datetime) -> bool:
    """Record what somebody did with an application task of this learner; True if it is news.

    Raises NotFound if the task is gone: a plan withdrew it before anybody had touched it.
    """
    if _is_known(connection, FollowUpActRow, act.id):
        return False
    # The learner's row is locked before looking, so that no plan can withdraw the task in between.
    mark_due(connection, [learner_id], now)
    task = select(FollowUpRow.id).where(FollowUpRow.learner_id == learner_id, FollowUpRow.id == act.follow_up_id)
    if connection.execute(task).one_or_none() is None:
        raise NotFound("This task is no longer there: what it followed from has gone. Look at the list again.")
    connection.execute(insert(FollowUpActRow).values(**values_of(act), learner_id=learner_id))
    return True


def add_goal_act(connection: Connection, learner_id: str, act: GoalAct, now: datetime) -> bool:
    """Record a reading, or the word that a goal is achieved or dropped; True if it is news."""
    own_id = _id("goal", act.goal_id, act.kind, act.at.isoformat(), act.by, str(act.value), act.reason)
    return _add(connection, GoalActRow, learner_id, {**values_of(act), "id": own_id}, now)


def add_support_act(connection: Connection, learner_id: str, act: SupportAct, now: datetime) -> bool:
    """Record that a support of this learner's contract is ready, or is not; True if it is news."""
    own_id = _id("support", act.support_id, str(act.ready_at), act.by, act.at.isoformat())
    return _add(connection, SupportActRow, learner_id, {**values_of(act), "id": own_id}, now)


def add_attestation(connection: Connection, learner_id: str, attestation: Attestation, now: datetime) -> bool:
    """Record the manager's word that learning took place; True if it is news."""
    return _add(connection, AttestationRow, learner_id, values_of(attestation), now)


def load_follow_up_acts(connection: Connection, learner_ids: Sequence[str]) -> dict[str, tuple[FollowUpAct, ...]]:
    """What was done with the application tasks of these learners, in the order in which it was done."""
    query = select(FollowUpActRow.learner_id, *_FOLLOW_UP_ACT).order_by(FollowUpActRow.at, FollowUpActRow.id)
    return by_learner(connection, query, FollowUpAct, learner_ids)


def load_goal_acts(connection: Connection, learner_ids: Sequence[str]) -> dict[str, tuple[GoalAct, ...]]:
    """What was said about the goals of these learners, in the order in which it was said."""
    query = select(GoalActRow.learner_id, *_GOAL_ACT).order_by(GoalActRow.at, GoalActRow.id)
    return by_learner(connection, query, GoalAct, learner_ids)


def load_attestations(connection: Connection, learner_ids: Sequence[str]) -> dict[str, tuple[Attestation, ...]]:
    """What managers attested for these learners, in the order in which it ended."""
    query = select(AttestationRow.learner_id, *_ATTESTATION).order_by(AttestationRow.ended_at, AttestationRow.id)
    return by_learner(connection, query, Attestation, learner_ids)


def ready_supports(connection: Connection, learner_ids: Sequence[str]) -> dict[str, dict[str, datetime | None]]:
    """What the latest act on each support says: learner id → support id → ready since when (None: not ready)."""
    found: defaultdict[str, dict[str, datetime | None]] = defaultdict(dict)
    query = select(SupportActRow.learner_id, SupportActRow.support_id, SupportActRow.ready_at)
    for ids in chunks(learner_ids):
        mine = query.where(SupportActRow.learner_id.in_(ids)).order_by(SupportActRow.at, SupportActRow.id)
        for row in connection.execute(mine):
            found[row.learner_id][row.support_id] = row.ready_at
    return dict(found)


def _add(
    connection: Connection,
    table: type[GoalActRow | SupportActRow | AttestationRow],
    learner_id: str,
    values: dict[str, object],
    now: datetime,
) -> bool:
    if _is_known(connection, table, str(values["id"])):
        return False
    mark_due(connection, [learner_id], now)
    connection.execute(insert(table).values(**values, learner_id=learner_id))
    return True


def _is_known(
    connection: Connection, table: type[FollowUpActRow | GoalActRow | SupportActRow | AttestationRow], own_id: str
) -> bool:
    return connection.execute(select(table.id).where(table.id == own_id)).one_or_none() is not None


def _id(*parts: str) -> str:
    return str(uuid5(ACT_NAMESPACE, "|".join(parts)))
