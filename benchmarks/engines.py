"""Side by side: the same completions under the same rules, judged by our index and by general rule engines.

Conditions are put into the words of each engine once, in its quickest form; values are handed over in lists, as a field
may have several. What is compared is judging alone, and only where every engine finds the same matches.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TypeVar

import json_logic
import rule_engine
import zen

from benchmarks.rule_index import completions
from benchmarks.table import Line
from benchmarks.world import NOW, rules
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.condition import AllOf, Clause, Condition
from lrs_bridge_rules.conditions.fields import Facts, Field
from lrs_bridge_rules.conditions.operators import AnyOf, AtLeast, Contains, Operator
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.ruleset import Ruleset

RULES = 100
COMPLETIONS = 1000
#: The slow ones judge fewer; the figure is per completion.
SLOW = 100

T = TypeVar("T")
Data = dict[str, list[object]]
#: Says of one completion, given as data, which rules fit it, by number.
Judge = Callable[[Data], list[int]]


class CannotExpressError(Exception):
    """An engine has no words for an operator."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A rule engine: how it judges by many rules at once, and how many completions it is asked for."""

    name: str
    judge: Callable[[Sequence[Condition[Subject]]], Judge]
    completions: int


def measure() -> Iterator[Line]:
    """How many times longer each engine takes for a completion than the product does, on the same rules."""
    ruleset = load_texts(rules(RULES))
    subjects = completions(ruleset)[:COMPLETIONS]
    conditions = [rule.condition for rule in ruleset.rules]
    expected = [matches(ruleset, subject) for subject in subjects]
    begun = time.perf_counter()
    for subject in subjects:
        ruleset.evaluate(subject, now=NOW)
    own = (time.perf_counter() - begun) / len(subjects)
    for engine in ENGINES:
        yield _line(engine, conditions, list(zip(subjects, expected, strict=True))[: engine.completions], own)


def _line(
    engine: Engine, conditions: Sequence[Condition[Subject]], cases: Sequence[tuple[Subject, list[int]]], own: float
) -> Line:
    what = f"{engine.name}, per completion under {RULES} rules"
    try:
        judge = engine.judge(conditions)
    except CannotExpressError as error:
        return Line(what, 0, "× the product", absent=str(error))
    fields = fields_of(conditions)
    prepared = [data_of(subject, fields) for subject, _ in cases]
    begun = time.perf_counter()
    found = [judge(data) for data in prepared]
    seconds = (time.perf_counter() - begun) / len(cases)
    assert found == [expected for _, expected in cases], f"{engine.name} finds other matches"
    return Line(what, seconds / own, "× the product")


def matches(ruleset: Ruleset, subject: Subject) -> list[int]:
    """The numbers of the rules that fit."""
    fitting = {match.rule for match in ruleset.evaluate(subject, now=NOW).matches}
    return [number for number, rule in enumerate(ruleset.rules) if rule.id in fitting]


def clauses_of(condition: Condition[Subject]) -> tuple[Clause[Subject], ...]:
    """The clauses of a condition that is a clause, or several that must all hold."""
    match condition:
        case Clause():
            return (condition,)
        case AllOf():
            return tuple(clause for part in condition.parts for clause in clauses_of(part))
        case _:
            raise CannotExpressError(f"it is not tried with {type(condition).__name__}")


def fields_of(conditions: Sequence[Condition[Subject]]) -> list[Field[Subject]]:
    """The fields that conditions ask for, each once."""
    return list({clause.field.name: clause.field for each in conditions for clause in clauses_of(each)}.values())


def data_of(subject: Subject, fields: Sequence[Field[Subject]]) -> Data:
    """The values that conditions look at, as plain data; the conversion is not part of the figure."""
    facts = Facts(subject)
    return {name_of(field): list(facts.values(field)) for field in fields}


def name_of(field: Field[Subject]) -> str:
    """A field's name as every engine can read it."""
    return field.name.replace(".", "_")


def _quoted(operands: Sequence[object]) -> str:
    return json.dumps(operands, ensure_ascii=False)


def _as_rule_engine(name: str, operator: Operator) -> str:
    match operator:
        case AnyOf():
            return f"$any([(value in {_quoted(sorted(operator.expected))}) for value in {name}])"
        case Contains():
            found = " or ".join(f"{_quoted([text])[1:-1]} in value" for text in operator.texts)
            return f"$any([({found}) for value in {name}])"
        case AtLeast():
            return f"$any([(value >= {operator.limit}) for value in {name}])"
        case _:
            raise CannotExpressError(f"it is not tried with {type(operator).__name__}")


def _as_zen(name: str, operator: Operator) -> str:
    match operator:
        case AnyOf():
            return f"some({name}, # in {_quoted(sorted(operator.expected))})"
        case Contains():
            found = " or ".join(f"contains(#, {_quoted([text])[1:-1]})" for text in operator.texts)
            return f"some({name}, {found})"
        case AtLeast():
            return f"some({name}, # >= {operator.limit})"
        case _:
            raise CannotExpressError(f"it is not tried with {type(operator).__name__}")


def _as_json_logic(name: str, operator: Operator) -> object:
    value = {"var": ""}
    match operator:
        case AnyOf():
            test: object = {"in": [value, sorted(operator.expected)]}
        case Contains():
            test = {"or": [{"in": [text, value]} for text in operator.texts]}
        case AtLeast():
            test = {">=": [value, operator.limit]}
        case _:
            raise CannotExpressError(f"it is not tried with {type(operator).__name__}")
    return {"some": [{"var": name}, test]}


def _by_rule_engine(conditions: Sequence[Condition[Subject]]) -> Judge:
    texts = (" and ".join(_spoken(_as_rule_engine, each)) for each in conditions)
    compiled = [rule_engine.Rule(text) for text in texts]
    return lambda data: [number for number, rule in enumerate(compiled) if rule.matches(data)]


def _by_zen(conditions: Sequence[Condition[Subject]]) -> Judge:
    """All rules as one expression, so that the data are handed over once."""
    compiled = zen.compile_expression(f"[{', '.join(' and '.join(_spoken(_as_zen, each)) for each in conditions)}]")
    return lambda data: [number for number, holds in enumerate(compiled.evaluate(data)) if holds]


def _by_json_logic(conditions: Sequence[Condition[Subject]]) -> Judge:
    spoken = [{"and": _spoken(_as_json_logic, each)} for each in conditions]
    return lambda data: [number for number, rule in enumerate(spoken) if json_logic.jsonLogic(rule, data)]


def _spoken(speak: Callable[[str, Operator], T], condition: Condition[Subject]) -> list[T]:
    return [speak(name_of(clause.field), clause.operator) for clause in clauses_of(condition)]


ENGINES: Sequence[Engine] = (
    Engine("rule-engine", _by_rule_engine, SLOW),
    Engine("zen-engine", _by_zen, COMPLETIONS),
    Engine("json-logic", _by_json_logic, SLOW),
)
