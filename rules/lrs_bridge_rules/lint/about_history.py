"""Lints that compare rules with what is in the database: names that nobody uses, and rules that never fitted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause
from lrs_bridge_rules.lint.lint import Lint
from lrs_bridge_rules.lint.remark import Severity
from lrs_bridge_rules.lint.sayings import finite
from lrs_bridge_rules.lint.words import some
from lrs_bridge_rules.nearest import nearest_word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.lint.history import History
    from lrs_bridge_rules.lint.lint import Checked
    from lrs_bridge_rules.lint.remark import Remark
    from lrs_bridge_rules.rule import Rule


class _UnknownName(Lint):
    """A lint about a word of a rule's evidence that nobody else uses."""

    needs_history = True
    _word: ClassVar[str]
    _missed: ClassVar[str]

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        if checked.history is None:
            return
        known = self._known(checked.history)
        for rule in checked.rules:
            for name in dict.fromkeys(getattr(spec, self._word) for spec in rule.evidence):
                if name is not None and name not in known:
                    message = (
                        f"the rule {rule.id} evidences the {self._word} “{name}”, but {self._missed};"
                        f" {_meant(name, known)}correct the name, or leave the rule a draft until there is one"
                    )
                    yield self.remark(rule.place, Severity.WARNING, f"rule {rule.id}", message)

    def _known(self, history: History) -> frozenset[str]:
        raise NotImplementedError


class UnknownCompetency(_UnknownName):
    """A rule that evidences a competency which no goal, no need and no growth agenda names."""

    name = "unknown-competency"
    about = "No goal, no need and no growth agenda names the competency, so the rule is evidence for nobody."
    _word = "competency"
    _missed = "no goal, no need and no growth agenda names it, so it is evidence for nobody"

    def _known(self, history: History) -> frozenset[str]:
        return history.competencies


class UnknownGoal(_UnknownName):
    """A rule that evidences a goal of a title that no contract has."""

    name = "unknown-goal"
    about = "No contract has a goal of this title, so the rule is evidence for nobody."
    _word = "goal"
    _missed = "no contract has a goal of this title, so it is evidence for nobody"

    def _known(self, history: History) -> frozenset[str]:
        return history.goals


class UnknownActivity(_UnknownName):
    """A rule about activities that neither the catalogue nor any contract nor any completion knows."""

    name = "unknown-activity"
    about = "Neither the catalogue nor a goal nor any completion knows the activity that the rule names."
    _word = "activity"
    _missed = "neither the catalogue nor a goal nor any completion knows it"

    def _known(self, history: History) -> frozenset[str]:
        return history.activities

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        yield from super().remarks(checked)
        for rule in checked.rules if checked.history is not None else ():
            yield from self._of_condition(rule, self._known(checked.history) if checked.history else frozenset())

    def _of_condition(self, rule: Rule, known: frozenset[str]) -> Iterator[Remark]:
        for asked in _activities(rule.condition):
            unknown = sorted(asked - known)
            if unknown:
                message = (
                    f"the rule {rule.id} asks for {some(f'“{each}”' for each in unknown)}, but {self._missed}; correct"
                    " the id, or wait for the first statement about it"
                )
                severity = Severity.WARNING if len(unknown) == len(asked) else Severity.NOTE
                yield self.remark(rule.place, severity, f"rule {rule.id}", message)


def _meant(name: str, known: frozenset[str]) -> str:
    near = nearest_word(name, known)
    return f"did you mean “{near}”? If so, " if near is not None else ""


def _activities(condition: Condition[Any]) -> Iterator[frozenset[str]]:
    """Iterate over the activity ids of which a condition asks for one."""
    match condition:
        case Clause():
            ids = finite(condition.operator) if condition.field.name == "activity.id" else None
            if ids is not None:
                yield ids
        case AllOf() | AnyOne():
            for part in condition.parts:
                yield from _activities(part)
        case _:
            return


class NeverHit(Lint):
    """A rule in force that no completion of the history fits."""

    name = "never-hit"
    about = "No completion of the history fits the rule, though it is in force."
    needs_history = True

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        history = checked.history
        if history is None or not history.completions:
            return
        span = f" since {history.since:%Y-%m-%d}" if history.since is not None else ""
        for rule in checked.rules:
            if rule.status != "draft" and not history.hits.get(rule.id):
                message = (
                    f"the {rule.status} rule {rule.id} fits none of {history.completions:,} completions{span}; look"
                    " with `lrs-bridge rules explain` at one that it should fit, or retire it if there is none"
                )
                yield self.remark(rule.place, Severity.NOTE, f"rule {rule.id}", message)
