"""Completions: the rows behind every number, and the whole story of one."""

from __future__ import annotations

from flask import Blueprint, abort, render_template
from flask.typing import ResponseReturnValue

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models import ListedCompletion, completion_story, completions
from lrs_bridge.store.read_models.names import competency_titles
from lrs_bridge.web.access import Permission, needs
from lrs_bridge.web.completions.explaining import explain
from lrs_bridge.web.current import now, the_bridge
from lrs_bridge.web.formats import short_type
from lrs_bridge.web.links import story as story_of
from lrs_bridge.web.looks import LOOKS
from lrs_bridge.web.tables.columns import (
    Aligned,
    Badge,
    Choice,
    Column,
    Empty,
    Moment,
    Money,
    Number,
    Table,
    Text,
)
from lrs_bridge.web.tables.show import show
from lrs_bridge_rules.completions.outcome import Outcome

room = Blueprint("completions", __name__)


def _badge(word: Standing | Outcome) -> Badge:
    return Badge(LOOKS[word].word, LOOKS[word].tone, LOOKS[word].icon)


TABLE: Table[ListedCompletion] = Table(
    name="completions",
    caption="Completions",
    columns=(
        Column(
            "Activity",
            lambda r: Text(r.activity_name, story_of(r.learner_id, r.id), small=short_type(r.activity_type)),
            "activity",
        ),
        Column("Learner", lambda r: Text(r.learner_name, small=r.unit), "learner"),
        Column("Outcome", lambda r: _badge(r.outcome), "outcome"),
        Column("Standing", lambda r: _badge(r.standing), "standing"),
        Column("Quadrant", lambda r: Aligned(r.quadrant), "quadrant"),
        Column("Score", lambda r: Number(r.percent, unit="%"), "percent", numeric=True),
        Column("Hours", lambda r: Number(r.hours, unit="h"), "hours", numeric=True),
        Column("Cost", lambda r: Money(r.cost), "cost", numeric=True),
        Column("When", lambda r: Moment(r.at), "at"),
    ),
    empty=Empty(
        "No completions yet",
        "Connect a source and pull it; then link the identifiers of its statements to your learners.",
        icon="certificate",
        href="sources.page",
        action="See the sources",
    ),
    choices=(
        Choice("standing", "Standing", tuple((each.value, LOOKS[each].word) for each in Standing)),
        Choice("quadrant", "Quadrant", tuple((each.value, LOOKS[each].word) for each in Quadrant)),
        Choice(
            "outcome",
            "Outcome",
            tuple(
                (each.value, LOOKS[each].word) for each in Outcome if each not in (Outcome.PROGRESSED, Outcome.SCORED)
            ),
        ),
    ),
    hidden=(
        ("step", "Step"),
        ("activity", "Activity"),
        ("learner", "Learner"),
        ("unit", "Unit"),
        ("provider", "Provider"),
        ("from", "Ended since"),
        ("to", "Ended before"),
    ),
    search="Activity or learner",
    order=("at", True),
)


@room.get("/completions")
@needs(Permission.READ)
def page() -> ResponseReturnValue:
    return show(TABLE, completions, "completions/page.html")


@room.get("/completions/<completion_id>/<path:learner_id>")
@needs(Permission.READ)
def story(completion_id: str, learner_id: str) -> ResponseReturnValue:
    """The whole story of one completion: what came in, what was made of it, and what it led to."""
    with read(the_bridge().engine) as connection:
        found = completion_story(connection, learner_id, completion_id)
        if found is None:
            abort(404)
        explanation = explain(connection, the_bridge(), found, now())
        titles = competency_titles(connection)
    return render_template("completions/story.html", story=found, explanation=explanation, titles=titles)
