"""The model of one rule document: which keys there are, and what may stand behind them.

pydantic checks the shape; `check_shape` turns what it finds into problems with line and column. Conditions (`when`) are
left as they are here: `condition_reader` reads them out of the tree with places.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, model_validator

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.conditions.reader import moment_of
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, iris_of, nearest
from lrs_bridge_rules.follow_up import FollowUpKind
from lrs_bridge_rules.statements.times import parse_span

if TYPE_CHECKING:
    from lrs_bridge_rules.documents.tree import Node, Place, Problems

IGNORE: Final = "ignore"
_PLACEHOLDERS: Final = frozenset(("activity", "goal", "learner"))
_BRACES: Final = re.compile(r"\{([^}]*)\}")


def _several(value: object) -> object:
    """Take a lone value for a list of one."""
    return value if isinstance(value, list) or value is None else [value]


def _span(value: object) -> object:
    return parse_span(value if isinstance(value, str) else "")


def _until(value: object) -> object:
    try:
        return moment_of(value if isinstance(value, str) else "", end_of_day=True)
    except ValueError:
        raise ValueError("expected a date such as 2027-01-31") from None


def _outcome(value: object) -> object:
    known = [*Outcome, IGNORE]
    if value not in known:
        hint = nearest(str(value), known) or f" (known: {', '.join(known)})"
        raise ValueError(f"unknown outcome {value!r}{hint}")
    return value


def _type(value: object) -> object:
    iris_of(str(value), ACTIVITY_TYPES)
    return value


def _title(value: object) -> object:
    if isinstance(value, str):
        # Only the plain word is filled in: `{goal!r}` or `{{goal}}` would stand in the task as it is written.
        for unknown in sorted(set(_BRACES.findall(value)) - _PLACEHOLDERS):
            raise ValueError(f"unknown placeholder {{{unknown}}} (known: {{activity}}, {{goal}}, {{learner}})")
    return value


Span = Annotated[timedelta, BeforeValidator(_span)]
Id = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$", max_length=100)]
Text = Annotated[str, Field(min_length=1, max_length=2000)]
Percent = Annotated[float, Field(ge=0, le=100)]


class Part(BaseModel):
    """What all parts of a document share: no unknown key, no silent conversion."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class AroundModel(Part):
    """Which activity is meant: the object, or the first of a context's group (of a type, if one is named)."""

    from_: Annotated[Literal["object", "parent", "grouping"], Field(alias="from")] = "object"
    type: Annotated[str, BeforeValidator(_type)] | None = None


def _activity(value: object) -> object:
    return {"from": value} if isinstance(value, str) else value


class DefinitionModel(Part):
    """A completion definition."""

    id: Id
    when: Any
    outcome: Annotated[str, BeforeValidator(_outcome)]
    activity: Annotated[AroundModel, BeforeValidator(_activity)] = AroundModel()
    attempt: Literal["registration", "object", "activity", "none"] = "registration"
    score: Literal["raw/max", "scaled", "centred"] = "scaled"


class EvidenceModel(Part):
    """What a rule's match is evidence of."""

    competency: Text | None = None
    activity: Text | None = None
    goal: Text | None = None
    weight: Annotated[float, Field(gt=0, le=100)] = 1.0

    @model_validator(mode="after")
    def _one_target(self) -> Self:
        if [self.competency, self.activity, self.goal].count(None) != 2:
            raise ValueError("evidence names exactly one of competency, activity and goal")
        return self


class ExceptionModel(Part):
    """A case in which the rule does not apply, said by whom and until when."""

    when: Any
    reason: Text
    author: Text | None = None
    until: Annotated[datetime, BeforeValidator(_until)] | None = None


class ShortActivity(Part):
    """An activity of a test, in short."""

    name: Text | None = None
    type: Text | None = None
    id: Text | None = None


class ShortScore(Part):
    """A score of a test: percent, or as xAPI has it."""

    percent: Percent | None = None
    raw: float | None = None
    min: float | None = None
    max: float | None = None
    scaled: Annotated[float, Field(ge=-1, le=1)] | None = None


Around = Annotated[list[ShortActivity], BeforeValidator(_several)]


class ShortStatement(Part):
    """A statement of a test, in short; `selftest` makes a real one of it."""

    verb: Text
    activity: ShortActivity
    at: Text | None = None
    score: ShortScore | None = None
    success: bool | None = None
    completion: bool | None = None
    duration: Text | None = None
    registration: Text | None = None
    platform: Text | None = None
    extensions: dict[str, Any] = {}
    parent: Around = []
    grouping: Around = []
    category: Around = []
    other: Around = []


