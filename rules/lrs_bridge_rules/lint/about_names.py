"""Lints about names: lists and templates of follow-ups that nobody uses, words that a profile has given up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lrs_bridge_rules.conditions.condition import Clause
from lrs_bridge_rules.conditions.fields import Kind
from lrs_bridge_rules.conditions.sent import Follows
from lrs_bridge_rules.lint.lint import Lint
from lrs_bridge_rules.lint.remark import Severity
from lrs_bridge_rules.lint.sayings import finite, leaves, saying_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.documents.tree import Place
    from lrs_bridge_rules.lint.lint import Checked
    from lrs_bridge_rules.lint.remark import Remark
    from lrs_bridge_rules.templates.library import Library


class UnusedList(Lint):
    """A named list that no condition asks for."""

    name = "unused-list"
    about = "No condition asks for this list, so changing it changes nothing."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        ruleset = checked.ruleset
        used = {name for definition in ruleset.definitions for name in definition.lists_used}
        used |= {name for rule in ruleset.rules for name in rule.lists_used}
        for name, place in ruleset.lists.items():
            if name not in used:
                message = (
                    f"no rule and no completion definition uses the list {name}, so changing it changes nothing; name"
                    f" it in a condition ({{list: {name}}}), or remove it"
                )
                yield self.remark(place, Severity.WARNING, f"list {name}", message)


class DeprecatedWord(Lint):
    """A verb, an activity type or a Statement Template that its own profile calls deprecated."""

    name = "deprecated-word"
    about = "A condition names a verb, an activity type or a template that its profile calls deprecated."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        library = checked.ruleset.library
        deprecated = {each.id for profile in library.profiles for each in profile.concepts if each.deprecated}
        deprecated |= {each.id for each in library.templates.values() if each.deprecated}
        if not deprecated:
            return
        for definition in checked.ruleset.definitions:
            for name in sorted(_named(library, definition.condition) & deprecated):
                yield self._remark(definition.place, f"completion {definition.id}", name)
        for rule in checked.rules:
            conditions = (rule.condition, *(each.condition for each in rule.exemptions))
            for name in sorted({name for each in conditions for name in _named(library, each)} & deprecated):
                yield self._remark(rule.place, f"rule {rule.id}", name)

    def _remark(self, place: Place, about: str, name: str) -> Remark:
        message = (
            f"the {about} names {name}, which its profile calls deprecated, so sources will stop sending it; name what"
            " took its place as well"
        )
        return self.remark(place, Severity.WARNING, about, message)


def _named(library: Library, condition: Condition[Any]) -> set[str]:
    """Return the IRIs of verbs, activity types and templates that a condition names."""
    found: set[str] = set()
    for leaf in leaves(condition):
        if isinstance(leaf, Follows):
            found.add(library.template(leaf.name).id)
        elif isinstance(leaf, Clause) and leaf.field.kind in (Kind.VERB, Kind.TYPE):
            found |= finite(saying_of(leaf, holds=True, same={}).test) or frozenset()
    return found


class UnusedFollowUp(Lint):
    """A template of follow-ups that nothing asks for."""

    name = "unused-follow-up"
    about = "No rule and no default names this template of follow-ups, so it opens no task unless a goal names it."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        ruleset, history = checked.ruleset, checked.history
        used = {name for rule in checked.rules for name in rule.follow_ups} | set(ruleset.follow_ups_default)
        used |= history.follow_ups if history is not None else frozenset()
        for name, template in ruleset.follow_ups.items():
            if name not in used:
                message = f"no rule names the follow-up {name}, nor is it a default; " + (
                    "a goal of a contract may name it: `rules check --history` looks there too"
                    if history is None
                    else "no goal of a contract names it either, so it opens no task; name it, or remove it"
                )
                severity = Severity.NOTE if history is None else Severity.WARNING
                yield self.remark(template.place, severity, f"follow-up {name}", message)
