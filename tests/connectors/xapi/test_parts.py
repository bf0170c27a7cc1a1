"""Reading in parts: whatever a server's paging hides, every statement comes, and the parts join."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_connectors.source import Part, Record, Window
from lrs_bridge_connectors.xapi.parts import Reply, Sizes, lies_in, read_parts, widened

START = datetime(2026, 3, 1, tzinfo=UTC)
NOW = START + timedelta(days=2)
DAY = Window(START - timedelta(hours=1), START + timedelta(days=1))


@dataclass
class Shelf:
    """Statements at these times behind a server that answers with so many at once, and whose further pages lie."""

    times: Sequence[datetime]
    limit: int = 7
    order: str = "ascending"
    finer: timedelta = timedelta(0)  # how much later than shown the server takes each to be
    asked: int = 0
    sizes: Sizes = field(init=False)

    def __post_init__(self) -> None:
        self.sizes = Sizes(self.limit)

    def ask(self, window: Window) -> Reply:
        self.asked += 1
        found = self._found(window)
        records = found[: self.limit]
        return self._reply(records, whole=not self.sizes.suspicious(len(records)))

    def follow(self, window: Window) -> Iterator[Reply]:
        """Within one instant even this server pages rightly."""
        self.asked += 1
        yield self._reply(self._found(window), whole=True)

    def parts(self, window: Window = DAY) -> list[Part]:
        return list(read_parts(window, ask=self.ask, follow=self.follow, now=NOW))

    def _found(self, window: Window) -> list[int]:
        asked = widened(window)
        found = [n for n, at in enumerate(self.times) if lies_in(asked, at + self.finer)]
        if self.order == "ascending":
            return sorted(found, key=lambda n: self.times[n])
        if self.order == "descending":
            return sorted(found, key=lambda n: self.times[n], reverse=True)
        # Oldest first, but the newest of a page first: what one server makes of ascending=true.
        found.sort(key=lambda n: self.times[n])
        return [n for at in range(0, len(found), self.limit) for n in reversed(found[at : at + self.limit])]

    def _reply(self, numbers: Sequence[int], *, whole: bool) -> Reply:
        records = tuple(Record(str(n), self.times[n], b"") for n in numbers)
        return Reply(records, tuple(record.stored for record in records), whole)


def came(parts: Sequence[Part]) -> list[int]:
    return sorted(int(record.id or "") for part in parts for record in part.records)


def promise_joined(window: Window, parts: Sequence[Part]) -> None:
    assert parts[0].window.since == window.since
    assert parts[-1].window.until == window.until
    assert all(one.window.until == other.window.since for one, other in pairwise(parts))


ORDERS = ("ascending", "descending", "by page")
milliseconds = st.integers(0, 60_000).map(lambda ms: START + timedelta(milliseconds=ms))
# Bursts that share an instant, and statements for themselves.
times = st.lists(st.tuples(milliseconds, st.integers(1, 12)), max_size=15).map(
    lambda bursts: [at for at, size in bursts for _ in range(size)]
)


@given(times=times, limit=st.integers(1, 12), order=st.sampled_from(ORDERS), finer=st.integers(0, 999))
def test_every_statement_comes_once_whatever_the_order_the_limit_and_the_bursts(
    times: list[datetime], limit: int, order: str, finer: int
) -> None:
    shelf = Shelf(times, limit, order, timedelta(microseconds=finer))

    parts = shelf.parts()

    assert came(parts) == list(range(len(times)))
    promise_joined(DAY, parts)
    assert all(lies_in(part.window, record.stored) for part in parts for record in part.records)


@given(times=times, window=st.tuples(st.none() | milliseconds, st.none() | milliseconds))
def test_a_span_may_be_open_at_either_end(times: list[datetime], window: tuple[datetime, datetime]) -> None:
    span = Window(*window)

    parts = Shelf(times).parts(span)

    assert came(parts) == [n for n, at in enumerate(times) if lies_in(span, at)]
    promise_joined(span, parts)


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_an_honest_server_is_asked_about_twice_as_often_as_by_paging(order: str) -> None:
    shelf = Shelf([START + timedelta(seconds=n) for n in range(10_000)], limit=500, order=order)

    shelf.parts()

    assert shelf.asked <= 2 * (10_000 / 500 + 1)


def test_an_order_that_is_not_what_it_seems_costs_no_more_than_halving() -> None:
    shelf = Shelf([START + timedelta(seconds=n) for n in range(10_000)], limit=500, order="by page")

    shelf.parts()

    assert shelf.asked <= 6 * (10_000 / 500 + 1)


def test_a_batch_that_shares_an_instant_is_found_in_a_few_steps() -> None:
    shelf = Shelf([START + timedelta(hours=6)] * 500, limit=100)

    assert len(came(shelf.parts())) == 500
    assert shelf.asked <= 8


def test_records_without_a_readable_time_are_not_lost() -> None:
    record = Record(None, None, b"broken")

    def ask(_: Window) -> Reply:
        return Reply((record,), (None,), whole=True)

    (part,) = read_parts(DAY, ask=ask, follow=lambda _: iter(()), now=NOW)

    assert part.records == (record,)


@pytest.mark.parametrize(
    ("size", "suspicious"), [(0, False), (1, False), (50, True), (64, False), (99, False), (100, True), (120, True)]
)
def test_round_sizes_and_full_pages_may_have_been_cut_off(size: int, suspicious: bool) -> None:
    assert Sizes(120).suspicious(size) is suspicious


def test_a_size_at_which_a_server_cuts_is_remembered() -> None:
    sizes = Sizes(500)
    assert not sizes.suspicious(73)

    sizes.learn(73)

    assert sizes.suspicious(73)
