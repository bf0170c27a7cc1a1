"""`unmatched` and `waste`: the same lists as on the pages, from the same read models."""

from __future__ import annotations

import click

from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Money, Table, show_json, show_tables
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.domain.waste import REASONS, WasteReason
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.activities import unmatched_activities
from lrs_bridge.store.read_models.listing import Request
from lrs_bridge.store.read_models.waste import waste_findings, waste_summary

_limit_option = click.option(
    "--limit", type=click.IntRange(1, 20_000), default=25, show_default=True, help="Show at most so many."
)


@click.command()
@_limit_option
@click.option("--search", default="", help="Only activities whose name or id holds these words.")
@json_option
@pass_session
def unmatched(session: Session, limit: int, search: str, as_json: bool) -> None:
    """Activities that people completed and no rule knows, the most frequent first: gaps in the rules."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        found = unmatched_activities(connection, Request(search=search, size=limit), bridge.clock())
    if as_json:
        show_json({"total": found.total, "activities": found.rows})
        return
    columns = ("completions", "learners", "hours", "last seen", "name", "activity")
    rows = [(a.completions, a.learners, a.hours, a.last_seen, a.name, a.activity_id) for a in found.rows]
    show_tables([Table(f"{found.total} unmatched activities", columns, rows)])


@click.command()
@click.option("--reason", type=click.Choice([str(reason) for reason in WasteReason]), help="Only this reason.")
@_limit_option
@json_option
@pass_session
def waste(session: Session, reason: str | None, limit: int, as_json: bool) -> None:
    """What was, or is about to be, wasted: by reason, then finding by finding, those that can be rescued first."""
    organisation = session.settings.organisation
    request = Request(filters={"reason": reason or ""}, size=limit)
    with session.bridge() as bridge, read(bridge.engine) as connection:
        summary = waste_summary(connection, bridge.clock(), organisation.zone)
        found = waste_findings(connection, request)
    if as_json:
        reasons = [
            {"reason": r.reason, "findings": r.findings, "hours": r.hours, "money": r.money, "rescuable": r.rescuable}
            for r in summary.reasons
        ]
        totals = {"hours": summary.hours, "money": summary.money, "currency": organisation.currency}
        show_json({**totals, "reasons": reasons, "total": found.total, "findings": found.rows})
        return
    show_tables(
        [
            Table(
                "Waste by reason",
                ("reason", "findings", "hours", "money"),
                [
                    (REASONS[r.reason].heading, r.findings, r.hours, Money(r.money, organisation.currency))
                    for r in summary.reasons
                ],
            ),
            Table(
                f"{found.total} findings",
                ("reason", "since", "learner", "activity", "hours", "money", "can rescue"),
                [
                    (
                        REASONS[each.reason].heading,
                        each.since,
                        each.learner_name or each.learner_id,
                        each.activity_name or each.activity_id,
                        each.hours,
                        Money(each.money, organisation.currency),
                        each.rescuer_name or "",
                    )
                    for each in found.rows
                ],
            ),
        ]
    )
