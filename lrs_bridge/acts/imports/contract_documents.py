"""Contracts from a YAML file: the whole agreement, with its revisions, goals, supports, measures and signatures.

A revision's keys may stand in the contract itself while there is only one. A revision that both sides have signed
cannot be changed by a file: what is signed is signed, and a change is a new revision.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from lrs_bridge.acts.imports import values
from lrs_bridge.acts.imports.fields import Fields
from lrs_bridge.acts.imports.goal_documents import read_goal
from lrs_bridge.acts.imports.known import Known
from lrs_bridge.acts.imports.period import check_period
from lrs_bridge.domain.contract import Contract, ContractKind, Revision, Role, Signature
from lrs_bridge_rules.documents.tree import Node, Place, Problems

REVISION_KEYS = ("number", "from", "until", "responsibilities", "link", "proposed_at", "signatures", "goals")
KEYS = ("id", "kind", "title", "learner", "manager", "opportunity", "withdrawn_at", "revisions", *REVISION_KEYS[1:])
SIGNATURE_KEYS = ("role", "by", "at")


def read_contracts(nodes: Iterable[Node], known: Known, problems: Problems) -> tuple[Contract, ...]:
    """Read all contracts; ids of contracts and of goals are not used twice, the database included."""
    read = [_contract(node, known, problems) for node in nodes]
    places: dict[str, Place] = {}
    owners = {goal: each.id for each in known.contracts.values() for goal in each.goal_ids}
    for fields, contract in read:
        if contract.id in places:
            fields.wrong("id", f"this id is in line {places[contract.id].line} already")
        places.setdefault(contract.id, fields.place_of("id"))
        _claim_goals(fields, contract, owners)
        _keep_what_is_signed(fields, contract, known.contracts.get(contract.id))
    return tuple(contract for _, contract in read)


def _contract(node: Node, known: Known, problems: Problems) -> tuple[Fields, Contract]:
    fields = Fields(node, problems, what="a contract", keys=KEYS)
    learner_id = known.learner(fields, "learner", required=True)
    manager_id = known.learner(fields, "manager")
    if manager_id is None and not fields.written("manager") and learner_id is not None:
        manager_id = known.learners[learner_id].manager_id
    if learner_id is not None and manager_id == learner_id:
        fields.wrong("manager", "a contract has two sides; nobody agrees with themselves")
    contract = Contract(
        id=fields.text("id", required=True),
        kind=fields.word("kind", ContractKind, ContractKind.STRATEGIC, required=True),
        learner_id=learner_id or "",
        manager_id=manager_id,
        revisions=_revisions(node, fields, known, problems),
        title=fields.text("title"),
        opportunity=fields.text("opportunity"),
        withdrawn_at=fields.read("withdrawn_at", lambda text: values.moment(text, known.time_zone), None),
    )
    return fields, _with_signers(contract)


def _revisions(node: Node, fields: Fields, known: Known, problems: Problems) -> tuple[Revision, ...]:
    nodes = fields.entries("revisions")
    if not nodes:
        return (_revision(Fields(node, problems, what="a contract", keys=KEYS), 1, known),)
    for key in REVISION_KEYS[1:]:
        if fields.written(key):
            fields.wrong(key, "this belongs into one of the revisions")
    read = [Fields(each, problems, what="a revision", keys=REVISION_KEYS) for each in nodes]
    revisions = [_revision(each, position, known) for position, each in enumerate(read, start=1)]
    numbers = [each.number for each in revisions]
    for position, each in enumerate(read):
        if numbers[position] in numbers[:position]:
            each.wrong("number", f"there is a revision {numbers[position]} already")
    return tuple(sorted(revisions, key=lambda revision: revision.number))


def _revision(fields: Fields, position: int, known: Known) -> Revision:
    starts_on = fields.read("from", values.day, date.min, required=True)
    ends_on = fields.read("until", values.day, date.max, required=True)
    check_period(fields, starts_on, ends_on)
    goals = tuple(read_goal(node, known, fields.problems) for node in fields.entries("goals"))
    if not goals:
        fields.problems.add(fields.place, "a contract needs at least one goal")
    _refuse_repeated(fields, [goal.id for goal in goals])
    return Revision(
        number=fields.read("number", values.revision_number, position),
        starts_on=starts_on,
        ends_on=ends_on,
        goals=goals,
        responsibilities=fields.text("responsibilities"),
        link=fields.text("link"),
        proposed_at=fields.read("proposed_at", lambda text: values.moment(text, known.time_zone), None),
        signatures=tuple(_signature(node, known, fields.problems) for node in fields.entries("signatures")),
    )


def _refuse_repeated(fields: Fields, ids: list[str]) -> None:
    for position, goal_id in enumerate(ids):
        if goal_id in ids[:position]:
            fields.problems.add(fields.entries("goals")[position].place, f"the goal {goal_id!r} is there twice")


def _signature(node: Node, known: Known, problems: Problems) -> Signature:
    fields = Fields(node, problems, what="a signature", keys=SIGNATURE_KEYS)
    fields.text("at", required=True)
    at = fields.read("at", lambda text: values.moment(text, known.time_zone), values.EARLIEST)
    by = fields.text("by")
    return Signature(fields.word("role", Role, Role.LEARNER, required=True), known.by_mail(by) or by, at)


def _with_signers(contract: Contract) -> Contract:
    """A signature without a name is that of the side that it stands for."""
    sides = {Role.LEARNER: contract.learner_id, Role.MANAGER: contract.manager_id or ""}
    return replace(
        contract,
        revisions=tuple(
            replace(each, signatures=tuple(replace(s, by=s.by or sides[s.role]) for s in each.signatures))
            for each in contract.revisions
        ),
    )


def _claim_goals(fields: Fields, contract: Contract, owners: dict[str, str]) -> None:
    for goal in sorted(contract.goal_ids):
        owner = owners.setdefault(goal, contract.id)
        if goal and owner != contract.id:
            fields.wrong("id", f"the goal {goal!r} belongs to the contract {owner!r} already")


def _keep_what_is_signed(fields: Fields, contract: Contract, stored: Contract | None) -> None:
    if stored is None:
        return
    if (stored.learner_id, stored.kind) != (contract.learner_id, contract.kind):
        fields.wrong("id", f"the contract {contract.id!r} is another learner's, or of another kind; use a new id")
    in_file = {each.number: each for each in contract.revisions}
    for revision in stored.revisions:
        if revision.signed_at is not None and not same_text(in_file.get(revision.number), revision):
            fields.wrong(
                "id", f"revision {revision.number} is signed by both sides; write the change as a new revision"
            )


def same_text(one: Revision | None, other: Revision) -> bool:
    """Whether two revisions agree on the same; when a support became ready is no part of the agreement."""
    return one is not None and _agreement(one) == _agreement(other)


def _agreement(revision: Revision) -> Revision:
    goals = tuple(
        replace(goal, supports=tuple(replace(support, ready_at=None) for support in goal.supports))
        for goal in revision.goals
    )
    return replace(revision, goals=goals, signatures=tuple(sorted(revision.signatures, key=lambda s: (s.role, s.at))))
