"""Where others' rows speak of a person: every such column is listed here, and points to the ghost afterwards."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, String, cast, delete, insert, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

from lrs_bridge.store import audit
from lrs_bridge.store.documents import Terms
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.tables import (
    AttestationRow,
    ContractRow,
    ContractSupportRow,
    DecisionRow,
    DueRow,
    FindingRow,
    FollowUpActRow,
    GoalActRow,
    LearnerRow,
    QuarantineRow,
    RevisionRow,
    RewritingRow,
    RulesetActivationRow,
    RulesetRow,
    SignatureRow,
    SupportActRow,
    UnitRow,
)


@dataclass(frozen=True, slots=True)
class Person:
    """Under what somebody is known here: learner id, canonical identifiers, logins of sign-in accounts."""

    learner_id: str
    ifis: frozenset[str]
    logins: tuple[str, ...]


#: Columns that name a person by learner id or by login. Those of the learner's own rows go with the learner.
REFERENCES: Final[tuple[InstrumentedAttribute[Any], ...]] = (
    LearnerRow.manager_id,
    UnitRow.partner_id,
    ContractRow.manager_id,
    ContractSupportRow.provider_id,
    SignatureRow.by,
    FollowUpActRow.by,
    GoalActRow.by,
    SupportActRow.by,
    AttestationRow.by,
    DecisionRow.by,
    DecisionRow.undone_by,
    FindingRow.rescuer,
    QuarantineRow.settled_by,
    RulesetRow.author,
    RulesetActivationRow.by,
)


@contextmanager
def rewriting(connection: Connection, reason: str) -> Iterator[None]:
    """Let this transaction change what is only ever added to: the audit and published rules."""
    connection.execute(insert(RewritingRow).values(reason=reason))
    yield
    connection.execute(delete(RewritingRow))


def point_to_ghost(
    connection: Connection,
    person: Person,
    ghost_id: str,
    names: Mapping[str, str],
    concerned: Collection[str],
    now: datetime,
) -> None:
    """Replace the person by the ghost wherever others' rows speak of them; whoever is concerned is planned again.

    `names` maps every id of the person's things to the new one, for the audit; `concerned` are learners besides those
    who are found here.
    """
    mine = (person.learner_id, *person.logins)
    due = {*concerned, *_led_by(connection, person.learner_id)}
    due |= _rename_providers(connection, person.learner_id, ghost_id)
    for column in REFERENCES:
        connection.execute(update(column.class_).where(column.in_(mine)).values({column.key: ghost_id}))
    audit.rename(connection, names)
    mark_due(connection, due, now)
    # Whoever plans one of them at this moment read the old reference: that plan is thrown away.
    connection.execute(update(DueRow).where(DueRow.learner_id.in_(due)).values(lease=None, leased_until=None))


def _led_by(connection: Connection, manager_id: str) -> Iterator[str]:
    """Learners whose plans speak of this manager."""
    yield from connection.execute(select(LearnerRow.id).where(LearnerRow.manager_id == manager_id)).scalars()
    yield from connection.execute(select(ContractRow.learner_id).where(ContractRow.manager_id == manager_id)).scalars()


def _rename_providers(connection: Connection, person_id: str, ghost_id: str) -> set[str]:
    """In the terms of contracts, old revisions included; the learners whose contracts those are."""
    query = (
        select(RevisionRow.contract_id, RevisionRow.number, RevisionRow.terms, ContractRow.learner_id)
        .join(ContractRow, ContractRow.id == RevisionRow.contract_id)
        .where(or_(cast(RevisionRow.terms, String).contains(f'"{person_id}"', autoescape=True)))
    )
    concerned: set[str] = set()
    for row in connection.execute(query).all():
        one = (RevisionRow.contract_id == row.contract_id, RevisionRow.number == row.number)
        connection.execute(update(RevisionRow).where(*one).values(terms=_renamed(row.terms, person_id, ghost_id)))
        concerned.add(row.learner_id)
    return concerned


def _renamed(terms: Terms, person_id: str, ghost_id: str) -> Terms:
    goals = tuple(
        replace(
            goal,
            supports=tuple(
                replace(each, provider_id=ghost_id) if each.provider_id == person_id else each for each in goal.supports
            ),
        )
        for goal in terms.goals
    )
    return replace(terms, goals=goals)
