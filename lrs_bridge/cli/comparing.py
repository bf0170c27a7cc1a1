"""`rescan` and `verify`: the store beside the source, and what pulling has missed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time, timedelta

import click

from lrs_bridge import jobs
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.acts.deleted import forget_deleted
from lrs_bridge.acts.watched import WatchedSource, watched, window
from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.edge import DONE, PROBLEMS, exit_code
from lrs_bridge.cli.options import Length, Moment, json_option
from lrs_bridge.cli.output import Table, Value, show_json, show_tables
from lrs_bridge.cli.progress import progress
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.jobs.drift import ADVICE, MEANINGS, TRUNCATED, Count, Kind, VerifyReport, WindowCounts
from lrs_bridge.jobs.rescan import RescanReport
from lrs_bridge.jobs.verify import LOOK_UPS, Forget
from lrs_bridge_rules.wording import counted

_SHOWN_WINDOWS = 40
_SHOWN_NAMES = 20
_DAY = timedelta(days=1)

_UNCOUNTED = (
    "At least {never} that no definition wants were never counted; --mend counts them. Nothing else depends on it."
)
_ONE_SIDED = "What the store has and this source does not show is not compared: files may be taken away."

_until = click.option("--until", type=Moment(), help="Up to this day or moment. Without it: up to now.")
_width = click.option(
    "--window", "width", type=Length(), default="1d", show_default=True, help="Count by windows of this length."
)


@click.command()
@click.argument("source")
@click.option("--since", type=Moment(), required=True, help="From this day or moment on (2026-11-01).")
@_until
@_width
@json_option
@pass_session
def rescan(
    session: Session, source: str, since: datetime, until: datetime | None, width: timedelta, as_json: bool
) -> int:
    """Read a span of a source again. What had been missed is taken in; the place of the next pull stays."""
    with session.bridge() as bridge, progress(f"rescanning {source}", "statements") as tell:
        now = bridge.clock()
        _check_span(since, until or now)
        seen = watched(bridge.source(source), lambda records: tell(records, None))
        report = jobs.rescan(bridge, seen, window(since, until or now), now, width=width)
    if as_json:
        show_json(report)
    else:
        _show_rescan(report)
    return _ended(seen, report.error, DONE)


def _show_rescan(report: RescanReport) -> None:
    read = counted(report.read, "statement")
    click.echo(f"{read} read, {report.missed:,} had been missed, {report.quarantined:,} put aside")
    rows = [(each.since, each.read, each.missed, each.quarantined) for each in report.windows if each.missed]
    if rows:
        title = "Where something had been missed" + _first(len(rows))
        show_tables([Table(title, ("from", "read", "missed", "put aside"), rows[:_SHOWN_WINDOWS])])


@click.command()
@click.argument("source")
@click.option("--since", type=Moment(), help="From this day or moment on. Without it: as far back as rescans read.")
@_until
@_width
@click.option("--mend", is_flag=True, help="Take in what is missing in the store.")
@click.option("--forget-deleted", is_flag=True, help="Take out of the store what was deleted or voided at the source.")
@click.option(
    "--look-ups",
    type=click.IntRange(min=0),
    default=LOOK_UPS,
    show_default=True,
    help="Ask the source for at most so many single statements.",
)
@json_option
@pass_session
def verify(
    session: Session,
    source: str,
    since: datetime | None,
    until: datetime | None,
    width: timedelta,
    mend: bool,
    forget_deleted: bool,
    look_ups: int,
    as_json: bool,
) -> int:
    """Compare a source with what is kept of it. Says what is missing or too much on either side.

    Ends with 1 while differences remain. Changes nothing unless --mend or --forget-deleted says so.
    """
    with session.bridge() as bridge, progress(f"verifying {source}", "statements") as tell:
        now = bridge.clock()
        begin, end = since or now - bridge.settings.schedule.rescan_window, until or now
        _check_span(begin, end)
        seen = watched(bridge.source(source), lambda records: tell(records, None))
        forget = _forget(bridge, now) if forget_deleted else None
        span = window(begin, end)
        report = jobs.verify(bridge, seen, span, now, width=width, mend=mend, forget=forget, look_ups=look_ups)
    if as_json:
        show_json(document(report))
    else:
        _show_verification(report)
    return _ended(seen, report.error, DONE if report.ok else PROBLEMS)


def _forget(bridge: Bridge, now: datetime) -> Forget:
    return lambda source, ids: forget_deleted(bridge, OPERATOR, source, ids, now)


def document(report: VerifyReport) -> dict[str, object]:
    """The JSON form; its keys are documented in docs/command-line.md and stay."""
    return {
        "source": report.source,
        "since": report.since,
        "until": report.until,
        "ok": report.ok,
        "error": report.error,
        "windows": [_window(each) for each in report.windows],
        **{str(what): report.totals.get(what, 0) for what in Count},
        "differences": {str(kind): report.differences.get(kind, 0) for kind in Kind},
        "named": [{"kind": each.kind, "statement_id": each.id, "at": each.at} for each in report.named],
        "mended": report.mended,
        "forgotten": report.forgotten,
        "remaining": report.remaining,
        "uncounted_noise": report.uncounted,
        "truncated": report.truncated,
        "paged": report.paged,
        "surplus_compared": report.surplus_compared,
    }


def _window(each: WindowCounts) -> dict[str, object]:
    counts = {str(what): each.counts.get(what, 0) for what in Count}
    differences = {str(kind): each.differences.get(kind, 0) for kind in Kind}
    return {"since": each.since, "until": each.until, **counts, "differences": differences}


def _show_verification(report: VerifyReport) -> None:
    show_tables([_windows(report), *_names(report)])
    for kind, count in report.differences.items():
        click.echo(f"{counted(count, 'statement')} {kind}: {MEANINGS[kind]}. {ADVICE[kind]}")
    for remark in _remarks(report):
        click.echo(remark)
    click.echo(_verdict(report))


def _windows(report: VerifyReport) -> Table:
    columns = ("from", *(str(what) for what in Count), "differences")
    shown = [each for each in report.windows if each.differences] or list(report.windows)
    whole_days = all(each.since is not None and each.since.time() == time.min for each in shown)
    rows: list[Sequence[Value]] = [
        (
            str(each.since.date()) if whole_days and each.since else each.since,
            *(each.counts.get(what, 0) for what in Count),
            sum(each.differences.values()),
        )
        for each in shown
    ]
    total: Sequence[Value] = (
        "together",
        *(report.totals.get(what, 0) for what in Count),
        sum(report.differences.values()),
    )
    title = "Windows with differences" if any(report.differences.values()) else "Windows"
    return Table(title + _first(len(rows)), columns, [*rows[:_SHOWN_WINDOWS], total])


def _names(report: VerifyReport) -> list[Table]:
    rows = [(str(each.kind), each.id, each.at) for each in report.named[:_SHOWN_NAMES]]
    left = len(report.named) - len(rows)
    title = "Differences" + (f"; the first {len(rows)} (--json names {len(report.named):,})" if left else "")
    return [Table(title, ("what", "statement", "at"), rows)] if rows else []


def _remarks(report: VerifyReport) -> Sequence[str]:
    never = counted(report.uncounted, "statement")
    remarks = (
        (report.truncated, TRUNCATED.format(paged=report.paged or 0, read=report.totals.get(Count.READ, 0))),
        (report.uncounted > 0, _UNCOUNTED.format(never=never)),
        (not report.surplus_compared, _ONE_SIDED),
    )
    return [remark for applies, remark in remarks if applies]


def _verdict(report: VerifyReport) -> str:
    mended = f"{report.mended:,} taken in or put aside, {report.forgotten:,} forgotten; "
    left = "no difference" if report.remaining == 0 else counted(report.remaining, "difference")
    verdict = (mended if report.mended or report.forgotten else "") + f"{left} left"
    return f"not compared to the end; {verdict} in what was compared" if report.error else verdict


def _first(count: int) -> str:
    return f"; the first {_SHOWN_WINDOWS} of {count:,}" if count > _SHOWN_WINDOWS else ""


def _check_span(since: datetime, until: datetime) -> None:
    if until <= since:
        raise click.UsageError("--until lies before --since. Without --until a span ends now.")


def _ended(source: WatchedSource, error: str, code: int) -> int:
    """The exit code; an error that ended the reading is told, and has one of its own."""
    if error:
        click.echo(error, err=True)
    return code if source.error is None else exit_code(source.error)
