"""Off-contract: known activities that nobody had agreed on. A question of alignment, not of rules."""

from __future__ import annotations

from flask import Blueprint
from flask.typing import ResponseReturnValue

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.store.read_models import OffContractActivity, off_contract_activities
from lrs_bridge.web.access import Permission, needs
from lrs_bridge.web.formats import short_type
from lrs_bridge.web.links import activity, rows
from lrs_bridge.web.looks import LOOKS
from lrs_bridge.web.tables.columns import Choice, Column, Empty, Moment, Money, Number, Share, Table, Text
from lrs_bridge.web.tables.show import show

room = Blueprint("off_contract", __name__)


def _completions(row: OffContractActivity) -> str:
    return rows("completions.page", {"activity": row.activity_id, "standing": Standing.OFF_CONTRACT.value})


TABLE: Table[OffContractActivity] = Table(
    name="off-contract",
    caption="Activities that no goal in force asked for",
    columns=(
        Column(
            "Activity",
            lambda r: activity(r.name, r.activity_id, short_type(r.type), _completions(r)),
            "name",
            identified=True,
        ),
        Column("Provider", lambda r: Text(r.provider), "provider"),
        Column("Quadrants", lambda r: Share(r.quadrants)),
        Column("Learners", lambda r: Number(r.learners), "learners", numeric=True),
        Column("Completions", lambda r: Number(r.completions, _completions(r)), "completions", numeric=True),
        Column("Hours", lambda r: Number(r.hours, unit="h"), "hours", numeric=True),
        Column("Cost", lambda r: Money(r.cost), "cost", numeric=True),
        Column("Last seen", lambda r: Moment(r.last_seen), "last_seen"),
    ),
    empty=Empty(
        "Nothing outside the contracts",
        "Everything that was learned and understood serves a goal that was agreed. Look at what came of it.",
        href="completions.page",
        action="See all completions",
    ),
    choices=(Choice("quadrant", "Quadrant", tuple((each.value, LOOKS[each].word) for each in Quadrant)),),
    hidden=(("provider", "Provider"), ("unit", "Unit"), ("activity", "Activity"), ("type", "Type")),
    search="Activity or provider",
    order=("hours", True),
)


@room.get("/off-contract")
@needs(Permission.READ)
def page() -> ResponseReturnValue:
    return show(TABLE, off_contract_activities, "off_contract/page.html")
