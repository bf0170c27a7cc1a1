"""XapiSource: the statements of one LRS, page by page, with the cursor that is safe to save.

Where it stands: the first step on the way of a statement; `jobs/pull` takes its pages. The arithmetic is elsewhere
(`cursor.py`, `paging.py`), so is the wire (`http.py`, `envelope.py`); this file only joins them.
"""

import logging
import random
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import requests

from lrs_bridge_connectors.errors import ConnectorError, Misbehaving, Retryable, Unusable
from lrs_bridge_connectors.http import Answer, DirectSession, HttpClient, Limits
from lrs_bridge_connectors.record import Head, head_of, record_of
from lrs_bridge_connectors.source import Found, Health, Page, Part, Reach, Record, Window
from lrs_bridge_connectors.times import ceil_ms, floor_ms, format_time, parse_time, utc_now
from lrs_bridge_connectors.xapi.checkup import check_up
from lrs_bridge_connectors.xapi.config import XapiConfig
from lrs_bridge_connectors.xapi.cursor import CursorRule
from lrs_bridge_connectors.xapi.envelope import Envelope, open_envelope
from lrs_bridge_connectors.xapi.look_up import look_up
from lrs_bridge_connectors.xapi.paging import MoreChain
from lrs_bridge_connectors.xapi.parts import Reply, Sizes, lies_in, read_parts, widened
from lrs_bridge_connectors.xapi.span import find_span

logger = logging.getLogger(__name__)

ONE_INSTANT = timedelta(milliseconds=1)
# What servers say to a `more` link whose snapshot is gone.
EXPIRED = frozenset({400, 404, 410})


class _Expired(Exception):
    """Inside this file: `more` led nowhere; start again from the cursor."""


