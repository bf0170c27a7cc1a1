"""From a condition and what it is asked about to a trace that keeps its groups, with every clause.

Made only when somebody asks why; rules and definitions judge without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Not
from lrs_bridge_rules.verdict import ClauseTrace, GroupTrace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.conditions.fields import Facts
    from lrs_bridge_rules.verdict import Trace

T = TypeVar("T")


def tree_of(condition: Condition[T], facts: Facts[T]) -> Trace:
    """Return the trace of a condition with its groups. What knows no groups is told of clause by clause."""
    met = condition.holds(facts)
    match condition:
        case AllOf():
            return GroupTrace("all", met, tuple(tree_of(part, facts) for part in condition.parts))
        case AnyOne():
            return GroupTrace("any", met, tuple(tree_of(part, facts) for part in condition.parts))
        case Not():
            return GroupTrace("not", met, (tree_of(condition.part, facts),))
        case _:
            clauses = condition.trace(facts)
            return clauses[0] if len(clauses) == 1 else GroupTrace("all", met, clauses)


def missing(trace: Trace) -> int:
    """Return how many clauses would have to come out otherwise for a condition to hold; 0 where it does."""
    if trace.met:
        return 0
    if isinstance(trace, ClauseTrace) or trace.kind == "not" or not trace.parts:
        return 1
    inner = [missing(part) for part in trace.parts]
    return min(inner) if trace.kind == "any" else sum(inner)


def clauses_in(trace: Trace) -> Iterator[ClauseTrace]:
    """Yield all clauses, whatever group they stand in."""
    if isinstance(trace, ClauseTrace):
        yield trace
    else:
        for part in trace.parts:
            yield from clauses_in(part)
