"""Finds what an act is about, with the learner concerned: the same words for "there is none" everywhere.

Ids of tasks, completions and findings follow from statements, and a group's statement speaks of several people: such
an id is unique for one learner only, so an act may have to say whose it means.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from sqlalchemy import Connection, Select, select

from lrs_bridge.acts.actor import AccountRole, Actor
from lrs_bridge.acts.errors import ActRefused, NotFound
from lrs_bridge.domain.learner import Learner
from lrs_bridge.store.locks import lock_learner
from lrs_bridge.store.tables.contracts import ContractGoalRow, ContractRow, ContractSupportRow
from lrs_bridge.store.tables.derived import CompletionRow, FindingRow, FollowUpRow
from lrs_bridge.store.tables.people import LearnerRow


def learner(connection: Connection, learner_id: str) -> Learner:
    """A learner by id. Raises NotFound."""
    row = connection.execute(select(LearnerRow.__table__).where(LearnerRow.id == learner_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no learner {learner_id!r}.", "Import the learner, or correct the id.")
    return Learner(**row._mapping)


def owner(connection: Connection, found: Sequence[str], *, what: str, by: Actor, learner_id: str | None) -> Learner:
    """The learner who is meant: the one named, or the only one, or among several the actor. Raises ActError."""
    named = learner_id or (by.learner_id if len(found) > 1 and by.role is AccountRole.LEARNER else None)
    candidates = [each for each in found if named in {None, each}]
    if not candidates:
        raise NotFound(f"There is no {what}.", "It may have changed since it was shown: look again.")
    if len(candidates) > 1:
        raise ActRefused(f"Several learners have the {what}.", "Say whose is meant.")
    return learner(connection, candidates[0])


def held(connection: Connection, find: Callable[[], Learner]) -> Learner:
    """The learner whom an act concerns, whom nobody else acts on, and no plan is written for, until it is done.

    Looked for again once the others are out: what they did may be that there is no such thing any more.
    """
    lock_learner(connection, find().id)
    return find()


def learners_of(connection: Connection, query: Select[Any]) -> list[str]:
    """The learner ids that a query of one column finds, each once."""
    return [row[0] for row in connection.execute(query.distinct())]


def owner_of_follow_up(connection: Connection, follow_up_id: str, by: Actor, learner_id: str | None) -> Learner:
    """Whose application task it is. Raises ActError, as `owner` does."""
    found = learners_of(connection, select(FollowUpRow.learner_id).where(FollowUpRow.id == follow_up_id))
    return owner(connection, found, what=f"application task {follow_up_id!r}", by=by, learner_id=learner_id)


def owner_of_goal(connection: Connection, goal_id: str, by: Actor) -> Learner:
    """Whose contract holds the goal. Raises ActError."""
    query = select(ContractRow.learner_id).join(ContractGoalRow, ContractGoalRow.contract_id == ContractRow.id)
    found = learners_of(connection, query.where(ContractGoalRow.goal_id == goal_id))
    return owner(connection, found, what=f"goal {goal_id!r}", by=by, learner_id=None)


def owner_of_support(connection: Connection, support_id: str, by: Actor, learner_id: str | None) -> Learner:
    """Whose contract promises the support. Raises ActError."""
    query = select(ContractRow.learner_id).join(ContractSupportRow, ContractSupportRow.contract_id == ContractRow.id)
    found = learners_of(connection, query.where(ContractSupportRow.support_id == support_id))
    return owner(connection, found, what=f"support {support_id!r}", by=by, learner_id=learner_id)


def owner_of_completion(connection: Connection, completion_id: str, by: Actor, learner_id: str | None) -> Learner:
    """Who completed it. Raises ActError."""
    found = learners_of(connection, select(CompletionRow.learner_id).where(CompletionRow.id == completion_id))
    return owner(connection, found, what=f"completion {completion_id!r}", by=by, learner_id=learner_id)


def owner_of_finding(connection: Connection, finding_id: str, by: Actor, learner_id: str | None) -> Learner:
    """Whose training the finding is about. Raises ActError."""
    found = learners_of(connection, select(FindingRow.learner_id).where(FindingRow.id == finding_id))
    return owner(connection, found, what=f"finding {finding_id!r}", by=by, learner_id=learner_id)
