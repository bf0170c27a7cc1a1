"""Rescan: reads a wide window of a source again, and takes in what pulling has missed.

Servers show statements late, change order, or lose them between two pages; a rescan finds what was missed without
moving the cursor, and reads in parts where the source can, so that its paging hides nothing. It also takes in what
newer rules want and older ones did not. Noise is not counted again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

import structlog

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.sorting import Sorter, sorter_for
from lrs_bridge.store.engine import write
from lrs_bridge.store.ingest import PageSaved, save_page
from lrs_bridge.store.sources import rescanned
from lrs_bridge_connectors.errors import ConnectorError, Misbehaving
from lrs_bridge_connectors.source import ReadsInParts, Record, Source, Window

logger = structlog.stdlib.get_logger(__name__)

DAY = timedelta(days=1)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
#: So many windows are named in a log line.
_NAMED = 10


@dataclass(frozen=True, slots=True)
class RescannedWindow:
    """What a stretch of the span held, and how much of it had been missed; `since` None: it shows no time."""

    since: datetime | None
    read: int = 0
    missed: int = 0
    quarantined: int = 0


@dataclass(frozen=True, slots=True)
class RescanReport:
    """How many statements the span held, how many of those that are wanted had been missed, and in which windows."""

    source: str
    read: int = 0
    missed: int = 0
    quarantined: int = 0
    windows: tuple[RescannedWindow, ...] = field(default=())
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether the span was read to its end."""
        return not self.error


def rescan(bridge: Bridge, source: Source, window: Window, now: datetime, *, width: timedelta = DAY) -> RescanReport:
    """Read a span again, counting by windows of `width`. A `ConnectorError` ends up in the report; raises as `pull`."""
    sorter = sorter_for(bridge.settings, source.name, bridge.ruleset())
    windows: dict[datetime | None, RescannedWindow] = {}
    error = ""
    try:
        for begin, records in _stretches(source, window, width):
            saved = _keep(bridge, sorter, records, now)
            before = windows.get(begin) or RescannedWindow(begin)
            windows[begin] = replace(
                before,
                read=before.read + len(records),
                missed=before.missed + saved.new,
                quarantined=before.quarantined + saved.quarantined,
            )
    except ConnectorError as problem:
        error = str(problem)
    report = _report(source.name, windows, error)
    if report.ok:
        with write(bridge.engine) as connection:
            rescanned(connection, source.name, report.missed, now)
    _tell(report)
    return report


def _stretches(source: Source, window: Window, width: timedelta) -> Iterator[tuple[datetime | None, Sequence[Record]]]:
    """The records of the span, and the beginning of the window that they lie in: by the time at which they were stored,
    or where they do not show it, by the part of the span in which they came.
    """
    for since, records in _pages(source, window):
        begins: dict[datetime | None, list[Record]] = {}
        for record in records:
            at = record.stored or since
            begins.setdefault(None if at is None else at - (at - _EPOCH) % width, []).append(record)
        yield from begins.items()


def _pages(source: Source, window: Window) -> Iterator[tuple[datetime | None, Sequence[Record]]]:
    if isinstance(source, ReadsInParts):
        try:
            yield from ((part.window.since, part.records) for part in source.parts(window))
        except Misbehaving as problem:  # a server may page well and not keep to spans; what came twice is known
            logger.warning("read by paging instead of in parts", source=source.name, error=str(problem))
        else:
            return
    yield from ((None, page.records) for page in source.window(window))


def _report(name: str, windows: dict[datetime | None, RescannedWindow], error: str) -> RescanReport:
    found = tuple(sorted(windows.values(), key=lambda each: (each.since is not None, each.since or _EPOCH)))
    return RescanReport(
        name,
        read=sum(each.read for each in found),
        missed=sum(each.missed for each in found),
        quarantined=sum(each.quarantined for each in found),
        windows=found,
        error=error,
    )


def _keep(bridge: Bridge, sorter: Sorter, records: Sequence[Record], now: datetime) -> PageSaved:
    found = sorter.sort(records)
    with write(bridge.engine) as connection:
        return save_page(
            connection,
            source=sorter.source,
            wanted=found.wanted,
            rejected=found.rejected,
            noise=Counter(),
            cursor=None,
            latest=None,
            now=now,
            seal=bridge.seal,
        )


def _tell(report: RescanReport) -> None:
    counts = {"read": report.read, "missed": report.missed, "quarantined": report.quarantined}
    if report.error:
        logger.error("rescan stopped", source=report.source, error=report.error, **counts)
    elif report.missed:
        # The windows in which most was missed tell most about the cause.
        worst = sorted(report.windows, key=lambda each: -each.missed)[:_NAMED]
        windows = {each.since.isoformat() if each.since else "": each.missed for each in worst if each.missed}
        logger.warning("rescanned", source=report.source, windows=windows, **counts)
    else:
        logger.info("rescanned", source=report.source, **counts)
