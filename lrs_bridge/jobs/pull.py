"""Pull: what is new in a source becomes kept statements, and the learners concerned become due.

First and second step on the way of a statement. One transaction for each page holds everything: statements, what was
put aside, tallies, due learners and the cursor. Whatever stops a pull, the next one goes on where the last page ended.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import structlog

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.collector import collector_at_rest
from lrs_bridge.jobs.sorting import Sorted, Sorter, sorter_for
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import PageSaved, save_page
from lrs_bridge.store.locks import lock_facts
from lrs_bridge.store.sources import SourceState, failed, get_state, started, succeeded
from lrs_bridge_connectors.errors import ConnectorError
from lrs_bridge_connectors.source import Page, Source

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class PullReport:
    """What a pull brought. `error` says why it ended early ("": it did not); what came before that is kept."""

    source: str
    pages: int = 0
    read: int = 0
    new: int = 0
    duplicates: int = 0
    quarantined: int = 0
    noise: int = 0
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether the source was read to its end."""
        return not self.error

    def plus(self, records: int, saved: PageSaved) -> PullReport:
        """With one more page."""
        return replace(
            self,
            pages=self.pages + 1,
            read=self.read + records,
            new=self.new + saved.new,
            duplicates=self.duplicates + saved.duplicates,
            quarantined=self.quarantined + saved.quarantined,
            noise=self.noise + saved.noise,
        )

    def counts(self) -> dict[str, Any]:
        """For a log line."""
        return {name: getattr(self, name) for name in ("pages", "read", "new", "duplicates", "quarantined", "noise")}


def pull_all(bridge: Bridge, now: datetime) -> tuple[PullReport, ...]:
    """Pull every source, one after the other; a failure of one is in its report and does not stop the others."""
    return tuple(pull(bridge, source, now) for source in bridge.sources())


def pull(bridge: Bridge, source: Source, now: datetime) -> PullReport:
    """Pull one source from its cursor to its end.

    A `ConnectorError` ends up in the report and in the source's state. Raises ConfigurationError if no rules are
    published, and StoreError or SQLAlchemyError if the database fails.
    """
    sorter = sorter_for(bridge.settings, source.name, bridge.ruleset())
    keeper = _Keeper(bridge, sorter, _begin(bridge, source.name, now), now)
    report = PullReport(source.name)
    try:
        for page in source.pages(keeper.state.cursor):
            with collector_at_rest():
                report = report.plus(len(page.records), keeper.keep(page))
    except ConnectorError as error:
        report = replace(report, error=str(error))
    _end(bridge, report, now)
    return report


def give_up(bridge: Bridge, name: str, error: str, now: datetime) -> PullReport:
    """Record that a pull ended before it began."""
    _begin(bridge, name, now)
    report = PullReport(name, error=error)
    _end(bridge, report, now)
    return report


class _Keeper:
    """Keeps the pages of one pull, and what is known of the source between them."""

    def __init__(self, bridge: Bridge, sorter: Sorter, state: SourceState, now: datetime) -> None:
        self.state = state
        self._bridge = bridge
        self._sorter = sorter
        self._now = now
        # Up to here noise was counted before this pull.
        self._counted = state.latest
        self._latest = state.latest
        self._cursor = state.cursor

    def keep(self, page: Page) -> PageSaved:
        """One page, in one transaction."""
        found = self._sorter.sort(page.records)
        with write(self._bridge.engine) as connection:
            lock_facts(connection)
            state = get_state(connection, self._sorter.source)
            current = state.latest
            if page.again or current != self._latest:
                # The source began anew, or another pull of it is ahead of us: what was counted is not counted again.
                self._counted = _later(self._counted, current)
            latest = _later(current, page.latest)
            # Whoever moved the cursor meanwhile (another pull, or a history that is read in windows) is ahead of us.
            cursor = page.cursor if state.cursor == self._cursor else None
            saved = save_page(
                connection,
                source=self._sorter.source,
                wanted=found.wanted,
                rejected=found.rejected,
                noise=found.noise_after(self._counted),
                cursor=cursor,
                latest=latest,
                now=self._now,
                seal=self._bridge.seal,
            )
        self._latest = latest
        self._cursor = cursor or self._cursor
        _tell_rejections(self._sorter.source, found)
        return saved


def _begin(bridge: Bridge, name: str, now: datetime) -> SourceState:
    with write(bridge.engine) as connection:
        lock_facts(connection)
        started(connection, name, now)
    with read(bridge.engine) as connection:
        return get_state(connection, name)


def _end(bridge: Bridge, report: PullReport, now: datetime) -> None:
    with write(bridge.engine) as connection:
        if report.ok:
            succeeded(connection, report.source, now)
        else:
            failed(connection, report.source, report.error, now)
    if report.ok:
        logger.info("pulled", source=report.source, **report.counts())
    else:
        logger.error("pull stopped", source=report.source, error=report.error, **report.counts())


def _tell_rejections(source: str, found: Sorted) -> None:
    for rejected in found.rejected:
        logger.warning("put aside", source=source, statement=_shown(rejected.statement_id), reason=rejected.reason)


def _shown(statement_id: str | None) -> str | None:
    """An id as it may be logged: what is no UUID could be anything."""
    plain = (statement_id or "").replace("-", "")
    return statement_id if len(plain) == 32 and all(each in "0123456789abcdef" for each in plain) else None


def _later(one: datetime | None, other: datetime | None) -> datetime | None:
    return max((each for each in (one, other) if each is not None), default=None)
