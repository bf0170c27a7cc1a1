"""Conditions: a tree of clauses under `all`, `any` and `not`, with a trace that says why it holds or doesn't.

Built by `reader` out of a document; asked by definitions (about a statement) and rules (about a completion).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Generic, Protocol, TypeVar

from lrs_bridge_rules.statements.times import length_text
from lrs_bridge_rules.verdict import ClauseTrace

if TYPE_CHECKING:
    from lrs_bridge_rules.conditions.fields import Facts, Field
    from lrs_bridge_rules.conditions.operators import Operator

T = TypeVar("T")


class Condition(Protocol[T]):
    """What every condition can do."""

    def holds(self, facts: Facts[T]) -> bool: ...

    def trace(self, facts: Facts[T]) -> tuple[ClauseTrace, ...]: ...


@dataclass(frozen=True, slots=True)
class Clause(Generic[T]):
    """One field, one operator; `expected` is the operand as its author wrote it."""

    field: Field[T]
    word: str
    operator: Operator
    expected: object

    def holds(self, facts: Facts[T]) -> bool:
        return self.operator.holds(facts.values(self.field))

    def trace(self, facts: Facts[T]) -> tuple[ClauseTrace, ...]:
        actual = shown(facts.raw(self.field))
        return (ClauseTrace(self.field.name, self.word, self.expected, actual, self.holds(facts)),)


@dataclass(frozen=True, slots=True)
class AllOf(Generic[T]):
    """Every part holds; with no part it always does."""

    parts: tuple[Condition[T], ...]

    def holds(self, facts: Facts[T]) -> bool:
        for part in self.parts:  # noqa: SIM110  # `all` costs a generator, several times for every statement
            if not part.holds(facts):
                return False
        return True

    def trace(self, facts: Facts[T]) -> tuple[ClauseTrace, ...]:
        return tuple(clause for part in self.parts for clause in part.trace(facts))


@dataclass(frozen=True, slots=True)
class AnyOne(Generic[T]):
    """At least one part holds; its trace is that of the part which comes nearest."""

    parts: tuple[Condition[T], ...]

    def holds(self, facts: Facts[T]) -> bool:
        return any(part.holds(facts) for part in self.parts)

    def trace(self, facts: Facts[T]) -> tuple[ClauseTrace, ...]:
        return min((part.trace(facts) for part in self.parts), key=misses)


@dataclass(frozen=True, slots=True)
class Not(Generic[T]):
    """The part does not hold."""

    part: Condition[T]

    def holds(self, facts: Facts[T]) -> bool:
        return not self.part.holds(facts)

    def trace(self, facts: Facts[T]) -> tuple[ClauseTrace, ...]:
        met = self.holds(facts)
        return tuple(
            ClauseTrace(clause.field, f"not {clause.operator}", clause.expected, clause.actual, met)
            for clause in self.part.trace(facts)
        )


def misses(trace: tuple[ClauseTrace, ...]) -> int:
    """Return how many clauses of a trace are not met."""
    return sum(not clause.met for clause in trace)


def shown(values: tuple[Any, ...]) -> object:
    """Return values as JSON can hold them: None, one, or a list."""
    ready = [_plain(value) for value in values]
    match ready:
        case []:
            return None
        case [single]:
            return single
        case _:
            return ready


def _plain(value: object) -> object:
    match value:
        case datetime():
            return value.isoformat()
        case timedelta():
            return length_text(value)
        case _:
            return value
