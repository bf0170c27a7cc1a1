"""Examples: values for fields under which a condition holds, made up from what the condition says.

They find rules that may meet (an example of the one is tried on the other) and show people where. Each is tried on the
condition before it counts as one; where none can be made up, there is none.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause, Not
from lrs_bridge_rules.conditions.fields import Facts, Kind
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS, short_name
from lrs_bridge_rules.lint.sayings import finite, patterns_of, spans_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.conditions.fields import Field
    from lrs_bridge_rules.lint.knowledge import Level
    from lrs_bridge_rules.lint.reasoning import Reasoning, World
    from lrs_bridge_rules.lint.sayings import Saying, Span

_WORLDS: Final = 3
#: What a value of a kind may look like where any will do.
_BY_KIND: Final[Mapping[Kind, Sequence[Any]]] = {
    **dict.fromkeys((Kind.TEXT, Kind.NAME, Kind.VERB, Kind.TYPE), ("something",)),
    Kind.NUMBER: (80.0, 50.0),
    Kind.TRUTH: (True, False),
    Kind.MOMENT: (datetime(2026, 1, 5, 9, 0, tzinfo=UTC),),
}


class Example(Facts[Any]):
    """Values by field name, instead of a subject that has them."""

    __slots__ = ("_given",)

    def __init__(self, given: Mapping[str, tuple[Any, ...]], same: Mapping[str, str]) -> None:
        super().__init__(None)
        self._given = {**given, **{other: given[name] for other, name in same.items() if name in given}}

    def values(self, field: Field[Any]) -> tuple[Any, ...]:
        return self._given.get(field.name, ())

    def raw(self, field: Field[Any]) -> tuple[Any, ...]:
        return self.values(field)

    def __str__(self) -> str:
        """Return the values that were asked for, in words."""
        named = (f"{name} {_shown(values)}" for name, values in sorted(self._given.items()) if name not in _UNSAID)
        return ", ".join(named) or "any completion"


_UNSAID: Final = frozenset(("at", "mandated", "object.type"))


def transparent(condition: Condition[Any]) -> bool:
    """Say whether a condition asks for fields alone, and so can be tried on an example."""
    match condition:
        case Clause():
            return True
        case Not():
            return transparent(condition.part)
        case AllOf() | AnyOne():
            return all(transparent(part) for part in condition.parts)
        case _:
            return False


def examples(reasoning: Reasoning, *conditions: Condition[Any]) -> Iterator[Example]:
    """Iterate over a few examples that all of the conditions fit."""
    if not all(transparent(condition) for condition in conditions):
        return
    for world in islice(reasoning.worlds(*conditions), _WORLDS):
        example = _made(reasoning, world)
        if example is not None and all(condition.holds(example) for condition in conditions):
            yield example


def _made(reasoning: Reasoning, world: World) -> Example | None:
    level = reasoning.level
    by_field: dict[str, list[Saying]] = {name: [] for name in level.always}
    for saying in world:
        by_field.setdefault(saying.field, []).append(saying)
    given: dict[str, tuple[Any, ...]] = {}
    for name, sayings in by_field.items():
        values = _Choice(level, name, sayings).values()
        if values is None:
            return None
        given[name] = values
    return Example({name: values for name, values in given.items() if values}, level.same)


class _Choice:
    """The choice of values for one field."""

    def __init__(self, level: Level, name: str, sayings: Sequence[Saying]) -> None:
        self._there = [saying for saying in sayings if saying.wanted]
        self._absent = [saying for saying in sayings if not saying.wanted]
        self._alone = name in level.single
        self._domain = level.domains.get(name)
        self._usual: Sequence[object] = [level.always[name]] if name in level.always else []
        if not self._usual and self._there and isinstance(self._there[0].of, Clause):
            self._usual = _BY_KIND.get(self._there[0].of.field.kind, [])

    def values(self) -> tuple[Any, ...] | None:
        """Return values that suit what is said, None when none come to mind."""
        if not self._there:
            return self._some(None)
        found: list[Any] = []
        for saying in self._there:
            if any(saying.passes(value) for value in found):
                continue
            chosen = self._some(saying)
            if not chosen or (self._alone and found):
                return None
            found += chosen
        return tuple(found)

    def _some(self, saying: Saying | None) -> tuple[Any, ...] | None:
        """Return the first value that suits; nothing is enough where none is asked for and none has to be."""
        if saying is None and not self._usual:
            return ()
        fitting = (value for value in self._candidates(saying) if self._suits(value))
        value = next(fitting, None)
        return None if value is None else (value,)

    def _suits(self, value: object) -> bool:
        if self._domain is not None and value not in self._domain:
            return False
        if any(saying.passes(value) for saying in self._absent):
            return False
        return not self._alone or all(saying.passes(value) for saying in self._there)

    def _candidates(self, saying: Saying | None) -> Iterator[Any]:
        """Iterate over values that may suit, the most usual first."""
        values = finite(saying.test) if saying is not None else None
        if values is not None:
            yield from sorted(values, key=lambda value: (value not in self._usual, str(value)))
            return
        spans = [span for yes in self._there for span in spans_of(yes.test)]
        yield from _between(spans)
        for span in spans:
            yield from _within(span)
        for yes in self._there:
            yield from ("".join(pattern) for pattern in patterns_of(yes.test))
        yield from self._usual if not spans else ()
        yield from sorted(self._domain, key=str) if self._domain is not None else ()


def _within(span: Span) -> Iterator[Any]:
    for limit, step in ((span.low, 1), (span.high, -1)):
        if limit is not None:
            yield limit
            with suppress(OverflowError):  # a limit at the end of all times has nothing beyond it
                yield limit + step * (1 if isinstance(limit, int | float) else timedelta(days=1))


def _between(spans: Sequence[Span]) -> Iterator[Any]:
    lows = [span.low for span in spans if span.low is not None]
    highs = [span.high for span in spans if span.high is not None]
    if lows and highs:
        yield max(lows) + (min(highs) - max(lows)) / 2


def _shown(values: Sequence[Any]) -> str:
    return " and ".join(_word(value) for value in values)


def _word(value: object) -> str:
    match value:
        case str():
            return f"“{short_name(short_name(value, VERBS), ACTIVITY_TYPES)}”"
        case bool():
            return str(value).lower()
        case float():
            return f"{value:g}"
        case _:
            return str(value)
