"""A source with a long history that keeps finer times than it shows, and breaks off when a test says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import select

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.backfill import WindowReport, work
from lrs_bridge.store.backfills import latest_of
from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import BackfillState, BackfillWindowRow
from lrs_bridge_connectors.errors import Retryable
from lrs_bridge_connectors.source import Health, Page, Reach, Record, Window
from support.bridges import a_body
from support.builders import NOON

IDS = UUID("0f4f4a37-55f7-5c5e-8c55-6a1f0b7a2d11")
OVERLAP = timedelta(minutes=10)
_MOST = 1000


class Crash(BaseException):
    """The process is gone: nothing is given back, nothing is written down."""


@dataclass(frozen=True)
class Kept:
    """A statement in the LRS: when it was really stored, and as what it is shown."""

    at: datetime
    record: Record


def a_kept(number: int, at: datetime, *, shown: timedelta = timedelta(milliseconds=1)) -> Kept:
    """Wanted, noise, noise or broken, by its number. Its time is shown cut to `shown`."""
    own = str(uuid5(IDS, str(number)))
    cut = NOON + (at - NOON) // shown * shown
    body = a_body("completed" if number % 4 == 0 else "experienced", at=NOON, id=own)
    raw = b'{"broken":%d' % number if number % 4 == 3 else msgspec.json.encode({**body, "stored": cut.isoformat()})
    return Kept(at, Record(own, cut, raw))


@dataclass
class History:
    """An LRS (a `Reaching` source). `breaks`: after so many pages it fails with an error, or its reader dies (False).

    `order`: "rising", "falling", or "mixed" (newest page first, rising within each).
    """

    held: Sequence[Kept]
    page: int = 5
    order: str = "rising"
    breaks: list[tuple[int, bool]] = field(default_factory=list)
    name: str = "lms"
    asked: list[Window] = field(default_factory=list)

    def pages(self, cursor: str | None) -> Iterator[Page]:
        since = None if cursor is None else datetime.fromisoformat(cursor) - OVERLAP
        latest = max((each.record.stored for each in self.held if each.record.stored), default=None)
        for page in self.window(Window(since, None)):
            yield replace(page, cursor=latest.isoformat() if latest else None)

    def window(self, window: Window) -> Iterator[Page]:
        self.asked.append(window)
        found = [each for each in self.held if _within(each.at, window)]
        found.sort(key=lambda each: each.at, reverse=self.order == "falling")
        pages = [found[start : start + self.page] for start in range(0, len(found), self.page)]
        latest = None
        for some in reversed(pages) if self.order == "mixed" else pages:
            self._break()
            latest = max(filter(None, [latest, *(each.record.stored for each in some)]))
            yield Page(tuple(each.record for each in some), None, latest)

    def _break(self) -> None:
        if not self.breaks:
            return
        left, error = self.breaks.pop(0)
        if left > 0:
            self.breaks.insert(0, (left - 1, error))
        elif error:
            raise Retryable("the connection broke", source=self.name)
        else:
            raise Crash

    def check(self) -> Health:
        raise NotImplementedError

    def reach(self, cursor: str | None, until: datetime | None = None) -> Reach | None:
        times = sorted(each.record.stored for each in self.held if each.record.stored)
        if not times:
            return None
        start = None if cursor is None else datetime.fromisoformat(cursor)
        end = min(times[-1], until or times[-1])
        return Reach(start and start - OVERLAP, times[0], end, max(end, start or end).isoformat())


def _within(at: datetime, window: Window) -> bool:
    return (window.since is None or at > window.since) and (window.until is None or at <= window.until)


def work_through(bridge: Bridge, source: History, now: datetime, *, full: int = 20_000) -> list[WindowReport]:
    """Read window after window until none is left; where one failed or its reader died, an hour later again."""
    reports: list[WindowReport] = []
    for _ in range(_MOST):
        try:
            report = work(bridge, now, only=source, full=full)
        except Crash:
            report = WindowReport(source.name, error="the reader died")
        if report is None:
            with read(bridge.engine) as connection:
                found = latest_of(connection, source.name)
            if found is None or found.state is not BackfillState.OPEN:
                return reports
            now += timedelta(hours=2)
            continue
        reports.append(report)
    raise AssertionError("it never comes to an end")


def windows(bridge: Bridge) -> list[tuple[datetime | None, datetime, bool]]:
    """Since, until, done: the oldest first."""
    row = BackfillWindowRow
    with read(bridge.engine) as connection:
        rows = connection.execute(select(row.since, row.until, row.done).order_by(row.until)).all()
    return [(each.since, each.until, each.done) for each in rows]