class XapiSource:
    """Pulls the statements of one LRS over HTTP (implements `Source`, `ReadsInParts` and `LooksUp`).

    Its cursor is a time; each pull reads again what was stored within `overlap` before it, because servers show
    statements late. The clocks and the session are passed in for tests.
    """

    def __init__(
        self,
        config: XapiConfig,
        *,
        session_factory: Callable[[], requests.Session] = DirectSession,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.config = config
        self._now = now
        self._http = HttpClient(
            config.name,
            config.origin,
            auth=config.auth,
            headers={"X-Experience-API-Version": config.version},
            limits=Limits(config.connect_timeout, config.read_timeout, config.deadline, config.body_cap),
            session_factory=session_factory,
            now=now,
            monotonic=monotonic,
            sleep=sleep,
            jitter=jitter,
        )

    @property
    def name(self) -> str:
        """The name of the source."""
        return self.config.name

    def pages(self, cursor: str | None) -> Iterator[Page]:
        """Everything after `cursor` minus the overlap, oldest first where the server can."""
        start = self._parse(cursor)
        for attempt in ("first", "last"):
            rule, again = CursorRule(start, self.config.settle), attempt == "last"
            try:
                for page in self._chain(self._query(self._overlapped(start), None), rule):
                    yield replace(page, again=again)
                    again = False
                return
            except _Expired:
                self._expired(attempt)
                start = rule.cursor

    def window(self, window: Window) -> Iterator[Page]:
        """The span once more; if a `more` link dies on the way, from its beginning (duplicates are harmless)."""
        for attempt in ("first", "last"):
            try:
                rule = CursorRule(None, self.config.settle)
                for page in self._chain(self._query(window.since, window.until), rule):
                    yield Page(page.records, None, page.latest)
                return
            except _Expired:
                self._expired(attempt)

    def parts(self, window: Window) -> Iterator[Part]:
        """The span in parts that each came in one answer; costs about twice the requests of `window`."""
        sizes = Sizes(self.config.page_limit)
        return read_parts(window, ask=lambda span: self._reply(span, sizes), follow=self._replies_of, now=self._now())

    def look_up(self, statement_id: str) -> Found:
        """Whether the server holds this statement, voided or not."""
        return look_up(self._http, self.config.statements_url, statement_id)

    def reach(self, cursor: str | None, until: datetime | None = None) -> Reach | None:
        """From the first statement to the last that is safe to pass; see `Reach`. Two small requests."""
        start = self._parse(cursor)
        found = find_span(self.config, self._http, self._now)
        if found is None:
            return None
        earliest, latest = found
        end = floor_ms(latest if until is None else min(latest, until))
        if end < earliest:
            return None
        return Reach(
            since=self._overlapped(start),
            earliest=earliest,
            until=end,
            cursor=format_time(end if start is None else max(start, end)),
        )

    def check(self) -> Health:
        """What works, and what to do about what does not."""
        return check_up(self.config, self._http, self._now)

    def close(self) -> None:
        """Give the pooled connections back."""
        self._http.close()

    def _chain(self, query: Mapping[str, str], rule: CursorRule) -> Iterator[Page]:
        chain = MoreChain(self.config.statements_url, source=self.name, max_pages=self.config.max_pages)
        answer = self._http.get(self.config.statements_url, query)
        while True:
            envelope = self._open(answer)
            heads = [head_of(body) for body in envelope.statements]
            records = tuple(map(record_of, envelope.statements, heads))
            chain.see(records)
            step = rule.take(
                self._times(records, heads),
                consistent_through=parse_time(answer.headers.get("X-Experience-API-Consistent-Through")),
                server_date=answer.date or self._now(),
            )
            if not envelope.more:
                step = rule.finish() or step
            yield Page(records, format_time(step) if step else None, rule.highest)
            url = chain.follow(envelope.more)
            if url is None:
                return
            answer = self._next(url)

    def _reply(self, span: Window, sizes: Sizes) -> Reply:
        """One answer about a span. Some servers send `more` with the last page as well, and nothing behind it."""
        asked = widened(span)
        answer = self._http.get(self.config.statements_url, self._query(asked.since, asked.until))
        envelope = self._open(answer)
        size = len(envelope.statements)
        whole = not sizes.suspicious(size)
        if whole and envelope.more and not self._ends(envelope.more):
            whole = False
            sizes.learn(size)
        return self._reply_of(asked, envelope.statements, whole=whole)

    def _ends(self, more: str) -> bool:
        """Whether nothing comes behind `more`."""
        chain = MoreChain(self.config.statements_url, source=self.name, max_pages=self.config.max_pages)
        url = chain.follow(more)
        try:
            rest = self._open(self._next(url)) if url else None
        except _Expired:
            return False
        return rest is None or not (rest.statements or rest.more)

    def _replies_of(self, span: Window) -> Iterator[Reply]:
        """Every page of a span that is too narrow to be cut."""
        asked = widened(span)
        for page in self.window(asked):
            yield self._reply_of(asked, [record.body for record in page.records], whole=True)

    def _reply_of(self, asked: Window, bodies: Sequence[bytes], *, whole: bool) -> Reply:
        heads = [head_of(body) for body in bodies]
        records = tuple(map(record_of, bodies, heads))
        times = self._times(records, heads)
        if bodies and not any(lies_in(asked, at) for at in times):
            raise Misbehaving(
                f"{self.config.origin} answers with statements from outside of the span that was asked for",
                source=self.name,
                advice=f'It may not filter by "{self.config.cursor_field}" (then try the other one), or not at all.',
            )
        return Reply(records, tuple(times), whole)

    def _open(self, answer: Answer) -> Envelope:
        try:
            return open_envelope(answer)
        except ValueError as problem:
            raise Misbehaving(
                f"{self.config.origin} answered with {problem}",
                source=self.name,
                advice="Check that the endpoint is that of an LRS, and look at its log; nothing was lost.",
            ) from None

    def _next(self, url: str) -> Answer:
        try:
            return self._http.get(url)
        except ConnectorError as problem:
            if isinstance(problem, Unusable) and problem.status in EXPIRED:
                raise _Expired from None
            raise

    def _expired(self, attempt: str) -> None:
        if attempt == "last":
            raise Retryable(
                f"{self.config.origin}: the links to further pages ended twice before the pull did",
                source=self.name,
                advice="It goes on from the saved cursor; a larger page_limit makes the pull shorter.",
            ) from None
        logger.warning("%s: a link to further pages is no longer valid; reading again from the cursor", self.name)

    def _query(self, since: datetime | None, until: datetime | None) -> dict[str, str]:
        query = {"ascending": "true", "format": "exact", "limit": str(self.config.page_limit)}
        if since is not None:
            query["since"] = format_time(since)
        if until is not None:
            query["until"] = format_time(ceil_ms(until))  # inclusive, so never cut short
        return query

    def _times(self, records: tuple[Record, ...], heads: list[Head | None]) -> list[datetime | None]:
        if self.config.cursor_field == "stored":
            return [record.stored for record in records]
        return [parse_time(head.timestamp) if head else None for head in heads]

    def _overlapped(self, start: datetime | None) -> datetime | None:
        """The time to ask from; never the cursor itself: statements can share its instant, and `since` is exclusive."""
        return None if start is None else start - max(self.config.overlap, ONE_INSTANT)

    def _parse(self, cursor: str | None) -> datetime | None:
        start = parse_time(cursor)
        if cursor is not None and start is None:
            raise Unusable(
                "the saved cursor is not a time", source=self.name, advice="Reset the cursor of this source."
            )
        return start
