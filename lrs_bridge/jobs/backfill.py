"""Backfill: a long history is read in windows of time, by any number of workers, while live pulling goes on.

First and second step on the way of a statement, for what was there before the first pull. `begin` records the windows
and moves the source's cursor to where they end, in one transaction: from there live pulling goes on at once. `work`
reads one window. Learners whom only history concerns are planned now and then, and when the last window was read.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from os import getpid
from socket import gethostname
from uuid import uuid4

import structlog
from sqlalchemy.exc import SQLAlchemyError

from lrs_bridge.bridge import Bridge
from lrs_bridge.errors import UsageError
from lrs_bridge.jobs.reading import FULL, PAUSE, Reading, TakenOver
from lrs_bridge.jobs.windows import cut, floor_ms
from lrs_bridge.log import describe_error
from lrs_bridge.settings import Settings, XapiSourceSettings
from lrs_bridge.store import backfills, sources
from lrs_bridge.store.backfills import Backfill, ClaimedWindow
from lrs_bridge.store.due import ripen
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import StoreError
from lrs_bridge.store.locks import lock_facts
from lrs_bridge.store.sources import SourceState
from lrs_bridge.store.tables import BackfillState
from lrs_bridge_connectors.errors import ConnectorError
from lrs_bridge_connectors.source import Reach, Reaching, Source

logger = structlog.stdlib.get_logger(__name__)

WIDTH = timedelta(days=7)
#: How long a window that could not be read waits, the first time; then twice as long, up to the longest.
_FIRST_PAUSE = timedelta(minutes=1)
_LONGEST_PAUSE = timedelta(hours=1)
_LONGEST_REASON = 2000
_MARGIN_OF_LEASES = timedelta(minutes=1)
#: How often it is begun anew because a pull moved the cursor meanwhile.
_TRIES = 3


@dataclass(frozen=True, slots=True)
class WindowReport:
    """What reading one window brought. `error` says why it ended early ("": it did not).

    `ended`: it was the last one, and the history is complete. `taken_over`: somebody else reads it now.
    """

    source: str
    read: int = 0
    new: int = 0
    duplicates: int = 0
    quarantined: int = 0
    noise: int = 0
    error: str = ""
    taken_over: bool = False
    ended: bool = False


def begin(
    bridge: Bridge,
    source: Source,
    now: datetime,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    width: timedelta = WIDTH,
) -> Backfill | None:
    """Record the windows of a source's history, or go on with those that are open or were cancelled.

    Without `since` it begins where the next pull would: for a source that was never pulled, at the first statement.
    Returns None if there is nothing to read. Raises ConnectorError, and UsageError for a source that is not read in
    windows, or for another span while one is open.
    """
    if not isinstance(source, Reaching):
        raise UsageError(f"{source.name} is not read in windows.", "Run `lrs-bridge pull`, which reads all of it.")
    with write(bridge.engine) as connection:
        known = _going_on(backfills.latest_of(connection, source.name), asked=since is not None or until is not None)
        if known is not None:
            backfills.reopen(connection, known.id, now)
            return replace(known, state=BackfillState.OPEN)
    for _ in range(_TRIES):
        with read(bridge.engine) as connection:
            cursor = sources.get_state(connection, source.name).cursor
        reach = source.reach(cursor, until)
        if reach is None:
            return None
        start = floor_ms(since) if since is not None else reach.since
        if start is not None and start >= reach.until:
            return None
        begun = _record(bridge, source.name, cursor, reach, start, width, now)
        if begun is not None:
            logger.info("backfill begins", source=source.name, until=begun.until.isoformat())
            return begun
    raise UsageError(f"{source.name} is being pulled at this moment.", "Repeat it once that pull has ended.")


def _going_on(latest: Backfill | None, *, asked: bool) -> Backfill | None:
    """What is to be gone on with. Raises UsageError if somebody asked for another span while one is open."""
    if latest is None or latest.state is BackfillState.DONE:
        return None
    if asked and latest.state is BackfillState.OPEN:
        raise UsageError(
            f"Another span of the history of {latest.source} is being read.",
            f"Let it come to its end, or run `lrs-bridge backfill {latest.source} --cancel` first.",
        )
    return None if asked else latest


def _record(
    bridge: Bridge, name: str, cursor: str | None, reach: Reach, start: datetime | None, width: timedelta, now: datetime
) -> Backfill | None:
    """Windows and cursor in one transaction; None if the source was pulled meanwhile.

    The cursor moves to the end of the windows if they leave nothing out between it and them. Then live pulls count the
    noise behind that end, and the windows what was not counted before it. Otherwise nobody but the pulls counts any.
    """
    moves = cursor is None or start is None or (reach.since is not None and start <= reach.since)
    with write(bridge.engine) as connection:
        lock_facts(connection)
        state = sources.get_state(connection, name)
        begun = backfills.latest_of(connection, name)
        if begun is not None and begun.state is BackfillState.OPEN:
            return begun
        if state.cursor != cursor:
            return None
        spans = cut(start, reach.earliest, reach.until, width)
        backfill = _backfill(state, reach, start, moves, now)
        backfills.record(connection, backfill, spans)
        if moves:
            latest = max(state.latest or reach.until, reach.until)
            sources.change(connection, name, cursor=reach.cursor, latest=latest)
    return backfill


def _backfill(state: SourceState, reach: Reach, start: datetime | None, moves: bool, now: datetime) -> Backfill:
    return Backfill(
        id=str(uuid4()),
        source=state.name,
        since=start,
        earliest=reach.earliest,
        until=reach.until,
        counts_noise=moves,
        counted=state.latest,
        state=BackfillState.OPEN,
        begun_at=now,
    )


def work(
    bridge: Bridge,
    now: datetime,
    *,
    only: Source | None = None,
    progress: Callable[[WindowReport], None] | None = None,
    full: int = FULL,
) -> WindowReport | None:
    """Read one window of any history that is open (or of `only`); None if none is left to be read now.

    `progress` is told after every page. A window in which many more than `full` statements are left is given back in
    parts. A `ConnectorError` ends up in the report and with the window, which is tried again after a pause. Raises
    ConfigurationError if no rules are published, and StoreError or SQLAlchemyError if the database fails.
    """
    ruleset = bridge.ruleset()
    window = _claim(bridge, only, now)
    if window is None:
        return None
    source = only or bridge.source(window.backfill.source)
    report = WindowReport(source.name)  # as far as it has come

    def tell(reading: Reading) -> None:
        nonlocal report
        saved = reading.saved
        report = WindowReport(source.name, reading.read, saved.new, saved.duplicates, saved.quarantined, saved.noise)
        if progress is not None:
            progress(report)

    try:
        ended = Reading(bridge, source, window, ruleset, now, full, _lease(bridge.settings), tell).read_all()
    except (KeyboardInterrupt, SystemExit):  # somebody stops us who will soon go on
        _released(bridge, window)
        raise
    except TakenOver:
        report = replace(report, taken_over=True)
    except ConnectorError as error:
        report = _postponed(bridge, window, report, str(error), now)
    except (StoreError, SQLAlchemyError):  # nothing can be written down: the lease runs out, others go on from there
        raise
    except Exception as error:  # one window must not stop the others: recorded, reported, and tried again later
        logger.exception("a window cannot be read", source=source.name)
        report = _postponed(bridge, window, report, describe_error(error)[-_LONGEST_REASON:], now)
    else:
        report = replace(report, ended=ended)
    return _logged(report)


def _claim(bridge: Bridge, only: Source | None, now: datetime) -> ClaimedWindow | None:
    at_once = windows_at_once(bridge.settings)
    if only is not None:
        at_once = {only.name: at_once.get(only.name, 1)}
    owner = f"{gethostname()}:{getpid()}"
    return backfills.claim(bridge.engine, now=now, at_once=at_once, lease=_lease(bridge.settings), owner=owner)


def _released(bridge: Bridge, window: ClaimedWindow) -> None:
    with write(bridge.engine) as connection:
        backfills.release(connection, window)


def windows_at_once(settings: Settings) -> dict[str, int]:
    """Source → how many of its windows may be read at the same time, for those that can be read so."""
    return {each.name: each.windows_at_once for each in settings.sources if isinstance(each, XapiSourceSettings)}


def is_open(bridge: Bridge, name: str) -> bool:
    """Whether the history of a source is being read."""
    with read(bridge.engine) as connection:
        found = backfills.latest_of(connection, name)
    return found is not None and found.state is BackfillState.OPEN


def readers_wanted(bridge: Bridge, now: datetime) -> int:
    """How many can read windows at the same time now."""
    at_once = windows_at_once(bridge.settings)
    with read(bridge.engine) as connection:
        waiting = backfills.count_claimable(connection, now, at_once)
    return sum(min(count, at_once[name]) for name, count in waiting.items())


def _lease(settings: Settings) -> timedelta:
    """Longer than any source may take for one page, which renews it; what a killed reader held waits for so long."""
    longest = (each.deadline for each in settings.sources if isinstance(each, XapiSourceSettings))
    return max(longest, default=timedelta(0)) + _MARGIN_OF_LEASES


def _postponed(bridge: Bridge, window: ClaimedWindow, report: WindowReport, reason: str, now: datetime) -> WindowReport:
    pause = min(_FIRST_PAUSE * 2 ** min(window.attempts, 20), _LONGEST_PAUSE)
    with write(bridge.engine) as connection:
        backfills.postpone(connection, window, reason=reason, try_at=now + pause)
    return replace(report, error=reason)


def cancel(bridge: Bridge, name: str, now: datetime) -> Backfill | None:
    """Put a stop to the history of a source; what was read stays. None if none is open."""
    with write(bridge.engine) as connection:
        found = backfills.latest_of(connection, name)
        if found is None or found.state is not BackfillState.OPEN:
            return None
        backfills.cancel(connection, found.id, now)
    with write(bridge.engine) as connection:
        ripen(connection, now, now + PAUSE)
    logger.info("backfill cancelled", source=name)
    return found


def _logged(report: WindowReport) -> WindowReport:
    counts = {name: getattr(report, name) for name in ("read", "new", "duplicates", "quarantined", "noise")}
    if report.error:
        logger.error("a window was not read", source=report.source, error=report.error, **counts)
    else:
        logger.info("read a window", source=report.source, ended=report.ended, taken_over=report.taken_over, **counts)
    return report
