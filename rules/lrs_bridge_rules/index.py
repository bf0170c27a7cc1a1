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
    from collections.abc import Iterable, Mapping, Sequence

    from lrs_bridge_rules.conditions import Condition
    from lrs_bridge_rules.fields import Facts, Field

T = TypeVar("T")
_GRAM: Final = 3
_FEW: Final = 24  # so many texts are found faster by looking for each than by cutting values into pieces

Key = tuple[str, bool, Any]  # field name, whether it is a fragment, and the value or text


@dataclass(frozen=True, slots=True)
class _Requirement(Generic[T]):
    """What must be there for a condition to hold: one of these keys."""

    fields: Mapping[str, Field[T]]
    keys: tuple[Key, ...]
    cost: float


class Index(Generic[T]):
    """Conditions by what determines them; `candidates` gives their numbers, in order."""

    def __init__(self, conditions: Sequence[Condition[T]]) -> None:
        choices = [list(_requirements(condition)) for condition in conditions]
        spread = _spread(choices)
        filed: dict[Key, list[int]] = {}
        fields: dict[str, Field[T]] = {}
        always: list[int] = []
        for number, requirements in enumerate(choices):
            if not requirements:
                always.append(number)
                continue
            best = min(requirements, key=lambda choice: _expected_cost(choice, spread))
            fields.update(best.fields)
            for key in best.keys:
                filed.setdefault(key, []).append(number)
        self._always = always
        self._drawers = [
            _Drawer(field, _filed_under(filed, name, fragments=False), _filed_under(filed, name, fragments=True))
            for name, field in sorted(fields.items())
        ]

    def candidates(self, facts: Facts[T]) -> list[int]:
        """Return the numbers of the conditions that may hold, ascending; all others cannot."""
        found = set(self._always)
        for drawer in self._drawers:
            drawer.collect(found, facts)
        return sorted(found)


class _Drawer(Generic[T]):
    """What is filed under one field: by whole values, and by texts that stand somewhere in a value."""

    def __init__(self, field: Field[T], exact: dict[Any, list[int]], fragments: dict[str, list[int]]) -> None:
        self._field = field
        self._exact = exact
        self._few = list(fragments.items()) if len(fragments) <= _FEW else []
        self._by_gram = _by_gram(fragments) if len(fragments) > _FEW else {}

    def collect(self, found: set[int], facts: Facts[T]) -> None:
        for value in facts.values(self._field):
            numbers = self._exact.get(value)
            if numbers is not None:
                found.update(numbers)
            for text, filed in self._few:
                if text in value:
                    found.update(filed)
            for size, grams in self._by_gram.items():
                for start in range(len(value) - size + 1):
                    for text, filed in grams.get(value[start : start + size], ()):
                        if text in value:
                            found.update(filed)


def _filed_under(filed: dict[Key, list[int]], name: str, *, fragments: bool) -> dict[Any, list[int]]:
    return {value: numbers for (field, kind, value), numbers in filed.items() if (field, kind) == (name, fragments)}


def _by_gram(fragments: dict[str, list[int]]) -> dict[int, dict[str, list[tuple[str, list[int]]]]]:
    """File each text under its rarest piece of (up to) three characters, by the length of the piece."""
    spread = Counter(gram for text in fragments for gram in _grams(text))
    filed: dict[int, dict[str, list[tuple[str, list[int]]]]] = {}
    for text, numbers in fragments.items():
        rarest = min(_grams(text), key=lambda gram: (spread[gram], gram))
        filed.setdefault(len(rarest), {}).setdefault(rarest, []).append((text, numbers))
    return filed


def _grams(text: str) -> set[str]:
    size = min(_GRAM, len(text))
    return {text[start : start + size] for start in range(len(text) - size + 1)}


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
    fields = {field.name: field}
    match determinant:
        case Exact():
            keys = tuple((field.name, False, value) for value in determinant.values)
            yield _Requirement(fields, keys, field.selectivity)
        case Fragments() if all(determinant.texts):
            texts = tuple((field.name, True, text) for text in determinant.texts)
            # A fragment is dearer to look up than a whole value, and a short one separates next to nothing.
            shortest = min(len(text) for text in determinant.texts)
            yield _Requirement(fields, texts, field.selectivity + (100 if shortest >= _GRAM else 200))
        case _:
            return


def _of_branches(condition: AnyOne[T]) -> Iterable[_Requirement[T]]:
    """An `any` requires one of its branches' requirements: possible only if every branch has one."""
    best = [min(_requirements(part), key=lambda choice: choice.cost, default=None) for part in condition.parts]
    whole = [requirement for requirement in best if requirement is not None]
    if len(whole) == len(best):
        yield _Requirement(
            {name: field for requirement in whole for name, field in requirement.fields.items()},
            tuple(dict.fromkeys(key for requirement in whole for key in requirement.keys)),
            max(requirement.cost for requirement in whole),
        )


def _spread(choices: Sequence[Sequence[_Requirement[T]]]) -> Counter[Key]:
    """Count how many conditions could be filed under each key: the rarer, the better it separates."""
    return Counter(key for requirements in choices for choice in requirements for key in set(choice.keys))


def _expected_cost(choice: _Requirement[T], spread: Counter[Key]) -> tuple[int, float]:
    """Prefer what few others share (in powers of four; a dozen are no burden), then the more selective field."""
    shared = max((spread[key] for key in choice.keys), default=0)
    return (max(2, shared.bit_length() // 2), choice.cost)
