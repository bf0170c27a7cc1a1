"""Which rules can apply at all: an index on determining properties, so that the others cost nothing.

Every condition that can hold only if a field carries one of certain values (or a text stands in it) is filed under
the rarest such requirement; what has none is always looked at. The law: looking through the index finds exactly what
looking at every condition finds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from lrs_bridge_rules.conditions import AllOf, AnyOne, Clause
from lrs_bridge_rules.operators import Exact, Fragments

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrs_bridge_rules.conditions import Condition
    from lrs_bridge_rules.fields import Facts, Field

T = TypeVar("T")
_GRAM: Final = 3
_EXACT: Final = 0  # the size under which whole values are filed; fragments are filed under 1, 2 or 3 characters

Key = tuple[str, int, Any]


@dataclass(frozen=True, slots=True)
class _Requirement(Generic[T]):
    """What must be there for a condition to hold: for each alternative, any of some keys is enough to find it."""

    fields: tuple[Field[T], ...]
    alternatives: tuple[tuple[Key, ...], ...]
    cost: float


class Index(Generic[T]):
    """Conditions by what determines them; `candidates` gives their numbers, in order."""

    def __init__(self, conditions: Sequence[Condition[T]]) -> None:
        choices = [list(_requirements(condition)) for condition in conditions]
        spread = _spread(choices)
        self._always: list[int] = []
        self._filed: dict[str, tuple[Field[T], dict[int, dict[Any, list[int]]]]] = {}
        for number, requirements in enumerate(choices):
            if requirements:
                self._file(number, min(requirements, key=lambda choice: _expected_cost(choice, spread)), spread)
            else:
                self._always.append(number)

    def candidates(self, facts: Facts[T]) -> list[int]:
        """Return the numbers of the conditions that may hold, ascending; all others cannot."""
        found = set(self._always)
        for field, by_size in self._filed.values():
            for value in facts.values(field):
                for size, by_key in by_size.items():
                    _collect(found, value, size, by_key)
        return sorted(found)

    def _file(self, number: int, requirement: _Requirement[T], spread: Counter[Key]) -> None:
        fields = {field.name: field for field in requirement.fields}
        for alternative in requirement.alternatives:
            name, size, key = min(alternative, key=lambda each: (spread[each], each[2]))
            _, by_size = self._filed.setdefault(name, (fields[name], {}))
            numbers = by_size.setdefault(size, {}).setdefault(key, [])
            if number not in numbers[-1:]:
                numbers.append(number)


def _collect(found: set[int], value: Any, size: int, by_key: dict[Any, list[int]]) -> None:  # noqa: ANN401 -- any field
    if size == _EXACT:
        found.update(by_key.get(value, ()))
        return
    for start in range(len(value) - size + 1):
        numbers = by_key.get(value[start : start + size])
        if numbers is not None:
            found.update(numbers)


def _requirements(condition: Condition[T]) -> Iterable[_Requirement[T]]:
    match condition:
        case Clause():
            yield from _of_clause(condition)
        case AllOf():
            for part in condition.parts:
                yield from _requirements(part)
        case AnyOne():
            yield from _of_branches(condition)
        case _:
            return


def _of_clause(clause: Clause[T]) -> Iterable[_Requirement[T]]:
    field, determinant = clause.field, clause.operator.determinant
    if field.selectivity is None:
        return
    match determinant:
        case Exact():
            keys = tuple(((field.name, _EXACT, value),) for value in determinant.values)
            yield _Requirement((field,), keys, field.selectivity)
        case Fragments() if all(determinant.texts):
            grams = tuple(tuple(_grams(field.name, text)) for text in determinant.texts)
            shortest = min(len(text) for text in determinant.texts)
            # A fragment says less than a whole value of the same field, and a short one next to nothing.
            yield _Requirement((field,), grams, field.selectivity + (5 if shortest >= _GRAM else 50))
        case _:
            return


def _of_branches(condition: AnyOne[T]) -> Iterable[_Requirement[T]]:
    """An `any` requires one of its branches' requirements: possible only if every branch has one."""
    best = [min(_requirements(part), key=lambda choice: choice.cost, default=None) for part in condition.parts]
    whole = [requirement for requirement in best if requirement is not None]
    if len(whole) == len(best):
        yield _Requirement(
            tuple(field for requirement in whole for field in requirement.fields),
            tuple(alternative for requirement in whole for alternative in requirement.alternatives),
            max(requirement.cost for requirement in whole),
        )


def _grams(name: str, text: str) -> Iterable[Key]:
    size = min(_GRAM, len(text))
    return {(name, size, text[start : start + size]) for start in range(len(text) - size + 1)}


def _spread(choices: Sequence[Sequence[_Requirement[T]]]) -> Counter[Key]:
    """Count how many conditions could be filed under each key: the rarer, the better it separates."""
    counts: Counter[Key] = Counter()
    for requirements in choices:
        counts.update({key for choice in requirements for alternative in choice.alternatives for key in alternative})
    return counts


def _expected_cost(choice: _Requirement[T], spread: Counter[Key]) -> tuple[int, float]:
    """Prefer requirements that few others share (counted in powers of two), then the more selective field."""
    shared = max((min(spread[key] for key in alternative) for alternative in choice.alternatives), default=0)
    return (shared.bit_length(), choice.cost)
