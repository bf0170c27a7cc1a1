"""Takes each case the whole way that statements take, and holds what came against what was expected."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.facts import Facts, StatementFact
from lrs_bridge.domain.plan import Plan, plan
from lrs_bridge.domain.planning.context import Context
from lrs_bridge.domain.planning.seeing import Seen, see
from lrs_bridge.domain.rule_testing.expecting import Came, expectable, misses_of
from lrs_bridge.domain.rule_testing.explaining import why_goals, why_match, why_unread
from lrs_bridge.domain.rule_testing.reading import readable, run_definition_case
from lrs_bridge.domain.rule_testing.result import Miss, TestResult, in_words, place_text, told
from lrs_bridge.domain.rule_testing.staging import Stage, stage, statements_of
from lrs_bridge_rules.conditions.fields import Facts as Asked
from lrs_bridge_rules.documents.test_model import Expectation, RuleCase
from lrs_bridge_rules.documents.tree import Place
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.rule import Rule
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.variant import Variant

SHOWN = ("match", "no-match")


@dataclass(frozen=True, slots=True)
class Pending:
    """A case that can be run. One that an active rule lacks is there too, and fails.

    `came` gives all that the case could expect, in the words in which it would.
    """

    rule: str
    case: str
    place: Place
    run: Callable[[], TestResult]
    came: Callable[[], Mapping[str, object]] = dict

    @property
    def name(self) -> str:
        """What it is called where all cases are listed: `document::rule::case`."""
        return f"{self.place.path}::{self.rule}::{self.case}"


def run(ruleset: Ruleset) -> list[TestResult]:
    """The result of every case of every definition and rule, and one more for each case that an active rule lacks."""
    return [each.run() for each in pending(ruleset)]


def pending(ruleset: Ruleset) -> Iterator[Pending]:
    """All cases of a ruleset, in the order of its documents.

    Those of included packs are left out: they hold for the pack alone, and an organisation's own definitions may
    rightly read a statement before the pack does.
    """
    for definition in ruleset.definitions:
        for case in () if definition.place.in_pack else definition.tests:
            take = partial(run_definition_case, ruleset, definition, case)
            came = partial(readable, ruleset, case)
            yield Pending(definition.id, case.model.name, case.place, take, came)
    for rule in ruleset.rules:
        if not rule.place.in_pack:
            yield from _pending_of(ruleset, rule)


def _pending_of(ruleset: Ruleset, rule: Rule) -> Iterator[Pending]:
    """The cases of one rule. One without effect is tried as though it had one, so that its tests can come first."""
    tried = ruleset if rule.status == "active" else Variant(ruleset, rule)
    for case in rule.tests:
        take, came = partial(run_case, tried, rule, case), partial(what_came, tried, rule, case)
        yield Pending(rule.id, case.model.name, case.place, take, came)
    shown = {word for case in rule.tests for word in case.model.shows}
    for expected in SHOWN if rule.status == "active" else ():
        if expected not in shown:
            name = f"has a test that expects {expected}"
            yield Pending(rule.id, name, rule.place, partial(_lacks, rule, name, expected))


def _lacks(rule: Rule, name: str, expected: str) -> TestResult:
    why = (f"an active rule shows at least one {expected}: add such a case to its tests",)
    return TestResult(rule.id, name, False, expected, "no such test", place_text(rule.place), details=why)


def run_case(ruleset: Ruleset, rule: Rule, case: RuleCase) -> TestResult:
    """Take one case the whole way under a ruleset in which its rule is active."""
    name, where = case.model.name, place_text(case.place)
    try:
        statements = statements_of(case.model.statements)
    except StatementError as error:
        actual = f"a statement is wrong: {error.reason}"
        return TestResult(rule.id, name, False, _stated(case), actual, where, details=(actual,))
    reached = _reached(ruleset, rule, case, statements)
    found = [judged for expectation in case.model.expect for judged in reached.judged(expectation)]
    if not found:
        return TestResult(rule.id, name, True, _stated(case), _stated(case), where)
    misses = [miss for miss, _ in found]
    why = tuple(dict.fromkeys(line for miss, completion in found for line in reached.why(miss, completion)))
    return TestResult(rule.id, name, False, *in_words(misses), where, details=told(misses, why))


def passes(ruleset: Ruleset, rule: Rule, case: RuleCase) -> bool:
    """Whether a case passes, for whoever does not want to know why not."""
    try:
        reached = _reached(ruleset, rule, case, statements_of(case.model.statements))
    except StatementError:
        return False
    return not any(True for expectation in case.model.expect for _ in reached.judged(expectation))


def what_came(ruleset: Ruleset, rule: Rule, case: RuleCase) -> dict[str, object]:
    """Everything that the case could expect of the completion of its last statement. Raises StatementError."""
    reached = _reached(ruleset, rule, case, statements_of(case.model.statements))
    came = reached.came(Expectation())
    return expectable(came) if came is not None else {"completions": 0}


def _stated(case: RuleCase) -> str:
    return ", ".join(sorted(case.model.shows)) or "what it states"


def _reached(ruleset: Ruleset, rule: Rule, case: RuleCase, statements: tuple[StatementFact, ...]) -> _Reached:
    staged = stage(case.model, statements, _own_activity(ruleset, statements))
    facts, planned = staged.facts, Plan()
    for moment in staged.moments:
        facts = replace(staged.known_at(moment), previous=planned.as_previous())
        planned = plan(facts, ruleset, moment)
    seen = see(Context(facts, ruleset, staged.now))
    return _Reached(ruleset, rule, staged, facts, planned, {each.id: each for each in seen})


def _own_activity(ruleset: Ruleset, statements: tuple[StatementFact, ...]) -> str:
    """The activity that the last statement is about that any definition reads."""
    readings = (
        ruleset.read(each.statement, statement_id=each.id, source=each.source, source_kind=each.source_kind)
        for each in reversed(statements)
    )
    return next((reading.activity.id for reading in readings if reading is not None), "")


@dataclass(frozen=True, slots=True)
class _Reached:
    """Where a case came to: the last plan, and all that it was made of."""

    ruleset: Ruleset
    rule: Rule
    staged: Stage
    facts: Facts
    plan: Plan
    seen: dict[str, Seen]

    def judged(self, expectation: Expectation) -> Iterator[tuple[Miss, Completion | None]]:
        """Each miss, with the completion that was looked at."""
        came = self.came(expectation)
        if came is None:
            yield from ((miss, None) for miss in self._without_completion(expectation))
        else:
            yield from ((miss, came.completion) for miss in misses_of(expectation, came))

    def came(self, expectation: Expectation) -> Came | None:
        """What came, seen from the completion that is meant; None if there is no such."""
        completion = self._meant(expectation)
        if completion is None:
            return None
        matches = self.rule.fits(Asked(self.seen[completion.id].subject), self.staged.now)
        return Came(self.plan, completion, matches, self.staged.beginning, self.staged.titles)

    def _meant(self, expectation: Expectation) -> Completion | None:
        """The completion that is chosen; else that of the last statement which came to anything."""
        if expectation.activity is not None:
            named = [each for each in self.plan.completions if self._is(each, expectation.activity)]
            number = (expectation.attempt or len(named)) - 1
            return named[number] if 0 <= number < len(named) else None
        bearing = {own_id: each for each in self.plan.completions for own_id in each.statements}
        ids = [fact.id for fact in self.staged.facts.statements]
        return next((bearing[own_id] for own_id in reversed(ids) if own_id in bearing), None)

    def _is(self, completion: Completion, activity: str) -> bool:
        return activity in {*self.seen[completion.id].subject.activity_ids, completion.activity_name}

    def _without_completion(self, expectation: Expectation) -> Iterator[Miss]:
        if expectation.activity is None and expectation.completions == 0:
            return
        wanted = f"one at {expectation.activity}" if expectation.activity is not None else "one"
        attempt = f", attempt {expectation.attempt}" if expectation.attempt is not None else ""
        count = len(self.plan.completions)
        yield Miss("completion", wanted + attempt, f"{count} others" if count else "none")

    def why(self, miss: Miss, completion: Completion | None) -> Iterator[str]:
        """The lines that say why a miss came about."""
        if completion is None:
            if not self.plan.completions:
                yield from why_unread(self.ruleset, self.staged.facts.statements[-1])
            return
        subject = self.seen[completion.id].subject
        if not miss.what:
            yield from why_match(self.rule, subject, self.staged.now)
        if miss.what in {"evidence", "standing", "goals"}:
            yield from why_goals(self.facts, self.ruleset, completion.id, self.staged.now)
