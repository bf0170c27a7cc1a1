"""One goal of a contract in a file, with its four answers: what, how, what for, and with which supports."""

from __future__ import annotations

from lrs_bridge.acts.imports import values
from lrs_bridge.acts.imports.fields import Fields
from lrs_bridge.acts.imports.known import Known
from lrs_bridge.domain.contract import Goal, Measure, Method, Support, WantedBy
from lrs_bridge_rules.documents.tree import Node, Problems
from lrs_bridge_rules.nearest import nearest_or_all

KEYS = (
    "id",
    "title",
    "competencies",
    "method",
    "activities",
    "application",
    "measure",
    "supports",
    "wanted_by",
    "initiative",
    "ambition",
    "beyond",
    "serves",
    "follow_ups",
    "required",
)
MEASURE_KEYS = ("metric", "unit", "baseline", "target", "by")
SUPPORT_KEYS = ("id", "what", "provider", "needed_by")


def read_goal(node: Node, known: Known, problems: Problems) -> Goal:
    """Read one goal. It is about a competency or an activity, or else nothing could ever be evidence for it."""
    fields = Fields(node, problems, what="a goal", keys=KEYS)
    goal = Goal(
        id=fields.text("id", required=True),
        title=fields.text("title", required=True),
        competencies=known.competencies_of(fields, "competencies"),
        method=fields.word("method", Method, Method.TRAINING),
        activities=frozenset(fields.words_of("activities")),
        application=fields.text("application"),
        measure=_measure(fields.only("measure"), problems),
        supports=tuple(_support(each, known, problems) for each in fields.entries("supports")),
        wanted_by=fields.word("wanted_by", WantedBy, WantedBy.BOTH),
        initiative_id=_known_word(fields, "initiative", known.initiatives),
        ambition=fields.text("ambition"),
        beyond=fields.text("beyond"),
        serves=fields.words_of("serves"),
        follow_ups=_follow_ups(fields, known),
        required=fields.read("required", values.weight, 1.0),
    )
    _refuse_repeated_supports(fields, goal)
    return goal


def _known_word(fields: Fields, key: str, words: frozenset[str]) -> str | None:
    text = fields.text(key)
    if text and text not in words:
        fields.wrong(key, f"there is no {key} {text!r}{nearest_or_all(text, words)}; import the strategy first")
    return text or None


def _follow_ups(fields: Fields, known: Known) -> tuple[str, ...]:
    for text, place in fields.texts("follow_ups"):
        if known.follow_ups and text not in known.follow_ups:
            fields.problems.add(place, f"the rules have no follow-up {text!r}{nearest_or_all(text, known.follow_ups)}")
    return fields.words_of("follow_ups")


def _measure(node: Node | None, problems: Problems) -> Measure | None:
    if node is None:
        return None
    fields = Fields(node, problems, what="a measure", keys=MEASURE_KEYS)
    return Measure(
        metric=fields.text("metric", required=True),
        unit=fields.text("unit"),
        baseline=fields.read("baseline", values.number, 0.0, required=True),
        target=fields.read("target", values.number, 0.0, required=True),
        by=fields.read("by", values.day, None),
    )


def _support(node: Node, known: Known, problems: Problems) -> Support:
    fields = Fields(node, problems, what="a support", keys=SUPPORT_KEYS)
    return Support(
        id=fields.text("id", required=True),
        what=fields.text("what", required=True),
        provider_id=known.learner(fields, "provider"),
        needed_by=fields.read("needed_by", values.day, None),
    )


def _refuse_repeated_supports(fields: Fields, goal: Goal) -> None:
    ids = [support.id for support in goal.supports]
    for position, support_id in enumerate(ids):
        if support_id in ids[:position]:
            fields.problems.add(
                fields.entries("supports")[position].place, f"the support {support_id!r} is there twice"
            )
