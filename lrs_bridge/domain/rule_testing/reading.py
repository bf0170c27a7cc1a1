"""The tests of completion definitions: one statement, and what must be read out of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from lrs_bridge.domain.facts import StatementFact
from lrs_bridge.domain.rule_testing.expecting import NONE, same, shown
from lrs_bridge.domain.rule_testing.result import Miss, TestResult, in_words, place_text, told
from lrs_bridge.domain.rule_testing.staging import statements_of
from lrs_bridge_rules.completions.definition import Definition
from lrs_bridge_rules.completions.reading import Reading
from lrs_bridge_rules.conditions.fields import Facts as Asked
from lrs_bridge_rules.conditions.fields import Told
from lrs_bridge_rules.documents.test_model import DefinitionCase, ReadingExpectation
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.explain import line_of
from lrs_bridge_rules.ruleset import Ruleset

_KEYS: Final[Mapping[str, Callable[[Reading | None], object]]] = {
    "outcome": lambda reading: None if reading is None else reading.outcome.value,
    "activity": lambda reading: None if reading is None else reading.activity.id,
    "attempt": lambda reading: None if reading is None else reading.attempt,
    "score": lambda reading: None if reading is None else reading.percent,
    "success": lambda reading: None if reading is None else reading.success,
}


def run_definition_case(ruleset: Ruleset, definition: Definition, case: DefinitionCase) -> TestResult:
    """Let the ruleset read the statement of a case, and hold what it read against what was expected."""
    name, where = case.model.name, place_text(case.place)
    try:
        [statement] = statements_of([case.model.statement])
    except StatementError as error:
        actual = f"the statement is wrong: {error.reason}"
        return TestResult(definition.id, name, False, "a statement", actual, where, "completion", (actual,))
    winner, reading = _read(ruleset, statement)
    misses = list(_misses(case.model.expect, definition, winner, reading))
    if not misses:
        stated = {None: "what it states", True: "match", False: "no-match"}[case.model.expect.match]
        return TestResult(definition.id, name, True, stated, stated, where, "completion")
    why = tuple(_why(definition, winner, Asked(Told(statement.statement, statement.source, statement.source_kind))))
    return TestResult(definition.id, name, False, *in_words(misses), where, "completion", told(misses, why))


def readable(ruleset: Ruleset, case: DefinitionCase) -> dict[str, object]:
    """Everything that the case could expect of its statement. Raises StatementError."""
    [statement] = statements_of([case.model.statement])
    winner, reading = _read(ruleset, statement)
    by = NONE if winner is None else winner.id
    return {"by": by, **{key: _in_words(actual(reading)) for key, actual in _KEYS.items()}}


def _read(ruleset: Ruleset, fact: StatementFact) -> tuple[Definition | None, Reading | None]:
    """The definition that takes a statement, if only to say that it is noise, and what it reads."""
    asked = Asked(Told(fact.statement, fact.source, fact.source_kind))
    winner = next((each for each in ruleset.definitions if each.target(asked) is not None), None)
    return winner, ruleset.read_told(asked.subject, statement_id=fact.id)


def _misses(
    expected: ReadingExpectation, definition: Definition, winner: Definition | None, reading: Reading | None
) -> Iterator[Miss]:
    own = winner is not None and winner.id == definition.id
    if expected.match is not None and expected.match is not own:
        words = {True: "match", False: "no-match"}
        yield Miss("", words[expected.match], words[own])
    by = NONE if winner is None else winner.id
    if expected.by is not None and expected.by != by:
        yield Miss("by", expected.by, by)
    for key, actual in _KEYS.items():
        wanted, came = getattr(expected, key), _in_words(actual(reading))
        if wanted is not None and not same(wanted, came):
            yield Miss(key, shown(wanted), shown(came))


def _in_words(value: Any) -> Any:  # noqa: ANN401 -- a text, a number or a truth
    return NONE if value is None else value


def _why(definition: Definition, winner: Definition | None, asked: Asked[Told]) -> Iterator[str]:
    """Who reads it instead, and what kept the definition from it."""
    if winner is not None and winner.id == definition.id:
        yield "it is read by this definition"
        return
    yield from (line_of(clause) for clause in definition.condition.trace(asked) if not clause.met)
    if definition.condition.holds(asked) and definition.target(asked) is None:
        yield "its activity is not where this definition looks for it"
    if winner is not None:
        before = ", as it stands before this one" if definition.target(asked) is not None else ""
        yield f"the definition {winner.id} reads it{before}"
