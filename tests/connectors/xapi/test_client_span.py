"""XapiSource.reach: from when to when an LRS can be read in windows, against a sandbox."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import msgspec
import pytest
from flask import Response, request

from lrs_bridge_connectors.source import Reaching
from lrs_bridge_connectors.times import format_time, parse_time

DAY = timedelta(days=1)


@pytest.fixture
def yearly(served: Any, a_statement: Callable[..., dict[str, Any]]) -> Any:
    """A statement a day for the last hundred days, each of something that happened the day before."""
    now = served.clock.now
    times = [now - number * DAY for number in range(1, 101)]
    served.lrs.load(
        [
            a_statement(number, stored=when.isoformat(), timestamp=(when - DAY).isoformat())
            for number, when in enumerate(times)
        ]
    )
    return served


def test_it_reaches_from_the_first_statement_to_the_last(yearly: Any) -> None:
    found = yearly.source().reach(None)

    assert isinstance(yearly.source(), Reaching)
    assert (found.since, found.earliest, found.until) == (None, yearly.clock.now - 100 * DAY, yearly.clock.now - DAY)
    assert found.cursor == format_time(found.until)


def test_what_is_not_settled_is_left_to_live_pulling(yearly: Any) -> None:
    found = yearly.source(settle=3 * DAY).reach(None)

    assert found.until == yearly.clock.now - 3 * DAY


def test_it_reaches_as_far_as_it_was_asked(yearly: Any) -> None:
    until = yearly.clock.now - 50 * DAY + timedelta(microseconds=7)

    assert yearly.source().reach(None, until).until == yearly.clock.now - 50 * DAY
    assert yearly.source().reach(None, yearly.clock.now - 101 * DAY) is None


def test_windows_begin_where_the_next_pull_would_and_the_cursor_never_goes_back(yearly: Any) -> None:
    since = yearly.clock.now - 10 * DAY
    behind, ahead = format_time(since), format_time(yearly.clock.now)

    late = yearly.source(overlap=timedelta(hours=1)).reach(behind)

    assert late.since == since - timedelta(hours=1)
    assert parse_time(late.cursor) == late.until
    assert yearly.source().reach(ahead).cursor == ahead


def test_where_the_cursor_goes_by_timestamp_so_do_the_windows(yearly: Any) -> None:
    found = yearly.source(cursor_field="timestamp").reach(None)

    assert (found.earliest, found.until) == (yearly.clock.now - 101 * DAY, yearly.clock.now - 2 * DAY)


def test_an_empty_lrs_reaches_nowhere(served: Any) -> None:
    assert served.source().reach(None) is None


def test_a_server_that_does_not_turn_the_order_round_is_bound_by_its_clock(yearly: Any) -> None:
    def newest(response: Response) -> Response:
        if "ascending=true" in request.full_path:
            page = msgspec.json.decode(
                yearly.lrs.app.test_client()
                .get(request.full_path.replace("ascending=true", "ascending=false"), headers=dict(request.headers))
                .get_data()
            )
            response.set_data(msgspec.json.encode(page))
        return response

    yearly.lrs.app.after_request(newest)
    found = yearly.source(settle=timedelta(0)).reach(None)

    assert found.earliest == yearly.clock.now - DAY
    assert found.until == _whole(yearly.clock.now)


def _whole(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)
