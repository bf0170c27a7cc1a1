"""The fields that conditions may name, at both levels: one row per field, one table per level.

Statement level is where completion definitions look; completion level (`Subject`) is where rules look. Every field
has any number of values: none when it is absent, several where a completion has several parents, names or verbs.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lrs_bridge_rules.completions.reading import Activity
    from lrs_bridge_rules.completions.subject import Subject
    from lrs_bridge_rules.statements.statement import Definition, Score, Statement, StatementObject

T = TypeVar("T")


class Kind(Enum):
    """What the values of a field are, and so which operators and operands suit it."""

    TEXT = "a text, compared exactly"
    NAME = "a name, compared without regard to case"
    VERB = "a verb"
    TYPE = "an activity type"
    OUTCOME = "an outcome"
    NUMBER = "a number"
    TRUTH = "true or false"
    MOMENT = "a date or timestamp"


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """One field. `selectivity` guesses how many of 100 subjects share a value, for the index; None: not indexed."""

    name: str
    kind: Kind
    extract: Callable[[T], Iterable[Any]]
    selectivity: int | None = None


class Told(msgspec.Struct, frozen=True, gc=False):
    """A statement and where it came from: what completion definitions look at."""

    statement: Statement
    source: str = ""
    source_kind: str = ""


class Facts(Generic[T]):
    """The values of one subject's fields, in the form in which they are compared, worked out once each."""

    __slots__ = ("_values", "subject")

    def __init__(self, subject: T) -> None:
        self.subject = subject
        self._values: dict[str, tuple[Any, ...]] = {}

    def values(self, field: Field[T]) -> tuple[Any, ...]:
        name = field.name
        found = self._values.get(name)
        if found is None:
            raw = field.extract(self.subject)
            found = tuple([value.casefold() for value in raw]) if field.kind is Kind.NAME else tuple(raw)
            self._values[name] = found
        return found

    def raw(self, field: Field[T]) -> tuple[Any, ...]:
        """Return the values as they were sent, each once: for people."""
        return tuple(dict.fromkeys(field.extract(self.subject)))


def _one(value: T | None) -> tuple[T, ...]:
    return () if value is None or value == "" else (value,)


def _ids(activities: Iterable[Activity]) -> list[str]:
    return [activity.id for activity in activities]


def _names(activities: Iterable[Activity]) -> list[str]:
    return [activity.name for activity in activities if activity.name]


def _types(activities: Iterable[Activity]) -> list[str]:
    return [activity.type for activity in activities if activity.type]


def _definition(told: Told) -> Definition | None:
    return told.statement.object.definition


def _object_id(told: Told) -> tuple[str, ...]:
    return _one(told.statement.object.id)


def _object_type(told: Told) -> tuple[str, ...]:
    definition = _definition(told)
    return _one(definition.type) if definition is not None else ()


def _object_names(told: Told) -> tuple[str, ...]:
    definition = _definition(told)
    return tuple((definition.name or {}).values()) if definition is not None else ()


def _result(name: str) -> Callable[[Told], tuple[Any, ...]]:
    def extract(told: Told) -> tuple[Any, ...]:
        result = told.statement.result
        return _one(getattr(result, name)) if result is not None else ()

    return extract


def _score(read: Callable[[Score], float | None]) -> Callable[[Told], tuple[Any, ...]]:
    def extract(told: Told) -> tuple[Any, ...]:
        result = told.statement.result
        return _one(read(result.score)) if result is not None and result.score is not None else ()

    return extract


def raw_percent(score: Score) -> float | None:
    """Return raw of max in percent (0 to 100), None when it is not said; a scale below 0 counts from its min."""
    if score.raw is None or score.max is None:
        return None
    floor = score.min if score.min is not None and score.min < 0 else 0.0
    width = score.max - floor
    return min(100.0, max(0.0, 100.0 * (score.raw - floor) / width)) if width > 0 else None


def _context(name: str) -> Callable[[Told], tuple[Any, ...]]:
    def extract(told: Told) -> tuple[Any, ...]:
        context = told.statement.context
        return _one(getattr(context, name)) if context is not None else ()

    return extract


def _extensions(told: Told) -> list[str]:
    """Return the context's extensions as `KEY` and, for plain values, `KEY=VALUE`; one level of nesting is opened."""
    context = told.statement.context
    found: list[str] = []
    for key, value in (context.extensions or {}).items() if context is not None else ():
        found += _described(key, value)
        for inner, below in value.items() if isinstance(value, dict) else ():
            found += _described(inner, below)
    return found


def _described(key: str, value: object) -> list[str]:
    return [key] if isinstance(value, dict | list) else [key, f"{key}={value}"]


def around(told: Told, group: str) -> tuple[StatementObject, ...]:
    """Return the activities of one group of contextActivities (none when there is no context)."""
    context = told.statement.context
    if context is None or context.context_activities is None:
        return ()
    found: tuple[StatementObject, ...] = getattr(context.context_activities, group)
    return found


def _around_ids(group: str) -> Callable[[Told], list[str]]:
    return lambda told: [activity.id for activity in around(told, group) if activity.id]


