"""Rows become facts: all that `plan` needs to know of a chunk of learners, in a fixed number of queries.

Statements find their learners here, through the identities as they are now; so linking an identity later rewrites
nothing. Each body is decoded once, also where a group's statement belongs to several learners.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, tzinfo
from typing import TYPE_CHECKING, TypeVarTuple

from sqlalchemy import Connection, Row, Select, and_, exists, select
from sqlalchemy.orm import aliased

from lrs_bridge.domain.facts import Facts, Organisation, Previous, StatementFact
from lrs_bridge.domain.learner import Learner
from lrs_bridge.store.acts_log import load_attestations, load_follow_up_acts, load_goal_acts
from lrs_bridge.store.agendas import load_needs, load_wants
from lrs_bridge.store.catalogue import load_catalogue
from lrs_bridge.store.contracts import load_contracts
from lrs_bridge.store.decisions import load_decisions, load_organisation_decisions
from lrs_bridge.store.derived import StoredPlan, load_previous, load_stored
from lrs_bridge.store.rows import chunks, columns_of
from lrs_bridge.store.tables import DueRow, IdentityRow, LearnerRow, StatementMemberRow, StatementRow
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.statement import Statement, decode_statement

logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Loaded:
    """What is known of one learner, and what is kept of the last plan. `wake_at`: when the learner is, or was, due.

    `unreadable` are ids of statements whose kept body cannot be decoded; the facts are without them.
    """

    facts: Facts
    stored: StoredPlan
    wake_at: datetime | None
    unreadable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of one learner, when the learner is, or was, due, and what of it could not be read."""

    facts: Facts
    due_at: datetime | None
    unreadable: tuple[str, ...] = ()


@dataclass(slots=True)
class _Statements:
    """The statements of one learner as they are gathered."""

    facts: dict[str, StatementFact] = field(default_factory=dict)
    voided: set[str] = field(default_factory=set)
    unreadable: set[str] = field(default_factory=set)


def load_organisation(
    connection: Connection,
    *,
    time_zone: tzinfo,
    hourly_rate: int,
    locale: str = "en",
    source_kinds: Mapping[str, str] | None = None,
) -> Organisation:
    """What holds for everybody: catalogue, needs and decisions from here, the rest from the settings.

    `hourly_rate` is in hundredths of the organisation's currency.
    """
    return Organisation(
        catalogue=load_catalogue(connection),
        needs=load_needs(connection),
        decisions=load_organisation_decisions(connection),
        hourly_rate=hourly_rate,
        time_zone=time_zone,
        locale=locale,
        source_kinds=source_kinds or {},
    )


def load(connection: Connection, learner_ids: Sequence[str], organisation: Organisation) -> dict[str, Loaded]:
    """The facts about these learners, and what is kept of their plans, by id; ids that are nobody's are left out."""
    stored = load_stored(connection, list(dict.fromkeys(learner_ids)))
    previous = {own_id: each.as_previous() for own_id, each in stored.items()}
    known = _load_known(connection, learner_ids, organisation, previous)
    return {own_id: Loaded(each.facts, stored[own_id], each.due_at, each.unreadable) for own_id, each in known.items()}


def load_facts(connection: Connection, learner_ids: Sequence[str], organisation: Organisation) -> dict[str, Known]:
    """The facts alone: of the last plans only what the next one has to carry on. For whoever compares plans."""
    previous = load_previous(connection, list(dict.fromkeys(learner_ids)))
    return _load_known(connection, learner_ids, organisation, previous)


def _load_known(
    connection: Connection, learner_ids: Sequence[str], organisation: Organisation, previous: Mapping[str, Previous]
) -> dict[str, Known]:
    ids = list(dict.fromkeys(learner_ids))
    people = _load_people(connection, ids)
    statements = _load_statements(connection, ids)
    contracts, wants = load_contracts(connection, ids), load_wants(connection, ids)
    attestations, decisions = load_attestations(connection, ids), load_decisions(connection, ids)
    follow_up_acts, goal_acts = load_follow_up_acts(connection, ids), load_goal_acts(connection, ids)
    known: dict[str, Known] = {}
    for own_id, (learner, due_at) in people.items():
        said = statements[own_id]
        facts = Facts(
            learner=learner,
            organisation=organisation,
            statements=tuple(said.facts.values()),
            voided=frozenset(said.voided),
            contracts=contracts.get(own_id, ()),
            wants=wants.get(own_id, ()),
            attestations=attestations.get(own_id, ()),
            decisions=decisions.get(own_id, ()),
            follow_up_acts=follow_up_acts.get(own_id, ()),
            goal_acts=goal_acts.get(own_id, ()),
            previous=previous[own_id],
        )
        known[own_id] = Known(facts, due_at, tuple(sorted(said.unreadable)))
    return known


