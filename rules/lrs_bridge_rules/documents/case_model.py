"""What a test case tells, in short words: statements, learner, catalogue, needs and wants, contract.

`expansion` makes real statements of the short ones. The other words are those of the files that organisations import
(docs/importing.md), so that nobody has to learn two. All spans count from the beginning of the case.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import BeforeValidator, Field, model_validator

from lrs_bridge_rules.conditions.operands import stretch_of
from lrs_bridge_rules.documents.parts import Id, Part, Percent, Span, Text, known_type, known_verb, several
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.expansion import agent_of, check_raw, is_iri
from lrs_bridge_rules.statements.times import parse_duration, parse_span

if TYPE_CHECKING:
    from collections.abc import Callable

_SIGNED: Final = re.compile(r"([+-])\s*(.+)", re.ASCII)


def _moment(value: object) -> object:
    """Read `+2d` or `-30d` as a span from the beginning of the case, anything else as a day or moment."""
    text = value if isinstance(value, str) else ""
    try:
        found = _SIGNED.fullmatch(text)
        if found is None:
            return stretch_of(text, UTC)[0]
        return parse_span(found[2]) * (-1 if found[1] == "-" else 1)
    except ValueError:
        raise ValueError("expected a day or moment such as 2026-03-31, or a span such as +2d or -30d") from None


def _duration(value: object) -> object:
    parse_duration(value if isinstance(value, str) else "")
    return value


def _agent(value: object) -> object:
    agent_of(str(value))
    return value


def _iri_keys(value: object) -> object:
    for key in value if isinstance(value, dict) else ():
        if not is_iri(str(key)):
            raise ValueError(f"the key of an extension is an IRI, not {key!r}")
    return value


def _raw(value: object) -> object:
    if isinstance(value, dict):
        try:
            check_raw(value)
        except StatementError as error:
            raise ValueError(f"not a statement: {error.reason}") from None
    return value


def in_short(key: str) -> Callable[[object], object]:
    """Take a lone word or number for the mapping that has only this key."""
    return lambda value: {key: value} if isinstance(value, str | int | float) else value


def _activity(value: object) -> object:
    return {"id" if is_iri(value) else "name": value} if isinstance(value, str) else value


Moment = Annotated[timedelta | datetime, BeforeValidator(_moment, json_schema_input_type=str)]
Extensions = Annotated[dict[str, Any], BeforeValidator(_iri_keys)]
#: No money and no training is more than this; what is would only end in infinity.
Amount = Annotated[float, Field(ge=0, le=999_999)]
Ids = Annotated[list[Text], BeforeValidator(several)]


class ShortActivity(Part):
    """An activity of a test, in short; a lone text is its name, or its id if that is an IRI."""

    name: Annotated[Text | dict[str, Text] | None, Field(description="Its name, in English or by language.")] = None
    type: Annotated[
        Text | None, BeforeValidator(known_type), Field(description="Its type: a short name or a full IRI.")
    ] = None
    id: Annotated[Text | None, Field(description="Its id; without one it is made from the name.")] = None
    extensions: Annotated[Extensions, Field(description="The extensions of its definition, by IRI.")] = {}


class ShortScore(Part):
    """A score of a test: percent (a lone number is that), or as xAPI has it."""

    percent: Annotated[Percent | None, Field(description="Points reached of 100; stands for all four others.")] = None
    raw: Annotated[float | None, Field(description="The points reached.")] = None
    min: Annotated[float | None, Field(description="The fewest points possible.")] = None
    max: Annotated[float | None, Field(description="The most points possible.")] = None
    scaled: Annotated[float | None, Field(ge=-1, le=1, description="The score from -1 to 1.")] = None

    @model_validator(mode="after")
    def _in_its_range(self) -> Self:
        low, high = self.min, self.max
        if low is not None and high is not None and low >= high:
            raise ValueError("min is below max")
        if self.raw is not None and ((low is not None and self.raw < low) or (high is not None and self.raw > high)):
            raise ValueError("raw is not between min and max")
        if self.percent is not None and {self.raw, low, high, self.scaled} != {None}:
            raise ValueError("percent stands for raw, min, max and scaled: give it, or those")
        return self


Around = Annotated[list[Annotated[ShortActivity, BeforeValidator(_activity)]], BeforeValidator(several)]


class ShortStatement(Part):
    """A statement of a test, in short: what was done with which activity; or what it voids; or the whole of it, raw."""

    verb: Annotated[
        Text | None, BeforeValidator(known_verb), Field(description="What was done: a short name or a full IRI.")
    ] = None
    activity: Annotated[
        ShortActivity | None, BeforeValidator(_activity), Field(description="What it was done with.")
    ] = None
    voids: Annotated[
        int | None, Field(ge=1, description="Instead of verb and activity: which statement it voids, counted from 1.")
    ] = None
    raw: Annotated[
        dict[str, Any] | None,
        BeforeValidator(_raw),
        Field(description="Instead of all else: a whole xAPI statement; actor, id and time may be left out."),
    ] = None
    at: Annotated[
        Moment | None, Field(description="When it happened; without it one minute after the statement before.")
    ] = None
    source: Annotated[Text | None, Field(description="The source that delivers it, by its name.")] = None
    source_kind: Annotated[Text | None, Field(description="What that source is, such as xapi or files.")] = None
    score: Annotated[
        ShortScore | None, BeforeValidator(in_short("percent")), Field(description="The score of the result.")
    ] = None
    success: Annotated[bool | None, Field(description="Whether it was done successfully.")] = None
    completion: Annotated[bool | None, Field(description="Whether it was done to the end.")] = None
    response: Annotated[Text | None, Field(description="The response of the result.")] = None
    duration: Annotated[
        Text | None, BeforeValidator(_duration), Field(description="How long it took, such as PT45M.")
    ] = None
    result_extensions: Annotated[Extensions, Field(description="The extensions of the result, by IRI.")] = {}
    registration: Annotated[
        Text | None, Field(description="The registration of the context: a UUID, or any word that stands for one.")
    ] = None
    instructor: Annotated[
        Text | None,
        BeforeValidator(_agent),
        Field(description="The instructor: mailto:NAME@DOMAIN, account:HOMEPAGE|NAME, or a lone word."),
    ] = None
    platform: Annotated[Text | None, Field(description="The platform of the context.")] = None
    language: Annotated[Text | None, Field(description="The language of the context, such as en-GB.")] = None
    extensions: Annotated[Extensions, Field(description="The extensions of the context, by IRI.")] = {}
    parent: Annotated[Around, Field(description="The parents of the activity.")] = []
    grouping: Annotated[Around, Field(description="The groupings of the activity.")] = []
    category: Annotated[Around, Field(description="The categories of the statement.")] = []
    other: Annotated[Around, Field(description="The other activities of the context.")] = []

    @model_validator(mode="after")
    def _says_one_thing(self) -> Self:
        given = self.model_fields_set - {"at", "source", "source_kind"}
        if self.raw is not None or self.voids is not None:
            if len(given) > 1 or (self.raw is not None and "at" in self.model_fields_set):
                raise ValueError("beside raw there may be only source and source_kind, beside voids only these and at")
        elif self.verb is None or self.activity is None:
            raise ValueError("a statement has verb and activity, or voids, or raw")
        return self


class LearnerModel(Part):
    """The learner of a test."""

    unit: Annotated[str, Field(description="The learner's unit.")] = ""
    job: Annotated[str, Field(description="The learner's job.")] = ""
    hired_on: Annotated[Moment | None, Field(description="When the learner came.")] = None
    job_since: Annotated[Moment | None, Field(description="Since when the learner has this job.")] = None
    hourly_rate: Annotated[Amount, Field(description="What an hour of the learner costs.")] = 0.0


class CatalogueModel(Part):
    """An activity as the catalogue knows it; without an id it is that of the case's last statement."""

    id: Annotated[Text | None, Field(description="Its id in the catalogue.")] = None
    name: Annotated[str, Field(description="Its name in the catalogue.")] = ""
    provider: Annotated[str, Field(description="Who provides it.")] = ""
    provider_kind: Annotated[
        Literal["internal-team", "in-business-expert", "external-partner", "ad-hoc"] | None,
        Field(description="What kind of provider that is."),
    ] = None
    fee: Annotated[Amount, Field(description="What it costs a head.")] = 0.0
    hours: Annotated[Amount | None, Field(description="How many hours it takes.")] = None
    competencies: Annotated[Ids, Field(description="The competencies that it teaches.")] = []
    aliases: Annotated[Ids, Field(description="Other ids under which statements name it.")] = []
    mandated_by: Annotated[str, Field(description="Who requires it, if anybody.")] = ""
    valid_for: Annotated[Span | None, Field(description="How long a completion stays valid.")] = None
    pre_test: Annotated[str, Field(description="The id of the test before it.")] = ""
    post_test: Annotated[str, Field(description="The id of the test after it.")] = ""


