"""`unmatched` and `waste`: the same lists as on the pages, from the same read models."""

from __future__ import annotations

import click

from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Money, Table, cut, show_json, show_tables
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.domain.waste import REASONS, WasteReason
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.activities import unmatched_activities
from lrs_bridge.store.read_models.listing import Request, Slice
from lrs_bridge.store.read_models.waste import ListedFinding, WasteSummary, waste_findings, waste_summary
from lrs_bridge_rules.wording import counted

_limit_option = click.option(
    "--limit", type=click.IntRange(1, 20_000), default=25, show_default=True, help="Show at most so many."
)


@click.command()
@_limit_option
@click.option("--search", default="", help="Only activities whose name or id holds these words.")
@json_option
@pass_session
def unmatched(session: Session, limit: int, search: str, as_json: bool) -> None:
    """Activities that people completed and no rule knows. The most frequent come first."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        found = unmatched_activities(connection, Request(search=search, size=limit), bridge.clock())
    if as_json:
        show_json({"total": found.total, "activities": found.rows})
        return
    columns = ("completions", "learners", "hours", "last seen", "name", "activity")
    rows = [(a.completions, a.learners, a.hours, a.last_seen, a.name, a.activity_id) for a in found.rows]
    show_tables([Table(counted(found.total, "unmatched activity", "unmatched activities") + cut(found), columns, rows)])


@click.command()
@click.option("--reason", type=click.Choice([str(reason) for reason in WasteReason]), help="Only this reason.")
@_limit_option
@json_option
@pass_session
def waste(session: Session, reason: str | None, limit: int, as_json: bool) -> None:
    """What was, or is about to be, wasted. By reason, then finding by finding, those that can be rescued first."""
    organisation = session.settings.organisation
    request = Request(filters={"reason": reason or ""}, size=limit)
    with session.bridge() as bridge, read(bridge.engine) as connection:
        summary = waste_summary(connection, bridge.clock(), organisation.zone)
        found = waste_findings(connection, request)
    if as_json:
        show_json(_document(summary, found, organisation.currency))
    else:
        show_tables([_by_reason(summary, organisation.currency), _one_by_one(found, organisation.currency)])


def _document(summary: WasteSummary, found: Slice[ListedFinding], currency: str) -> dict[str, object]:
    """The JSON form; its keys are documented in docs/command-line.md and stay."""
    reasons = [
        {"reason": r.reason, "findings": r.findings, "hours": r.hours, "money": r.money, "rescuable": r.rescuable}
        for r in summary.reasons
    ]
    totals = {"hours": summary.hours, "money": summary.money, "currency": currency}
    return {**totals, "reasons": reasons, "total": found.total, "findings": found.rows}


def _by_reason(summary: WasteSummary, currency: str) -> Table:
    rows = [(REASONS[r.reason].heading, r.findings, r.hours, Money(r.money, currency)) for r in summary.reasons]
    return Table("Waste by reason", ("reason", "findings", "hours", "money"), rows)


def _one_by_one(found: Slice[ListedFinding], currency: str) -> Table:
    columns = ("reason", "since", "learner", "activity", "hours", "money", "can rescue")
    rows = [
        (
            REASONS[each.reason].heading,
            each.since,
            each.learner_name or each.learner_id,
            each.activity_name or each.activity_id,
            each.hours,
            Money(each.money, currency),
            each.rescuer_name or "",
        )
        for each in found.rows
    ]
    return Table(counted(found.total, "finding") + cut(found), columns, rows)