def _load_people(connection: Connection, learner_ids: Sequence[str]) -> dict[str, tuple[Learner, datetime | None]]:
    query = select(DueRow.due_at, *columns_of(LearnerRow, Learner)).join(DueRow, DueRow.learner_id == LearnerRow.id)
    return {
        values[0]: (Learner(*values), due_at)
        for ids in chunks(learner_ids)
        for due_at, *values in connection.execute(query.where(LearnerRow.id.in_(ids)))
    }


if TYPE_CHECKING:
    # As SQLAlchemy 2.1 writes it; 2.0 would put the types into a tuple.
    _Found = Row[str, str, str, bytes, str | None, bool]
    _Query = Select[str, str, str, bytes, str | None, bool]


_Columns = TypeVarTuple("_Columns")


def _queries() -> tuple[_Query, ...]:
    """By the actor, and by the members of a group; with whether some voider points at the statement."""
    voider = aliased(StatementRow)
    is_target = exists().where(and_(voider.voids == StatementRow.id))
    wanted = select(
        IdentityRow.learner_id, StatementRow.id, StatementRow.source, StatementRow.body, StatementRow.voids, is_target
    )
    return _of_learners(wanted)


def _of_learners(wanted: Select[*_Columns]) -> tuple[Select[*_Columns], ...]:
    """Statements by their actor, and by the members of a group."""
    by_actor = wanted.join(StatementRow, StatementRow.ifi == IdentityRow.ifi)
    by_member = wanted.join(StatementMemberRow, StatementMemberRow.ifi == IdentityRow.ifi).join(
        StatementRow, StatementRow.id == StatementMemberRow.statement_id
    )
    return by_actor, by_member


_QUERIES = _queries()
_BODIES = _of_learners(select(IdentityRow.learner_id, StatementRow.id, StatementRow.body))


def _load_statements(connection: Connection, learner_ids: Sequence[str]) -> defaultdict[str, _Statements]:
    gathered: defaultdict[str, _Statements] = defaultdict(_Statements)
    decoded: dict[str, Statement | None] = {}
    for ids in chunks(learner_ids):
        for query in _QUERIES:
            for row in connection.execute(query.where(IdentityRow.learner_id.in_(ids))).all():
                _gather(gathered[row[0]], row, decoded)
    return gathered


def bodies_of(connection: Connection, learner_ids: Sequence[str]) -> Iterator[tuple[str, str, bytes]]:
    """Learner id, statement id and body of all that is kept of these learners, undecoded; in no order."""
    for ids in chunks(learner_ids):
        for query in _BODIES:
            yield from connection.execute(query.where(IdentityRow.learner_id.in_(ids))).all()


def _gather(into: _Statements, row: _Found, decoded: dict[str, Statement | None]) -> None:
    _, own_id, source, body, voids, is_target = row
    if own_id not in decoded:
        decoded[own_id] = _decode(own_id, body)
    statement = decoded[own_id]
    if statement is None:
        into.unreadable.add(own_id)
        return
    into.facts[own_id] = StatementFact(own_id, source, statement)
    if is_target and voids is None:  # a voider cannot be voided (xAPI 1.0.3, Data 2.3.2)
        into.voided.add(own_id)


def _decode(own_id: str, body: bytes) -> Statement | None:
    """The statement, or None: what was readable when it came in may not be so for a later version."""
    try:
        return decode_statement(body)
    except StatementError as error:
        logger.warning("The kept statement %s cannot be read and is passed over: %s", own_id, error.reason)
        return None
