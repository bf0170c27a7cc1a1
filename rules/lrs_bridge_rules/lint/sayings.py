"""What operators say of values, in forms that can be compared with each other when no value is at hand.

A *saying* is one clause turned into "some value passes this test" or "no value does". `reasoning` puts sayings
together; everything here errs on the side of "I cannot tell", never on the other.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause, Not
from lrs_bridge_rules.conditions.operators import (
    AnyOf,
    AtLeast,
    AtMost,
    Between,
    Contains,
    Glob,
    Greater,
    Less,
    NoneOf,
    Prefix,
    Present,
    Within,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterator, Mapping

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.conditions.operators import Operator

#: Passed by every value there is.
ANYTHING: Final = Present(wanted=True)
#: The operators that hold when some value passes, and so can be asked value by value.
_BY_VALUE: Final = (AnyOf, Contains, Prefix, Glob, Greater, AtLeast, Less, AtMost, Between, Within)


@dataclass(frozen=True, slots=True, eq=False)
class Saying:
    """`wanted`: some value of `field` passes `test`; else none does. `of` is the condition that says so.

    Without a `test` nothing is known but that `of` holds, or (not `wanted`) does not.
    """

    of: Condition[Any]
    wanted: bool
    field: str = ""
    test: Operator | None = None
    negated: bool = False

    def passes(self, value: object) -> bool:
        return self.test is not None and self.test.holds((value,))

    def key(self) -> Hashable:
        """Return something hashable that is equal for sayings that say the same."""
        return (self.field, self.test, self.wanted) if self.test is not None else (id(self.of), self.wanted)


def saying_of(condition: Condition[Any], *, holds: bool, same: Mapping[str, str]) -> Saying:
    """Return what a condition without parts says; `same` gives one name to fields that are the same."""
    if not isinstance(condition, Clause):
        return Saying(condition, holds, negated=not holds)
    field = same.get(condition.field.name, condition.field.name)
    match condition.operator:
        case NoneOf(expected):
            return Saying(condition, not holds, field, AnyOf(expected), not holds)
        case Present(wanted):
            return Saying(condition, holds is wanted, field, ANYTHING, not holds)
        case operator if isinstance(operator, _BY_VALUE):
            return Saying(condition, holds, field, operator, not holds)
        case _:
            return Saying(condition, holds, negated=not holds)


def leaves(condition: Condition[Any]) -> Iterator[Condition[Any]]:
    """Iterate over the conditions without parts that a condition is made of, negated ones too."""
    match condition:
        case Not():
            yield from leaves(condition.part)
        case AllOf() | AnyOne():
            for part in condition.parts:
                yield from leaves(part)
        case _:
            yield condition


@dataclass(frozen=True, slots=True)
class Span:
    """The values between two limits; None is no limit. An open end does not belong to it."""

    low: Any = None
    high: Any = None
    low_open: bool = False
    high_open: bool = False

    def empty(self) -> bool:
        if self.low is None or self.high is None:
            return False
        return bool(self.low > self.high or (self.low == self.high and (self.low_open or self.high_open)))

    def meet(self, other: Span) -> Span:
        """Return what belongs to both."""
        low, low_open = self._tighter(other, "low", "low_open", above=True)
        high, high_open = self._tighter(other, "high", "high_open", above=False)
        return Span(low, high, low_open, high_open)

    def _tighter(self, other: Span, limit: str, openness: str, *, above: bool) -> tuple[Any, bool]:
        mine, theirs = getattr(self, limit), getattr(other, limit)
        if mine is None or theirs is None or mine == theirs:
            kept = theirs if mine is None else mine
            is_open = any(getattr(span, openness) for span in (self, other) if getattr(span, limit) is not None)
            return kept, is_open
        chosen = self if (mine > theirs) is above else other
        return getattr(chosen, limit), getattr(chosen, openness)

    def within(self, other: Span) -> bool:
        """Say whether every value of this one belongs to the other."""
        met = self.meet(other)
        return self.empty() or met == self

    def rest(self) -> Span | None:
        """Return the values beside it, None when they are not one span."""
        if self.low is None and self.high is not None:
            return Span(low=self.high, low_open=not self.high_open)
        if self.high is None and self.low is not None:
            return Span(high=self.low, high_open=not self.low_open)
        return None


_SPANS: Final[Mapping[type, Callable[[Any], tuple[Span, ...]]]] = {
    Greater: lambda test: (Span(low=test.limit, low_open=True),),
    AtLeast: lambda test: (Span(low=test.limit),),
    Less: lambda test: (Span(high=test.limit, high_open=True),),
    AtMost: lambda test: (Span(high=test.limit),),
    Between: lambda test: (Span(test.low, test.high),),
    Within: lambda test: tuple(Span(first, last) for first, last in test.stretches),
}


def spans_of(test: Operator | None) -> tuple[Span, ...]:
    """Return the spans of values of which one has to hold a value that passes; none when it is not about spans."""
    make = _SPANS.get(type(test))
    return make(test) if make is not None else ()


Pattern = tuple[str, ...]  # literal pieces, between which any text may stand

_PATTERNS: Final[Mapping[type, Callable[[Any], tuple[Pattern, ...]]]] = {
    Contains: lambda test: tuple(("", text, "") for text in test.texts),
    Prefix: lambda test: tuple((text, "") for text in test.texts),
    Glob: lambda test: test.patterns,
}


def patterns_of(test: Operator | None) -> tuple[Pattern, ...]:
    """Return the patterns of which a text must fit one; none when it is not about patterns."""
    make = _PATTERNS.get(type(test))
    return make(test) if make is not None else ()


def finite(test: Operator | None) -> frozenset[Any] | None:
    """Return the only values that pass, None when they cannot be listed."""
    return test.expected if isinstance(test, AnyOf) else None


def covers(wide: Operator, narrow: Operator) -> bool:
    """Say whether every value that passes `narrow` surely passes `wide`."""
    values = finite(narrow)
    if values is not None:
        return all(wide.holds((value,)) for value in values)
    inner, outer = spans_of(narrow), spans_of(wide)
    if inner and outer:
        return all(any(span.within(other) for other in outer) for span in inner)
    patterns = patterns_of(narrow)
    return wide in (ANYTHING, narrow) or (bool(patterns) and all(_fitted(each, wide) for each in patterns))


def apart(one: Operator, other: Operator) -> bool:
    """Say whether surely no value passes both."""
    for test, against in ((one, other), (other, one)):
        values = finite(test)
        if values is not None:
            return not any(against.holds((value,)) for value in values)
    first, second = spans_of(one), spans_of(other)
    if first and second:
        return all(span.meet(against).empty() for span in first for against in second)
    mine, theirs = patterns_of(one), patterns_of(other)
    return bool(mine and theirs) and all(_clash(left, right) for left in mine for right in theirs)


def _fitted(pattern: Pattern, wide: Operator) -> bool:
    """Say whether all that fits a pattern passes: a strange character in the gaps can only be met by a gap."""
    allowed = patterns_of(wide)
    known = "".join(piece for each in (*allowed, pattern) for piece in each)
    strange = next((char for char in map(chr, range(0xE000, 0xF8FF)) if char not in known), None)
    return strange is not None and Glob(allowed).holds((strange.join(pattern),))


def _clash(left: Pattern, right: Pattern) -> bool:
    """Say whether two patterns begin or end in ways that exclude each other."""
    heads, tails = (left[0], right[0]), (left[-1], right[-1])
    begins = heads[0].startswith(heads[1]) or heads[1].startswith(heads[0])
    ends = tails[0].endswith(tails[1]) or tails[1].endswith(tails[0])
    return not (begins and ends)
