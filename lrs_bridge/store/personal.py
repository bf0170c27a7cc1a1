"""Where everything about a person is kept: every table is in `TABLES`, with how to find rows, or why there are none.

A test holds the list complete: whoever adds a table decides here what an export of somebody has to look for in it, and
in `erasing` what becomes of that when they are erased.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, String, cast, or_, select

from lrs_bridge.store import people
from lrs_bridge.store.erasing.mentions import every_form, held_naming, statements_naming
from lrs_bridge.store.tables import (
    AttestationRow,
    AuditRow,
    Base,
    CompletionLinkRow,
    CompletionRow,
    ContractGoalRow,
    ContractRow,
    ContractSupportRow,
    DecisionRow,
    DueRow,
    EvidenceRow,
    FindingRow,
    FollowUpActRow,
    FollowUpRow,
    GoalActRow,
    GoalProgressRow,
    GrowthRow,
    IdentityRow,
    LearnerRow,
    OutboxRow,
    QuarantineRow,
    RevisionRow,
    RulesetActivationRow,
    RulesetRow,
    SignatureRow,
    StatementMemberRow,
    StatementRow,
    SupportActRow,
    UnitRow,
    UserRow,
    WantRow,
)


@dataclass(frozen=True, slots=True)
class Subject:
    """Under what the person is known. `names` are the learner id and the logins; `things` ids of what is theirs."""

    learner_id: str
    ifis: frozenset[str]
    names: tuple[str, ...]
    statements: tuple[str, ...]
    held: tuple[str, ...]
    contracts: tuple[str, ...]
    things: frozenset[str]


Condition = ColumnElement[bool]
Find = Callable[[Subject], Condition]


@dataclass(frozen=True, slots=True)
class About:
    """A table with rows about people: which are this person's, and which columns are secrets of the installation."""

    row: type[Base]
    find: Find
    secret: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class NotPersonal:
    """A table that says nothing about anybody, and why that is so."""

    why: str


def _own(row: Any) -> About:  # noqa: ANN401  # any table with a column of this name
    """Rows that belong to the learner."""
    return About(row, lambda subject: row.learner_id == subject.learner_id)


def _own_or_by(row: Any) -> About:  # noqa: ANN401  # any table with columns of these names
    """Rows that belong to the learner, and what the person did with those of others."""
    return About(row, lambda subject: or_(row.learner_id == subject.learner_id, row.by.in_(subject.names)))


def _of_contracts(row: Any, *others: Callable[[Subject], Condition]) -> About:  # noqa: ANN401  # see above
    """Rows of the learner's contracts, and others that name the person."""
    return About(row, lambda subject: or_(row.contract_id.in_(subject.contracts), *(each(subject) for each in others)))


def _promised_by(subject: Subject) -> Condition:
    """Terms in which the person provides a support."""
    return cast(RevisionRow.terms, String).contains(f'"{subject.learner_id}"', autoescape=True)


_NEVER_PERSONAL = "the organisation's own; people are not mentioned"

