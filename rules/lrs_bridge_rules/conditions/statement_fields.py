"""The fields of statements, one row each: what the conditions of completion definitions may name.

Every field has any number of values: none where the statement does not say it, several where it has several parents.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.completions.scores import raw_percent
from lrs_bridge_rules.conditions.fields import Field, Kind, one, table
from lrs_bridge_rules.conditions.said import (
    activity_extensions,
    as_texts,
    context_extensions,
    instructor_ids,
    instructor_names,
    language,
    response,
    result_extensions,
    revision,
    under,
)
from lrs_bridge_rules.statements.statement import OBJECT_TYPES
from lrs_bridge_rules.statements.times import duration_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import timedelta

    from lrs_bridge_rules.conditions.fields import Told
    from lrs_bridge_rules.statements.statement import Definition, Score, Statement, StatementObject

_GROUPS: Final[Mapping[str, str]] = {
    "parent": "a parent of the activity, such as the course of a quiz",
    "grouping": "an activity that this one belongs to in a wider sense, such as the course or the whole site",
    "category": "a category, in most cases the profile that the statement follows",
    "other": "an activity of the context that is neither parent nor grouping nor category",
}


def _definition(told: Told) -> Definition | None:
    return told.statement.object.definition


def _object_id(told: Told) -> tuple[str, ...]:
    return one(told.statement.object.id)


def _object_type(told: Told) -> tuple[str, ...]:
    definition = _definition(told)
    return one(definition.type) if definition is not None else ()


def _object_names(told: Told) -> tuple[str, ...]:
    definition = _definition(told)
    return tuple((definition.name or {}).values()) if definition is not None else ()


def _result(name: str) -> Callable[[Told], tuple[Any, ...]]:
    def extract(told: Told) -> tuple[Any, ...]:
        result = told.statement.result
        return one(getattr(result, name)) if result is not None else ()

    return extract


def _score(read: Callable[[Score], float | None]) -> Callable[[Told], tuple[Any, ...]]:
    def extract(told: Told) -> tuple[Any, ...]:
        result = told.statement.result
        return one(read(result.score)) if result is not None and result.score is not None else ()

    return extract


def _context(name: str) -> Callable[[Told], tuple[Any, ...]]:
    def extract(told: Told) -> tuple[Any, ...]:
        context = told.statement.context
        return one(getattr(context, name)) if context is not None else ()

    return extract


def _duration(told: Told) -> tuple[timedelta, ...]:
    result = told.statement.result
    return one(duration_of(result.duration)) if result is not None else ()


def _extension(name: str, of: str, extensions: Callable[[Statement], Mapping[str, Any]]) -> Field[Told]:
    return Field(
        name,
        Kind.TEXT,
        f"The extensions of the {of}, by key; without a key, each as KEY and as KEY=VALUE.",
        lambda told: as_texts(extensions(told.statement)),
        90,
        keyed=lambda told, keys: under(extensions(told.statement), keys),
    )


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


def _around_fields() -> list[Field[Told]]:
    rows: list[Field[Told]] = []
    for group, meaning in _GROUPS.items():
        name = f"context.{group}"
        rows += [
            Field(f"{name}.id", Kind.TEXT, f"The id (an IRI) of {meaning}.", _around_ids(group), 20),
            Field(f"{name}.type", Kind.TYPE, f"The type of {meaning}.", _around_types(group), 70),
            Field(f"{name}.name", Kind.NAME, f"The name of {meaning}, in any language.", _around_names(group), 30),
        ]
    return rows


STATEMENT_FIELDS: Final[Mapping[str, Field[Told]]] = table(
    [
        Field("verb", Kind.VERB, "What was done, such as completed.", lambda told: (told.statement.verb.id,), 40),
        Field("object.id", Kind.TEXT, "The id of what the statement speaks about.", _object_id, 10),
        Field(
            "object.type",
            Kind.WORD,
            "What kind of thing the statement speaks about.",
            lambda told: (told.statement.object.object_type,),
            words=OBJECT_TYPES,
        ),
        Field("activity.id", Kind.TEXT, "The id (an IRI) of the activity.", _object_id, 10),
        Field("activity.type", Kind.TYPE, "The type of the activity, such as course.", _object_type, 60),
        Field("activity.name", Kind.NAME, "The name of the activity, in any language.", _object_names, 30),
        Field("result.success", Kind.TRUTH, "Whether it was done successfully.", _result("success")),
        Field("result.completion", Kind.TRUTH, "Whether it was done to the end.", _result("completion")),
        Field("result.response", Kind.TEXT, "What was answered.", lambda told: response(told.statement)),
        Field("result.score.raw", Kind.NUMBER, "The points reached.", _score(lambda score: score.raw)),
        Field("result.score.min", Kind.NUMBER, "The fewest points possible.", _score(lambda score: score.min)),
        Field("result.score.max", Kind.NUMBER, "The most points possible.", _score(lambda score: score.max)),
        Field(
            "result.score.scaled",
            Kind.NUMBER,
            "The score from -1 to 1, as it was sent; what it means differs from platform to platform.",
            _score(lambda score: score.scaled),
            limits=(-1, 1),
        ),
        Field(
            "score.percent",
            Kind.NUMBER,
            "The points reached of the points possible, from 0 to 100.",
            _score(raw_percent),
            limits=(0, 100),
        ),
        Field("duration", Kind.DURATION, "How long it took, as the result says.", _duration),
        Field("context.platform", Kind.NAME, "The platform that was learned on.", _context("platform"), 80),
        Field(
            "context.registration",
            Kind.TEXT,
            "The registration that the statement belongs to, as it was sent.",
            _context("registration"),
            20,
        ),
        Field(
            "context.language",
            Kind.NAME,
            "The language that was learned in, such as en-GB.",
            lambda told: language(told.statement),
        ),
        Field(
            "context.revision",
            Kind.TEXT,
            "The revision of the activity, as the platform counts.",
            lambda told: revision(told.statement),
        ),
        Field(
            "context.instructor",
            Kind.IDENTIFIER,
            "Who taught: the instructor, or the members if that is a group.",
            lambda told: instructor_ids(told.statement),
            20,
        ),
        Field(
            "context.instructor.name",
            Kind.NAME,
            "The name of who taught.",
            lambda told: instructor_names(told.statement),
            20,
        ),
        _extension("context.extension", "context", context_extensions),
        _extension("result.extension", "result", result_extensions),
        _extension("activity.extension", "activity", activity_extensions),
        *_around_fields(),
        Field("source", Kind.TEXT, "The name of the source in the configuration.", lambda told: one(told.source), 80),
        Field(
            "source.kind",
            Kind.TEXT,
            "What the source is in the configuration, such as xapi or files.",
            lambda told: one(told.source_kind),
            90,
        ),
        Field("at", Kind.MOMENT, "When it happened.", lambda told: (told.statement.at,)),
    ]
)
