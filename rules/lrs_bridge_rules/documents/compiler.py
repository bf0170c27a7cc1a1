"""From document trees to a ruleset: shapes, conditions and references are all checked before anything is refused.

`loader` makes the trees; the organisation's own documents come before the packs that they include, so that its
completion definitions win.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, tzinfo
from typing import TYPE_CHECKING, Generic, TypeVar

from lrs_bridge_rules.completions.definition import Definition
from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.operands import Setting, end_of
from lrs_bridge_rules.conditions.reader import ConditionReader, Lists
from lrs_bridge_rules.conditions.sent import STATEMENT_LEVEL, SUBJECT_LEVEL, Sent
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.documents.document import IGNORE
from lrs_bridge_rules.documents.lists import list_files, values_of
from lrs_bridge_rules.documents.parts import zone_of
from lrs_bridge_rules.documents.shape import check_shape
from lrs_bridge_rules.documents.test_model import Case
from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.documents.vocabulary import iris_of
from lrs_bridge_rules.follow_up import FollowUpTemplate, WasteSettings
from lrs_bridge_rules.lint.remark import Allowance
from lrs_bridge_rules.nearest import nearest_or_all
from lrs_bridge_rules.rule import Exemption, Rule
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.verdict import EvidenceSpec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from lrs_bridge_rules.completions.subject import Subject
    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.conditions.fields import Told
    from lrs_bridge_rules.documents.document import (
        AllowanceModel,
        DefinitionModel,
        DocumentModel,
        EvidenceModel,
        FollowUpModel,
        RuleModel,
        WasteModel,
    )
    from lrs_bridge_rules.documents.lists import ListFile
    from lrs_bridge_rules.documents.test_model import DefinitionCase, RuleCase
    from lrs_bridge_rules.documents.tree import Node, Place
    from lrs_bridge_rules.templates.library import Library

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Part(Generic[T]):
    """One entry of a document: its checked model, the tree with its places, and the time zone of its days."""

    model: T
    node: Node
    zone: tzinfo = UTC


def compile_documents(texts: Mapping[str, str], roots: Sequence[Node], problems: Problems, library: Library) -> Ruleset:
    """Return the ruleset of documents, in the order in which they count. Raises DocumentError with all problems."""
    compiler = _Compiler(texts, roots, problems, library)
    definitions, rules = compiler.definitions(), compiler.rules()
    follow_ups, waste = compiler.follow_ups(), compiler.waste()
    problems.raise_if_any()
    defaults, lists, allowances = compiler.default_follow_ups(), compiler.list_places(), compiler.allowances()
    return Ruleset(texts, definitions, rules, follow_ups, waste, defaults, lists, allowances, library)


class _Compiler:
    def __init__(self, texts: Mapping[str, str], roots: Sequence[Node], problems: Problems, library: Library) -> None:
        self._problems = problems
        self._roots = roots
        self._library = library
        self._columns: dict[tuple[str, str | None], list[Node]] = {}
        models = [check_shape(root, problems, library.vocabulary) for root in roots]
        read = zip(models, roots, strict=True)
        self._documents = [_Part(model, root, _zone_of(root)) for model, root in read if model is not None]
        for section, what in (("completions", "completion definition"), ("rules", "rule"), ("follow_ups", "follow-up")):
            self._unique(section, what)
        self._known_follow_ups()
        lists = self._lists(texts)
        self._statement_conditions: dict[int, Condition[Told] | None] = {}
        self._subject_conditions: dict[int, Condition[Subject] | None] = {}
        for root in roots:
            self._read_conditions(root, lists, _zone_of(root))

    def _read_conditions(self, root: Node, lists: Lists, zone: tzinfo) -> None:
        setting, library = Setting(zone, self._library.vocabulary), self._library
        of_statement = ConditionReader(STATEMENT_FIELDS, lists, self._problems, setting, Sent(STATEMENT_LEVEL, library))
        of_subject = ConditionReader(SUBJECT_FIELDS, lists, self._problems, setting, Sent(SUBJECT_LEVEL, library))
        for when in _whens(root.entries("completions")):
            self._statement_conditions[id(when)] = of_statement.read(when)
        for rule in root.entries("rules"):
            for when in _whens((rule, *rule.entries("unless"))):
                self._subject_conditions[id(when)] = of_subject.read(when)

    def _lists(self, texts: Mapping[str, str]) -> Lists:
        found: Lists = {}
        for root in self._roots:
            section = root.child("lists")
            files = {named.list_name: named for named in list_files(root)}
            entries = section.value if section is not None and isinstance(section.value, dict) else {}
            for name, node in entries.items():
                if section is not None and name in found:
                    self._problems.add(section.keys[name], f"the list {name!r} is given twice")
                from_file = isinstance(node.value, dict)
                written = [] if from_file else node.items()
                found[name] = self._from_file(files[name], texts) if name in files else written
                if section is not None and node.value == [] and not from_file:
                    self._problems.add(section.keys[name], f"the list {name!r} is empty, so it can never fit")
        return found

    def _from_file(self, named: ListFile, texts: Mapping[str, str]) -> list[Node]:
        """Read a column once, however many lists name it."""
        column = named.node.child("column")
        key = named.text_name, None if column is None else str(column.value)
        if key not in self._columns:
            self._columns[key] = values_of(named, texts, self._problems)
        return self._columns[key]

    def definitions(self) -> tuple[Definition, ...]:
        parts = self._parts("completions", lambda document: document.completions)
        return tuple(made for part in parts if (made := self._definition(part)) is not None)

    def _definition(self, part: _Part[DefinitionModel]) -> Definition | None:
        condition = self._statement_conditions.get(id(part.node.child("when")))
        model = part.model
        if condition is None:
            return None
        around = model.activity
        return Definition(
            id=model.id,
            condition=condition,
            outcome=None if model.outcome == IGNORE else Outcome(model.outcome),
            group="" if around.from_ == "object" else around.from_,
            types=frozenset(
                iris_of(around.type, self._library.vocabulary.activity_types) if around.type is not None else ()
            ),
            attempt=model.attempt,
            score=model.score,
            place=part.node.place,
            lists_used=_lists_in(part.node),
            tests=_definition_cases(part),
        )

    def rules(self) -> tuple[Rule, ...]:
        parts = self._parts("rules", lambda document: document.rules)
        return tuple(made for part in parts if (made := self._rule(part)) is not None)

    def _rule(self, part: _Part[RuleModel]) -> Rule | None:
        model, condition = part.model, self._subject_conditions.get(id(part.node.child("when")))
        exemptions = self._exemptions(part)
        if condition is None or exemptions is None:
            return None
        return Rule(
            id=model.id,
            title=model.title or model.id,
            status=model.status,
            condition=condition,
            place=part.node.place,
            exemptions=exemptions,
            evidence=tuple(_evidence(evidence) for evidence in model.evidence),
            reason=model.exclude or "",
            follow_ups=tuple(model.follow_up),
            tests=_rule_cases(part),
            lists_used=_lists_in(part.node),
        )

    def _exemptions(self, part: _Part[RuleModel]) -> tuple[Exemption, ...] | None:
        made: list[Exemption] = []
        for model, node in zip(part.model.unless, part.node.entries("unless"), strict=True):
            condition = self._subject_conditions.get(id(node.child("when")))
            if condition is None:
                return None
            until = end_of(model.until, part.zone) if model.until is not None else None
            last = model.until or ""
            made.append(Exemption(condition, model.reason, model.author or "", until, node.place, last))
        return tuple(made)

    def follow_ups(self) -> dict[str, FollowUpTemplate]:
        parts = self._parts("follow_ups", lambda document: document.follow_ups)
        return {part.model.id: _template(part.model, part.node.place) for part in parts}

    def waste(self) -> WasteSettings | None:
        given = [document for document in self._documents if document.model.waste is not None]
        for again in given[1:]:
            self._problems.add(again.node.keys["waste"], "waste is settled in another document already")
        return _waste(given[0].model.waste) if given and given[0].model.waste is not None else None

    def _known_follow_ups(self) -> None:
        known = {str(node.value) for node in self._ids("follow_ups")}
        named = [node for root in self._roots for rule in root.entries("rules") for node in rule.entries("follow_up")]
        named += [node for root in self._roots for node in root.entries("follow_ups_default")]
        for node in named:
            if isinstance(node.value, str) and node.value not in known:
                self._problems.add(node.place, f"unknown follow-up {node.value!r}{nearest_or_all(node.value, known)}")

    def default_follow_ups(self) -> tuple[str, ...]:
        named = (name for document in self._documents for name in document.model.follow_ups_default)
        return tuple(dict.fromkeys(named))

    def list_places(self) -> dict[str, Place]:
        sections = [section for root in self._roots if (section := root.child("lists")) is not None]
        return {name: place for section in reversed(sections) for name, place in section.keys.items()}

    def allowances(self) -> tuple[Allowance, ...]:
        made: list[Allowance] = []
        for document in self._documents:
            section = document.node.child("lint")
            nodes = section.entries("allow") if section is not None else ()
            made += [_allowance(model, node) for model, node in zip(document.model.lint.allow, nodes, strict=True)]
        return tuple(made)

    def _parts(self, section: str, models: Callable[[DocumentModel], Sequence[T]]) -> Iterable[_Part[T]]:
        for document in self._documents:
            for model, node in zip(models(document.model), document.node.entries(section), strict=True):
                yield _Part(model, node, document.zone)

    def _ids(self, section: str) -> Iterable[Node]:
        """Look into documents whose shape is wrong too, so that nothing in them is called unknown."""
        found = (entry.child("id") for root in self._roots for entry in root.entries(section))
        return (node for node in found if node is not None and isinstance(node.value, str))

    def _unique(self, section: str, what: str) -> None:
        first: dict[str, Place] = {}
        for node in self._ids(section):
            name = str(node.value)
            if name in first:
                where = f"{first[name].path}:{first[name].line}"
                self._problems.add(node.place, f"the {what} {name!r} is already in {where}")
            first.setdefault(name, node.place)


def _zone_of(root: Node) -> tzinfo:
    """Return where the days of a document begin and end; where that is wrong, the shape says so."""
    named = root.child("time_zone")
    try:
        return zone_of(named.value) if named is not None else UTC
    except ValueError:
        return UTC


def _whens(entries: Iterable[Node]) -> Iterable[Node]:
    """Return every `when`, also of entries whose shape is wrong, so that all problems come out at once."""
    found = (entry.child("when") for entry in entries)
    return [when for when in found if when is not None]


def _lists_in(part: Node) -> frozenset[str]:
    """Return the names of the lists that a definition's or rule's conditions ask for."""
    found: set[str] = set()
    waiting = [*_whens((part, *part.entries("unless")))]
    while waiting:
        node = waiting.pop()
        name = node.child("list")
        if name is not None and isinstance(name.value, str):
            found.add(name.value)
        waiting += node.value.values() if isinstance(node.value, dict) else ()
        waiting += node.value if isinstance(node.value, list) else ()
    return frozenset(found)


def _rule_cases(part: _Part[RuleModel]) -> tuple[RuleCase, ...]:
    nodes = part.node.entries("tests")
    return tuple(Case(model, node.place) for model, node in zip(part.model.tests, nodes, strict=True))


def _definition_cases(part: _Part[DefinitionModel]) -> tuple[DefinitionCase, ...]:
    nodes = part.node.entries("tests")
    return tuple(Case(model, node.place) for model, node in zip(part.model.tests, nodes, strict=True))


def _allowance(model: AllowanceModel, node: Node) -> Allowance:
    kinds = {"rule": model.rule, "completion": model.completion, "follow-up": model.follow_up, "list": model.list}
    about = next((f"{kind} {name}" for kind, name in kinds.items() if name is not None), "")
    return Allowance(node.place, model.lint, about, model.reason)


def _evidence(model: EvidenceModel) -> EvidenceSpec:
    return EvidenceSpec(model.competency, model.activity, model.goal, model.weight)


def _template(model: FollowUpModel, place: Place) -> FollowUpTemplate:
    return FollowUpTemplate(
        id=model.id,
        kind=model.kind,
        title=model.title,
        due=model.due,
        confirm=model.confirm,
        remind=tuple(model.remind),
        escalate=model.escalate,
        expire=model.expire,
        within=model.within,
        questions=tuple(model.questions),
        place=place,
    )


def _waste(model: WasteModel) -> WasteSettings:
    return WasteSettings(
        stagnation_tenure=model.stagnation.tenure,
        stagnation_quiet=model.stagnation.quiet,
        abandoned_after=model.abandoned_after,
        mastery=model.mastery,
        certificate_ahead=tuple(model.certificate_ahead),
    )
