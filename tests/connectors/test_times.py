"""Times as servers write them, and the one form in which they are sent."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_connectors.times import ceil_ms, floor_ms, format_time, parse_http_date, parse_time

moments = st.datetimes(datetime(1970, 1, 2), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - bounds


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-03-02T12:00:05Z", datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC)),
        ("2026-03-02T12:00:05", datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC)),
        ("2026-03-02 12:00:05-00:00", datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC)),
        ("2026-03-02T14:00:05+02:00", datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC)),
        ("2026-03-02T12:00:05.1Z", datetime(2026, 3, 2, 12, 0, 5, 100_000, tzinfo=UTC)),
        ("2026-03-02T12:00:05.123456789Z", datetime(2026, 3, 2, 12, 0, 5, 123_456, tzinfo=UTC)),
        ("2016-12-31T23:59:60Z", datetime(2017, 1, 1, tzinfo=UTC)),
        ("2016-12-31T23:59:60.5Z", datetime(2017, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_time_is_read_in_every_form_seen(text: str, expected: datetime) -> None:
    assert expected == parse_time(text)


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2026-13-01T00:00:00Z", "12:00:60", "9999-12-31T23:59:59-14:00", None, 7, {}]
)
def test_what_is_no_time_is_none(text: object) -> None:
    assert parse_time(text) is None


@given(st.text() | st.none() | st.integers())
def test_any_value_is_a_time_or_none(value: object) -> None:
    assert parse_time(value) is None or isinstance(value, str)


def test_times_are_sent_in_utc_with_three_digits_and_z() -> None:
    cet = timezone(timedelta(hours=1))

    assert "2026-03-02T11:00:05.000Z" == format_time(datetime(2026, 3, 2, 12, 0, 5, tzinfo=cet))


@given(moments)
def test_bounds_are_cut_and_raised_to_whole_milliseconds(moment: datetime) -> None:
    assert floor_ms(moment) <= moment <= ceil_ms(moment)
    assert floor_ms(moment) == parse_time(format_time(moment))
    assert ceil_ms(moment) - floor_ms(moment) in (timedelta(0), timedelta(milliseconds=1))


@pytest.mark.parametrize("text", [None, "", "22", "Mon, 99 Foo 2026 12:00:00 GMT"])
def test_an_unreadable_http_date_is_none(text: str | None) -> None:
    assert parse_http_date(text) is None


def test_an_http_date_is_read() -> None:
    assert datetime(2026, 3, 2, 12, tzinfo=UTC) == parse_http_date("Mon, 02 Mar 2026 12:00:00 GMT")
