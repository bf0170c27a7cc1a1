"""`status`: how everything stands, on one screen or as one JSON document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import click
from sqlalchemy import Connection, func, select

from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.history import history_line
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Money, Table, show_json, show_tables
from lrs_bridge.cli.rules.standing import RulesStanding, gather_rules, rules_document, rules_table
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.waste import REASONS
from lrs_bridge.store import outbox
from lrs_bridge.store.due import count_due
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.overview import Overview, overview
from lrs_bridge.store.read_models.sources import ListedSource
from lrs_bridge.store.read_models.words import WORDS
from lrs_bridge.store.tables import CompletionRow
from lrs_bridge.store.tables.running import OutboxState


@dataclass(frozen=True, slots=True)
class Status:
    """What the report is made of; one look at the database."""

    now: datetime
    currency: str
    overview: Overview
    due: int
    standings: dict[Standing, int]
    outbox: dict[OutboxState, int]
    rules: RulesStanding


@click.command()
@json_option
@pass_session
def status(session: Session, as_json: bool) -> None:
    """How everything stands. Sources, what came of the learning, what was wasted, what waits for somebody."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        found = gather(bridge, connection)
    if as_json:
        show_json(document(found))
    else:
        show_tables(tables(found))


def gather(bridge: Bridge, connection: Connection) -> Status:
    """Read everything in one transaction, so that the numbers fit together."""
    settings, now = bridge.settings, bridge.clock()
    count = select(CompletionRow.standing, func.count()).group_by(CompletionRow.standing)
    standings = {row[0]: row[1] for row in connection.execute(count)}
    return Status(
        now=now,
        currency=settings.organisation.currency,
        overview=overview(
            connection,
            now,
            zone=settings.organisation.zone,
            sources=settings.source_names,
            stale_after=settings.schedule.stale_after,
        ),
        due=count_due(connection, now),
        standings=standings,
        outbox=outbox.counts(connection),
        rules=gather_rules(bridge, connection),
    )


def document(status: Status) -> dict[str, object]:
    """The JSON form; its keys are documented in docs/command-line.md and stay."""
    view, waiting = status.overview, status.overview.waiting
    return {
        "at": status.now,
        "currency": status.currency,
        "sources": [_source(each, status.now) for each in view.sources],
        "learners": {"total": view.learners, "due": status.due},
        "statements": view.statements,
        "funnel": {str(step).replace("-", "_"): count for step, count in view.funnel.steps},
        "standings": {str(each).replace("-", "_"): status.standings.get(each, 0) for each in Standing},
        "quadrants": view.quadrants,
        "waste": {
            "hours": float(view.waste.hours),
            "money": view.waste.money,
            "findings": view.waste.findings,
            "rescuable": view.waste.rescuable,
            "by_reason": view.waste.reasons,
        },
        "unmatched_activities": waiting.unmatched_activities,
        "unknown_actors": waiting.unknown_actors,
        "quarantine_waiting": waiting.quarantined_records,
        "follow_ups": {"overdue": waiting.overdue_follow_ups, "unconfirmed": waiting.unconfirmed_follow_ups},
        "outbox": {str(each): status.outbox.get(each, 0) for each in OutboxState},
        "ruleset_version": status.rules.sweep and status.rules.sweep.version,
        "rules": rules_document(status.rules),
    }


def _source(source: ListedSource, now: datetime) -> dict[str, object]:
    return {
        "name": source.name,
        "freshness": source.freshness,
        "last_ok_at": source.last_ok_at,
        "age_seconds": _seconds(source.last_ok_at, now),
        "latest": source.latest,
        "lag_seconds": _seconds(source.latest, now),
        "last_error": source.last_error,
        "last_error_at": source.last_error_at,
        "new": source.new,
        "duplicates": source.duplicates,
        "quarantined": source.quarantined,
        "noise": source.noise,
        "erased": source.erased,
        "rescanned_at": source.rescanned_at,
        "missed": source.missed,
        "verified_at": source.verified_at,
        "differences": source.differences,
        "history_share": source.history and round(source.history.share, 4),
        "history_left_seconds": source.history and source.history.left and int(source.history.left.total_seconds()),
    }


def _seconds(since: datetime | None, now: datetime) -> int | None:
    return None if since is None else int((now - since).total_seconds())


def _ago(moment: datetime | None, now: datetime) -> timedelta | None:
    return None if moment is None else now - moment


_SOURCE_COLUMNS = ("source", "state", "last read", "statements", "missed", "differences", "last error")


def _history_tables(sources: Sequence[ListedSource]) -> Sequence[Table]:
    """Only while a history is coming in: most of the time there is none."""
    rows = [(each.name, history_line(each.history)) for each in sources if each.history is not None]
    return [Table("History", ("source", "how far"), rows)] if rows else []


def tables(status: Status) -> Sequence[Table]:
    """The same for people."""
    view, waiting = status.overview, status.overview.waiting
    source_rows = [
        (s.name, WORDS[s.freshness], _ago(s.last_ok_at, status.now), s.new, s.missed, s.differences, s.last_error)
        for s in view.sources
    ]
    waste_rows = [
        (REASONS[each.reason].heading, each.findings, each.hours, Money(each.money, status.currency))
        for each in view.waste.reasons
    ]
    return [
        Table("Sources", _SOURCE_COLUMNS, source_rows, "none configured"),
        *_history_tables(view.sources),
        Table(
            "From completion to result", ("step", "completions"), [(WORDS[step], n) for step, n in view.funnel.steps]
        ),
        Table(
            "Needed and wanted?",
            ("quadrant", "completions", "learners", "hours", "money"),
            [
                (WORDS[q.quadrant], q.completions, q.learners, q.hours, Money(q.cost, status.currency))
                for q in view.quadrants
            ],
        ),
        Table("Waste by reason", ("reason", "findings", "hours", "money"), waste_rows),
        Table(
            "Waiting",
            ("what", "how many"),
            [
                ("learners to plan", status.due),
                ("unmatched activities", waiting.unmatched_activities),
                ("off-contract completions", status.standings.get(Standing.OFF_CONTRACT, 0)),
                ("unknown actors", waiting.unknown_actors),
                ("records in quarantine", waiting.quarantined_records),
                ("overdue follow-ups", waiting.overdue_follow_ups),
                ("messages to deliver", sum(status.outbox.get(each, 0) for each in outbox.WAITING)),
                ("messages given up (see `outbox list`)", waiting.undelivered_messages),
            ],
        ),
        rules_table(status.rules),
    ]
