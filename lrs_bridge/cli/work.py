"""`pull`, `reconcile`, `deliver`: the jobs, done now and watched."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

import click

from lrs_bridge import jobs
from lrs_bridge.acts.watched import Source, WatchedSource
from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.edge import DONE, PROBLEMS, exit_code
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, show_json, show_tables
from lrs_bridge.cli.progress import progress
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.jobs import PullReport
from lrs_bridge_rules.wording import counted


@click.command()
@click.argument("sources", metavar="[SOURCE…]", nargs=-1)
@json_option
@pass_session
def pull(session: Session, sources: tuple[str, ...], as_json: bool) -> int:
    """Fetch what is new from all sources, or from those named.

    A source that fails stops no other one, and what came before it failed is kept.
    """
    with session.bridge() as bridge:
        wanted = [bridge.source(name) for name in sources] if sources else list(bridge.sources())
        if not wanted:
            raise ConfigurationError("No source is configured.", "Add one under [[sources]] in the configuration file.")
        watched = [_pull(bridge, source) for source in wanted]
    _show_pulls([report for report, _ in watched], as_json=as_json)
    return max(code for _, code in watched)


def _pull(bridge: Bridge, source: Source) -> tuple[PullReport, int]:
    """Pull one source; the report, and the exit code that its failure deserves."""
    with progress(f"pulling {source.name}", "statements") as tell:
        watched = WatchedSource(source, lambda records: tell(records, None))
        report = jobs.pull(bridge, watched, bridge.clock())
    return report, DONE if watched.error is None else exit_code(watched.error)


def _show_pulls(reports: Sequence[PullReport], *, as_json: bool) -> None:
    if as_json:
        show_json({"sources": reports})
        return
    columns = ("source", "read", "new", "duplicates", "noise", "quarantined")
    rows = [(r.source, r.read, r.new, r.duplicates, r.noise, r.quarantined) for r in reports]
    show_tables([Table("", columns, rows)])
    _tell_errors([report.error for report in reports])


@click.command()
@click.option("--limit", type=click.IntRange(min=1), help="Plan at most about so many learners.")
@json_option
@pass_session
def reconcile(session: Session, limit: int | None, as_json: bool) -> int:
    """Plan every learner who is due, and store what differs. Doing it again changes nothing."""
    with session.bridge() as bridge, progress("reconciling", "learners") as tell:
        report = jobs.reconcile(bridge, bridge.clock(), progress=lambda done, due: tell(done, done + due), limit=limit)
    if as_json:
        show_json({"writes": report.writes, **asdict(report)})
    else:
        done = (
            f"{counted(report.learners, 'learner')} planned",
            *([f"{report.spared:,} of them spared because nothing had changed"] if report.spared else []),
            f"{counted(report.writes, 'row')} written",
            counted(report.notices, "notice"),
        )
        click.echo(", ".join(done))
    _tell_errors([f"{each}: could not be planned; `lrs-bridge doctor` says why." for each in report.failed])
    return DONE if report.ok else PROBLEMS


@click.command()
@json_option
@pass_session
def deliver(session: Session, as_json: bool) -> int:
    """Send the messages that are waiting. Ends with 1 if some cannot leave."""
    with session.bridge() as bridge:
        report = jobs.deliver(bridge, bridge.clock())
    if as_json:
        show_json(report)
    else:
        click.echo(f"{report.sent:,} sent, {report.retried:,} to be tried again, {report.dead:,} given up")
    _tell_errors([report.error])
    return DONE if report.ok else PROBLEMS


@click.command()
@click.option("--dry-run", is_flag=True, help="Only count what would go.")
@json_option
@pass_session
def retain(session: Session, dry_run: bool, as_json: bool) -> int:
    """Let go of what was kept as long as [retention] says. Nothing that waits for somebody is touched."""
    with session.bridge() as bridge:
        report = jobs.retain(bridge, bridge.clock(), dry_run=dry_run)
    if as_json:
        show_json(report)
    else:
        title = "Would go" if dry_run else "Gone"
        show_tables([Table(title, ("kind", "how many"), list(report.counts.items()), "everything is kept for good")])
    return DONE if report.scrubbed else PROBLEMS


def _tell_errors(errors: Sequence[str]) -> None:
    for error in errors:
        if error:
            click.echo(error, err=True)
