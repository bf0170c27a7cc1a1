"""Contracts with all their revisions and signatures."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import chain

from sqlalchemy import Connection, delete, insert, select

from lrs_bridge.domain.contract import Contract, Revision, Signature
from lrs_bridge.store.acts_log import ready_supports
from lrs_bridge.store.documents import revision_of, terms_of
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.rows import Saved, chunks, columns_of, values_of
from lrs_bridge.store.tables import ContractGoalRow, ContractRow, ContractSupportRow, RevisionRow, SignatureRow

_CONTRACT = (
    ContractRow.id,
    ContractRow.kind,
    ContractRow.learner_id,
    ContractRow.manager_id,
    ContractRow.title,
    ContractRow.opportunity,
    ContractRow.withdrawn_at,
)
_SIGNATURE = columns_of(SignatureRow, Signature)


def save_contracts(connection: Connection, contracts: Iterable[Contract], now: datetime) -> Saved:
    """Add or change contracts, whole. A support's `ready_at` is kept as given here; acts on supports stand above it."""
    wanted = {each.id: _ordered(each) for each in contracts}
    known = {each.id: each for ids in chunks(wanted) for each in _select(connection, ContractRow.id.in_(ids))}
    new = [each for each in wanted.values() if each.id not in known]
    changed = [each for each in wanted.values() if each.id in known and known[each.id] != each]
    for ids in chunks(each.id for each in changed):
        connection.execute(delete(ContractRow).where(ContractRow.id.in_(ids)))
    _insert(connection, [*new, *changed])
    before = {known[each.id].learner_id for each in changed}
    mark_due(connection, before | {each.learner_id for each in (*new, *changed)}, now)
    return Saved(len(new), len(changed), len(wanted) - len(new) - len(changed))


def load_contracts(connection: Connection, learner_ids: Sequence[str]) -> dict[str, tuple[Contract, ...]]:
    """The contracts of these learners as `plan` needs them: supports are ready when the acts say so."""
    found: defaultdict[str, list[Contract]] = defaultdict(list)
    for ids in chunks(learner_ids):
        ready = ready_supports(connection, ids)
        for contract in _select(connection, ContractRow.learner_id.in_(ids)):
            found[contract.learner_id].append(_with_supports(contract, ready.get(contract.learner_id, {})))
    return {learner_id: tuple(contracts) for learner_id, contracts in found.items()}


def get_contract(connection: Connection, contract_id: str) -> Contract | None:
    """One contract, its supports ready when the acts say so."""
    found = next(iter(_select(connection, ContractRow.id == contract_id)), None)
    if found is None:
        return None
    return _with_supports(found, ready_supports(connection, [found.learner_id]).get(found.learner_id, {}))


def all_contracts(connection: Connection) -> list[Contract]:
    """Every contract as it was saved, in order of their ids; for export."""
    return _select(connection, ContractRow.id.is_not(None))


def find_goal(connection: Connection, goal_id: str) -> Contract | None:
    """The contract that a goal stands in."""
    query = select(ContractGoalRow.contract_id).where(ContractGoalRow.goal_id == goal_id)
    contract_id = connection.execute(query.order_by(ContractGoalRow.contract_id).limit(1)).scalar_one_or_none()
    return None if contract_id is None else get_contract(connection, contract_id)


def find_support(connection: Connection, support_id: str) -> Contract | None:
    """The contract in which a support is promised."""
    query = select(ContractSupportRow.contract_id).where(ContractSupportRow.support_id == support_id)
    contract_id = connection.execute(query.order_by(ContractSupportRow.contract_id).limit(1)).scalar_one_or_none()
    return None if contract_id is None else get_contract(connection, contract_id)


