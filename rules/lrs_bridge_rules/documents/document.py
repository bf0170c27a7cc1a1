"""The model of one rule document: which keys there are, and what may stand behind them.

`shape.check_shape` asks pydantic and turns what it finds into problems with line and column. Conditions (`when`) are
left as they are here: `conditions.reader` reads them out of the tree with places. The descriptions are for rule
authors: the reference and the JSON Schema are made of them.
"""

from __future__ import annotations

import re
from datetime import UTC, timedelta
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Discriminator, Field, Tag, model_validator

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.conditions.operands import end_of
from lrs_bridge_rules.documents.lists import inside_folder
from lrs_bridge_rules.documents.parts import Id, Part, Percent, Span, Text, TimeZone, known_type, several
from lrs_bridge_rules.documents.test_model import DefinitionTestModel, TestModel
from lrs_bridge_rules.follow_up import FollowUpKind
from lrs_bridge_rules.nearest import nearest

IGNORE: Final = "ignore"
_PLACEHOLDERS: Final = frozenset(("activity", "goal", "learner"))
_BRACES: Final = re.compile(r"\{([^}]*)\}")


def _until(value: object) -> object:
    """Check it here, and leave it as it is: what it means depends on the time zone of the document."""
    try:
        end_of(value if isinstance(value, str) else "", UTC)
    except ValueError:
        raise ValueError("expected a date such as 2027-01-31") from None
    return value


def _outcome(value: object) -> object:
    known = [*Outcome, IGNORE]
    if value not in known:
        hint = nearest(str(value), known) or f" (known: {', '.join(known)})"
        raise ValueError(f"unknown outcome {value!r}{hint}")
    return value


def _title(value: object) -> object:
    if isinstance(value, str):
        # Only the plain word is filled in: `{goal!r}` or `{{goal}}` would stand in the task as it is written.
        for unknown in sorted(set(_BRACES.findall(value)) - _PLACEHOLDERS):
            raise ValueError(f"unknown placeholder {{{unknown}}} (known: {{activity}}, {{goal}}, {{learner}})")
    return value


When = Annotated[Any, Field(description="The condition: fields and what they must be.")]


class AroundModel(Part):
    """Which activity is meant: the object, or the first of a context's group (of a type, if one is named)."""

    from_: Annotated[
        Literal["object", "parent", "grouping"],
        Field(alias="from", description="Where the activity stands: the object itself, or a group of the context."),
    ] = "object"
    type: Annotated[
        str | None,
        BeforeValidator(known_type),
        Field(description="Only an activity of this type is meant: a short name or a full IRI."),
    ] = None


def _activity(value: object) -> object:
    return {"from": value} if isinstance(value, str) else value


class DefinitionModel(Part):
    """A completion definition: what a statement that fits says about its activity; the first that fits wins."""

    id: Id
    when: When
    outcome: Annotated[
        str,
        BeforeValidator(_outcome),
        Field(description="What the statement says; `ignore`: nothing, it is noise."),
    ]
    activity: Annotated[
        AroundModel,
        BeforeValidator(_activity),
        Field(description="Which activity the statement speaks about."),
    ] = AroundModel()
    attempt: Annotated[
        Literal["registration", "object", "activity", "none"],
        Field(
            description="What the statements of one attempt share: the registration of the context, the id of the "
            "object, the activity (it has one attempt ever), or none of these: then they belong together by time."
        ),
    ] = "registration"
    score: Annotated[
        Literal["raw/max", "scaled", "centred"],
        Field(
            description="How a score is read as percent: raw/max takes points alone; where there are none, scaled runs "
            "from 0 to 1, or centred from -1 to 1."
        ),
    ] = "scaled"
    tests: Annotated[
        list[DefinitionTestModel],
        BeforeValidator(several),
        Field(description="Cases that show what the definition reads."),
    ] = []


class EvidenceModel(Part):
    """What a rule's match is evidence of: exactly one of competency, activity and goal."""

    competency: Annotated[Text | None, Field(description="Every goal that names this competency.")] = None
    activity: Annotated[Text | None, Field(description="Every goal that plans this activity of the catalogue.")] = None
    goal: Annotated[Text | None, Field(description="Every goal with this title.")] = None
    weight: Annotated[
        float,
        Field(gt=0, le=100, description="How much it is evidence of; it adds up to what the goal requires."),
    ] = 1.0

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if [self.competency, self.activity, self.goal].count(None) != 2:
            raise ValueError("evidence names exactly one of competency, activity and goal")
        return self


class ExceptionModel(Part):
    """A case in which the rule does not apply, said by whom and until when."""

    when: When
    reason: Annotated[Text, Field(description="Why the rule does not apply; shown wherever the exception counts.")]
    author: Annotated[Text | None, Field(description="Who said so: a team, or a person.")] = None
    until: Annotated[
        str | None,
        BeforeValidator(_until),
        Field(description="The last day on which the exception counts; without one it never ends."),
    ] = None


Status = Literal["draft", "shadow", "active", "retired"]


class RuleModel(Part):
    """A rule: what a completion is evidence of, or why it does not count."""

    id: Id
    title: Annotated[Text | None, Field(description="What it says in one line; shown beside its matches.")] = None
    status: Annotated[
        Status,
        Field(
            description="draft: never asked; shadow: asked and counted, without effect; active: it counts; "
            "retired: kept for the record."
        ),
    ]
    when: When
    unless: Annotated[
        list[ExceptionModel],
        BeforeValidator(several),
        Field(description="Cases in which the rule does not apply although it fits."),
    ] = []
    evidence: Annotated[
        list[EvidenceModel],
        BeforeValidator(several),
        Field(description="What a completion that fits is evidence of."),
    ] = []
    exclude: Annotated[
        Text | None, Field(description="Instead of evidence: why a completion that fits does not count.")
    ] = None
    follow_up: Annotated[
        list[Id], BeforeValidator(several), Field(description="The follow-ups that open, by their ids.")
    ] = []
    tests: Annotated[
        list[TestModel],
        BeforeValidator(several),
        Field(description="Cases that show what the rule does; an active one needs a match and a no-match."),
    ] = []

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if bool(self.evidence) == (self.exclude is not None):
            raise ValueError("a rule has either evidence or exclude")
        if self.exclude is not None and self.follow_up:
            raise ValueError("a rule that excludes opens no follow-ups")
        return self


