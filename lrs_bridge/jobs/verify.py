"""Verify: compares what a source holds with what is kept of it, window by window, and mends what it is told to.

A source is read in parts where it can be, so that its paging hides nothing, and each part is laid beside what is kept
of the same span: no more than a part, or a batch of ids, is held at a time. What the store has and the source does not
list is looked up by its id. Taking in goes the way of a pull, and forgetting is an act that is handed in.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import get_args

import structlog

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.drift import Count, Kind, Ledger, VerifyReport
from lrs_bridge.jobs.lookups import Asker
from lrs_bridge.jobs.sorting import NoiseKey, Sorted, Sorter, sorter_for
from lrs_bridge.settings import XapiSourceSettings
from lrs_bridge.store import drift
from lrs_bridge.store.backfills import open_span
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import Rejected, Wanted, save_page
from lrs_bridge.store.noise import tally
from lrs_bridge.store.sources import get_state, verified
from lrs_bridge_connectors.errors import ConnectorError
from lrs_bridge_connectors.source import ReadsInParts, Record, Source, Window
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.statement import decode_statement

logger = structlog.stdlib.get_logger(__name__)

DAY = timedelta(days=1)
#: How many statements are looked up one by one, unless somebody asks for more.
LOOK_UPS = 1000

#: Takes statements out of the store, by source and ids, and says how many there were: `acts.deleted.forget_deleted`.
Forget = Callable[[str, Sequence[str]], int]


def verify(
    bridge: Bridge,
    source: Source,
    window: Window,
    now: datetime,
    *,
    width: timedelta = DAY,
    mend: bool = False,
    forget: Forget | None = None,
    look_ups: int = LOOK_UPS,
) -> VerifyReport:
    """Compare a span, counting by windows of `width`. `mend` takes in what is missing, `forget` drops what is gone.

    A `ConnectorError` ends up in the report, with what was found before it. Raises as `pull` does otherwise.
    """
    run = _Run(bridge, source, window, now, Ledger(width), Asker(source, look_ups), mend=mend, forget=forget)
    error = ""
    try:
        run.read()
    except ConnectorError as problem:
        error = str(problem)
    report = run.report(error)
    with write(bridge.engine) as connection:
        verified(connection, source.name, report.remaining, now)
    _tell(report)
    return report


class _Run:
    """One verification while it goes on."""

    def __init__(
        self,
        bridge: Bridge,
        source: Source,
        window: Window,
        now: datetime,
        ledger: Ledger,
        asker: Asker,
        *,
        mend: bool,
        forget: Forget | None,
    ) -> None:
        self._bridge, self._source, self._window, self._now = bridge, source, window, now
        self._ledger, self._asker, self._mend, self._forget = ledger, asker, mend, forget
        self._sorter: Sorter = sorter_for(bridge.settings, source.name, bridge.ruleset())
        self._field = _time_field(bridge, source.name)
        with read(bridge.engine) as connection:
            state = get_state(connection, source.name)
            history = open_span(connection, source.name)
        self._coming = None if history is None else Window(*history)
        self._pulled = None if state.last_ok_at is None else state.last_ok_at - _settle(bridge, source.name)
        # Noise of a history that is being read is counted with its windows, and not before.
        self._counted = state.latest if history is None else None
        noise = bridge.settings.retention.noise
        self._noise_since = None if noise is None else (now - noise).date()
        self._noise = Counter[NoiseKey]()
        self._unvoided: dict[str, datetime] = {}
        self._mended = self._forgotten = self._uncounted = 0
        self._paged: int | None = None

    def read(self) -> None:
        """Read the span to its end. Raises `ConnectorError`; what was found before it stays."""
        if isinstance(self._source, ReadsInParts):
            for part in self._source.parts(self._window):
                listed = self._page(part.records)
                self._surplus(part.window, listed)
        else:  # files are rotated away, and nobody means to delete what stood in them
            for page in self._source.window(self._window):
                self._page(page.records)
        self._settle_unvoided()
        self._count_noise()
        differences = self._ledger.differences()
        if differences[Kind.MISSING] or differences[Kind.HIDDEN]:
            self._paged = self._count_by_paging()

    def report(self, error: str) -> VerifyReport:
        """What was found so far."""
        return VerifyReport(
            source=self._source.name,
            since=self._window.since,
            until=self._window.until,
            windows=tuple(self._ledger.windows()),
            totals={what: self._ledger.total(what) for what in Count},
            differences={kind: count for kind, count in sorted(self._ledger.differences().items()) if count},
            named=tuple(self._ledger.named),
            mended=self._mended,
            forgotten=self._forgotten,
            uncounted=self._uncounted,
            paged=self._paged,
            surplus_compared=isinstance(self._source, ReadsInParts),
            error=error,
        )

    def _page(self, records: Sequence[Record]) -> frozenset[str]:
        """Compare what the source lists; the ids that it does."""
        ids = [record.id for record in records if record.id is not None]
        self._asker.saw(ids)
        with read(self._bridge.engine) as connection:
            kept = drift.kept_among(connection, ids)
            # What was wanted once and is kept is not to be counted as noise that escaped the tallies.
            new = self._sorter.sort(record for record in records if record.id not in kept)
            known = self._sorter.sort(record for record in records if record.id in kept)
            wanted, rejected = [*new.wanted, *known.wanted], [*new.rejected, *known.rejected]
            found = drift.compare(connection, self._source.name, wanted, rejected, self._bridge.seal)
        times = {id(each.body): each.stored for each in records}
        for sorted_ in (new, known):
            self._count(sorted_, times)
        self._noise.update(each.key for each in new.noise if self._was_counted(each.at) and self._is_kept(each.key))
        missing = [each for each in found.missing if not self._is_pending(each, times)]
        self._differ(Kind.MISSING, missing, times)
        self._differ(Kind.CHANGED, found.changed, times)
        self._differ(Kind.UNREAD, found.unread, times)
        self._take_in(missing, [*found.changed, *found.unread])
        return frozenset([*ids, *(each.id for each in wanted)])

    def _count(self, found: Sorted, times: Mapping[int, datetime | None]) -> None:
        moments: tuple[tuple[Count, Iterable[datetime | None]], ...] = (
            (Count.WANTED, (self._time(each, times) for each in found.wanted)),
            (Count.NOISE, (each.at for each in found.noise)),
            (Count.UNDECODABLE, (self._time(each, times) for each in found.rejected)),
        )
        for what, when in moments:
            for at in when:
                self._ledger.count(what, at)
                self._ledger.count(Count.READ, at)

    def _was_counted(self, at: datetime | None) -> bool:
        """Whether a pull has passed this noise, and so had to count it."""
        return at is not None and self._counted is not None and at <= self._counted

    def _is_kept(self, key: NoiseKey) -> bool:
        """Whether this noise is still to be counted: what is older than `retention.noise` was let go of."""
        return self._noise_since is None or key[2] >= self._noise_since

    def _is_pending(self, each: Wanted, times: Mapping[int, datetime | None]) -> bool:
        """Whether it is still on its way: stored after the last pull, or in a history that is being read."""
        at = self._time(each, times)
        after = at is not None and self._pulled is not None and at > self._pulled
        pending = after or (self._coming is not None and _lies_in(self._coming, at))
        if pending:
            self._ledger.count(Count.PENDING, at)
        return pending

    def _differ(self, kind: Kind, found: Iterable[Wanted | Rejected], times: Mapping[int, datetime | None]) -> None:
        for each in found:
            own_id = each.id if isinstance(each, Wanted) else each.statement_id
            self._ledger.differ(kind, own_id, self._time(each, times))

    def _time(self, each: Wanted | Rejected, times: Mapping[int, datetime | None]) -> datetime | None:
        """The time by which a record belongs to a window; `times` are those of records, by the identity of the body."""
        if isinstance(each, Rejected):
            return times.get(id(each.body)) if self._field == "stored" else None
        # Files are often written before any LRS has stamped them with a time of its own.
        return (each.stored if self._field == "stored" else None) or each.timestamp

    def _take_in(self, missing: Sequence[Wanted], rejected: Sequence[Rejected]) -> None:
        if not self._mend or not (missing or rejected):
            return
        with write(self._bridge.engine) as connection:
            save_page(
                connection,
                source=self._source.name,
                wanted=missing,
                rejected=rejected,
                noise=Counter(),
                cursor=None,
                latest=None,
                now=self._now,
                seal=self._bridge.seal,
            )
        self._mended += len(missing) + len(rejected)

    def _surplus(self, window: Window, listed: frozenset[str]) -> None:
        """What is kept of a span and was not listed for it."""
        name = self._source.name
        for batch in drift.kept_between(self._bridge.engine, name, self._field, window.since, window.until):
            for each in batch:
                self._ledger.count(Count.KEPT, each.at)
            surplus = [each for each in batch if each.id not in listed]
            with read(self._bridge.engine) as connection:
                voided = drift.voided_among(connection, (each.id for each in surplus))
            gone = list(self._explained(window, surplus, voided))
            if self._forget is not None and gone:
                self._forgotten += self._forget(name, gone)

    def _explained(self, window: Window, surplus: Iterable[drift.Kept], voided: frozenset[str]) -> Iterator[str]:
        """Say of each why it is not listed; gives the ids of those that are gone."""
        for each in surplus:
            if each.id in voided:
                self._ledger.count(Count.VOIDED, each.at)
                continue
            kind = self._asker.why(each, lambda record: _lies_in(window, _time_of(record, self._field)))
            if kind is Kind.UNVOIDED:
                self._unvoided[each.id] = each.at  # what voids it may come in a later part
            elif kind is not None:
                self._ledger.differ(kind, each.id, each.at)
                if kind is Kind.GONE:
                    yield each.id

    def _settle_unvoided(self) -> None:
        """Now that everything was read: of what is voided at the source, is what voids it still not here?"""
        with read(self._bridge.engine) as connection:
            voided = drift.voided_among(connection, self._unvoided)
        left = [own_id for own_id in self._unvoided if own_id not in voided]
        for own_id, at in self._unvoided.items():
            if own_id in voided:
                self._ledger.count(Count.VOIDED, at)
            else:
                self._ledger.differ(Kind.UNVOIDED, own_id, at)
        if self._forget is not None and left:
            self._forgotten += self._forget(self._source.name, left)

    def _count_noise(self) -> None:
        with write(self._bridge.engine) as connection:
            lacking = drift.uncounted(connection, self._source.name, self._noise)
            if self._mend:
                tally(connection, self._source.name, lacking)
        self._uncounted = lacking.total()

    def _count_by_paging(self) -> int | None:
        """How many statements of the span the source's own paging gives; None if it breaks."""
        try:
            return sum(
                _lies_in(self._window, _time_of(record, self._field))
                for page in self._source.window(self._window)
                for record in page.records
            )
        except ConnectorError:
            return None


