"""The model of the tests inside rules and completion definitions: what a case tells, and what is expected of it.

`case_model` has the words for what it tells; the application's runner takes each case the whole way, from statement to
plan, and checks what is stated. What is not stated is not checked; an empty list says that there is none.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Final, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, BeforeValidator, Field, model_validator

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.documents.case_model import (
    CatalogueModel,
    ContractModel,
    LearnerModel,
    Moment,
    NeedModel,
    ShortStatement,
    WantModel,
    contracts_of,
    in_short,
)
from lrs_bridge_rules.documents.parts import Id, Part, Percent, Text, several
from lrs_bridge_rules.documents.tree import Place
from lrs_bridge_rules.nearest import nearest

if TYPE_CHECKING:
    from collections.abc import Mapping

Shown = Literal["match", "no-match"]
NOTHING: Final = "none"
_WORDS: Final[Mapping[str, object]] = {
    "match": {"match": True},
    "no-match": {"match": False},
    "no-completion": {"completions": 0},
}


def _expected(value: object) -> object:
    """Take the three words for what they stand for, and a lone expectation for a list of one."""
    found = [_WORDS.get(each, each) if isinstance(each, str) else each for each in _listed(value)]
    for word in (each for each in found if isinstance(each, str)):
        hint = nearest(word, _WORDS) or f" (known: {', '.join(_WORDS)})"
        raise ValueError(f"unknown expectation {word!r}{hint}; anything more is a mapping")
    return found


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _outcome(value: object) -> object:
    return _among(value, [*Outcome])


def _read_outcome(value: object) -> object:
    return _among(value, [*Outcome, NOTHING])


def _among(value: object, known: list[str]) -> object:
    if value not in known:
        hint = nearest(str(value), known) or f" (known: {', '.join(known)})"
        raise ValueError(f"unknown outcome {value!r}{hint}")
    return value if value == NOTHING else Outcome(str(value))


class EvidenceExpectation(Part):
    """Evidence for one goal."""

    goal: Annotated[Text, Field(description="The title of the goal that takes it.")]
    weight: Annotated[float | None, Field(gt=0, description="How much it counts.")] = None
    by: Annotated[
        list[Text] | None,
        BeforeValidator(several),
        Field(description="On which grounds: ids of rules, catalogue, or contract."),
    ] = None


class FollowUpExpectation(Part):
    """One follow-up; a lone word is its template."""

    template: Annotated[Id, Field(description="The template that it is made from.")]
    due: Annotated[Moment | None, Field(description="The day on which it is due.")] = None
    state: Annotated[
        Literal["open", "submitted", "done", "declined", "expired"] | None, Field(description="Where it stands.")
    ] = None


Reason = Literal[
    "unaligned", "no-contract", "support-missing", "already-known", "no-gain", "repeat", "abandoned", "not-applied"
]


class Expectation(Part):
    """What must come of a case: of the completion of its last statement, or of the one that is chosen."""

    activity: Annotated[
        Text | None, Field(description="Chooses the completion of this activity, by its id or name.")
    ] = None
    attempt: Annotated[int | None, Field(ge=1, description="Chooses one of the attempts at it, counted from 1.")] = None
    match: Annotated[bool | None, Field(description="Whether the rule applies to the completion.")] = None
    completions: Annotated[int | None, Field(ge=0, description="How many completions come of the whole case.")] = None
    outcome: Annotated[Outcome | None, BeforeValidator(_outcome), Field(description="How the attempt ended.")] = None
    score: Annotated[Percent | Literal["none"] | None, Field(description="The score, in percent.")] = None
    standing: Annotated[
        Literal["matched", "off-contract", "unmatched", "excluded", "not-completed"] | None,
        Field(description="How the completion ended up."),
    ] = None
    evidence: Annotated[
        list[Annotated[EvidenceExpectation, BeforeValidator(in_short("goal"))]] | None,
        BeforeValidator(several),
        Field(description="What it is evidence for: all of it; a lone word is the title of a goal."),
    ] = None
    follow_ups: Annotated[
        list[Annotated[FollowUpExpectation, BeforeValidator(in_short("template"))]] | None,
        BeforeValidator(several),
        Field(description="Which follow-ups it opens: all of them."),
    ] = None
    quadrant: Annotated[
        Literal["sweet-spot", "uphill", "gift", "waste", "none"] | None,
        Field(description="Whether it is needed, and wanted."),
    ] = None
    findings: Annotated[
        list[Reason] | None, BeforeValidator(several), Field(description="All reasons for which it is called waste.")
    ] = None
    shadow: Annotated[
        list[Id] | None, BeforeValidator(several), Field(description="All rules that match it in the shadow.")
    ] = None
    competencies: Annotated[
        list[Text] | None, BeforeValidator(several), Field(description="All competencies that it is about.")
    ] = None
    goals: Annotated[
        dict[Text, Literal["planned", "learned", "applied", "achieved", "dropped"]] | None,
        Field(description="Where goals stand in the end, by their titles."),
    ] = None
    hours: Annotated[float | None, Field(ge=0, description="How many hours it took.")] = None
    cost: Annotated[float | None, Field(ge=0, description="What it cost.")] = None
    gain: Annotated[float | Literal["none"] | None, Field(description="By how many points the score rose.")] = None
    valid_until: Annotated[Moment | None, Field(description="The day on which it stops being valid.")] = None

    @model_validator(mode="after")
    def _is_about_one(self) -> Self:
        if self.attempt is not None and self.activity is None:
            raise ValueError("attempt counts the attempts at an activity: name it too")
        return self


class TestModel(Part):
    """A case: what happened, and what must come of it."""

    __test__ = False

    name: Annotated[Text, Field(description="What the case shows, in a few words.")]
    now: Annotated[Moment | None, Field(description="When it is looked at; else when the last statement came.")] = None
    learner: Annotated[LearnerModel, Field(description="Who did it.")] = LearnerModel()
    unit: Annotated[str, Field(description="The learner's unit, in short.")] = ""
    job: Annotated[str, Field(description="The learner's job, in short.")] = ""
    catalogue: Annotated[
        list[CatalogueModel], BeforeValidator(several), Field(description="What the catalogue knows.")
    ] = []
    provider: Annotated[str, Field(description="Who provides the last activity, in short.")] = ""
    mandated: Annotated[bool, Field(description="Whether the last activity is mandated, in short.")] = False
    contract: Annotated[
        list[ContractModel],
        BeforeValidator(contracts_of),
        Field(description="The learner's contract, or several; without it there is none."),
    ] = []
    needs: Annotated[
        list[Annotated[NeedModel, BeforeValidator(in_short("competency"))]],
        BeforeValidator(several),
        Field(description="The competencies that the organisation needs."),
    ] = []
    wants: Annotated[
        list[Annotated[WantModel, BeforeValidator(in_short("competency"))]],
        BeforeValidator(several),
        Field(description="The competencies on the learner's growth agenda."),
    ] = []
    statements: Annotated[
        list[ShortStatement],
        BeforeValidator(several),
        Field(min_length=1, max_length=200, description="What the learner did, one after the other."),
    ]
    expect: Annotated[
        list[Expectation],
        BeforeValidator(_expected, json_schema_input_type=Shown | Literal["no-completion"] | Expectation),
        Field(min_length=1, description="What must come of it: match, no-match, no-completion, or more in a mapping."),
    ]

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if (self.unit and self.learner.unit) or (self.job and self.learner.job):
            raise ValueError("unit and job are given twice: in short, and for the learner")
        if (self.provider or self.mandated) and self.catalogue:
            raise ValueError("provider and mandated stand in the catalogue, where there is one")
        for number, statement in enumerate(self.statements, start=1):
            _check_voiding(self.statements, number, statement)
        return self

    @property
    def shows(self) -> frozenset[Shown]:
        """Whether a match or its absence is stated: publishing asks for one of each."""
        stated = {each.match for each in self.expect}
        return frozenset[Shown](word for word, wanted in _SHOWN if wanted in stated)


_SHOWN: Final[tuple[tuple[Shown, bool], ...]] = (("match", True), ("no-match", False))


def _check_voiding(statements: list[ShortStatement], number: int, statement: ShortStatement) -> None:
    if statement.voids is None:
        return
    if statement.voids >= number:
        raise ValueError(f"statement {number} can only void one that stands before it, and {statement.voids} does not")
    if statements[statement.voids - 1].voids is not None:
        raise ValueError(f"statement {number} voids one that voids: that cannot be voided")


class ReadingExpectation(Part):
    """What must be read out of a statement."""

    match: Annotated[bool | None, Field(description="Whether this definition is the one that reads it.")] = None
    by: Annotated[Text | None, Field(description="The definition that reads it instead, or none.")] = None
    outcome: Annotated[
        Outcome | Literal["none"] | None,
        BeforeValidator(_read_outcome),
        Field(description="What the statement says; none: that it is noise, or nothing."),
    ] = None
    activity: Annotated[Text | None, Field(description="The id of the activity that it says it about.")] = None
    attempt: Annotated[
        Text | None, Field(description="What tells its attempt apart: a registration, an id, or none.")
    ] = None
    score: Annotated[Percent | Literal["none"] | None, Field(description="The score, in percent.")] = None
    success: Annotated[bool | Literal["none"] | None, Field(description="Whether it was successful.")] = None


def _reading_expected(value: object) -> object:
    if not isinstance(value, str):
        return value
    if value not in ("match", "no-match"):
        hint = nearest(value, ("match", "no-match")) or " (known: match, no-match)"
        raise ValueError(f"unknown expectation {value!r}{hint}; anything more is a mapping")
    return {"match": value == "match"}


class DefinitionTestModel(Part):
    """A case of a completion definition: one statement, and what must be read out of it."""

    __test__ = False

    name: Annotated[Text, Field(description="What the case shows.")]
    statement: Annotated[ShortStatement, Field(description="What a source sends.")]
    expect: Annotated[
        ReadingExpectation,
        BeforeValidator(_reading_expected, json_schema_input_type=Shown | ReadingExpectation),
        Field(description="What must be read out of it: match, no-match, or more in a mapping."),
    ]

    @model_validator(mode="after")
    def _can_be_read_alone(self) -> Self:
        if self.statement.voids is not None:
            raise ValueError("a statement that voids is read by no definition")
        return self


T = TypeVar("T", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Case(Generic[T]):
    """A test with its place."""

    model: T
    place: Place = field(compare=False)


RuleCase = Case[TestModel]
DefinitionCase = Case[DefinitionTestModel]
