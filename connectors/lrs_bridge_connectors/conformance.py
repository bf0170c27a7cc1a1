"""What every source must keep to, as checks that a new connector's tests run in a dozen lines.

Where it stands: beside the protocol in `source.py`, used by tests only, and free of any test framework. Give `CHECKS` a
`Harness`: something that puts statements where the source finds them, and makes sources that look there.

    @pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
    def test_the_source_keeps_the_protocol(check, harness):
        check(harness)
"""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Protocol
from uuid import UUID

from lrs_bridge_connectors.source import LooksUp, Page, Part, Presence, ReadsInParts, Record, Source, Window

START = datetime(2026, 3, 1, 8, tzinfo=UTC)
STEP = timedelta(seconds=1)


class Harness(Protocol):
    """The other end of a source. Each check gets a fresh one that holds nothing."""

    @property
    def page_size(self) -> int:
        """How many records the sources that are made here put on a page; small, so that there are several."""

    def put(self, bodies: Sequence[bytes]) -> None:
        """Add statements, in the order of their `stored`, behind those that are there."""

    def put_broken(self, before: Sequence[bytes], broken: bytes, after: Sequence[bytes]) -> None:
        """Add statements with bytes among them that are no JSON."""

    def source(self) -> Source:
        """A source that reads all that was put."""


class Broken(AssertionError):
    """The source does not keep to the protocol; the text says what was promised."""


def a_body(number: int, second: int | None = None) -> bytes:
    """The statement with this number, stored `second` (else `number`) seconds after `START`.

    It is spelled so that decoding and encoding it again would show.
    """
    stored = (
        (START + (number if second is None else second) * STEP)
        .isoformat(timespec="milliseconds")
        .replace("+00:00", "Z")
    )
    return (
        f'{{"id": "{UUID(int=number + 1, version=4)}",  "stored":"{stored}", "timestamp":"{stored}", '
        '"actor":{"mbox":"mailto:ada@example.org"}, "verb":{"id":"http://adlnet.gov/expapi/verbs/completed"}, '
        f'"object":{{"id":"https://example.org/activity/{number}"}}, "result":{{"score":{{"raw": 1.50}}}}}}'
    ).encode()


def bodies(start: int, stop: int) -> list[bytes]:
    """The statements numbered from `start` up to, not including, `stop`."""
    return [a_body(number) for number in range(start, stop)]


def delivers_every_record_once(harness: Harness) -> None:
    """Over several pages, nothing is left out and nothing comes twice in one pull."""
    sent = bodies(0, 3 * harness.page_size + 1)
    harness.put(sent)
    pages = list(harness.source().pages(None))
    _promise(len(pages) > 1, "more records than fit on a page come on several pages")
    _same(sent, _bodies_of(pages), "every record is delivered once")


def keeps_the_bytes(harness: Harness) -> None:
    """The bytes of a record, its id and its time are those that were sent."""
    harness.put([a_body(0)])
    (record,) = _records(harness.source().pages(None))
    _promise(record.body == a_body(0), "bytes are passed on unchanged")
    _promise(record.id == str(UUID(int=1, version=4)), "the id is read, in lower case")
    _promise(record.stored == START, "stored is read, as aware UTC")


def knows_what_is_new(harness: Harness) -> None:
    """A pull from the last cursor brings what was added; at most records from the overlap come again."""
    old, new = bodies(0, 2 * harness.page_size), bodies(2 * harness.page_size, 2 * harness.page_size + 2)
    harness.put(old)
    source = harness.source()
    cursor = _last_cursor(source.pages(None))
    again = _bodies_of(source.pages(cursor))
    _promise(set(again) <= set(old), "a pull without news brings nothing but overlap")
    _promise(len(again) == len(set(again)), "overlap comes once")
    harness.put(new)
    _promise(set(new) <= set(_bodies_of(source.pages(cursor))), "what was added comes with the next pull")


