"""Reading a span so that paging cannot hide anything: it is halved until each part comes in one answer.

Where it stands: `XapiSource.parts` hands in how to ask; the arithmetic of cutting is here, and pure. A server that
loses statements between one page and the next (seen: rows on both sides of a wrapped row id, with HTTP 200 and an
empty `more`) still answers rightly where nothing is left for a next page.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from lrs_bridge_connectors.source import Part, Record, Window
from lrs_bridge_connectors.times import ceil_ms, floor_ms

TICK = timedelta(milliseconds=1)
#: Spans up to this wide are not cut: what lies in them shares an instant, as far as servers tell instants apart.
NARROW = 4 * TICK
#: Where a span without a beginning is cut from; nothing is lost that is older, it only is not cut further.
EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
#: Servers cap answers at such sizes (50, 100, 500, 1000) and some of them say nothing about it.
ROUND = 50


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer: its records with their times, and whether it is sure that nothing of the span was left out."""

    records: tuple[Record, ...]
    times: tuple[datetime | None, ...]
    whole: bool


class Sizes:
    """Tells from its size whether an answer may have been cut off, and learns at which sizes this server cuts."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._cut_at: set[int] = set()

    def learn(self, size: int) -> None:
        """An answer of this size was not the end."""
        self._cut_at.add(size)

    def suspicious(self, size: int) -> bool:
        """Whether an answer of this size, said to be the end, had better be read again in smaller parts."""
        return size >= self._limit or size in self._cut_at or (size > 0 and size % ROUND == 0)


@dataclass(frozen=True, slots=True)
class _Span:
    """A part still to be read. `ordered`: the times of its answer may be used to cut it well."""

    window: Window
    ordered: bool = True


def read_parts(
    window: Window, *, ask: Callable[[Window], Reply], follow: Callable[[Window], Iterator[Reply]], now: datetime
) -> Iterator[Part]:
    """The parts of a span, oldest first. `ask` reads one answer, `follow` every page of a span that is not cut."""
    waiting = [_Span(window)]
    while waiting:
        span = waiting.pop()
        if _bounds(span.window, now)[1] - _bounds(span.window, now)[0] <= NARROW:
            yield Part(span.window, tuple(r for reply in follow(span.window) for r in within(span.window, reply)))
            continue
        reply = ask(span.window)
        if reply.whole:
            yield Part(span.window, tuple(within(span.window, reply)))
        else:
            waiting.extend(reversed(_cut(span, reply.times, now)))


def widened(window: Window) -> Window:
    """What to ask for: a little more than is wanted, for servers keep finer times than they show."""
    return Window(
        None if window.since is None else floor_ms(window.since) - TICK,
        None if window.until is None else ceil_ms(window.until) + TICK,
    )


def lies_in(window: Window, at: datetime | None) -> bool:
    """Whether a time lies in a span; one that cannot be read may lie anywhere."""
    if at is None:
        return True
    return (window.since is None or at > window.since) and (window.until is None or at <= window.until)


def within(window: Window, reply: Reply) -> Iterator[Record]:
    """The records of an answer that belong to a span."""
    return (record for record, at in zip(reply.records, reply.times, strict=True) if lies_in(window, at))


def _bounds(window: Window, now: datetime) -> tuple[datetime, datetime]:
    return window.since or EARLIEST, window.until or now


def _cut(span: _Span, times: Sequence[datetime | None], now: datetime) -> tuple[_Span, _Span]:
    """Two spans for one, the older first.

    Where the answer was in order, what it held but for its last instant will fit into one answer: cut there, and only
    twice as much is asked for as in plain paging. If that part does not fit after all, the order was not to be trusted.
    """
    low, high = _bounds(span.window, now)
    known = [at for at in times if at is not None]
    if span.ordered and known:
        rises, falls = (all(map(step, pairwise(known))) for step in (_rises, _falls))
        if rises and (at := _inside(low, high, floor_ms(known[-1]) - 2 * TICK)):
            return _Span(Window(span.window.since, at), ordered=False), _Span(Window(at, span.window.until))
        if falls and (at := _inside(low, high, ceil_ms(known[-1]) + 2 * TICK)):  # or: all share one instant
            return _Span(Window(span.window.since, at)), _Span(Window(at, span.window.until), ordered=rises)
    middle = floor_ms(low + (high - low) / 2)
    older, newer = Window(span.window.since, middle), Window(middle, span.window.until)
    return _Span(older, span.ordered), _Span(newer, span.ordered)


def _inside(low: datetime, high: datetime, at: datetime) -> datetime | None:
    return at if low < at < high else None


def _rises(pair: tuple[datetime, datetime]) -> bool:
    return pair[0] <= pair[1]


def _falls(pair: tuple[datetime, datetime]) -> bool:
    return pair[0] >= pair[1]
