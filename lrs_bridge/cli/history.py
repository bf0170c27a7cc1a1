"""`backfill`: a long history, read in windows, here and now or by the workers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

import click

from lrs_bridge.acts.watched import Source
from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import Moment, json_option
from lrs_bridge.cli.output import Table, show_json, show_tables, span_text
from lrs_bridge.cli.progress import described_progress
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.errors import UsageError
from lrs_bridge.jobs import backfill as jobs
from lrs_bridge.jobs.backfill import WindowReport
from lrs_bridge.settings.values import read_interval
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.histories import History, histories
from lrs_bridge.store.tables import BackfillState
from lrs_bridge_rules.wording import counted


class Width(click.ParamType[timedelta]):
    """A length of time, as `12h` or `7d`."""

    name = "span"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> timedelta:
        try:
            return read_interval(value)
        except ValueError as refused:
            self.fail(f"{refused}.", param, ctx)


@click.command()
@click.argument("source", required=False)
@click.option("--since", type=Moment(), help="From this day or moment on. Without it: from where the next pull would.")
@click.option("--until", type=Moment(), help="Up to this day or moment. Without it: up to what the source shows now.")
@click.option("--window", "width", type=Width(), default="7d", show_default=True, help="How long a window is at first.")
@click.option("--no-work", is_flag=True, help="Only record the windows; the workers read them.")
@click.option("--status", "asks", is_flag=True, help="Show how far it is, and do nothing.")
@click.option("--cancel", is_flag=True, help="Put a stop to it. What was read stays; repeating the command goes on.")
@json_option
@pass_session
def backfill(
    session: Session,
    source: str | None,
    since: datetime | None,
    until: datetime | None,
    width: timedelta,
    no_work: bool,
    asks: bool,
    cancel: bool,
    as_json: bool,
) -> int:
    """Read a long history in windows. Several can share it, and pulls go on meanwhile.

    Begins it, or goes on with what is open or was cancelled. Interrupting it loses nothing.
    """
    if since is not None and until is not None and until <= since:
        raise click.UsageError("--until lies before --since. Without --until a span ends now.")
    with session.bridge() as bridge:
        if asks:
            return _show(bridge, source, as_json=as_json)
        if source is None:
            raise click.UsageError("Name the source, or ask with --status.")
        if cancel:
            return _cancel(bridge, source, as_json=as_json)
        found = bridge.source(source)
        if jobs.begin(bridge, found, bridge.clock(), since=since, until=until, width=width) is None:
            click.echo(f"{source}: there is nothing to be read in windows.", err=True)
            return DONE
        errors = [] if no_work else _work(bridge, found)
        code = _show(bridge, source, as_json=as_json)
        for error in errors:
            click.echo(error, err=True)
        return PROBLEMS if errors else code


def _work(bridge: Bridge, source: Source) -> list[str]:
    """Read windows until none is left for us; the reasons of those that could not be read."""
    errors: list[str] = []
    with described_progress(f"reading {source.name}", "windows") as tell:

        def show(_: WindowReport | None = None) -> None:
            [history] = _histories(bridge, source.name)
            tell(history.done, history.windows, _in_words(history))

        while (report := jobs.work(bridge, bridge.clock(), only=source, progress=show)) is not None:
            errors += [report.error] if report.error else []
            show()
    return errors


def _in_words(history: History) -> str:
    left = "" if history.left is None else f", about {span_text(history.left)} left"
    rate = f"{history.rate * max(history.readers, 1):,.0f}/s"
    return f"{counted(history.read, 'statement')}, {rate}, {history.share:.0%} of the time{left}"


def history_line(history: History) -> str:
    """In a line, how much of a source's past is here."""
    state = "stopped" if history.state is BackfillState.CANCELLED else "being read"
    left = "" if history.left is None else f", about {span_text(history.left)} left"
    return f"{state}: {history.share:.0%} of it is here{left}"


def _histories(bridge: Bridge, name: str | None) -> Sequence[History]:
    with read(bridge.engine) as connection:
        return [each for each in histories(connection, bridge.clock()) if name in {None, each.source}]


def _cancel(bridge: Bridge, name: str, *, as_json: bool) -> int:
    if jobs.cancel(bridge, name, bridge.clock()) is None:
        raise UsageError(f"No history of {name} is being read.", "`lrs-bridge backfill --status` shows what there is.")
    return _show(bridge, name, as_json=as_json)


def _show(bridge: Bridge, name: str | None, *, as_json: bool) -> int:
    """How far they are. Problems are windows that could not be read."""
    found = _histories(bridge, name)
    if as_json:
        show_json({"histories": [_document(each) for each in found]})
    else:
        show_tables([_table(found)])
        for each in found:
            if each.error:
                click.echo(f"{each.source}: {each.error}", err=True)
            if each.readers:
                click.echo(f"{each.source}: {counted(each.readers, 'window')} being read by others.", err=True)
            if each.state is BackfillState.CANCELLED:
                rest = f"{each.windows - each.done} windows were not read; `lrs-bridge backfill {each.source}` goes on."
                click.echo(f"{each.source}: {rest}", err=True)
    return PROBLEMS if any(each.failing for each in found) else DONE


def _table(found: Sequence[History]) -> Table:
    columns = ("source", "state", "windows", "of time", "statements", "new", "noise", "a second", "left")
    rows = [
        (
            each.source,
            each.state.value,
            f"{each.done:,} of {each.windows:,}",
            f"{each.share:.0%}",
            each.read,
            each.new,
            each.noise,
            round(each.rate),
            each.left,
        )
        for each in found
    ]
    return Table("Histories", columns, rows, "none was begun")


def _document(history: History) -> dict[str, object]:
    return {
        "source": history.source,
        "state": history.state,
        "since": history.since,
        "until": history.until,
        "begun_at": history.begun_at,
        "ended_at": history.ended_at,
        "windows": history.windows,
        "done": history.done,
        "failing": history.failing,
        "readers": history.readers,
        "share": round(history.share, 4),
        "read": history.read,
        "new": history.new,
        "duplicates": history.duplicates,
        "quarantined": history.quarantined,
        "noise": history.noise,
        "statements_per_second": round(history.rate, 1),
        "left_seconds": None if history.left is None else int(history.left.total_seconds()),
        "error": history.error,
    }