class FollowUpModel(Part):
    """A template of application tasks."""

    id: Id
    kind: Annotated[FollowUpKind, Field(strict=False, description="What sort of task it is.")]
    title: Annotated[
        Text,
        BeforeValidator(_title),
        Field(description="What is asked for; {activity}, {goal} and {learner} are filled in."),
    ]
    due: Annotated[Span, Field(description="How long after the completion it is due.")]
    confirm: Annotated[Literal["manager", "none"], Field(description="Who confirms that it was done, if anybody.")] = (
        "none"
    )
    remind: Annotated[
        list[Span], BeforeValidator(several), Field(description="How long before it is due the learner is reminded.")
    ] = []
    escalate: Annotated[
        Span | None, Field(description="How long after it was due the manager hears of it; without it never.")
    ] = None
    expire: Annotated[Span, Field(description="How long after it was due it runs out.")] = timedelta(days=30)
    within: Annotated[
        Span, Field(description="How old a completion may be when it becomes known, and still open a task.")
    ] = timedelta(days=90)
    questions: Annotated[
        list[Text], BeforeValidator(several), Field(description="What the manager may ask about it.")
    ] = []


class StagnationModel(Part):
    """How long in a job, and how long without learning, before it counts as stagnation."""

    tenure: Annotated[Span, Field(description="How long somebody is in the same job.")] = timedelta(days=730)
    quiet: Annotated[Span, Field(description="How long nothing was learned for a goal.")] = timedelta(days=180)


class WasteModel(Part):
    """The thresholds of waste."""

    stagnation: Annotated[StagnationModel, Field(description="When somebody no longer grows.")] = StagnationModel()
    abandoned_after: Annotated[
        Span, Field(description="How long after the last sign an attempt that was begun counts as abandoned.")
    ] = timedelta(days=60)
    mastery: Annotated[
        Percent, Field(description="The score before a training from which on it counts as already known.")
    ] = 85.0
    certificate_ahead: Annotated[
        list[Span],
        BeforeValidator(several),
        Field(description="How long before a certificate runs out it is announced."),
    ] = [timedelta(days=60), timedelta(days=14)]


class ListFileModel(Part):
    """A list whose values stand in a CSV file beside the document."""

    file: Annotated[
        str, BeforeValidator(inside_folder), Field(description="The file, from the folder of the document.")
    ]
    column: Annotated[Text | None, Field(description="The column, by its header; needed where there are several.")] = (
        None
    )


def _which_list(value: object) -> str:
    return FROM_FILE if isinstance(value, dict | ListFileModel) else WRITTEN_OUT


#: How errors name the two forms of a list; no key of a document can look so.
WRITTEN_OUT: Final = "(values)"
FROM_FILE: Final = "(file)"
ListModel = Annotated[
    Annotated[list[Text], BeforeValidator(several), Tag(WRITTEN_OUT)] | Annotated[ListFileModel, Tag(FROM_FILE)],
    Discriminator(_which_list),
]


class AllowanceModel(Part):
    """A remark of `rules check` that is known and meant: about one thing, or about all of the document."""

    lint: Annotated[Id, Field(description="The remark, by the name that stands behind it.")]
    rule: Annotated[Id | None, Field(description="The rule that it is about, by its id.")] = None
    completion: Annotated[Id | None, Field(description="The completion definition that it is about.")] = None
    follow_up: Annotated[Id | None, Field(description="The follow-up that it is about.")] = None
    list: Annotated[Id | None, Field(description="The list that it is about.")] = None
    reason: Annotated[Text, Field(description="Why it is meant.")]

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if [self.rule, self.completion, self.follow_up, self.list].count(None) < 3:
            raise ValueError("an allowance is about one thing: a rule, a completion, a follow_up or a list")
        return self


class LintModel(Part):
    """What `rules check` need not say."""

    allow: Annotated[
        list[AllowanceModel], BeforeValidator(several), Field(description="Remarks that are known and meant.")
    ] = []


class DocumentModel(Part):
    """A whole document; every key may be left out."""

    include: Annotated[
        list[Id], BeforeValidator(several), Field(description="Packs that are shipped, by name; yours count first.")
    ] = []
    time_zone: Annotated[
        TimeZone, Field(description="Where the days of this document begin and end, such as Europe/Berlin.")
    ] = "UTC"
    lists: Annotated[
        dict[Id, ListModel],
        Field(description="Named lists, written out or from a CSV file, for conditions to use as {list: NAME}."),
    ] = {}
    completions: Annotated[
        list[DefinitionModel],
        Field(description="What statements say about activities; the first that fits wins."),
    ] = []
    rules: Annotated[list[RuleModel], Field(description="What completions are evidence of.")] = []
    follow_ups: Annotated[list[FollowUpModel], Field(description="Templates of application tasks.")] = []
    follow_ups_default: Annotated[
        list[Id],
        BeforeValidator(several),
        Field(description="The follow-ups that open where neither goal nor rule names any."),
    ] = []
    waste: Annotated[WasteModel | None, Field(description="The thresholds of waste; in one document only.")] = None
    lint: Annotated[LintModel, Field(description="What `rules check` need not say.")] = LintModel()
