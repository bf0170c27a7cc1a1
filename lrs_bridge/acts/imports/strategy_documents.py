"""The organisation's side from a YAML file: objective → initiative → need, the competencies, and learning partners.

The files together name all needs: one that they no longer name is no need any more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from lrs_bridge.acts.imports import values
from lrs_bridge.acts.imports.fields import Fields
from lrs_bridge.acts.imports.known import Known
from lrs_bridge.acts.imports.period import check_period
from lrs_bridge.domain.agenda import Competency, Initiative, Need, Objective, Scope, ScopeKind
from lrs_bridge_rules.documents.tree import Node, Place, Problems
from lrs_bridge_rules.nearest import nearest_or_all

KEYS = ("competencies", "objectives", "initiatives", "needs", "units")
COMPETENCY_KEYS = ("id", "title")
OBJECTIVE_KEYS = ("id", "title")
INITIATIVE_KEYS = ("id", "title", "objective")
NEED_KEYS = ("id", "competency", "initiative", "unit", "job", "from", "until")
UNIT_KEYS = ("name", "learning_partner")


@dataclass(frozen=True, slots=True)
class Strategy:
    """What a strategy file says. `partners` maps units to learner ids."""

    competencies: tuple[Competency, ...] = ()
    objectives: tuple[Objective, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    needs: tuple[Need, ...] = ()
    partners: Mapping[str, str] = field(default_factory=dict)


def read_strategy(documents: Sequence[Node], known: Known, problems: Problems) -> Strategy:
    """Read all documents; the chain from need to objective must be unbroken, what is known already included."""
    parts = _Parts(documents, problems)
    competencies = tuple(_competency(each, problems) for each in parts.of("competencies"))
    known = known.with_competencies(competencies)
    objectives = tuple(_objective(each, problems) for each in parts.of("objectives"))
    of_objectives = known.objectives.union(each.id for each in objectives)
    initiatives = tuple(_initiative(each, of_objectives, problems) for each in parts.of("initiatives"))
    of_initiatives = known.initiatives.union(each.id for each in initiatives)
    needs = tuple(_need(each, of_initiatives, known, problems) for each in parts.of("needs"))
    partners = dict(_partner(each, known, problems) for each in parts.of("units"))
    for key, name in (("competencies", "id"), ("objectives", "id"), ("initiatives", "id"), ("units", "name")):
        _refuse_repeated([(_name_of(each, name), each.place) for each in parts.of(key)], problems)
    _refuse_repeated([(need.id, node.place) for need, node in zip(needs, parts.of("needs"), strict=True)], problems)
    return Strategy(competencies, objectives, initiatives, needs, partners)


class _Parts:
    """The lists of several documents, put together."""

    def __init__(self, documents: Sequence[Node], problems: Problems) -> None:
        self._fields = [Fields(each, problems, what="the strategy", keys=KEYS) for each in documents]

    def of(self, key: str) -> list[Node]:
        return [node for fields in self._fields for node in fields.entries(key)]


def _competency(node: Node, problems: Problems) -> Competency:
    """A competency with its title; a word alone is its own title."""
    if isinstance(node.value, str):
        node = Node({"id": node}, node.place)
    fields = Fields(node, problems, what="a competency", keys=COMPETENCY_KEYS)
    own_id = fields.text("id", required=True)
    return Competency(own_id, fields.text("title") or own_id)


def _objective(node: Node, problems: Problems) -> Objective:
    fields = Fields(node, problems, what="an objective", keys=OBJECTIVE_KEYS)
    return Objective(fields.text("id", required=True), fields.text("title", required=True))


def _initiative(node: Node, objectives: frozenset[str], problems: Problems) -> Initiative:
    fields = Fields(node, problems, what="an initiative", keys=INITIATIVE_KEYS)
    objective = _one_of(fields, "objective", objectives)
    return Initiative(fields.text("id", required=True), fields.text("title", required=True), objective)


def _need(node: Node, initiatives: frozenset[str], known: Known, problems: Problems) -> Need:
    fields = Fields(node, problems, what="a need", keys=NEED_KEYS)
    competency = known.competency(fields, "competency")
    initiative, scope = _one_of(fields, "initiative", initiatives), _scope(fields)
    starts_on, ends_on = fields.read("from", values.day, None), fields.read("until", values.day, None)
    check_period(fields, starts_on, ends_on)
    need_id = fields.text("id") or "/".join(part for part in (initiative, competency, scope.name) if part)
    return Need(need_id, competency, initiative, scope, starts_on, ends_on)


def _scope(fields: Fields) -> Scope:
    if "unit" in fields and "job" in fields:
        fields.wrong("job", "a need is of a unit or of a job, not of both; write two needs")
    if "unit" in fields:
        return Scope(ScopeKind.UNIT, fields.text("unit"))
    return Scope(ScopeKind.JOB, fields.text("job")) if "job" in fields else Scope()


def _partner(node: Node, known: Known, problems: Problems) -> tuple[str, str]:
    fields = Fields(node, problems, what="a unit", keys=UNIT_KEYS)
    return fields.text("name", required=True), known.learner(fields, "learning_partner", required=True) or ""


def _one_of(fields: Fields, key: str, known: Collection[str]) -> str:
    text = fields.text(key, required=True)
    if text and text not in known:
        fields.wrong(key, f"there is no {key} {text!r}{nearest_or_all(text, known)}")
    return text


def _name_of(node: Node, key: str) -> str:
    named = node.child(key) if isinstance(node.value, dict) else node
    return str(named.value) if named is not None else ""


def _refuse_repeated(named: Iterable[tuple[str, Place]], problems: Problems) -> None:
    first: dict[str, Place] = {}
    for name, place in named:
        if name and name in first:
            problems.add(place, f"{name!r} is in line {first[name].line} already")
        first.setdefault(name, place)
