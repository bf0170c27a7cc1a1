"""The reading of one window of a history, page by page (a part of `backfill`).

Each page is one transaction: statements, tallies, how far the window was read, and the lease. Whoever lost the lease
keeps nothing of the page at hand.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from sqlalchemy import Connection

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.sorting import NoiseKey, Sorted, sorter_for
from lrs_bridge.jobs.windows import MARGIN, SHORTEST, Tally, divide, parts_left
from lrs_bridge.settings import Settings, XapiSourceSettings
from lrs_bridge.store import backfills
from lrs_bridge.store.backfills import ClaimedWindow, Step
from lrs_bridge.store.due import ripen
from lrs_bridge.store.engine import write
from lrs_bridge.store.ingest import PageSaved, save_page
from lrs_bridge.store.locks import lock_facts
from lrs_bridge_connectors.source import Page, Record, Source, Window
from lrs_bridge_rules.ruleset import Ruleset

#: So many statements are some seconds of work: what is left of a window is divided then.
FULL = 20_000
#: How long learners whom only history concerns wait at most; they are planned at once when the history is complete.
PAUSE = timedelta(hours=1)
#: Windows that are joined to an empty one: twice as many each time, up to so many.
_MOST_JOINED = 256
#: Of a window that does not keep order nobody knows how much is left.
_PARTS_OF_DISORDER = 4


class TakenOver(Exception):
    """The lease ran out, or somebody put a stop to it: the window is not ours any more."""


@dataclass
class Reading:
    """One reader at one window. `read` and `saved` tell what came so far."""

    bridge: Bridge
    source: Source
    window: ClaimedWindow
    ruleset: Ruleset
    now: datetime
    full: int
    lease: timedelta
    tell: Callable[[Reading], None]
    read: int = 0
    saved: PageSaved = field(default_factory=PageSaved)
    _pages: int = 0
    _tally: Tally = field(init=False)
    _seen: set[str] = field(default_factory=set)
    _begun: float = field(default_factory=time.monotonic)
    _told: float = field(default_factory=time.monotonic)

    def __post_init__(self) -> None:
        self._sorter = sorter_for(self.bridge.settings, self.source.name, self.ruleset)
        self._by_stored = _goes_by_stored(self.bridge.settings, self.source.name)
        self._tally = self._new_tally()

    def read_all(self) -> bool:
        """Read until the window is done, or was divided. Whether the whole history is complete with it.

        Raises TakenOver; ConnectorError with everything kept that came before it.
        """
        many = 1
        while self._read_to_the_end():
            wider = None if self.read else self._widened(many)
            if wider is None:
                return self._finish()
            self.window, many = wider, min(2 * many, _MOST_JOINED)
            self._tally = self._new_tally()
        return False

    def _new_tally(self) -> Tally:
        window = self.window
        return Tally(
            since=window.since,
            until=window.until,
            resume=window.resume,
            counted=window.backfill.counted,
            counts=window.backfill.counts_noise,
            orderly=window.orderly,
        )

    def _read_to_the_end(self) -> bool:
        """False if it was divided on the way."""
        since = self.window.resume if self.window.orderly and self.window.resume else self.window.since
        return not any(map(self._keep, self.source.window(Window(since, self.window.until + MARGIN))))

    def _keep(self, page: Page) -> bool:
        """One page, in one transaction; whether the window was divided with it."""
        records = [each for each in page.records if each.id is None or each.id not in self._seen]
        found = self._sorter.sort(records)
        noise = self._tally.take(self._times(records), found.noise)
        with write(self.bridge.engine) as connection:
            saved = self._save(connection, found, noise, len(page.records))
            borders = self._borders(self.read + len(page.records))
            if borders:
                window = replace(self.window, resume=self._tally.resume, orderly=self._tally.orderly)
                backfills.split(connection, window, borders, self.now)
        self._note(records)
        self._pages += 1
        self._add(len(page.records), saved)
        return bool(borders)

    def _save(self, connection: Connection, found: Sorted, noise: Counter[NoiseKey], records: int) -> PageSaved:
        lock_facts(connection)
        saved = save_page(
            connection,
            source=self.source.name,
            wanted=found.wanted,
            rejected=found.rejected,
            noise=noise,
            cursor=None,
            latest=None,
            now=self.now,
            later_at=self.now + PAUSE,
            seal=self.bridge.seal,
        )
        moment = time.monotonic()
        step = Step(records, saved, moment - self._told, self._tally.resume, self._tally.orderly)
        # `now` stands still while we work; a lease counted from it alone would soon be over.
        until = self.now + timedelta(seconds=moment - self._begun) + self.lease
        if not backfills.keep(connection, self.window, step, until):
            raise TakenOver
        self._told = moment
        return saved

    def _borders(self, read: int) -> list[datetime]:
        """Where the window is to be divided; nothing if it is read on as it is."""
        tally, until = self._tally, self.window.until
        if read < self.full or not self._pages:  # the first page cannot show whether there is an order
            return []
        begin = self.window.since or self.window.backfill.earliest
        if tally.orderly and tally.resume is not None:
            resume = self.window.resume or begin
            parts = parts_left(read, resume, tally.resume, until, self.full)
            borders = divide(tally.resume, until, parts) if parts > 1 else []
        else:
            borders = divide(begin, until, _PARTS_OF_DISORDER) if until - begin >= 2 * SHORTEST else []
        return borders if len(borders) > 1 else []

    def _widened(self, many: int) -> ClaimedWindow | None:
        with write(self.bridge.engine) as connection:
            return backfills.widen(connection, self.window, many, self.now)

    def _finish(self) -> bool:
        noise = self._tally.finish()
        with write(self.bridge.engine) as connection:
            backfills.lock(connection, self.window.backfill.id)  # before the window, as everybody does
            saved = self._save(connection, Sorted(), noise, 0)
            ended = backfills.finish(connection, self.window, self.now)
            if ended:
                ripen(connection, self.now, self.now + timedelta(seconds=time.monotonic() - self._begun) + PAUSE)
        self._add(0, saved)
        return ended

    def _add(self, records: int, saved: PageSaved) -> None:
        self.read += records
        names = ("new", "duplicates", "quarantined", "noise")
        self.saved = PageSaved(*(getattr(self.saved, name) + getattr(saved, name) for name in names))
        self.tell(self)

    def _times(self, records: Sequence[Record]) -> list[datetime | None]:
        """Nothing where the source goes by timestamp: such servers do not keep order, and a record does not show it."""
        return [each.stored for each in records] if self._by_stored else []

    def _note(self, records: Sequence[Record]) -> None:
        """Remember what a server may give again in this reading and what the tally could not tell by its time."""
        edge = self._tally.resume if self._tally.orderly else None
        if edge is not None:
            self._seen.clear()
        late = (each.id for each in records if edge is None or each.stored is None or each.stored > edge)
        self._seen.update(each for each in late if each is not None)


def _goes_by_stored(settings: Settings, name: str) -> bool:
    found = next((each for each in settings.sources if each.name == name), None)
    return not isinstance(found, XapiSourceSettings) or found.cursor_field == "stored"
