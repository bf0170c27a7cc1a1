"""What every lint is, and what it is given: the ruleset, the moment, what is known of the past, and reasoning.

A lint is one small class: `name` and `about` say what it looks for, `remarks` finds it. `table` lists them all.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any, ClassVar, Final

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.condition import Clause
from lrs_bridge_rules.conditions.operators import AnyOf
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.lint.knowledge import OF_COMPLETIONS, OF_STATEMENTS, Level
from lrs_bridge_rules.lint.reasoning import Reasoning
from lrs_bridge_rules.lint.remark import Remark, Severity
from lrs_bridge_rules.lint.sayings import ANYTHING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from lrs_bridge_rules.completions.definition import Definition
    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.conditions.operators import Operator
    from lrs_bridge_rules.documents.tree import Place
    from lrs_bridge_rules.lint.history import History
    from lrs_bridge_rules.rule import Rule
    from lrs_bridge_rules.ruleset import Ruleset

#: Steps on the way leave an attempt started; every other outcome may be what came of it.
_LEAVES: Final[Mapping[Outcome, Outcome]] = {
    Outcome.PROGRESSED: Outcome.STARTED,
    Outcome.SCORED: Outcome.STARTED,
}


@dataclass(frozen=True)
class Checked:
    """What is looked at. Without `history` the lints that need one have nothing to say."""

    ruleset: Ruleset
    now: datetime
    history: History | None = None
    _answers: dict[tuple[str, Operator], bool] = field(default_factory=dict, repr=False)

    @property
    def rules(self) -> tuple[Rule, ...]:
        """All rules but retired ones, which say nothing any more."""
        return tuple(rule for rule in self.ruleset.rules if rule.status != "retired")

    @property
    def active(self) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.ruleset.rules if rule.status == "active")

    @cached_property
    def speaking(self) -> tuple[Definition, ...]:
        """The completion definitions that say more than that a statement is noise."""
        return tuple(definition for definition in self.ruleset.definitions if definition.outcome is not None)

    @cached_property
    def of_statements(self) -> Reasoning:
        return Reasoning(OF_STATEMENTS)

    @cached_property
    def of_any_completion(self) -> Reasoning:
        """Reasoning about completions whatever the definitions are."""
        return Reasoning(OF_COMPLETIONS)

    @cached_property
    def of_completions(self) -> Reasoning:
        """Reasoning about the completions that the definitions of this ruleset can make."""
        return Reasoning(self._level()) if self.speaking else self.of_any_completion

    @cached_property
    def of_plain_completions(self) -> Reasoning:
        """The same about completions without two names, parents or verbs: those that an example should show."""
        return Reasoning(replace(self.of_completions.level, single=frozenset(SUBJECT_FIELDS)))

    def _level(self) -> Level:
        told = {
            each.outcome for each in self.speaking if each.outcome and not self.of_statements.impossible(*whole(each))
        }
        outcomes = frozenset(_LEAVES.get(outcome, outcome).value for outcome in told)
        domains = {**OF_COMPLETIONS.domains, "outcome": outcomes}
        return replace(OF_COMPLETIONS, domains=domains, reachable=self._reachable)

    def _reachable(self, name: str, test: Operator) -> bool:
        """Say whether some definition lets a value through; asked of what a completion takes from its statements."""
        if name not in {"verb", "activity.type"}:
            return True
        if (name, test) not in self._answers:
            self._answers[name, test] = any(self._lets_through(each, name, test) for each in self.speaking)
        return self._answers[name, test]

    def _lets_through(self, definition: Definition, name: str, test: Operator) -> bool:
        if name == "activity.type" and definition.group:
            types = definition.types
            return not types or any(test.holds((each,)) for each in types)
        clause: Clause[Any] = Clause(STATEMENT_FIELDS[name], "is", test, None)
        return not self.of_statements.impossible(*whole(definition), clause)


def whole(definition: Definition) -> tuple[Condition[Any], ...]:
    """Return all that a statement has to fulfil for a definition: its condition, and what it needs for its activity."""
    if not definition.group:
        return definition.condition, _clause("object.type", AnyOf(frozenset(("Activity",))), "Activity")
    there = _clause(f"context.{definition.group}.id", ANYTHING, expected=True)
    if not definition.types:
        return definition.condition, there
    of_type = _clause(f"context.{definition.group}.type", AnyOf(definition.types), sorted(definition.types))
    return definition.condition, there, of_type


def _clause(name: str, operator: Operator, expected: object) -> Clause[Any]:
    return Clause(STATEMENT_FIELDS[name], "present" if operator == ANYTHING else "is", operator, expected)


class Lint(ABC):
    """One thing to look for. `needs_history`: it can say something only where there is a database to look into."""

    name: ClassVar[str]
    about: ClassVar[str]
    needs_history: ClassVar[bool] = False

    @abstractmethod
    def remarks(self, checked: Checked) -> Iterator[Remark]:
        """Iterate over what is to be said, in any order."""

    def remark(self, place: Place, severity: Severity, about: str, message: str) -> Remark:
        return Remark(place, self.name, severity, message, about)


def unless_draft(rule: Rule, severity: Severity) -> Severity:
    """Return a severity, softened for drafts: what has no effect yet keeps nobody from anything."""
    return Severity.WARNING if rule.status == "draft" and severity is Severity.ERROR else severity
