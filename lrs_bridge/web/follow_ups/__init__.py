"""Follow-ups: the application tasks of everybody, and which of them somebody should look at."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.store.read_models import ListedFollowUp, follow_ups
from lrs_bridge.web.access import Permission, needs
from lrs_bridge.web.current import now
from lrs_bridge.web.formats import words
from lrs_bridge.web.links import story
from lrs_bridge.web.looks import LOOKS
from lrs_bridge.web.tables.columns import Badge, Choice, Column, Empty, Moment, Table, Text
from lrs_bridge.web.tables.show import show
from lrs_bridge_rules.follow_up import FollowUpKind

room = Blueprint("follow_ups", __name__)


def _state(row: ListedFollowUp) -> Badge:
    look = LOOKS[row.state]
    return Badge(look.word, look.tone, look.icon, small="its reason is gone" if row.reason_gone else "")


def _due(row: ListedFollowUp) -> Moment:
    return Moment(row.due_at, late=row.state is FollowUpState.OPEN and row.due_at < now())


def _confirmed_by(row: ListedFollowUp) -> Text:
    return Text(row.manager_name or "–") if row.confirm else Text("nobody has to")


TABLE: Table[ListedFollowUp] = Table(
    name="follow-ups",
    caption="Application tasks",
    columns=(
        Column("Task", lambda r: Text(r.title, story(r.learner_id, r.completion_id), small=words(r.kind)), "title"),
        Column("Learner", lambda r: Text(r.learner_name, small=r.unit), "learner"),
        Column("State", _state, "state"),
        Column("Due", _due, "due_at"),
        Column("Since", lambda r: Moment(r.since), "since"),
        Column("Confirmed by", _confirmed_by),
    ),
    empty=Empty(
        "No application tasks yet",
        "A completion that fits a goal of a contract in force opens them. Are contracts imported and signed?",
        icon="checklist",
        href="unmatched.page",
        action="See what no rule knows",
    ),
    choices=(
        Choice("state", "State", tuple((each.value, LOOKS[each].word) for each in FollowUpState)),
        Choice("kind", "Kind", tuple((each.value, words(each)) for each in FollowUpKind)),
        Choice(
            "look",
            "To look at",
            (("overdue", "Overdue"), ("waiting", "Waits for confirmation"), ("reason-gone", "Its reason is gone")),
        ),
    ),
    hidden=(("learner", "Learner"), ("unit", "Unit")),
    search="Task or learner",
    order=("due_at", True),
)


@room.get("/follow-ups")
@needs(Permission.READ)
def page() -> ResponseReturnValue:
    return show(TABLE, lambda connection, asked: follow_ups(connection, asked, now()), "follow_ups/page.html")
