"""A ruleset in which one rule is another: as it would be if it counted, or with one clause changed.

Tests of a rule that has no effect yet are run under such a one, and so are the changes of `rules test --mutate`. Made
in no time, as the index of the thousand other rules is shared.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from lrs_bridge_rules.ruleset import Ruleset

if TYPE_CHECKING:
    from lrs_bridge_rules.completions.subject import Subject
    from lrs_bridge_rules.conditions.fields import Facts
    from lrs_bridge_rules.rule import Rule


class Variant(Ruleset):
    """A ruleset with `rule` in place of the one with the same id, and active, whatever its status."""

    def __init__(self, ruleset: Ruleset, rule: Rule) -> None:
        self.__dict__.update(ruleset.__dict__)
        self._tried = replace(rule, status="active")
        self.rules = tuple(self._tried if each.id == rule.id else each for each in ruleset.rules)
        self._order = {each.id: number for number, each in enumerate(ruleset.rules)}

    def _that_may_fit(self, facts: Facts[Subject]) -> list[Rule]:
        others = [each for each in super()._that_may_fit(facts) if each.id != self._tried.id]
        return sorted((*others, self._tried), key=lambda rule: self._order[rule.id])