def _time_of(record: Record, field: drift.TimeField) -> datetime | None:
    if field == "stored":
        return record.stored
    try:
        return decode_statement(record.body).timestamp
    except StatementError:
        return None


def _lies_in(window: Window, at: datetime | None) -> bool:
    if at is None:
        return True
    return (window.since is None or at > window.since) and (window.until is None or at <= window.until)


def _time_field(bridge: Bridge, name: str) -> drift.TimeField:
    settings = _settings(bridge, name)
    return settings.cursor_field if settings else get_args(drift.TimeField)[0]


def _settle(bridge: Bridge, name: str) -> timedelta:
    settings = _settings(bridge, name)
    return settings.settle if settings else timedelta(0)


def _settings(bridge: Bridge, name: str) -> XapiSourceSettings | None:
    found = next((each for each in bridge.settings.sources if each.name == name), None)
    return found if isinstance(found, XapiSourceSettings) else None


def _tell(report: VerifyReport) -> None:
    found = {str(kind): count for kind, count in report.differences.items()}
    counts = {"read": report.totals[Count.READ], "mended": report.mended, "forgotten": report.forgotten, **found}
    if report.error:
        logger.error("verification stopped", source=report.source, error=report.error, **counts)
        return
    log = logger.info if report.ok and not report.truncated else logger.warning
    log("verified", source=report.source, truncated=report.truncated, **counts)
