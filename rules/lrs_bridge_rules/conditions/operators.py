"""The operators of conditions: one small class each, one table row each.

Each holds its operand ready for comparison. A positive operator holds when any value of the field fits; a negative one
(`not_in`) when none does. Several operators on one field may each be met by another of its values. `determinant` says
what a value must carry for the operator to hold, for the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Protocol

from lrs_bridge_rules.conditions.fields import Kind
from lrs_bridge_rules.conditions.operands import Stretch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, slots=True)
class Exact:
    """One of these values must be there."""

    values: frozenset[Any]


@dataclass(frozen=True, slots=True)
class Fragments:
    """One of these texts must stand somewhere in a value."""

    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Beginnings:
    """A value must begin with one of these texts."""

    texts: tuple[str, ...]


Determinant = Exact | Beginnings | Fragments | None


class Operator(Protocol):
    """What every operator can do."""

    def holds(self, values: tuple[Any, ...]) -> bool: ...

    @property
    def determinant(self) -> Determinant: ...


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Equality with one of the expected values."""

    expected: frozenset[Any]

    def holds(self, values: tuple[Any, ...]) -> bool:
        return not self.expected.isdisjoint(values)

    @property
    def determinant(self) -> Determinant:
        return Exact(self.expected)


@dataclass(frozen=True, slots=True)
class NoneOf:
    """Equality with none of them; also true when there is no value at all."""

    expected: frozenset[Any]

    def holds(self, values: tuple[Any, ...]) -> bool:
        return self.expected.isdisjoint(values)

    @property
    def determinant(self) -> Determinant:
        return None


@dataclass(frozen=True, slots=True)
class Contains:
    """One of the texts stands in a value."""

    texts: tuple[str, ...]

    def holds(self, values: tuple[Any, ...]) -> bool:
        return any(text in value for value in values for text in self.texts)

    @property
    def determinant(self) -> Determinant:
        return Fragments(self.texts)


@dataclass(frozen=True, slots=True)
class Prefix:
    """A value begins with one of the texts."""

    texts: tuple[str, ...]

    def holds(self, values: tuple[Any, ...]) -> bool:
        return any(value.startswith(self.texts) for value in values)

    @property
    def determinant(self) -> Determinant:
        return Beginnings(self.texts)


@dataclass(frozen=True, slots=True)
class Glob:
    """A value fits one of the patterns, in which only `*` is special: `?` is too common in activity ids to be."""

    patterns: tuple[tuple[str, ...], ...]

    def holds(self, values: tuple[Any, ...]) -> bool:
        return any(_fits(value, pattern) for value in values for pattern in self.patterns)

    @property
    def determinant(self) -> Determinant:
        if all(pattern[0] for pattern in self.patterns):
            return Beginnings(tuple(pattern[0] for pattern in self.patterns))
        return Fragments(tuple(max(pattern, key=len) for pattern in self.patterns))


def _fits(value: str, pieces: tuple[str, ...]) -> bool:
    """Match the literal pieces between the stars from left to right: linear, whatever the pattern."""
    first, last = pieces[0], pieces[-1]
    if len(pieces) == 1:
        return value == first
    if not value.startswith(first):
        return False
    position = len(first)
    for piece in pieces[1:-1]:
        found = value.find(piece, position)
        if found < 0:
            return False
        position = found + len(piece)
    return len(value) - len(last) >= position and value.endswith(last)


@dataclass(frozen=True, slots=True)
class Greater:
    """A value above the limit (for times: after it)."""

    limit: Any

    def holds(self, values: tuple[Any, ...]) -> bool:
        return any(value > self.limit for value in values)

    @property
    def determinant(self) -> Determinant:
        return None


@dataclass(frozen=True, slots=True)
class AtLeast:
    """A value at or above the limit."""

    limit: Any

    def holds(self, values: tuple[Any, ...]) -> bool:
        return any(value >= self.limit for value in values)

    @property
    def determinant(self) -> Determinant:
        return None


@dataclass(frozen=True, slots=True)
class Less:
    """A value below the limit (for times: before it)."""

    limit: Any

    def holds(self, values: tuple[Any, ...]) -> bool:
        return any(value < self.limit for value in values)

    @property
    def determinant(self) -> Determinant:
        return None


@dataclass(frozen=True, slots=True)
class AtMost:
    """A value at or below the limit."""

    limit: Any

    def holds(self, values: tuple[Any, ...]) -> bool:
        return any(value <= self.limit for value in values)

    @property
    def determinant(self) -> Determinant:
        return None


