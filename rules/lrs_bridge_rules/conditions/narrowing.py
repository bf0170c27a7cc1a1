"""Which definitions a statement's verb and activity type leave possible: one look-up settles most of the noise.

A source sends a few dozen pairs of verb and type, again and again. For each pair the clauses about these two are asked
once, and most pairs leave no definition at all. What is left over is judged as ever, by its whole condition.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause
from lrs_bridge_rules.conditions.index import Index
from lrs_bridge_rules.conditions.sent import Follows

if TYPE_CHECKING:
    from collections.abc import Sequence

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.conditions.fields import Facts, Told

#: The fields whose values follow from verb and activity type alone.
_DECISIVE: Final = frozenset(("verb", "activity.type"))
_PAIRS: Final = 4096  # whoever makes up a new pair for every statement must not fill the memory
_FEW: Final = 24  # so many conditions are asked faster than the index is


class Narrowing:
    """Conditions of definitions; `candidates` gives the numbers of those that may hold, ascending."""

    def __init__(self, conditions: Sequence[Condition[Told]]) -> None:
        self._conditions = tuple(conditions)
        self._index = Index(conditions)
        self._possible: dict[tuple[str, str | None], tuple[int, ...]] = {}

    def candidates(self, facts: Facts[Told]) -> Sequence[int]:
        """Return the numbers of the conditions that may hold; all others cannot."""
        statement = facts.subject.statement
        about = statement.object.definition
        pair = (statement.verb.id, about.type if about is not None else None)
        possible = self._possible.get(pair)
        if possible is None:
            if len(self._possible) >= _PAIRS:
                return self._index.candidates(facts)
            possible = self._possible[pair] = self._left_over(facts)
        return possible if len(possible) <= _FEW else self._index.candidates(facts)

    def _left_over(self, facts: Facts[Told]) -> tuple[int, ...]:
        return tuple(number for number, condition in enumerate(self._conditions) if _may_hold(condition, facts))


def _may_hold(condition: Condition[Told], facts: Facts[Told]) -> bool:
    """Return False where verb and type alone settle that a condition cannot hold."""
    match condition:
        case Clause():
            return condition.field.name not in _DECISIVE or condition.holds(facts)
        case AllOf():
            return all(_may_hold(part, facts) for part in condition.parts)
        case AnyOne():
            return any(_may_hold(part, facts) for part in condition.parts)
        case Follows():
            return all(_may_hold(need, facts) for need in condition.needs)
        case _:
            return True
