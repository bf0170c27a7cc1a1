"""`rules backtest`: what a draft would do to the past, before anybody publishes it."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from pathlib import Path

import click

from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.edge import DONE, INTERRUPTED, PROBLEMS
from lrs_bridge.cli.options import Length, json_option
from lrs_bridge.cli.progress import described_progress
from lrs_bridge.cli.rules.backtest_report import looked_at, show
from lrs_bridge.cli.rules.paths import chosen
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.errors import UsageError
from lrs_bridge.jobs.backtest import BacktestReport, backtest, sharing
from lrs_bridge.jobs.backtest.running import everybody
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read
from lrs_bridge.worker import share_backtest
from lrs_bridge_rules.documents.loader import sources_of
from lrs_bridge_rules.documents.tree import PACK_FOLDER

#: Seconds between two looks at what others have found, once nothing is left to claim.
_NAP = 0.2

Tell = Callable[[BacktestReport], None]


@click.command("backtest")
@click.argument("drafts", metavar="[DRAFT…]", nargs=-1, type=click.Path(exists=True, path_type=Path))
@click.option("--add", is_flag=True, help="Try DRAFTs besides the rules in force, not in their place.")
@click.option("--since", type=Length(), help="Count what ended so long ago at most, such as 90d. Else everything.")
@click.option("--learners", metavar="ID,…", multiple=True, help="Look at these learners only.")
@json_option
@pass_session
def command(
    session: Session,
    drafts: tuple[Path, ...],
    add: bool,
    since: timedelta | None,
    learners: tuple[str, ...],
    as_json: bool,
) -> int:
    """Show what DRAFTs would have changed in the past. Nothing is changed, and nothing sent.

    They are held against the rules in force. Without a DRAFT it is the documents of the configuration. Workers
    take part where there are any. Ctrl-C shows what is known by then.
    """
    paths = chosen(session, drafts)
    with session.bridge() as bridge:
        documents = _added(bridge, paths) if add else sources_of(paths)
        report, interrupted = _watched(bridge, documents, since, _named(bridge, learners) if learners else None)
    show(report, as_json=as_json)
    if interrupted:
        return INTERRUPTED
    return PROBLEMS if report.tally.failed or report.partial else DONE


def _named(bridge: Bridge, given: Sequence[str]) -> Sequence[str]:
    """The ids that are given. Raises UsageError at one that is nobody's: about nobody every draft changes nothing."""
    wanted = [name.strip() for names in given for name in names.split(",") if name.strip()]
    strangers = sorted({*wanted} - {*everybody(bridge)})
    if strangers:
        raise UsageError(f"There is no learner {strangers[0]!r}.", "Import the learner, or correct the id.")
    return wanted


def _added(bridge: Bridge, paths: Sequence[Path]) -> Mapping[str, str]:
    """The documents in force, with these besides; one of the same name takes its place, a pack stays as it is."""
    given = sources_of(paths)
    with read(bridge.engine) as connection:
        active = rulesets.active(connection)
    kept = dict(active.documents) if active is not None else {}
    return {**given, **kept, **{name: text for name, text in given.items() if not name.startswith(PACK_FOLDER)}}


def _watched(
    bridge: Bridge, documents: Mapping[str, str], since: timedelta | None, learners: Sequence[str] | None
) -> tuple[BacktestReport, bool]:
    """The report, and whether somebody had enough of waiting for it."""
    seen: list[BacktestReport] = []
    with described_progress("trying the draft", "learners") as tell:

        def progress(report: BacktestReport) -> None:
            if not seen and not sys.stderr.isatty():  # a bar shows them anyway
                click.echo(f"{looked_at(report)}: {report.line}", err=True)
            seen[:] = [report]
            tell(report.tally.learners, report.learners, report.line)

        try:
            if learners is not None:
                return backtest(
                    bridge, documents, since=since, learners=learners, now=bridge.clock(), progress=progress
                ), False
            return _shared(bridge, documents, since, progress), False
        except KeyboardInterrupt:
            if not seen:
                raise
            return seen[-1], True


def _shared(bridge: Bridge, documents: Mapping[str, str], since: timedelta | None, tell: Tell) -> BacktestReport:
    """Everybody, tried here and by whoever else takes part. What is left when we stop is cancelled."""
    begun = sharing.begin(bridge, documents, bridge.clock(), since=since)
    following = sharing.Following(bridge, begun.run)
    share_backtest(bridge)
    worker = sharing.Worker(bridge, begun)
    try:
        while following.goes_on:
            if not worker.work(bridge.clock()):
                time.sleep(_NAP)
            report = following.look()
            tell(report)
    finally:
        following.end(bridge.clock())
    return following.report