@dataclass(frozen=True, slots=True)
class Between:
    """A value between two limits, both included."""

    low: Any
    high: Any

    def holds(self, values: tuple[Any, ...]) -> bool:
        return any(self.low <= value <= self.high for value in values)

    @property
    def determinant(self) -> Determinant:
        return None


@dataclass(frozen=True, slots=True)
class Within:
    """A value inside one of some stretches, their ends included."""

    stretches: tuple[Stretch, ...]

    def holds(self, values: tuple[Any, ...]) -> bool:
        return any(first <= value <= last for value in values for first, last in self.stretches)

    @property
    def determinant(self) -> Determinant:
        return None


@dataclass(frozen=True, slots=True)
class Present:
    """There is a value, or there is none."""

    wanted: bool

    def holds(self, values: tuple[Any, ...]) -> bool:
        return bool(values) is self.wanted

    @property
    def determinant(self) -> Determinant:
        return None


class Shape:
    """How many operands an operator takes."""

    ONE: Final = "one"
    SEVERAL: Final = "several"
    PAIR: Final = "pair"
    SWITCH: Final = "switch"


@dataclass(frozen=True, slots=True)
class Row:
    """One operator: the kinds of field that it suits, the shape of its operand, and how it is made.

    `about` tells rule authors what it means, in one sentence.
    """

    kinds: frozenset[Kind]
    shape: str
    about: str
    build: Callable[[tuple[Any, ...]], Operator]


_ANY: Final = frozenset(Kind)
_MEASURES: Final = frozenset((Kind.NUMBER, Kind.DURATION))
_MOMENT: Final = frozenset((Kind.MOMENT,))
_ORDERED: Final = _MEASURES | _MOMENT
_DISCRETE: Final = _ANY - _MOMENT - {Kind.DURATION}
_TEXTUAL: Final = frozenset((Kind.TEXT, Kind.NAME, Kind.VERB, Kind.TYPE))


def _any_of(operands: tuple[Any, ...]) -> AnyOf:
    return AnyOf(frozenset(operands))


def _glob(patterns: tuple[str, ...]) -> Glob:
    return Glob(tuple(tuple(pattern.split("*")) for pattern in patterns))


def _between(operands: tuple[Any, ...]) -> Between:
    low, high = operands
    return Between(low.first, high.last) if isinstance(low, Stretch) else Between(low, high)


_EQUAL: Final = "One of the field's values is this one (of a list: one of these); the same as giving no operator."
OPERATORS: Final[Mapping[str, Row]] = {
    "is": Row(_DISCRETE, Shape.SEVERAL, _EQUAL, _any_of),
    "in": Row(_DISCRETE, Shape.SEVERAL, "One of the field's values is one of these.", _any_of),
    "not_in": Row(
        _DISCRETE,
        Shape.SEVERAL,
        "None of the field's values is one of these; so it also fits where the field is absent.",
        lambda operands: NoneOf(frozenset(operands)),
    ),
    "glob": Row(
        _TEXTUAL,
        Shape.SEVERAL,
        "One of the field's values has this shape from beginning to end, where each * stands for any text.",
        _glob,
    ),
    "prefix": Row(_TEXTUAL, Shape.SEVERAL, "One of the field's values begins with this text.", Prefix),
    "contains": Row(_TEXTUAL, Shape.SEVERAL, "This text stands somewhere in one of the field's values.", Contains),
    "gt": Row(
        _MEASURES, Shape.ONE, "One of the field's values is above this one.", lambda operands: Greater(operands[0])
    ),
    "gte": Row(
        _MEASURES, Shape.ONE, "One of the field's values is this one or above.", lambda operands: AtLeast(operands[0])
    ),
    "lt": Row(_MEASURES, Shape.ONE, "One of the field's values is below this one.", lambda operands: Less(operands[0])),
    "lte": Row(
        _MEASURES, Shape.ONE, "One of the field's values is this one or below.", lambda operands: AtMost(operands[0])
    ),
    "between": Row(
        _ORDERED,
        Shape.PAIR,
        "One of the field's values lies between these two, the lower first; both belong to it.",
        _between,
    ),
    "before": Row(
        _MOMENT, Shape.ONE, "It was before this moment, or before this day.", lambda operands: Less(operands[0].first)
    ),
    "after": Row(
        _MOMENT, Shape.ONE, "It was after this moment, or after this day.", lambda operands: Greater(operands[0].last)
    ),
    "on": Row(_MOMENT, Shape.SEVERAL, "It was on this day, or on one of these.", Within),
    "present": Row(
        _ANY,
        Shape.SWITCH,
        "true: the field has a value; false: it is absent.",
        lambda operands: Present(operands[0]),
    ),
}
