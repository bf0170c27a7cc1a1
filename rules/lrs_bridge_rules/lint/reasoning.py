"""Whether a condition can hold at all, worked out from what it says and not by trying.

Sound and unfinished: "no" is proof, "yes" may only mean that the search gave up. A condition is taken apart into
worlds (one choice for every `any`), and each world is looked through for sayings that exclude each other.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Not
from lrs_bridge_rules.conditions.sent import Follows
from lrs_bridge_rules.lint.sayings import ANYTHING, Saying, apart, covers, finite, saying_of, spans_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.lint.knowledge import Level
    from lrs_bridge_rules.lint.sayings import Span

_BRANCHES: Final = 400  # how many choices are tried before it counts as possible
_GROUPS: Final = 10  # how many `any` of one condition are looked into
_PAIRS: Final = 100  # so many sayings about one field are compared two by two

World = tuple[Saying, ...]
_Wanted = tuple["Condition[Any]", bool]  # a condition, and whether it is to hold


@dataclass(frozen=True, slots=True)
class Clash:
    """Sayings that cannot all be true; `known` is what speaks against them beside themselves, "" for nothing."""

    sayings: tuple[Saying, ...]
    known: str = ""


class Reasoning:
    """Reasons about conditions of one level."""

    def __init__(self, level: Level) -> None:
        self.level = level

    def impossible(self, *conditions: Condition[Any]) -> bool:
        """Say whether surely nothing fits all of these."""
        return next(self.worlds(*conditions), None) is None

    def always(self, condition: Condition[Any]) -> bool:
        """Say whether surely everything fits."""
        return self.impossible(Not(condition))

    def implies(self, narrow: Condition[Any], wide: Condition[Any]) -> bool:
        """Say whether surely everything that fits `narrow` fits `wide`."""
        return self.impossible(narrow, Not(wide))

    def worlds(self, *conditions: Condition[Any]) -> Iterator[World]:
        """Iterate over the ways in which all of these could hold; none: they surely cannot."""
        yield from _Search(self, []).worlds((), [(each, True) for each in conditions], ())

    def clash(self, *conditions: Condition[Any]) -> Clash | None:
        """Return what keeps these from ever holding together, None when they may."""
        clashes: list[Clash] = []
        if next(_Search(self, clashes).worlds((), [(each, True) for each in conditions], ()), None) is not None:
            return None
        return clashes[0] if clashes else Clash(())

    def conflict(self, world: Sequence[Saying]) -> Clash | None:
        """Return sayings of a world that exclude each other, None when none surely do."""
        by_field: dict[str, list[Saying]] = defaultdict(list)
        for saying in world:
            by_field[saying.field if saying.test is not None else ""].append(saying)
        unknown = by_field.pop("", [])
        found = _Field.opposites(unknown) if unknown else None
        for name, sayings in by_field.items():
            found = found or _Field(self.level, name, sayings, by_field).clash()
        return found


class _Search:
    """One search for worlds; gives up after so many branches, and what it then yields is unfinished."""

    def __init__(self, reasoning: Reasoning, clashes: list[Clash]) -> None:
        self._reasoning = reasoning
        self._clashes = clashes
        self._left = _BRANCHES

    def worlds(self, so_far: World, asked: list[_Wanted], groups: tuple[list[_Wanted], ...]) -> Iterator[World]:
        sayings, found = self._flattened(asked)
        world, choices = so_far + sayings, groups + found
        clash = self._reasoning.conflict(world)
        if clash is not None:
            self._clashes.append(clash)
            return
        if not choices or len(so_far) > _BRANCHES:
            yield world
            return
        first, *rest = sorted(choices, key=len)[:_GROUPS]
        for choice in first:
            self._left -= 1
            if self._left < 0:
                yield world
                return
            yield from self.worlds(world, [choice], tuple(rest))

    def _flattened(self, asked: list[_Wanted]) -> tuple[World, tuple[list[_Wanted], ...]]:
        """Return what is said in any case, and the groups of which one part each is to hold."""
        same = self._reasoning.level.same
        sayings: list[Saying] = []
        groups: list[list[_Wanted]] = []
        waiting = asked[::-1]
        while waiting:
            condition, wanted = waiting.pop()
            match condition:
                case Not():
                    waiting.append((condition.part, not wanted))
                case AllOf() | AnyOne():
                    parts = [(part, wanted) for part in condition.parts]
                    if isinstance(condition, AllOf) is wanted:
                        waiting += parts[::-1]
                    else:
                        groups.append(parts)
                case _:
                    sayings.append(saying_of(condition, holds=wanted, same=same))
                    waiting += [(need, True) for need in _needs(condition) if wanted]
        return tuple(sayings), tuple(groups)


class _Field:
    """What is said of one field."""

    def __init__(
        self, level: Level, name: str, sayings: Sequence[Saying], everything: Mapping[str, Sequence[Saying]]
    ) -> None:
        self._level = level
        self._name = name
        self._sayings = tuple(sayings)
        self._there = [saying for saying in sayings if saying.wanted]
        self._absent = [saying for saying in sayings if not saying.wanted]
        self._everything = everything

    @staticmethod
    def opposites(sayings: Sequence[Saying]) -> Clash | None:
        """Find a condition of which nothing is known but that it is to hold, and not to hold."""
        against = [saying for saying in sayings if not saying.wanted]
        pairs = ((one, other) for one in sayings if one.wanted for other in against if _the_same(one.of, other.of))
        return next((Clash(pair) for pair in pairs), None)

    def clash(self) -> Clash | None:
        there = self._there or self._name in self._level.always
        if not there:
            return None
        return self._never_there() or self._unreachable() or self._pairs() or self._nothing_left()

    def _never_there(self) -> Clash | None:
        none = next((saying for saying in self._absent if saying.test == ANYTHING), None)
        if none is None:
            return None
        return Clash((none, *self._there[:1]), "" if self._there else f"{self._name} is always there")

    def _unreachable(self) -> Clash | None:
        for saying in self._there:
            if saying.test is not None and not self._level.reachable(self._name, saying.test):
                return Clash((saying,), "no completion definition lets through a statement that says so")
        return None

    def _pairs(self) -> Clash | None:
        """Find two that exclude each other, as they are the easiest to understand."""
        for one in self._there[:_PAIRS]:
            for other in self._absent[:_PAIRS]:
                if one.test is not None and other.test is not None and covers(other.test, one.test):
                    return Clash((one, other))
        if self._name not in self._level.single:
            return None
        for number, one in enumerate(self._there[:_PAIRS]):
            for other in self._there[:number]:
                if one.test is not None and other.test is not None and apart(one.test, other.test):
                    return Clash((other, one))
        return None

    def _nothing_left(self) -> Clash | None:
        """Find out whether the values that could be there are all ruled out."""
        if self._name in self._level.single:
            domain = self._level.domains.get(self._name)
            choices = [values for saying in self._there if (values := finite(saying.test)) is not None]
            choices += [domain] if domain is not None else []
            if choices:
                return None if self._left_of(min(choices, key=len)) else Clash(self._sayings, self._domain_in_words())
            return self._no_span_left()
        for saying in self._there:
            values = finite(saying.test)
            if values is not None and all(any(no.passes(value) for no in self._absent) for value in values):
                return Clash((saying, *self._absent))
        return None

    def _left_of(self, values: frozenset[Any]) -> bool:
        domain = self._level.domains.get(self._name, values)
        return any(
            value in domain
            and all(saying.passes(value) is saying.wanted for saying in self._sayings)
            and self._allowed(value)
            for value in values
        )

    def _allowed(self, value: object) -> bool:
        """Say whether what follows from this value is not ruled out elsewhere."""
        follows = self._level.follows.get((self._name, value))
        if follows is None:
            return True
        field, other = follows
        return all(saying.passes(other) is saying.wanted for saying in self._everything.get(field, ()))

    def _no_span_left(self) -> Clash | None:
        left = self._level.bounds.get(self._name)
        for saying in self._sayings:
            span = _usable(saying)
            if span is not None:
                left = span if left is None else left.meet(span)
        if left is not None and left.empty():
            return Clash(self._sayings, self._bounds_in_words())
        return None

    def _domain_in_words(self) -> str:
        domain = self._level.domains.get(self._name)
        if domain is None or any(finite(saying.test) and len(self._sayings) > 1 for saying in self._there):
            return ""
        words = ", ".join(sorted(str(value).lower() for value in domain))
        return f"{self._name} can only be one of: {words}" if words else f"{self._name} has no value at all"

    def _bounds_in_words(self) -> str:
        bounds = self._level.bounds.get(self._name)
        return f"{self._name} lies between {bounds.low:g} and {bounds.high:g}" if bounds is not None else ""


def _needs(condition: Condition[Any]) -> Sequence[Condition[Any]]:
    """Return what holds wherever a condition does that does not tell it of itself."""
    return condition.needs if isinstance(condition, Follows) else ()


def _the_same(one: Condition[Any], other: Condition[Any]) -> bool:
    if isinstance(one, Follows) and isinstance(other, Follows):
        return one.field.name == other.field.name
    return one == other


def _usable(saying: Saying) -> Span | None:
    """Return the span in which the only value of a field must lie because of a saying, None when it is not one."""
    spans = spans_of(saying.test)
    if len(spans) != 1:
        return None
    return spans[0] if saying.wanted else spans[0].rest()