def _around_types(group: str) -> Callable[[Told], list[str]]:
    return lambda told: [
        activity.definition.type
        for activity in around(told, group)
        if activity.definition is not None and activity.definition.type
    ]


def _around_names(group: str) -> Callable[[Told], list[str]]:
    return lambda told: [
        name
        for activity in around(told, group)
        if activity.definition is not None
        for name in (activity.definition.name or {}).values()
    ]


def _table(fields: Iterable[Field[T]]) -> dict[str, Field[T]]:
    return {field.name: field for field in fields}


def _around_fields() -> list[Field[Told]]:
    rows: list[Field[Told]] = []
    for group in ("parent", "grouping", "category", "other"):
        rows += [
            Field(f"context.{group}.id", Kind.TEXT, _around_ids(group), 20),
            Field(f"context.{group}.type", Kind.TYPE, _around_types(group), 70),
            Field(f"context.{group}.name", Kind.NAME, _around_names(group), 30),
        ]
    return rows


STATEMENT_FIELDS: Final[Mapping[str, Field[Told]]] = _table(
    [
        Field("verb", Kind.VERB, lambda told: (told.statement.verb.id,), 40),
        Field("object.id", Kind.TEXT, _object_id, 10),
        Field("object.type", Kind.TEXT, lambda told: (told.statement.object.object_type,)),
        Field("activity.id", Kind.TEXT, _object_id, 10),
        Field("activity.type", Kind.TYPE, _object_type, 60),
        Field("activity.name", Kind.NAME, _object_names, 30),
        Field("result.success", Kind.TRUTH, _result("success")),
        Field("result.completion", Kind.TRUTH, _result("completion")),
        Field("result.response", Kind.TEXT, _result("response")),
        Field("result.score.raw", Kind.NUMBER, _score(lambda score: score.raw)),
        Field("result.score.min", Kind.NUMBER, _score(lambda score: score.min)),
        Field("result.score.max", Kind.NUMBER, _score(lambda score: score.max)),
        Field("result.score.scaled", Kind.NUMBER, _score(lambda score: score.scaled)),
        Field("score.percent", Kind.NUMBER, _score(raw_percent)),
        Field("context.platform", Kind.NAME, _context("platform"), 80),
        Field("context.registration", Kind.TEXT, _context("registration"), 20),
        Field("context.language", Kind.NAME, _context("language")),
        Field("context.extension", Kind.TEXT, _extensions, 90),
        *_around_fields(),
        Field("source", Kind.TEXT, lambda told: _one(told.source), 80),
        Field("source.kind", Kind.TEXT, lambda told: _one(told.source_kind), 90),
        Field("at", Kind.MOMENT, lambda told: (told.statement.at,)),
    ]
)

SUBJECT_FIELDS: Final[Mapping[str, Field[Subject]]] = _table(
    [
        Field("activity.id", Kind.TEXT, lambda subject: (*subject.activity_ids, *_one(subject.activity.id)), 10),
        Field("activity.name", Kind.NAME, lambda subject: (*subject.names, *_one(subject.activity.name)), 30),
        Field("activity.type", Kind.TYPE, lambda subject: _one(subject.activity.type), 70),
        Field("outcome", Kind.OUTCOME, lambda subject: (subject.outcome.value,), 90),
        Field("verb", Kind.VERB, lambda subject: subject.verbs, 80),
        Field("score.percent", Kind.NUMBER, lambda subject: _one(subject.percent)),
        Field("result.success", Kind.TRUTH, lambda subject: _one(subject.success)),
        Field("parent.id", Kind.TEXT, lambda subject: _ids(subject.parents), 20),
        Field("parent.type", Kind.TYPE, lambda subject: _types(subject.parents), 75),
        Field("parent.name", Kind.NAME, lambda subject: _names(subject.parents), 40),
        Field("grouping.id", Kind.TEXT, lambda subject: _ids(subject.groupings), 20),
        Field("grouping.type", Kind.TYPE, lambda subject: _types(subject.groupings), 75),
        Field("grouping.name", Kind.NAME, lambda subject: _names(subject.groupings), 40),
        Field("category.id", Kind.TEXT, lambda subject: _ids(subject.categories), 60),
        Field("category.type", Kind.TYPE, lambda subject: _types(subject.categories), 75),
        Field("category.name", Kind.NAME, lambda subject: _names(subject.categories), 60),
        Field("other.id", Kind.TEXT, lambda subject: _ids(subject.others), 20),
        Field("other.type", Kind.TYPE, lambda subject: _types(subject.others), 75),
        Field("other.name", Kind.NAME, lambda subject: _names(subject.others), 40),
        Field("platform", Kind.NAME, lambda subject: subject.platforms, 85),
        Field("registration", Kind.TEXT, lambda subject: subject.registrations, 20),
        Field("source", Kind.TEXT, lambda subject: subject.sources, 85),
        Field("learner.unit", Kind.NAME, lambda subject: _one(subject.unit), 65),
        Field("learner.job", Kind.NAME, lambda subject: _one(subject.job), 65),
        Field("provider", Kind.NAME, lambda subject: _one(subject.provider), 65),
        Field("mandated", Kind.TRUTH, lambda subject: (subject.mandated,)),
        Field("at", Kind.MOMENT, lambda subject: (subject.at,)),
    ]
)
