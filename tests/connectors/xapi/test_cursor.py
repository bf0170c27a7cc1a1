"""The cursor rule: never backwards, never past what was delivered or may still be incomplete."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_connectors.times import floor_ms
from lrs_bridge_connectors.xapi.cursor import CursorRule

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTLE = timedelta(seconds=30)

instants = st.integers(-3_600_000, 3_600_000).map(lambda ms: NOON + timedelta(milliseconds=ms))
fine_instants = st.integers(-3_600_000_000, 3_600_000_000).map(lambda us: NOON + timedelta(microseconds=us))
pages = st.lists(
    st.tuples(st.lists(st.none() | fine_instants, max_size=5), st.none() | fine_instants, fine_instants), max_size=6
)


def at(seconds: float) -> datetime:
    return NOON + timedelta(seconds=seconds)


def taken(rule: CursorRule, *seconds: float, through: datetime | None = None, date: datetime | None = None) -> object:
    times = [at(second) for second in seconds]
    return rule.take(times, consistent_through=through, server_date=date or at(3600))


@given(start=st.none() | instants, pages=pages)
def test_a_cursor_never_goes_backwards_and_never_beyond_its_bounds(
    start: datetime | None, pages: list[tuple[list[datetime | None], datetime | None, datetime]]
) -> None:
    rule = CursorRule(start, SETTLE)
    last, delivered = start, list[datetime]()
    for number, (times, through, date) in enumerate(pages):
        delivered += [when for when in times if when]
        steps = [rule.take(times, consistent_through=through, server_date=date)]
        if number == len(pages) - 1:
            steps.append(rule.finish())
        for step in steps:
            if step is not None:
                assert last is None or step > last
                assert step <= max(delivered)
                assert through is None or step <= through
                assert step <= date - SETTLE
                last = step

    assert rule.cursor == last


@given(times=st.lists(instants, min_size=1, max_size=30), size=st.integers(1, 5))
def test_while_pages_come_in_nothing_that_is_still_to_come_is_before_the_cursor(
    times: list[datetime], size: int
) -> None:
    """In whatever order a server sorts: ascending, descending, each page turned round."""
    for order in (sorted(times), sorted(times, reverse=True), _turned_in_pages(sorted(times), size)):
        rule = CursorRule(None, SETTLE)
        for first in range(0, len(order), size):
            step = rule.take(order[first : first + size], consistent_through=None, server_date=at(7200))
            if step is not None:
                assert all(when >= step for when in order[first + size :])


@given(times=st.lists(fine_instants, min_size=1, max_size=10))
def test_at_the_end_the_cursor_stands_on_the_highest_time_in_any_order(times: list[datetime]) -> None:
    rule = CursorRule(None, SETTLE)
    during = rule.take(times, consistent_through=None, server_date=at(7200))

    assert floor_ms(max(times)) == (rule.finish() or during)


def _turned_in_pages(times: list[datetime], size: int) -> list[datetime]:
    return [when for first in range(0, len(times), size) for when in reversed(times[first : first + size])]


def test_after_an_ascending_page_the_cursor_stands_on_its_last_time() -> None:
    assert at(5) == taken(CursorRule(None, SETTLE), 1, 3, 5)


def test_consistent_through_holds_the_cursor_back() -> None:
    assert at(4) == taken(CursorRule(None, SETTLE), 1, 3, 5, through=at(4))


def test_the_time_to_settle_holds_the_cursor_back_even_if_the_server_claims_to_be_consistent_now() -> None:
    assert at(2) == taken(CursorRule(None, SETTLE), 1, 3, 5, through=at(32), date=at(32))


def test_later_pages_of_a_chain_do_not_lift_the_bound_of_the_first() -> None:
    """They may come out of the snapshot that the first page was taken from."""
    rule = CursorRule(None, SETTLE)
    taken(rule, 1, 3, through=at(4))

    assert at(4) == taken(rule, 5, 7, through=at(99))


def test_a_descending_order_moves_the_cursor_only_at_the_end() -> None:
    rule = CursorRule(None, SETTLE)

    assert [None, None] == [taken(rule, 9, 8), taken(rule, 7, 6)]
    assert at(9) == rule.finish()


def test_a_page_of_ties_proves_no_order() -> None:
    rule = CursorRule(None, SETTLE)

    assert taken(rule, 5, 5, 5) is None
    assert at(5) == rule.finish()


def test_a_pull_without_records_leaves_the_cursor() -> None:
    rule = CursorRule(at(0), SETTLE)

    assert taken(rule, through=at(60)) is None
    assert rule.finish() is None


def test_overlap_alone_leaves_the_cursor() -> None:
    rule = CursorRule(at(5), SETTLE)

    assert taken(rule, 1, 3, 5) is None
    assert rule.finish() is None


def test_a_cursor_is_cut_to_the_milliseconds_in_which_it_is_sent() -> None:
    rule = CursorRule(None, SETTLE)
    rule.take([at(1.0006)], consistent_through=None, server_date=at(3600))

    assert rule.finish() == at(1)


@pytest.mark.parametrize("odd", [[None], [None, None]])
def test_records_without_a_time_do_not_move_the_cursor(odd: list[datetime | None]) -> None:
    rule = CursorRule(None, SETTLE)

    assert rule.take(odd, consistent_through=None, server_date=at(3600)) is None
    assert rule.finish() is None