class TestModel(Part):
    """What a rule must say about some statements of one attempt."""

    __test__ = False

    name: Text
    statements: Annotated[list[ShortStatement], BeforeValidator(_several), Field(min_length=1)]
    expect: Literal["match", "no-match"]
    unit: str = ""
    job: str = ""
    provider: str = ""
    mandated: bool = False


Status = Literal["draft", "shadow", "active", "retired"]


class RuleModel(Part):
    """A rule: what a completion is evidence of, or why it does not count."""

    id: Id
    title: Text | None = None
    status: Status
    when: Any
    unless: Annotated[list[ExceptionModel], BeforeValidator(_several)] = []
    evidence: Annotated[list[EvidenceModel], BeforeValidator(_several)] = []
    exclude: Text | None = None
    follow_up: Annotated[list[Id], BeforeValidator(_several)] = []
    tests: list[TestModel] = []

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
    kind: Annotated[FollowUpKind, Field(strict=False)]
    title: Annotated[Text, BeforeValidator(_title)]
    due: Span
    confirm: Literal["manager", "none"] = "none"
    remind: Annotated[list[Span], BeforeValidator(_several)] = []
    escalate: Span | None = None
    expire: Span = timedelta(days=30)
    within: Span = timedelta(days=90)
    questions: Annotated[list[Text], BeforeValidator(_several)] = []


class StagnationModel(Part):
    """How long in a job, and how long without learning, before it counts as stagnation."""

    tenure: Span = timedelta(days=730)
    quiet: Span = timedelta(days=180)


class WasteModel(Part):
    """The thresholds of waste."""

    stagnation: StagnationModel = StagnationModel()
    abandoned_after: Span = timedelta(days=60)
    mastery: Percent = 85.0
    certificate_ahead: Annotated[list[Span], BeforeValidator(_several)] = [timedelta(days=60), timedelta(days=14)]


class AllowanceModel(Part):
    """A remark of `rules check` that is known and meant: about one thing, or about all of the document."""

    lint: Id
    rule: Id | None = None
    completion: Id | None = None
    follow_up: Id | None = None
    list: Id | None = None
    reason: Text

    @model_validator(mode="after")
    def _one_thing(self) -> Self:
        if [self.rule, self.completion, self.follow_up, self.list].count(None) < 3:
            raise ValueError("an allowance is about one thing: a rule, a completion, a follow_up or a list")
        return self


class LintModel(Part):
    """What `rules check` need not say."""

    allow: Annotated[list[AllowanceModel], BeforeValidator(_several)] = []


class DocumentModel(Part):
    """A whole document."""

    include: Annotated[list[Id], BeforeValidator(_several)] = []
    lists: dict[Id, Annotated[list[Text], BeforeValidator(_several)]] = {}
    completions: list[DefinitionModel] = []
    rules: list[RuleModel] = []
    follow_ups: list[FollowUpModel] = []
    follow_ups_default: Annotated[list[Id], BeforeValidator(_several)] = []
    waste: WasteModel | None = None
    lint: LintModel = LintModel()


def check_shape(root: Node, problems: Problems) -> DocumentModel | None:
    """Return the model of a document, or None with every problem recorded at its place."""
    try:
        return DocumentModel.model_validate({} if root.value is None else root.plain())
    except ValidationError as error:
        for found in error.errors(include_url=False, include_context=True):
            place, message = _explained(root, found["loc"], found["type"], found["msg"])
            problems.add(place, message)
        return None


def _explained(root: Node, path: tuple[str | int, ...], kind: str, message: str) -> tuple[Place, str]:
    if kind == "extra_forbidden":
        known = _keys_at(path[:-1])
        return root.key_place(path), f"unknown key {str(path[-1])!r}{nearest(str(path[-1]), known)}"
    if kind == "missing":
        return root.place_of(path[:-1]), f"the key {str(path[-1])!r} is missing"
    if kind == "string_pattern_mismatch":
        return root.place_of(path), "an id is made of letters, digits, '.', '_' and '-'"
    text = message.removeprefix("Value error, ").removeprefix("Assertion failed, ")
    key = next((str(step) for step in reversed(path) if isinstance(step, str)), "document")
    plain = f"{key}: {text[0].lower()}{text[1:]}" if text.startswith("Input ") else text
    return root.place_of(path), plain


def _keys_at(path: tuple[str | int, ...]) -> list[str]:
    """Return the keys that the model allows at a path (steps that pydantic added for unions are passed over)."""
    model: type[BaseModel] = DocumentModel
    for step in path:
        info = model.model_fields.get(str(step)) or next(
            (field for field in model.model_fields.values() if field.alias == step), None
        )
        inner = _model_in(info.annotation) if info is not None else None
        model = inner or model
    return [field.alias or name for name, field in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 -- annotations have no common type
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(inner) for inner in getattr(annotation, "__args__", ()))
    return next((model for model in found if model is not None), None)