class NeedModel(Part):
    """A competency that the organisation needs; a lone word is one that it needs of everybody."""

    competency: Annotated[Text, Field(description="What is needed.")]
    unit: Annotated[str, Field(description="Of whom: only of this unit.")] = ""
    job: Annotated[str, Field(description="Of whom: only of those with this job.")] = ""

    @model_validator(mode="after")
    def _one_scope(self) -> Self:
        if self.unit and self.job:
            raise ValueError("a need is that of a unit or of a job")
        return self


class WantModel(Part):
    """A competency on the learner's growth agenda; a lone word is one."""

    competency: Annotated[Text, Field(description="What is wanted.")]
    amount: Annotated[int, Field(ge=1, le=5, description="How much, from 1 to 5.")] = 3


class MeasureModel(Part):
    """A success measure."""

    metric: Annotated[Text, Field(description="What is measured.")]
    unit: Annotated[str, Field(description="In which unit.")] = ""
    baseline: Annotated[float, Field(description="Where it stands.")]
    target: Annotated[float, Field(description="Where it shall be.")]
    by: Annotated[Moment | None, Field(description="Until when it shall be there.")] = None


class SupportModel(Part):
    """What is needed to use the learning; a lone word is one that is not there yet."""

    what: Annotated[Text, Field(description="What is needed to use the learning.")]
    needed_by: Annotated[Moment | None, Field(description="The day by which it is needed.")] = None
    ready: Annotated[Moment | None, Field(description="Since when it is there; without it, it is not.")] = None


