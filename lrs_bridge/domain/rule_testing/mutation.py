"""Which clauses no test holds: each is left out, and turned round, and at least one case has to notice.

A clause that could be dropped without any case failing is one that nobody would miss if it were lost by mistake.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lrs_bridge.domain.rule_testing.result import place_text
from lrs_bridge.domain.rule_testing.running import passes
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause, Condition, Not
from lrs_bridge_rules.rule import Rule
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.variant import Variant

Asked = Condition[Subject]

_EVERYTHING: Asked = AllOf(())

_KEEPS_OUT = "add a case that expects no-match, and that nothing but this keeps out"
_LETS_IN = "add a case that expects match, and that nothing but this lets in"


@dataclass(frozen=True, slots=True)
class WeakSpot:
    """A clause (or exception) that no case holds: all passed after `change`. `advice` says which case would not."""

    rule: str
    where: str
    clause: str
    change: str
    advice: str


@dataclass(frozen=True, slots=True)
class Mutated:
    """How many clauses were tried, and which no case holds. `skipped`: rules whose tests fail, or that have none."""

    tried: int
    weak: tuple[WeakSpot, ...]
    skipped: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Mutant:
    """A rule with one thing changed."""

    clause: str
    change: str
    rule: Rule
    widens: bool


def mutate(ruleset: Ruleset) -> Mutated:
    """Change one clause after the other of all rules that are the organisation's own, and run the cases of its rule."""
    tried, weak, skipped = 0, list[WeakSpot](), list[str]()
    for rule in ruleset.rules:
        if rule.place.in_pack:
            continue
        if not rule.tests or _noticed(ruleset, rule):
            skipped.append(rule.id)
            continue
        survivors: dict[int, Mutant] = {}
        for number, mutant in mutants_of(rule):
            tried += mutant.change == "left out"
            if number not in survivors and not _noticed(ruleset, mutant.rule):
                survivors[number] = mutant
        weak += [_weak_spot(rule, mutant) for mutant in survivors.values()]
    return Mutated(tried, tuple(weak), tuple(skipped))


def _noticed(ruleset: Ruleset, rule: Rule) -> bool:
    variant = Variant(ruleset, rule)
    return not all(passes(variant, rule, case) for case in rule.tests)


def _weak_spot(rule: Rule, mutant: Mutant) -> WeakSpot:
    advice = _KEEPS_OUT if mutant.widens else _LETS_IN
    return WeakSpot(rule.id, place_text(rule.place), mutant.clause, mutant.change, advice)


def mutants_of(rule: Rule) -> Iterator[tuple[int, Mutant]]:
    """The rule with each clause left out and turned round, then without each exception; numbered by what is changed."""
    number = 0
    for number, (leaf, condition, widens) in enumerate(without_each(rule.condition), start=1):
        changed = replace(rule, condition=_EVERYTHING if condition is None else condition)
        yield number, Mutant(_text_of(leaf), "left out", changed, widens)
    for turned, (leaf, condition) in enumerate(turning_each(rule.condition), start=1):
        yield turned, Mutant(_text_of(leaf), "turned round", replace(rule, condition=condition), widens=True)
    for exemption in rule.exemptions:
        number += 1
        others = tuple(each for each in rule.exemptions if each is not exemption)
        yield number, Mutant(f"unless: {exemption.reason}", "left out", replace(rule, exemptions=others), widens=True)


def without_each(condition: Asked) -> Iterator[tuple[Asked, Asked | None, bool]]:
    """Each clause, with the condition that is left without it (None: nothing), and whether that lets more in."""
    match condition:
        case AllOf() | AnyOne():
            for place, part in enumerate(condition.parts):
                for leaf, changed, widens in without_each(part):
                    parts = _with_part(condition.parts, place, changed)
                    gone = changed is None
                    left = replace(condition, parts=parts) if parts else None
                    yield leaf, left, (isinstance(condition, AllOf) or not parts) if gone else widens
        case Not():
            for leaf, changed, widens in without_each(condition.part):
                yield leaf, None if changed is None else Not(changed), not widens
        case _:
            yield condition, None, True


def turning_each(condition: Asked) -> Iterator[tuple[Asked, Asked]]:
    """Each clause, with the condition in which it says the opposite; in the order of `without_each`."""
    match condition:
        case AllOf() | AnyOne():
            for place, part in enumerate(condition.parts):
                for leaf, changed in turning_each(part):
                    yield leaf, replace(condition, parts=_with_part(condition.parts, place, changed))
        case Not():
            yield from ((leaf, _not(changed)) for leaf, changed in turning_each(condition.part))
        case _:
            yield condition, Not(condition)


def _not(condition: Asked) -> Asked:
    return condition.part if isinstance(condition, Not) else Not(condition)


def _with_part(parts: tuple[Asked, ...], place: int, changed: Asked | None) -> tuple[Asked, ...]:
    kept = () if changed is None else (changed,)
    return (*parts[:place], *kept, *parts[place + 1 :])


def _text_of(leaf: Asked) -> str:
    if isinstance(leaf, Clause):
        return f"{leaf.field.name} {leaf.word} {_operand(leaf.expected)}"
    return f"{type(leaf).__name__.lower()} {getattr(leaf, 'name', '')}".strip()


def _operand(value: object) -> str:
    match value:
        case list() | tuple():
            return ", ".join(map(_operand, value))
        case dict():
            return ", ".join(f"{key} {_operand(each)}" for key, each in value.items())
        case bool():
            return str(value).lower()
        case _:
            return str(value)
