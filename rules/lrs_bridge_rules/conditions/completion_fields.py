"""The fields of completions, one row each: what the conditions of rules may name.

Every field has any number of values: none where nothing says it, several where the statements of one attempt carry
several verbs or names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.completions.outcome import ENDS
from lrs_bridge_rules.completions.provider import ProviderKind
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

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lrs_bridge_rules.completions.reading import Activity
    from lrs_bridge_rules.completions.subject import Subject
    from lrs_bridge_rules.statements.statement import Statement


def _ids(activities: Iterable[Activity]) -> list[str]:
    return [activity.id for activity in activities]


def _names(activities: Iterable[Activity]) -> list[str]:
    return [activity.name for activity in activities if activity.name]


def _types(activities: Iterable[Activity]) -> list[str]:
    return [activity.type for activity in activities if activity.type]


def _around(
    group: str, meaning: str, of: Callable[[Subject], tuple[Activity, ...]], *, ids: int, names: int
) -> list[Field[Subject]]:
    """Return the three fields of one group of activities, with how selective their ids and names are."""
    return [
        Field(f"{group}.id", Kind.TEXT, f"The id (an IRI) of {meaning}.", lambda subject: _ids(of(subject)), ids),
        Field(f"{group}.type", Kind.TYPE, f"The type of {meaning}.", lambda subject: _types(of(subject)), 75),
        Field(f"{group}.name", Kind.NAME, f"The name of {meaning}.", lambda subject: _names(of(subject)), names),
    ]


def _said(say: Callable[[Statement], Iterable[Any]]) -> Callable[[Subject], list[Any]]:
    """Return what any of the attempt's statements says."""
    return lambda subject: [value for statement in subject.statements for value in say(statement)]


def _extension(name: str, of: str, extensions: Callable[[Subject, Statement], Mapping[str, Any]]) -> Field[Subject]:
    return Field(
        name,
        Kind.TEXT,
        f"The extensions of the {of}, by key; without a key, each as KEY and as KEY=VALUE.",
        lambda subject: [text for each in subject.statements for text in as_texts(extensions(subject, each))],
        keyed=lambda subject, keys: [
            value for each in subject.statements for value in under(extensions(subject, each), keys)
        ],
    )


SUBJECT_FIELDS: Final[Mapping[str, Field[Subject]]] = table(
    [
        Field(
            "activity.id",
            Kind.TEXT,
            "The id (an IRI) of the activity, or any other id that the catalogue gives it.",
            lambda subject: (*subject.activity_ids, *one(subject.activity.id)),
            10,
        ),
        Field(
            "activity.name",
            Kind.NAME,
            "The name of the activity, in any language and as any of its statements gave it.",
            lambda subject: (*subject.names, *one(subject.activity.name)),
            30,
        ),
        Field(
            "activity.type",
            Kind.TYPE,
            "The type of the activity, such as course.",
            lambda subject: one(subject.activity.type),
            70,
        ),
        Field(
            "outcome",
            Kind.OUTCOME,
            "How the attempt ended.",
            lambda subject: (subject.outcome.value,),
            90,
            words=tuple(each.value for each in ENDS),
        ),
        Field("verb", Kind.VERB, "The verbs of the attempt's statements.", lambda subject: subject.verbs, 80),
        Field(
            "score.percent",
            Kind.NUMBER,
            "The score from 0 to 100, read as the completion definition says; absent where there is none.",
            lambda subject: one(subject.percent),
            limits=(0, 100),
        ),
        Field(
            "duration",
            Kind.DURATION,
            "How long it took, as the statement says that ended the attempt.",
            lambda subject: one(subject.duration),
        ),
        Field(
            "result.success",
            Kind.TRUTH,
            "Whether the attempt succeeded; absent where nobody judged it.",
            lambda subject: one(subject.success),
        ),
        Field("result.response", Kind.TEXT, "What was answered.", _said(response)),
        *_around(
            "parent",
            "a parent of the activity, such as the course of a quiz",
            lambda subject: subject.parents,
            ids=20,
            names=40,
        ),
        *_around(
            "grouping",
            "an activity that this one belongs to in a wider sense, such as the course or the whole site",
            lambda subject: subject.groupings,
            ids=20,
            names=40,
        ),
        *_around(
            "category",
            "a category, in most cases the profile that a statement follows",
            lambda subject: subject.categories,
            ids=60,
            names=60,
        ),
        *_around(
            "other",
            "an activity of the context that is neither parent nor grouping nor category",
            lambda subject: subject.others,
            ids=20,
            names=40,
        ),
        Field("platform", Kind.NAME, "The platform that was learned on.", lambda subject: subject.platforms, 85),
        Field(
            "registration",
            Kind.TEXT,
            "The registration of the attempt, in lower case.",
            lambda subject: subject.registrations,
            20,
        ),
        Field("language", Kind.NAME, "The language that was learned in, such as en-GB.", _said(language)),
        Field("revision", Kind.TEXT, "The revision of the activity, as the platform counts.", _said(revision)),
        Field(
            "instructor",
            Kind.IDENTIFIER,
            "Who taught: the instructor, or the members if that is a group.",
            _said(instructor_ids),
        ),
        Field("instructor.name", Kind.NAME, "The name of who taught.", _said(instructor_names)),
        _extension("extension", "context", lambda _, statement: context_extensions(statement)),
        _extension("result.extension", "result", lambda _, statement: result_extensions(statement)),
        _extension(
            "activity.extension",
            "activity",
            lambda subject, statement: activity_extensions(statement, subject.activity_ids),
        ),
        Field("source", Kind.TEXT, "The name of the source in the configuration.", lambda subject: subject.sources, 85),
        Field(
            "source.kind",
            Kind.TEXT,
            "What the source is in the configuration, such as xapi or files.",
            lambda subject: subject.source_kinds,
            90,
        ),
        Field("learner.unit", Kind.NAME, "The learner's unit.", lambda subject: one(subject.unit), 65),
        Field("learner.job", Kind.NAME, "The learner's job.", lambda subject: one(subject.job), 65),
        Field(
            "provider",
            Kind.NAME,
            "Who provides the activity, as the catalogue says.",
            lambda subject: one(subject.provider),
            65,
        ),
        Field(
            "provider.kind",
            Kind.WORD,
            "What the provider is, as the catalogue says.",
            lambda subject: one(subject.provider_kind),
            75,
            words=tuple(each.value for each in ProviderKind),
        ),
        Field(
            "mandated",
            Kind.TRUTH,
            "Whether the catalogue says that the activity is mandated.",
            lambda subject: (subject.mandated,),
        ),
        Field(
            "mandated.by",
            Kind.NAME,
            "Who mandates the activity, as the catalogue says.",
            lambda subject: one(subject.mandated_by),
            65,
        ),
        Field("at", Kind.MOMENT, "When the attempt ended.", lambda subject: (subject.at,)),
    ]
)
