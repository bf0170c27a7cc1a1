"""Which rules can apply at all: an index on determining properties, so that the others cost nothing.

Every condition that can hold only if a field carries one of certain values (or a text stands in it) is filed under
the rarest such requirement; what has none is always looked at. The law: looking through the index finds exactly what
looking at every condition finds.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause
from lrs_bridge_rules.conditions.operators import Beginnings, Exact, Fragments
from lrs_bridge_rules.conditions.sent import Follows

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.conditions.fields import Facts, Field

T = TypeVar("T")
_GRAM: Final = 3
_EFFORT: Final = 2.0  # cutting a name into pieces costs about as much as looking at two rules
_FEW: Final = 24  # so many texts are found faster by looking for each than by cutting values into pieces


class _How(Enum):
    """How a key is found in a value: as a whole, at its beginning, or anywhere in it."""

    WHOLE = auto()
    BEGINNING = auto()
    FRAGMENT = auto()


Key = tuple[str, _How, Any]  # field name, how it is found, and the value or text


@dataclass(frozen=True, slots=True)
class _Requirement(Generic[T]):
    """What must be there for a condition to hold: one of these keys.

    `chance` (0 to 1) guesses how often such a key turns up; `effort` is what looking for it costs, in rules looked at.
    """

    fields: Mapping[str, Field[T]]
    keys: tuple[Key, ...]
    chance: float
    effort: float = 0.0

    def cost(self, sharing: int = 1) -> float:
        """Return how many rules are looked at in vain for this one, when so many share a key."""
        return sharing * self.chance + self.effort


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
            best = min(requirements, key=lambda choice: choice.cost(max(spread[key] for key in choice.keys)))
            fields.update(best.fields)
            for key in best.keys:
                filed.setdefault(key, []).append(number)
        self._always = always
        self._drawers = [
            _Drawer(field, *(_filed_under(filed, name, how) for how in _How)) for name, field in sorted(fields.items())
        ]

    def candidates(self, facts: Facts[T]) -> list[int]:
        """Return the numbers of the conditions that may hold, ascending; all others cannot."""
        found = set(self._always)
        for drawer in self._drawers:
            values = facts.values(drawer.field)
            if values:
                drawer.collect(found, values)
        return sorted(found)


class _Drawer(Generic[T]):
    """What is filed under one field: by whole values, by how values begin, and by texts that stand in them."""

    def __init__(
        self,
        field: Field[T],
        whole: dict[Any, list[int]],
        beginnings: dict[Any, list[int]],
        fragments: dict[Any, list[int]],
    ) -> None:
        self.field = field
        self._whole = whole
        self._beginnings = _by_length(beginnings)
        self._few = list(fragments.items()) if len(fragments) <= _FEW else []
        self._by_gram = _by_gram(fragments) if len(fragments) > _FEW else {}

    def collect(self, found: set[int], values: tuple[Any, ...]) -> None:
        for value in values:
            if value in self._whole:
                found.update(self._whole[value])
            for length, beginnings in self._beginnings:
                found.update(beginnings.get(value[:length], ()))
            for text, numbers in self._few:
                if text in value:
                    found.update(numbers)
            if self._by_gram:
                self._collect_by_gram(found, value)

    def _collect_by_gram(self, found: set[int], value: str) -> None:
        for size, grams in self._by_gram.items():
            pieces = {value[start : start + size] for start in range(len(value) - size + 1)}
            for piece in pieces & grams.keys():
                for text, numbers in grams[piece]:
                    if text in value:
                        found.update(numbers)


def _filed_under(filed: dict[Key, list[int]], name: str, how: _How) -> dict[Any, list[int]]:
    return {key[2]: numbers for key, numbers in filed.items() if key[:2] == (name, how)}


def _by_length(beginnings: dict[str, list[int]]) -> list[tuple[int, dict[str, list[int]]]]:
    lengths = sorted({len(text) for text in beginnings})
    return [(length, {text: beginnings[text] for text in beginnings if len(text) == length}) for length in lengths]


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
        case Follows():
            for need in condition.needs:
                yield from _of_clause(need)
        case _:
            return


def _of_clause(clause: Clause[T]) -> Iterable[_Requirement[T]]:
    field, determinant = clause.field, clause.operator.determinant
    if field.selectivity is None:
        return
    fields = {field.name: field}
    match determinant:
        case Exact():
            keys = tuple((field.name, _How.WHOLE, value) for value in determinant.values)
            yield _Requirement(fields, keys, field.selectivity / 100)
        case Beginnings():
            begins = tuple((field.name, _How.BEGINNING, text) for text in determinant.texts)
            yield _Requirement(fields, begins, field.selectivity / 100)
        case Fragments() if all(determinant.texts):
            texts = tuple((field.name, _How.FRAGMENT, text) for text in determinant.texts)
            short = min(len(text) for text in determinant.texts) < _GRAM  # stands in nearly everything
            yield _Requirement(fields, texts, 1.0 if short else field.selectivity / 100, _EFFORT)
        case _:
            return


def _of_branches(condition: AnyOne[T]) -> Iterable[_Requirement[T]]:
    """An `any` requires one of its branches' requirements: possible only if every branch has one."""
    best = [min(_requirements(part), key=lambda choice: choice.cost(), default=None) for part in condition.parts]
    whole = [requirement for requirement in best if requirement is not None]
    if len(whole) == len(best):
        yield _Requirement(
            {name: field for requirement in whole for name, field in requirement.fields.items()},
            tuple(dict.fromkeys(key for requirement in whole for key in requirement.keys)),
            max(requirement.chance for requirement in whole),
            max(requirement.effort for requirement in whole),
        )


def _spread(choices: Sequence[Sequence[_Requirement[T]]]) -> Counter[Key]:
    """Count how many conditions could be filed under each key: the rarer, the better it separates."""
    return Counter(key for requirements in choices for choice in requirements for key in set(choice.keys))
