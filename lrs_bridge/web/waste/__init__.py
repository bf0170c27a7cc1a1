"""Waste: findings with their reasons, in hours and money; what can still be rescued first."""

from __future__ import annotations

from flask import Blueprint, abort
from flask.typing import ResponseReturnValue

from lrs_bridge.domain.waste import REASONS, RESCUABLE, FindingStatus, WasteReason
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models import (
    ListedFinding,
    WasteGroup,
    WasteSummary,
    waste_findings,
    waste_groups,
    waste_summary,
)
from lrs_bridge.store.read_models.figures import kept_figures
from lrs_bridge.store.read_models.waste import GroupedBy
from lrs_bridge.web.access import Permission, needs
from lrs_bridge.web.charts import bars
from lrs_bridge.web.current import now, the_bridge
from lrs_bridge.web.links import rows, story
from lrs_bridge.web.looks import LOOKS
from lrs_bridge.web.tables.columns import Badge, Choice, Column, Empty, Moment, Money, Number, Table, Text
from lrs_bridge.web.tables.show import show

room = Blueprint("waste", __name__)


def _what(row: ListedFinding) -> Text:
    if row.completion_id is None:
        return Text(row.goal_title or "A goal", small="goal ahead of its training")
    return Text(row.activity_name or row.activity_id, story(row.learner_id, row.completion_id), small=row.provider)


def _reason(row: ListedFinding) -> Badge:
    if row.status is not FindingStatus.OPEN:
        look = LOOKS[row.status]
        return Badge(REASONS[row.reason].heading, look.tone, look.icon, small=look.word)
    rescuable = row.reason in RESCUABLE
    return Badge(
        REASONS[row.reason].heading,
        "warn" if rescuable else "calm",
        "lifebuoy" if rescuable else "trash",
        small="can still be rescued" if rescuable else "",
    )


def _rescuer(row: ListedFinding) -> Text:
    if not row.rescuable:
        return Text("–")
    return Text(row.rescuer_name or row.rescuer or "nobody is named", small="can still help")


EMPTY = Empty(
    "No waste found",
    "Nothing that was learned counts as wasted. Findings appear here with their reason, hours and money.",
)

TABLE: Table[ListedFinding] = Table(
    name="waste",
    caption="Findings",
    columns=(
        Column("Training", _what, "activity"),
        Column("Why", _reason, "reason"),
        Column("Learner", lambda r: Text(r.learner_name, small=r.unit), "learner"),
        Column("Who can help", _rescuer),
        Column("Hours", lambda r: Number(r.hours, unit="h"), "hours", numeric=True),
        Column("Money", lambda r: Money(r.money), "money", numeric=True),
        Column("Since", lambda r: Moment(r.since), "since"),
    ),
    empty=EMPTY,
    choices=(
        Choice("reason", "Reason", tuple((each.value, REASONS[each].heading) for each in WasteReason)),
        Choice("rescuable", "Rescue", (("yes", "Can still be rescued"),)),
        Choice("status", "Status", tuple((each.value, LOOKS[each].word) for each in FindingStatus)),
    ),
    hidden=(
        ("activity", "Activity"),
        ("provider", "Provider"),
        ("unit", "Unit"),
        ("learner", "Learner"),
        ("rescuer", "Who can help"),
        ("from", "Since"),
        ("to", "Before"),
    ),
    search="Activity or learner",
    order=("rescuable", True),
)

GROUP_HEADINGS = {GroupedBy.ACTIVITY: "Activity", GroupedBy.PROVIDER: "Provider", GroupedBy.UNIT: "Unit"}
_NAMELESS = {
    GroupedBy.ACTIVITY: "Goals ahead of their training",
    GroupedBy.PROVIDER: "No provider known",
    GroupedBy.UNIT: "No unit known",
}


def group_table(by: GroupedBy) -> Table[WasteGroup]:
    """The table of one grouping."""

    def findings(row: WasteGroup) -> str:
        return rows("waste.page", {by.value: row.key})

    return Table(
        name=f"waste-by-{by.value}",
        caption=f"Waste by {by.value}",
        columns=(
            Column(
                GROUP_HEADINGS[by],
                lambda r: Text(r.name or r.key or _NAMELESS[by], findings(r) if r.key else ""),
                "name",
            ),
            Column("Findings", lambda r: Number(r.findings, findings(r) if r.key else ""), "findings", numeric=True),
            Column("Can be rescued", lambda r: Number(r.rescuable), "rescuable", numeric=True),
            Column("Learners", lambda r: Number(r.learners), "learners", numeric=True),
            Column("Hours", lambda r: Number(r.hours, unit="h"), "hours", numeric=True),
            Column("Money", lambda r: Money(r.money), "money", numeric=True),
        ),
        empty=EMPTY,
        choices=(Choice("reason", "Reason", tuple((each.value, REASONS[each].heading) for each in WasteReason)),),
        hidden=TABLE.hidden,
        search="Activity, provider or unit",
        order=("money", True),
    )


GROUP_TABLES = {by: group_table(by) for by in GroupedBy}


@room.get("/waste")
@needs(Permission.READ)
def page() -> ResponseReturnValue:
    return show(TABLE, waste_findings, "waste/page.html", summary=_summary, bars=bars, by=None)


@room.get("/waste/by/<grouping>")
@needs(Permission.READ)
def grouped(grouping: str) -> ResponseReturnValue:
    """The same findings gathered by activity, provider or unit."""
    if grouping not in {by.value for by in GroupedBy}:
        abort(404)
    by = GroupedBy(grouping)
    return show(
        GROUP_TABLES[by],
        lambda connection, asked: waste_groups(connection, by, asked),
        "waste/page.html",
        summary=_summary,
        bars=bars,
        by=by,
    )


def _summary() -> WasteSummary:
    """The sums above the table; asked for by the page alone, not by its CSV file."""
    with read(the_bridge().engine) as connection:
        kept = kept_figures(connection, None)
        return kept.figures.waste if kept else waste_summary(connection, now(), the_bridge().settings.organisation.zone)
