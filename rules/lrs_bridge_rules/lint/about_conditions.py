"""Lints about conditions taken by themselves: what can never hold, what always does, and what was meant otherwise."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause, Not
from lrs_bridge_rules.lint.lint import Lint, unless_draft, whole
from lrs_bridge_rules.lint.remark import Severity
from lrs_bridge_rules.lint.sayings import leaves, spans_of
from lrs_bridge_rules.lint.words import clash_in_words, in_words
from lrs_bridge_rules.wording import joined

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.lint.lint import Checked
    from lrs_bridge_rules.lint.reasoning import Reasoning
    from lrs_bridge_rules.lint.remark import Remark
    from lrs_bridge_rules.rule import Rule


class NeverMatches(Lint):
    """A rule that no completion can ever fit, or a definition that no statement can."""

    name = "never-matches"
    about = "The condition contradicts itself, or asks for what no completion can be; so it never has any effect."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        for definition in checked.ruleset.definitions:
            clash = checked.of_statements.clash(*whole(definition))
            if clash is not None:
                message = (
                    f"the completion definition {definition.id} can never fit: {clash_in_words(clash)}; correct it, or"
                    " remove it, for now it says nothing of any statement"
                )
                yield self.remark(definition.place, Severity.ERROR, f"completion {definition.id}", message)
        for rule in checked.rules:
            reason = self._reason(checked, rule)
            if reason:
                message = f"the rule {rule.id} can never match: {reason}; correct its condition, or retire it"
                yield self.remark(rule.place, unless_draft(rule, Severity.ERROR), f"rule {rule.id}", message)

    @staticmethod
    def _reason(checked: Checked, rule: Rule) -> str:
        clash = checked.of_completions.clash(rule.condition)
        if clash is not None:
            return clash_in_words(clash)
        running = [each for each in rule.exemptions if each.until is None or checked.now < each.until]
        if running and checked.of_completions.impossible(rule.condition, *(Not(each.condition) for each in running)):
            reasons = joined([f"“{each.reason}”" for each in running])
            return f"its exceptions ({reasons}) hold whenever it does"
        return ""


class DeadBranch(Lint):
    """A branch of an `any` that can never hold, while another one can."""

    name = "dead-branch"
    about = "One of the branches of an `any` can never hold, so the rule covers less than it seems to."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        for definition in checked.ruleset.definitions:
            condition, *given = whole(definition)
            for branch in _dead(checked.of_statements, condition, tuple(given)):
                message = self._message(f"the completion definition {definition.id}", branch)
                yield self.remark(definition.place, Severity.WARNING, f"completion {definition.id}", message)
        for rule in checked.rules:
            for branch in _dead(checked.of_completions, rule.condition, ()):
                yield self.remark(
                    rule.place, Severity.WARNING, f"rule {rule.id}", self._message(f"the rule {rule.id}", branch)
                )

    @staticmethod
    def _message(whose: str, branch: Condition[Any]) -> str:
        return (
            f"in {whose} the branch `{in_words(branch)}` can never hold, so what it was written for is not covered;"
            " correct it, or remove it"
        )


def _dead(
    reasoning: Reasoning, condition: Condition[Any], given: tuple[Condition[Any], ...]
) -> Iterator[Condition[Any]]:
    """Iterate over the branches that cannot hold where all that is given does; none where nothing can hold anyway."""
    match condition:
        case AllOf():
            for number, part in enumerate(condition.parts):
                if isinstance(part, AllOf | AnyOne):
                    others = condition.parts[:number] + condition.parts[number + 1 :]
                    yield from _dead(reasoning, part, (*given, *others))
        case AnyOne():
            dead = [branch for branch in condition.parts if reasoning.impossible(*given, branch)]
            yield from dead if len(dead) < len(condition.parts) else ()
            for branch in condition.parts:
                if branch not in dead:
                    yield from _dead(reasoning, branch, given)
        case _:
            return


class AlwaysMatches(Lint):
    """A condition, or a part of one, that holds whatever is looked at."""

    name = "always-matches"
    about = "The condition, or a part of it, holds for everything, so it decides nothing."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        for definition in checked.ruleset.definitions:
            for part in _always(checked.of_statements, definition.condition):
                message = self._message("the completion definition", definition.id, part, definition.condition)
                yield self.remark(definition.place, Severity.WARNING, f"completion {definition.id}", message)
        for rule in checked.rules:
            for part in _always(checked.of_any_completion, rule.condition):
                message = self._message("the rule", rule.id, part, rule.condition)
                yield self.remark(rule.place, Severity.WARNING, f"rule {rule.id}", message)

    @staticmethod
    def _message(what: str, name: str, part: Condition[Any], condition: Condition[Any]) -> str:
        if part is condition:
            return (
                f"{what} {name} fits everything: `{in_words(part)}` always holds; say which activities are meant, or"
                " remove it"
            )
        return f"in {what} {name} the part `{in_words(part)}` always holds, so it decides nothing; correct or remove it"


def _always(reasoning: Reasoning, condition: Condition[Any]) -> Iterator[Condition[Any]]:
    if reasoning.always(condition):
        yield condition
        return
    for part in condition.parts if isinstance(condition, AllOf) else ():
        yield from _always(reasoning, part)


class Fraction(Lint):
    """A score in percent that is compared with a fraction of one."""

    name = "fraction"
    about = "score.percent runs from 0 to 100; a limit between 0 and 1 was most likely meant as a fraction."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        for definition in checked.ruleset.definitions:
            for clause in _fractions(definition.condition):
                about = f"completion {definition.id}"
                yield self.remark(definition.place, Severity.WARNING, about, self._message(about, clause))
        for rule in checked.rules:
            for clause in chain(_fractions(rule.condition), *(_fractions(each.condition) for each in rule.exemptions)):
                about = f"rule {rule.id}"
                yield self.remark(rule.place, Severity.WARNING, about, self._message(about, clause))

    @staticmethod
    def _message(about: str, clause: Clause[Any]) -> str:
        return (
            f"the {about} asks for `{in_words(clause)}`, but percent run from 0 to 100; write 70 where you mean 70 of"
            " 100, not 0.7"
        )


_PERCENT: Final = "score.percent"


def _fractions(condition: Condition[Any]) -> Iterator[Clause[Any]]:
    for leaf in leaves(condition):
        if isinstance(leaf, Clause) and leaf.field.name == _PERCENT:
            limits = [limit for span in spans_of(leaf.operator) for limit in (span.low, span.high)]
            if any(limit is not None and 0 < limit < 1 for limit in limits):
                yield leaf
