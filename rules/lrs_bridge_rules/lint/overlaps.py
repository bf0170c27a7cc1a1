"""The lint that finds active rules which meet: both can evidence the same goal for the same completion.

Not every pair is tried: a pair is looked at only if both ask for the same evidence and an example of the one comes
near the other by what determines it. What is said is proven by an example that both fit.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.conditions.condition import AllOf, Not
from lrs_bridge_rules.conditions.index import Index
from lrs_bridge_rules.lint.example import examples
from lrs_bridge_rules.lint.lint import Lint
from lrs_bridge_rules.lint.remark import Severity
from lrs_bridge_rules.lint.words import some

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.lint.example import Example
    from lrs_bridge_rules.lint.lint import Checked
    from lrs_bridge_rules.lint.remark import Remark
    from lrs_bridge_rules.rule import Rule
    from lrs_bridge_rules.verdict import EvidenceSpec

_TRIED: Final = 10  # so many others are tried for one rule; who overlaps with more has one cause for all
_Target = tuple[str | None, str | None, str | None]


class Overlap(Lint):
    """Rules that can speak for one goal at once; the higher weight counts, and the follow-ups of all are opened."""

    name = "overlap"
    about = "Two active rules can be evidence for the same goal for one and the same completion."

    def remarks(self, checked: Checked) -> Iterator[Remark]:
        meeting: dict[int, list[tuple[int, Example]]] = defaultdict(list)
        rules = [rule for rule in checked.active if rule.evidence]
        for earlier, later, example in _meetings(checked, rules):
            meeting[later].append((earlier, example))
        for number, others in sorted(meeting.items()):
            yield self._remark(
                checked,
                rules[number],
                [(rules[other], example) for other, example in sorted(others, key=lambda each: each[0])],
            )

    def _remark(self, checked: Checked, rule: Rule, others: Sequence[tuple[Rule, Example]]) -> Remark:
        other, example = others[0]
        shared = min(_targets(rule) & _targets(other), key=str)
        goals = next(f"{kind} “{name}”" for kind, name in zip(_KINDS, shared, strict=True) if name)
        named = some(f"{each.id} ({each.place.path}:{each.place.line})" for each, _ in others)
        message = (
            f"the rule {rule.id} overlaps with {named} in evidence for the {goals}, for example where {example}; "
            f"{_effect(rule, other)}"
        )
        if checked.of_completions.implies(rule.condition, other.condition):
            message += f"; {other.id} fits whatever {rule.id} fits"
        return self.remark(rule.place, Severity.NOTE, f"rule {rule.id}", message)


_KINDS: Final = ("competency", "activity", "goal")


def _effect(rule: Rule, other: Rule) -> str:
    if set(rule.follow_ups) != set(other.follow_ups):
        return (
            "there the follow-ups of both are opened: if that is too much, let one rule leave out what the other fits"
        )
    weights = {spec.weight for each in (rule, other) for spec in each.evidence}
    if len(weights) > 1:
        return "there the higher weight counts: if that is not meant, let one rule leave out what the other fits"
    return "that does no harm, but changing one of them alone will change less than it seems"


def _targets(rule: Rule) -> set[_Target]:
    return {_target(spec) for spec in rule.evidence}


def _target(spec: EvidenceSpec) -> _Target:
    return spec.competency, spec.activity, spec.goal


def _meetings(checked: Checked, rules: Sequence[Rule]) -> Iterator[tuple[int, int, Example]]:
    """Iterate over pairs that meet, by number, with a completion that both fit."""
    groups: dict[_Target, list[int]] = defaultdict(list)
    for number, rule in enumerate(rules):
        for target in _targets(rule):
            groups[target].append(number)
    seen: set[tuple[int, int]] = set()
    for members in groups.values():
        for pair in _near(checked, rules, members) if len(members) > 1 else ():
            if pair not in seen:
                seen.add(pair)
                both = _shared_example(checked, rules[pair[0]], rules[pair[1]])
                if both is not None:
                    yield *pair, both


def _near(checked: Checked, rules: Sequence[Rule], members: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Iterate over pairs of which an example of the one comes near the other, by the index that evaluation uses."""
    index: Index[Any] = Index([rules[number].condition for number in members])
    for number in members:
        tried: set[int] = set()
        for example in examples(checked.of_plain_completions, rules[number].condition):
            tried |= {members[each] for each in index.candidates(example)} - {number}
        yield from ((min(number, other), max(number, other)) for other in islice(sorted(tried), _TRIED))


def _shared_example(checked: Checked, one: Rule, other: Rule) -> Example | None:
    return next(examples(checked.of_plain_completions, _applying(one), _applying(other)), None)


def _applying(rule: Rule) -> Condition[Any]:
    return AllOf((rule.condition, *(Not(each.condition) for each in rule.exemptions)))