#: Table → where a person's rows are in it.
TABLES: Final[Mapping[str, About | NotPersonal]] = {
    "learner": About(LearnerRow, lambda subject: LearnerRow.id == subject.learner_id),
    "identity": _own(IdentityRow),
    "unit": About(UnitRow, lambda subject: UnitRow.partner_id == subject.learner_id),
    "user_account": About(
        UserRow, lambda subject: UserRow.learner_id == subject.learner_id, frozenset({"password_hash"})
    ),
    "statement": About(StatementRow, lambda subject: StatementRow.id.in_(subject.statements)),
    "statement_member": About(StatementMemberRow, lambda subject: StatementMemberRow.ifi.in_(subject.ifis)),
    "quarantine": About(
        QuarantineRow,
        lambda subject: or_(QuarantineRow.id.in_(subject.held), QuarantineRow.settled_by.in_(subject.names)),
    ),
    "want": _own(WantRow),
    "contract": About(
        ContractRow,
        lambda subject: or_(ContractRow.id.in_(subject.contracts), ContractRow.manager_id == subject.learner_id),
    ),
    "contract_revision": _of_contracts(
        RevisionRow,
        _promised_by,
    ),
    "contract_signature": _of_contracts(SignatureRow, lambda subject: SignatureRow.by.in_(subject.names)),
    "contract_goal": _of_contracts(ContractGoalRow),
    "contract_support": _of_contracts(
        ContractSupportRow, lambda subject: ContractSupportRow.provider_id == subject.learner_id
    ),
    "follow_up_act": _own_or_by(FollowUpActRow),
    "goal_act": _own_or_by(GoalActRow),
    "support_act": _own_or_by(SupportActRow),
    "attestation": _own_or_by(AttestationRow),
    "decision": About(
        DecisionRow,
        lambda subject: or_(
            DecisionRow.learner_id == subject.learner_id,
            DecisionRow.by.in_(subject.names),
            DecisionRow.undone_by.in_(subject.names),
        ),
    ),
    "completion": _own(CompletionRow),
    "completion_link": _own(CompletionLinkRow),
    "evidence": _own(EvidenceRow),
    "goal_progress": _own(GoalProgressRow),
    "follow_up": _own(FollowUpRow),
    "finding": About(
        FindingRow,
        lambda subject: or_(FindingRow.learner_id == subject.learner_id, FindingRow.rescuer == subject.learner_id),
    ),
    "growth": _own(GrowthRow),
    "due": _own(DueRow),
    "outbox": About(
        OutboxRow,
        lambda subject: or_(OutboxRow.learner_id == subject.learner_id, OutboxRow.recipient_id == subject.learner_id),
    ),
    "audit": About(
        AuditRow,
        lambda subject: or_(AuditRow.by.in_(subject.names), AuditRow.subject.in_(sorted(subject.things))),
    ),
    "ruleset": About(RulesetRow, lambda subject: RulesetRow.author.in_(subject.names), frozenset({"documents"})),
    "ruleset_activation": About(RulesetActivationRow, lambda subject: RulesetActivationRow.by.in_(subject.names)),
    "activity": NotPersonal(_NEVER_PERSONAL),
    "activity_alias": NotPersonal(_NEVER_PERSONAL),
    "activity_competency": NotPersonal(_NEVER_PERSONAL),
    "competency": NotPersonal(_NEVER_PERSONAL),
    "objective": NotPersonal(_NEVER_PERSONAL),
    "initiative": NotPersonal(_NEVER_PERSONAL),
    "need": NotPersonal(_NEVER_PERSONAL),
    "noise": NotPersonal("counts by source, verb, activity type and day; nobody is named"),
    "source": NotPersonal("where the reading of a source stands, and counts"),
    "backfill": NotPersonal("which span of a source is read, and how far that has come"),
    "backfill_window": NotPersonal("a part of such a span, and counts"),
    "backtest": NotPersonal("a draft of the rules, and sums over everybody; all of them go when somebody is erased"),
    "backtest_part": NotPersonal("sums over a part of everybody"),
    "summary": NotPersonal("sums over everybody; nobody is named"),
    "summary_state": NotPersonal("whether the sums still hold"),
    "activity_summary": NotPersonal("counts by activity; nobody is named"),
    "erased_identifier": NotPersonal("hashes under the installation's key, of people of whom nothing else is kept"),
    "pseudonyms": NotPersonal("whether names are kept, and under which key pseudonyms are made"),
    "rewriting": NotPersonal("empty but within the transaction that erases somebody"),
}


def subject_of(connection: Connection, learner_id: str) -> Subject:
    """What a learner is known by, and the ids of what belongs to them."""
    ifis = every_form(connection, [each.ifi for each in people.identities_of(connection, learner_id)])
    logins = _values(connection, UserRow.login, UserRow.learner_id == learner_id)
    contracts = _values(connection, ContractRow.id, ContractRow.learner_id == learner_id)
    things = {learner_id, *logins, *contracts}
    for column, condition in (
        (ContractGoalRow.goal_id, ContractGoalRow.contract_id.in_(contracts)),
        (ContractSupportRow.support_id, ContractSupportRow.contract_id.in_(contracts)),
        (CompletionRow.id, CompletionRow.learner_id == learner_id),
        (FollowUpRow.id, FollowUpRow.learner_id == learner_id),
        (FindingRow.id, FindingRow.learner_id == learner_id),
        (DecisionRow.id, DecisionRow.learner_id == learner_id),
    ):
        things.update(_values(connection, column, condition))
    return Subject(
        learner_id=learner_id,
        ifis=ifis,
        names=(learner_id, *logins),
        statements=tuple(sorted(own_id for own_id, _, _ in statements_naming(connection, ifis))) if ifis else (),
        held=tuple(held_naming(connection, ifis, frozenset())) if ifis else (),
        contracts=tuple(contracts),
        things=frozenset(things),
    )


def records_of(connection: Connection, subject: Subject) -> dict[str, list[dict[str, Any]]]:
    """All rows about the person, by table, in order of their keys; tables without any are left out."""
    found: dict[str, list[dict[str, Any]]] = {}
    for name, kept in TABLES.items():
        if isinstance(kept, About):
            rows = _rows(connection, kept, subject)
            if rows:
                found[name] = rows
    return found


def _rows(connection: Connection, kept: About, subject: Subject) -> list[dict[str, Any]]:
    table: Any = kept.row.__table__
    columns = [column for column in table.columns if column.name not in kept.secret]
    query = select(*columns).where(kept.find(subject)).order_by(*table.primary_key.columns)
    return [dict(row._mapping) for row in connection.execute(query)]


def _values(connection: Connection, column: Any, condition: Condition) -> list[str]:  # noqa: ANN401  # a column
    return list(connection.execute(select(column).where(condition).distinct().order_by(column)).scalars())