def _select(connection: Connection, condition: object) -> list[Contract]:
    """Contracts with their revisions in three queries."""
    which = select(ContractRow.id).where(condition)  # type: ignore[arg-type]  # any of SQLAlchemy's conditions
    signatures: defaultdict[tuple[str, int], list[Signature]] = defaultdict(list)
    query = select(SignatureRow.contract_id, SignatureRow.number, *_SIGNATURE)
    for contract_id, number, *values in connection.execute(query.where(SignatureRow.contract_id.in_(which))):
        signatures[contract_id, number].append(Signature(*values))
    revisions: defaultdict[str, list[Revision]] = defaultdict(list)
    rows = select(RevisionRow.__table__).where(RevisionRow.contract_id.in_(which)).order_by(RevisionRow.number)
    for row in connection.execute(rows):
        signed = _in_order(signatures[row.contract_id, row.number])
        made = revision_of(row.number, row.starts_on, row.ends_on, row.proposed_at, row.terms, signed)
        revisions[row.contract_id].append(made)
    contracts = connection.execute(select(*_CONTRACT).where(ContractRow.id.in_(which)).order_by(ContractRow.id))
    return [
        Contract(id_, kind, learner_id, manager_id, tuple(revisions[id_]), title, opportunity, withdrawn_at)
        for id_, kind, learner_id, manager_id, title, opportunity, withdrawn_at in contracts
    ]


def _insert(connection: Connection, contracts: Sequence[Contract]) -> None:
    if not contracts:
        return
    own = ("id", "kind", "learner_id", "manager_id", "title", "opportunity", "withdrawn_at")
    connection.execute(insert(ContractRow), [{name: getattr(each, name) for name in own} for each in contracts])
    for table, rows in (
        (RevisionRow, [_revision_values(each, revision) for each in contracts for revision in each.revisions]),
        (SignatureRow, list(chain.from_iterable(_signature_values(each) for each in contracts))),
        (ContractGoalRow, list(chain.from_iterable(_goal_values(each) for each in contracts))),
        (ContractSupportRow, list(chain.from_iterable(_support_values(each) for each in contracts))),
    ):
        if rows:
            connection.execute(insert(table), rows)


def _revision_values(contract: Contract, revision: Revision) -> dict[str, object]:
    return {
        "contract_id": contract.id,
        "number": revision.number,
        "starts_on": revision.starts_on,
        "ends_on": revision.ends_on,
        "proposed_at": revision.proposed_at,
        "terms": terms_of(revision),
    }


def _signature_values(contract: Contract) -> list[dict[str, object]]:
    return [
        {**values_of(signature), "contract_id": contract.id, "number": revision.number}
        for revision in contract.revisions
        for signature in dict.fromkeys(revision.signatures)
    ]


def _goal_values(contract: Contract) -> list[dict[str, object]]:
    """One row a goal; a later revision's wording wins."""
    latest = {goal.id: goal for revision in contract.revisions for goal in revision.goals}
    return [
        {"contract_id": contract.id, "goal_id": goal.id, "title": goal.title, "initiative_id": goal.initiative_id}
        for goal in latest.values()
    ]


def _support_values(contract: Contract) -> list[dict[str, object]]:
    latest = {
        support.id: (goal.id, support)
        for revision in contract.revisions
        for goal in revision.goals
        for support in goal.supports
    }
    return [
        {
            "contract_id": contract.id,
            "support_id": support.id,
            "goal_id": goal_id,
            "what": support.what,
            "provider_id": support.provider_id,
            "needed_by": support.needed_by,
        }
        for goal_id, support in latest.values()
    ]


def _with_supports(contract: Contract, ready: dict[str, datetime | None]) -> Contract:
    """The contract with what the acts say about its supports."""
    mentioned = {support.id for r in contract.revisions for goal in r.goals for support in goal.supports}
    if mentioned.isdisjoint(ready):
        return contract
    revisions = tuple(
        replace(
            revision,
            goals=tuple(
                replace(
                    goal,
                    supports=tuple(
                        replace(support, ready_at=ready.get(support.id, support.ready_at)) for support in goal.supports
                    ),
                )
                for goal in revision.goals
            ),
        )
        for revision in contract.revisions
    )
    return replace(contract, revisions=revisions)


def _in_order(signatures: Iterable[Signature]) -> tuple[Signature, ...]:
    return tuple(sorted(dict.fromkeys(signatures), key=lambda each: (each.at, each.role, each.by)))


def _ordered(contract: Contract) -> Contract:
    """The same contract with revisions and signatures in the order in which they are read again."""
    in_order = sorted(contract.revisions, key=lambda revision: revision.number)
    return replace(contract, revisions=tuple(replace(each, signatures=_in_order(each.signatures)) for each in in_order))
