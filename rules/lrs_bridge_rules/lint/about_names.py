"""Lints about names that nobody uses: lists, and templates of follow-ups."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lrs_bridge_rules.lint.lint import Lint
from lrs_bridge_rules.lint.remark import Severity

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrs_bridge_rules.lint.lint import Checked
    from lrs_bridge_rules.lint.remark import Remark


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