class GoalModel(Part):
    """A goal of a contract; a lone word is a competency, and its title too."""

    title: Annotated[Text, Field(description="What is to be learned, in a few words.")]
    competencies: Annotated[Ids, Field(description="The competencies that it asks for.")] = []
    activities: Annotated[Ids, Field(description="The activities that are planned for it, by id.")] = []
    method: Annotated[
        Literal[
            "training", "mentoring", "coaching", "secondment", "job-exchange", "job-shadowing", "self-study", "project",
            "conference", "other",
        ],
        Field(description="The way in which it is to be learned."),
    ] = "training"  # fmt: skip
    measure: Annotated[MeasureModel | None, Field(description="What shows that it was worth it.")] = None
    supports: Annotated[
        list[Annotated[SupportModel, BeforeValidator(in_short("what"))]],
        BeforeValidator(several),
        Field(description="Whatever must be there so that it can be applied."),
    ] = []
    wanted_by: Annotated[Literal["organisation", "learner", "both"], Field(description="Who wants it.")] = "both"
    follow_ups: Annotated[list[Id], BeforeValidator(several), Field(description="Its own follow-ups.")] = []
    required: Annotated[float, Field(gt=0, description="How much evidence it takes to be learned.")] = 1.0


def _goal(value: object) -> object:
    return {"title": value, "competencies": [value]} if isinstance(value, str) else value


class ContractModel(Part):
    """A contract; words alone are its goals. It covers a year around the case unless it says otherwise."""

    goals: Annotated[
        list[Annotated[GoalModel, BeforeValidator(_goal)]],
        BeforeValidator(several),
        Field(description="What both sides agreed on."),
    ] = []
    signed: Annotated[
        Moment | Literal[False], Field(description="When both sides signed; false: not yet. Else 30 days before.")
    ] = timedelta(days=-30)
    from_: Annotated[Moment, Field(alias="from", description="Its first day; else half a year before.")] = timedelta(
        days=-182
    )
    until: Annotated[Moment, Field(description="Its last day; else half a year after.")] = timedelta(days=182)
    opportunity: Annotated[str, Field(description="The id of the activity that it is for, if it is for one alone.")] = (
        ""
    )


def contracts_of(value: object) -> object:
    """Take words for the goals of one contract, and a lone contract for a list of one."""
    listed = value if isinstance(value, list) else [value]
    words = listed and all(isinstance(each, str) for each in listed)
    return [{"goals": listed}] if words else listed
