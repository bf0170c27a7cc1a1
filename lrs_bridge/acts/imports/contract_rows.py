"""Contracts from a CSV file, one goal a row: rearranged into the tree that the YAML reader reads, places and all.

Simple on purpose: one revision, one support and one measure a goal. Rows with the same contract belong together; the
contract's own cells are taken from its first row, and later rows repeat them or leave them empty.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from lrs_bridge_rules.documents.tree import Node, Problems

CONTRACT_COLUMNS = {
    "contract": "id",
    "kind": "kind",
    "contract_title": "title",
    "learner": "learner",
    "manager": "manager",
    "opportunity": "opportunity",
    "from": "from",
    "until": "until",
    "responsibilities": "responsibilities",
    "link": "link",
}
GOAL_COLUMNS = {
    "goal": "id",
    "title": "title",
    "competencies": "competencies",
    "method": "method",
    "activities": "activities",
    "application": "application",
    "wanted_by": "wanted_by",
    "initiative": "initiative",
    "ambition": "ambition",
    "follow_ups": "follow_ups",
}
MEASURE_COLUMNS = {"metric": "metric", "unit": "unit", "baseline": "baseline", "target": "target", "measure_by": "by"}
SUPPORT_COLUMNS = {"support": "what", "support_provider": "provider", "support_needed_by": "needed_by"}

#: When each side signed; both on one day is the usual case.
SIGNED_COLUMNS = {"learner_signed": "learner", "manager_signed": "manager"}

COLUMNS = (*CONTRACT_COLUMNS, *GOAL_COLUMNS, *MEASURE_COLUMNS, *SUPPORT_COLUMNS, *SIGNED_COLUMNS)


def contracts_of(rows: Sequence[Node], problems: Problems) -> list[Node]:
    """The contracts of a table, as the YAML reader expects them."""
    grouped: dict[str, list[Node]] = {}
    for row in rows:
        contract = row.child("contract")
        if contract is None or not contract.value:
            problems.add(row.place, "a row needs 'contract', the id of the contract that its goal belongs to")
            continue
        grouped.setdefault(str(contract.value), []).append(row)
    return [_contract(of_contract, problems) for of_contract in grouped.values()]


def _contract(rows: Sequence[Node], problems: Problems) -> Node:
    first = rows[0]
    for row in rows[1:]:
        _refuse_contradictions(first, row, problems)
    goals = Node([_goal(row) for row in rows], first.place)
    signatures = Node([_signature(first, column) for column in SIGNED_COLUMNS if _filled(first, column)], first.place)
    return Node({**_picked(first, CONTRACT_COLUMNS), "goals": goals, "signatures": signatures}, first.place)


def _refuse_contradictions(first: Node, row: Node, problems: Problems) -> None:
    for column in (*CONTRACT_COLUMNS, *SIGNED_COLUMNS):
        here, there = row.child(column), first.child(column)
        if here is not None and there is not None and here.value and here.value != there.value:
            problems.add(here.place, f"{column} differs from line {there.place.line} of the same contract")


def _goal(row: Node) -> Node:
    goal = _picked(row, GOAL_COLUMNS)
    if _filled(row, "metric"):
        goal["measure"] = Node(_picked(row, MEASURE_COLUMNS), row.place)
    if _filled(row, "support"):
        support = Node(f"{_text(row, 'goal')}/support", row.place)
        goal["supports"] = Node([Node({"id": support, **_picked(row, SUPPORT_COLUMNS)}, row.place)], row.place)
    return Node(goal, row.place)


def _signature(row: Node, column: str) -> Node:
    at = row.child(column) or row
    return Node({"role": Node(SIGNED_COLUMNS[column], at.place), "at": at}, at.place)


def _picked(row: Node, columns: Mapping[str, str]) -> dict[str, Node]:
    found = ((key, row.child(column)) for column, key in columns.items())
    return {key: cell for key, cell in found if cell is not None and cell.value}


def _filled(row: Node, column: str) -> bool:
    return bool(_text(row, column))


def _text(row: Node, column: str) -> str:
    cell = row.child(column)
    return str(cell.value) if cell is not None else ""
