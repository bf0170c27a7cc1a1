"""Unmatched: activities that no rule knows what to make of, one row each, to be decided about."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lrs_bridge.domain.completion import Standing
from lrs_bridge.store.read_models import UnmatchedActivity, unmatched_activities
from lrs_bridge.web.access import Permission, needs
from lrs_bridge.web.current import now
from lrs_bridge.web.formats import short_type
from lrs_bridge.web.links import activity, rows
from lrs_bridge.web.tables.columns import Column, Empty, Moment, Number, Table, Trend
from lrs_bridge.web.tables.show import show

room = Blueprint("unmatched", __name__)


def _completions(row: UnmatchedActivity) -> str:
    return rows("completions.page", {"activity": row.activity_id, "standing": Standing.UNMATCHED.value})


TABLE: Table[UnmatchedActivity] = Table(
    name="unmatched",
    caption="Activities that no rule knows",
    columns=(
        Column(
            "Activity",
            lambda r: activity(r.name, r.activity_id, short_type(r.type), _completions(r)),
            "name",
            identified=True,
        ),
        Column("Learners", lambda r: Number(r.learners), "learners", numeric=True),
        Column("Completions", lambda r: Number(r.completions, _completions(r)), "completions", numeric=True),
        Column("Hours", lambda r: Number(r.hours, unit="h"), "hours", numeric=True),
        Column("Last 12 weeks", lambda r: Trend(r.trend)),
        Column("Last seen", lambda r: Moment(r.last_seen), "last_seen"),
    ),
    empty=Empty(
        "Every completion is understood",
        "The rules or the catalogue know what each completed activity is about. New activities will show up here.",
    ),
    hidden=(("type", "Type"), ("unit", "Unit"), ("activity", "Activity")),
    search="Activity name or identifier",
    order=("completions", True),
)


@room.get("/unmatched")
@needs(Permission.READ)
def page() -> ResponseReturnValue:
    return show(TABLE, lambda connection, asked: unmatched_activities(connection, asked, now()), "unmatched/page.html")
