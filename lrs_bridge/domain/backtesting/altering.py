"""What differs between two rulesets, by what it means and not by how it is written.

Whatever is called different is looked at closely; so it does no harm to call too much so, and nothing that can change
a plan may be called the same. Titles, reasons, places, tests and the order of rules change no result that is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, Protocol, TypeVar

from lrs_bridge.domain.facts import Facts
from lrs_bridge_rules.completions.definition import Definition
from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause, Not
from lrs_bridge_rules.rule import Exemption, Rule
from lrs_bridge_rules.ruleset import Ruleset

#: Statuses with which a rule changes what is planned.
EFFECTIVE: Final = frozenset({"active"})
_ASLEEP: Final = frozenset({"retired"})


class _Named(Protocol):
    """What is told apart by an id."""

    @property
    def id(self) -> str: ...


T = TypeVar("T", bound=_Named)


@dataclass(frozen=True, slots=True)
class Alteration:
    """The difference between the rules in force and a draft.

    `definitions`: completion definitions of either side that the other one doesn't have, or has at another place;
    `rules`: ids of rules that differ; `tasks_and_waste`: whether templates, defaults or thresholds differ.
    """

    before: Ruleset
    after: Ruleset
    definitions: tuple[Definition, ...]
    rules: frozenset[str]
    tasks_and_waste: bool

    @classmethod
    def between(cls, before: Ruleset, after: Ruleset) -> Alteration:
        return cls(
            before,
            after,
            tuple(_differing_definitions(before.definitions, after.definitions)),
            _differing(before.rules, after.rules, _same_rule),
            _tasks_and_waste(before) != _tasks_and_waste(after),
        )

    @property
    def new_definitions(self) -> tuple[Definition, ...]:
        """Those of the draft that want something and that are not in force."""
        own = {id(each) for each in self.after.definitions}
        return tuple(each for each in self.definitions if id(each) in own and each.outcome is not None)


def reads_otherwise(alteration: Alteration) -> Callable[[Facts], bool]:
    """A question: may any statement of a learner mean something else under the draft?

    If none of the definitions that differ fits a statement, the first that fits is the same on both sides.
    """
    if not alteration.definitions:
        return lambda _: False
    # As if each of them wanted what fits it: what a definition makes noise of is another meaning too.
    wanting = tuple(replace(each, outcome=Outcome.COMPLETED) for each in alteration.definitions)
    any_of_them = Ruleset({}, wanting)

    def asked(facts: Facts) -> bool:
        kinds = facts.organisation.source_kinds
        return any(
            any_of_them.wants(fact.statement, source=fact.source, source_kind=kinds.get(fact.source, ""))
            for fact in facts.statements
        )

    return asked


def _tasks_and_waste(ruleset: Ruleset) -> tuple[object, ...]:
    return dict(ruleset.follow_ups), ruleset.follow_ups_default, ruleset.waste


def _differing_definitions(before: Sequence[Definition], after: Sequence[Definition]) -> Iterator[Definition]:
    """The first that fits wins, so where those in common stand in another order all of them differ."""
    differing = _differing(before, after, _same_definition)
    common = [[each.id for each in side if each.id not in differing] for side in (before, after)]
    for each in (*before, *after):
        if each.id in differing or common[0] != common[1]:
            yield each


def _differing(before: Sequence[T], after: Sequence[T], same: Callable[[T, T], bool]) -> frozenset[str]:
    """The ids of what is on one side alone, or not the same on both."""
    old, new = _by_id(before), _by_id(after)
    both = old.keys() & new.keys()
    return frozenset(old.keys() ^ new.keys()) | {each for each in both if not same(old[each], new[each])}


def _by_id(things: Sequence[T]) -> Mapping[str, T]:
    return {each.id: each for each in things}


def _same_definition(one: Definition, other: Definition) -> bool:
    return one is other or (
        (one.outcome, one.group, one.types, one.attempt, one.score)
        == (other.outcome, other.group, other.types, other.attempt, other.score)
        and same_condition(one.condition, other.condition)
    )


def _same_rule(one: Rule, other: Rule) -> bool:
    return one is other or (
        (one.status, one.evidence, one.follow_ups, one.excludes)
        == (other.status, other.evidence, other.follow_ups, other.excludes)
        and len(one.exemptions) == len(other.exemptions)
        and all(map(_same_exemption, one.exemptions, other.exemptions))
        and same_condition(one.condition, other.condition)
    )


def _same_exemption(one: Exemption, other: Exemption) -> bool:
    return one.until == other.until and same_condition(one.condition, other.condition)


def same_condition(one: Any, other: Any) -> bool:  # noqa: ANN401  # any condition; of kinds that are new here too
    """Whether two conditions hold for the same, part by part; how a value was written makes no difference."""
    match one, other:
        case Clause(), Clause():
            return bool(one.field == other.field and one.operator == other.operator)
        case (AllOf(), AllOf()) | (AnyOne(), AnyOne()):
            return len(one.parts) == len(other.parts) and all(map(same_condition, one.parts, other.parts))
        case Not(), Not():
            return same_condition(one.part, other.part)
        case _:
            return bool(one == other)


@dataclass(frozen=True, slots=True)
class Watched:
    """A rule whose hits are counted: as it stands on either side (None: not there), and whether that is the same."""

    id: str
    before: Rule | None
    after: Rule | None
    same: bool

    @property
    def effective(self) -> bool:
        """Whether it can change a plan: it differs, and is active on one side."""
        return not self.same and any(
            rule is not None and rule.status in EFFECTIVE for rule in (self.before, self.after)
        )

    def rule(self, tag: str) -> Rule:
        """The rule on one side, made one that is only counted, under a name that says which side that is."""
        rule = self.after if tag == AFTER else self.before
        assert rule is not None  # noqa: S101  # said for the type checker: nobody asks for a side that is not there
        return replace(rule, id=tag + self.id, status="shadow")


BEFORE, AFTER, BOTH = "<", ">", "="


def watched(alteration: Alteration) -> Mapping[str, Watched]:
    """The rules whose hits are worth counting: those that differ, and those that have no effect yet."""
    before, after = _by_id(alteration.before.rules), _by_id(alteration.after.rules)
    found = {}
    for rule_id in sorted(before.keys() | after.keys()):
        one, other = _awake(before.get(rule_id)), _awake(after.get(rule_id))
        each = Watched(rule_id, one, other, same=rule_id not in alteration.rules)
        waits = other is not None and other.status not in EFFECTIVE
        if (one or other) and (not each.same or waits):
            found[rule_id] = each
    return found


def _awake(rule: Rule | None) -> Rule | None:
    return None if rule is None or rule.status in _ASLEEP else rule


def probe(rules: Mapping[str, Watched], tags: Sequence[str]) -> Ruleset:
    """A ruleset that counts hits, and says by its rules' names on which sides they hit."""
    return Ruleset({}, rules=tuple(each.rule(tag) for each in rules.values() for tag in _tags(each) if tag in tags))


def _tags(rule: Watched) -> Sequence[str]:
    if rule.same:
        return (BOTH,)
    return tuple(tag for tag, side in ((BEFORE, rule.before), (AFTER, rule.after)) if side is not None)