def never_loses_behind_a_cursor(harness: Harness) -> None:
    """From any cursor that was handed over, all that was not delivered up to it still comes.

    Always three statements share an instant, so that some instants are spread over two pages.
    """
    sent = [a_body(number, second=number // 3) for number in range(4 * harness.page_size)]
    harness.put(sent)
    source, delivered = harness.source(), set[bytes]()
    for page in list(source.pages(None)):
        delivered |= {record.body for record in page.records}
        if page.cursor is not None:
            ahead = set(_bodies_of(harness.source().pages(page.cursor)))
            _promise(set(sent) <= delivered | ahead, "nothing is left behind a cursor")


def never_moves_a_cursor_back(harness: Harness) -> None:
    """What comes from a later cursor is no more than what comes from an earlier one."""
    harness.put(bodies(0, 4 * harness.page_size))
    source = harness.source()
    cursors = [page.cursor for page in source.pages(None) if page.cursor is not None]
    _promise(bool(cursors), "a complete pull hands over a cursor")
    ahead = [set(_bodies_of(source.pages(cursor))) for cursor in [None, *cursors]]
    _promise(all(later <= earlier for earlier, later in pairwise(ahead)), "a cursor never goes back")


def misses_nothing_that_is_added_between_pages(harness: Harness) -> None:
    """A writer that goes on while pages are read: this pull or the next one brings it all."""
    old, new = bodies(0, 3 * harness.page_size), bodies(3 * harness.page_size, 3 * harness.page_size + 3)
    harness.put(old)
    source = harness.source()
    pull = source.pages(None)
    pages = [next(pull)]
    harness.put(new)
    pages += pull
    following = _bodies_of(source.pages(_last_cursor(pages)))
    _promise(set(old + new) == set(_bodies_of(pages)) | set(following), "nothing added between pages is missed")


def reads_a_window(harness: Harness) -> None:
    """`since` is exclusive, `until` inclusive, and no page moves the cursor."""
    sent = bodies(0, 10)
    harness.put(sent)
    pages = list(harness.source().window(Window(START + 2 * STEP, START + 6 * STEP)))
    _same(sent[3:7], _bodies_of(pages), "a window holds what is after since, up to until")
    _promise(all(page.cursor is None for page in pages), "a window does not move the cursor")
    _same(sent, _bodies_of(harness.source().window(Window())), "a window without bounds holds everything")


def goes_on_after_a_broken_record(harness: Harness) -> None:
    """Bytes that are no JSON arrive as they are, with id None, between their neighbours."""
    harness.put_broken([a_body(0)], b'{"id": nonsense}', [a_body(1)])
    records = _records(harness.source().pages(None))
    expected = [a_body(0), b'{"id": nonsense}', a_body(1)]
    _same(expected, [record.body for record in records], "a broken record does not stop the page")
    _promise([record.id is None for record in records] == [False, True, False], "a broken record has no id")


def reads_nothing_from_nothing(harness: Harness) -> None:
    """An empty source gives no record and is no error."""
    harness.put([])
    _promise(not _records(harness.source().pages(None)), "an empty source gives no record")


def is_well(harness: Harness) -> None:
    """`check` is content with a source that works."""
    harness.put(bodies(0, 3))
    health = harness.source().check()
    _promise(health.ok, f"check is ok, but said: {health.message}")


def reads_parts_that_join(harness: Harness) -> None:
    """Where a source reads in parts: they hold what the span holds, and join from its beginning to its end.

    Always three statements share an instant, and one instant has more of them than fit on a page.
    """
    sent = [a_body(number, second=number // 3) for number in range(4 * harness.page_size)]
    sent += [a_body(len(sent) + number, second=100) for number in range(2 * harness.page_size)]
    harness.put(sent)
    source = harness.source()
    if not isinstance(source, ReadsInParts):
        return
    for window in (Window(START, START + 200 * STEP), Window(START + STEP, START + 3 * STEP), Window()):
        parts = list(source.parts(window))
        expected = _bodies_of(harness.source().window(window))
        _same(expected, [record.body for part in parts for record in part.records], "parts hold what the span holds")
        _promise_joined(window, parts)


def _promise_joined(window: Window, parts: Sequence[Part]) -> None:
    edges = [part.window for part in parts]
    joined = bool(edges) and (edges[0].since, edges[-1].until) == (window.since, window.until)
    _promise(joined and all(one.until == other.since for one, other in pairwise(edges)), "parts join without a gap")
    for part in parts:
        times = [record.stored for record in part.records if record.stored is not None]
        since, until = part.window.since, part.window.until
        _promise(all(since is None or at > since for at in times), "a part begins after since")
        _promise(all(until is None or at <= until for at in times), "a part ends at until")


def looks_up_single_statements(harness: Harness) -> None:
    """Where a source can be asked for single statements: it knows what is there, and what is not."""
    harness.put(bodies(0, 2 * harness.page_size))
    source = harness.source()
    if not isinstance(source, LooksUp):
        return
    there, absent = source.look_up(str(UUID(int=1, version=4))), source.look_up(str(UUID(int=9999, version=4)))
    _promise(there.presence is Presence.THERE, "a statement that is there is found")
    _promise(there.record is not None and there.record.body == a_body(0), "it comes as it was sent")
    _promise(absent.presence is Presence.ABSENT and absent.record is None, "one that is not there is not found")


CHECKS: tuple[Callable[[Harness], None], ...] = (
    delivers_every_record_once,
    keeps_the_bytes,
    knows_what_is_new,
    never_loses_behind_a_cursor,
    never_moves_a_cursor_back,
    misses_nothing_that_is_added_between_pages,
    reads_a_window,
    reads_parts_that_join,
    looks_up_single_statements,
    goes_on_after_a_broken_record,
    reads_nothing_from_nothing,
    is_well,
)


def _records(pages: Iterable[Page]) -> list[Record]:
    return [record for page in pages for record in page.records]


def _bodies_of(pages: Iterable[Page]) -> list[bytes]:
    return [record.body for record in _records(pages)]


def _last_cursor(pages: Iterable[Page]) -> str | None:
    cursors = [page.cursor for page in pages if page.cursor is not None]
    return cursors[-1] if cursors else None


def _same(expected: list[bytes], actual: list[bytes], promise: str) -> None:
    missing, more = Counter(expected) - Counter(actual), Counter(actual) - Counter(expected)
    _promise(not missing and not more, f"{promise}: {missing.total()} missing, {more.total()} too many")


def _promise(kept: bool, promise: str) -> None:
    if not kept:
        raise Broken(promise)
