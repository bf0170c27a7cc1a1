"""The model of the tests inside rules: statements in short words, and what the rule must say about them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from lrs_bridge_rules.documents.parts import Part, Percent, Text, several


class ShortActivity(Part):
    """An activity of a test, in short."""

    name: Annotated[Text | None, Field(description="Its name, in English.")] = None
    type: Annotated[Text | None, Field(description="Its type: a short name or a full IRI.")] = None
    id: Annotated[Text | None, Field(description="Its id; without one it is made from the name.")] = None


class ShortScore(Part):
    """A score of a test: percent, or as xAPI has it."""

    percent: Annotated[Percent | None, Field(description="Points reached of 100; stands for all four others.")] = None
    raw: Annotated[float | None, Field(description="The points reached.")] = None
    min: Annotated[float | None, Field(description="The fewest points possible.")] = None
    max: Annotated[float | None, Field(description="The most points possible.")] = None
    scaled: Annotated[float | None, Field(ge=-1, le=1, description="The score from -1 to 1.")] = None


Around = Annotated[list[ShortActivity], BeforeValidator(several)]


class ShortStatement(Part):
    """A statement of a test, in short; a real one is made of it."""

    verb: Annotated[Text, Field(description="What was done: a short name or a full IRI.")]
    activity: Annotated[ShortActivity, Field(description="What it was done with.")]
    at: Annotated[Text | None, Field(description="When; without it one minute after the statement before.")] = None
    score: Annotated[ShortScore | None, Field(description="The score of the result.")] = None
    success: Annotated[bool | None, Field(description="Whether it was done successfully.")] = None
    completion: Annotated[bool | None, Field(description="Whether it was done to the end.")] = None
    duration: Annotated[Text | None, Field(description="How long it took, such as PT45M.")] = None
    registration: Annotated[Text | None, Field(description="The registration of the context.")] = None
    platform: Annotated[Text | None, Field(description="The platform of the context.")] = None
    extensions: Annotated[dict[str, Any], Field(description="The extensions of the context.")] = {}
    parent: Annotated[Around, Field(description="The parents of the activity.")] = []
    grouping: Annotated[Around, Field(description="The groupings of the activity.")] = []
    category: Annotated[Around, Field(description="The categories of the statement.")] = []
    other: Annotated[Around, Field(description="The other activities of the context.")] = []


class TestModel(Part):
    """What a rule must say about some statements of one attempt."""

    __test__ = False

    name: Annotated[Text, Field(description="What the case shows, in a few words.")]
    statements: Annotated[
        list[ShortStatement],
        BeforeValidator(several),
        Field(min_length=1, description="What the learner did."),
    ]
    expect: Annotated[Literal["match", "no-match"], Field(description="Whether the rule applies.")]
    unit: Annotated[str, Field(description="The learner's unit.")] = ""
    job: Annotated[str, Field(description="The learner's job.")] = ""
    provider: Annotated[str, Field(description="Who provides the activity.")] = ""
    mandated: Annotated[bool, Field(description="Whether the activity is mandated.")] = False
