"""Lints about rules beside each other: the same twice, swallowed by an exclusion, without the tests that they need."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.completions.outcome import FINISHED
from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause, Not
from lrs_bridge_rules.conditions.index import Index
from lrs_bridge_rules.conditions.operators import AnyOf
from lrs_bridge_rules.lint.example import examples
from lrs_bridge_rules.lint.lint import Lint
from lrs_bridge_rules.lint.remark import Severity
from lrs_bridge_rules.lint.sayings import saying_of
from lrs_bridge_rules.wording import joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.lint.lint import Checked
    from lrs_bridge_rules.lint.remark import Remark
    from lrs_bridge_rules.rule import Rule

#: What an active rule must show before it can be published.
_NEEDED: Final = ("match", "no-match")


class Duplicate(Lint):
    """Two rules of one status that fit the very same completions."""

    name = "duplicate"
    about = "Two rules have the same condition; one of them is most likely left over."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        first: dict[Hashable, Rule] = {}
        for rule in checked.rules:
            earlier = first.setdefault(_key_of_rule(rule), rule)
            if earlier is not rule:
                yield self._remark(earlier, rule)

    def _remark(self, earlier: Rule, later: Rule) -> Remark:
        same = (earlier.evidence, earlier.reason) == (later.evidence, later.reason)
        advice = (
            "and they say the same; keep one of them"
            if same
            else "so one rule with the evidence of both would be easier to keep in step"
        )
        message = f"the rule {later.id} has the same condition as {earlier.id} ({_where(earlier)}), {advice}"
        return self.remark(later.place, Severity.WARNING if same else Severity.NOTE, f"rule {later.id}", message)


def _key_of_rule(rule: Rule) -> Hashable:
    """Return something that is equal for rules of one status that fit the same by their very words."""
    exceptions = frozenset((_key(each.condition, holds=True), each.until) for each in rule.exemptions)
    return rule.status, _key(rule.condition, holds=True), exceptions


def _key(condition: Condition[Any], *, holds: bool) -> Hashable:
    """Return something that is equal for conditions that differ only in order and nesting."""
    match condition:
        case Not():
            return _key(condition.part, holds=not holds)
        case AllOf() | AnyOne():
            kind = isinstance(condition, AllOf) is holds
            below = [_key(part, holds=holds) for part in condition.parts]
            merged = frozenset[Hashable]().union(
                *(key.keys if isinstance(key, _Group) and key.all is kind else (key,) for key in below)
            )
            return next(iter(merged)) if len(merged) == 1 else _Group(kind, merged)
        case _:
            return saying_of(condition, holds=holds, same={}).key()


@dataclass(frozen=True, slots=True)
class _Group:
    """What stands together under `all`, or else under `any`, in no order."""

    all: bool
    keys: frozenset[Hashable]


class Swallowed(Lint):
    """A rule with evidence whose completions are all excluded by another."""

    name = "swallowed"
    about = "An excluding rule fits whatever this rule fits, so this rule never has an effect."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        excluding = [rule for rule in checked.active if rule.excludes]
        index = Index([rule.condition for rule in excluding])
        for rule in checked.active if excluding else ():
            swallowing = None if rule.excludes else _swallowing(checked, rule, excluding, index)
            if swallowing is not None:
                message = (
                    f"the rule {rule.id} has no effect: {swallowing.id} ({_where(swallowing)}) excludes whatever it"
                    f" fits (“{swallowing.reason}”); narrow that one, or retire this one"
                )
                yield self.remark(rule.place, Severity.ERROR, f"rule {rule.id}", message)


def _swallowing(checked: Checked, rule: Rule, excluding: Sequence[Rule], index: Index[Any]) -> Rule | None:
    reasoning = checked.of_completions
    if reasoning.impossible(rule.condition):
        return None  # said elsewhere
    example = next(examples(reasoning, rule.condition), None)
    found = index.candidates(example) if example is not None else range(len(excluding))
    return next((excluding[number] for number in found if _swallows(checked, excluding[number], rule)), None)


def _swallows(checked: Checked, excluding: Rule, rule: Rule) -> bool:
    """Say whether whatever the rule fits is excluded, also where the excluding rule has exceptions."""
    excluded = AllOf((excluding.condition, *(Not(each.condition) for each in excluding.exemptions)))
    return checked.of_completions.implies(rule.condition, excluded)


class NeverCounts(Lint):
    """A rule with evidence that only fits attempts which nothing is learned by."""

    name = "never-counts"
    about = "The rule only fits attempts that are not finished, and these are evidence for nothing."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        reasoning = checked.of_completions
        for rule in checked.rules:
            if rule.excludes or reasoning.impossible(rule.condition):
                continue
            if reasoning.impossible(rule.condition, _IS_FINISHED):
                message = (
                    f"the rule {rule.id} has evidence, but fits only attempts that are not finished; evidence is taken"
                    f" where the outcome is one of {', '.join(sorted(FINISHED))}: ask for one of these"
                )
                yield self.remark(rule.place, Severity.WARNING, f"rule {rule.id}", message)


_IS_FINISHED: Final = Clause(
    SUBJECT_FIELDS["outcome"], "in", AnyOf(frozenset(each.value for each in FINISHED)), sorted(FINISHED)
)


class MissingTests(Lint):
    """An active rule that does not show what it fits, or what it does not."""

    name = "missing-tests"
    about = "An active rule needs a test that matches and one that does not, or it cannot be published."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        for rule in checked.active:
            shown = {word for case in rule.tests for word in case.model.shows}
            missing = [f"expects {expected}" for expected in _NEEDED if expected not in shown]
            if missing:
                message = (
                    f"the rule {rule.id} has no test that {joined(missing)}, so it cannot be published; add a case"
                    " under `tests`, or make it a draft"
                )
                yield self.remark(rule.place, Severity.WARNING, f"rule {rule.id}", message)


def _where(rule: Rule) -> str:
    return f"{rule.place.path}:{rule.place.line}"
