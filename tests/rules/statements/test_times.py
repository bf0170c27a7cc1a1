"""Instants, durations and spans in all the forms in which servers and authors write them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.statements.times import parse_duration, parse_span, parse_timestamp

_EXACT = datetime(2026, 11, 21, 19, 28, 20, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-21T19:28:20Z", _EXACT),
        ("2026-11-21T19:28:20.000Z", _EXACT),
        ("2026-11-21T19:28:20", _EXACT),
        ("2026-11-21 19:28:20Z", _EXACT),
        ("2026-11-21t19:28:20z", _EXACT),
        ("2026-11-21T19:28:20-00:00", _EXACT),
        ("2026-11-21T21:28:20+02:00", _EXACT),
        ("2026-11-21T21:28:20+0200", _EXACT),
        ("2026-11-21T21:28:20+02", _EXACT),
        ("2026-11-21T19:28:20.123456789Z", _EXACT.replace(microsecond=123456)),
        ("2026-11-21T19:28:20.1Z", _EXACT.replace(microsecond=100000)),
        ("2026-12-31T23:59:60Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2026-12-31T23:59:60.5Z", datetime(2027, 1, 1, tzinfo=UTC)),
        ("2999-01-01T00:00:00Z", datetime(2999, 1, 1, tzinfo=UTC)),
    ],
)
def test_a_timestamp_is_read_in_every_form_that_servers_send(text: str, expected: datetime) -> None:
    assert parse_timestamp(text) == expected
    assert parse_timestamp(text).tzinfo is UTC


@pytest.mark.parametrize(
    "text", ["", "soon", "2026-13-01T00:00:00Z", "2026-02-30T00:00:00Z", "0001-01-01T00:00:00+14:00", "12"]
)
def test_what_is_no_timestamp_is_refused_without_repeating_it(text: str) -> None:
    with pytest.raises(ValueError, match=r"^not a") as refused:
        parse_timestamp(text)

    assert not text or text not in str(refused.value)


@given(st.text())
def test_any_text_is_a_timestamp_or_a_value_error(text: str) -> None:
    try:
        moment = parse_timestamp(text)
    except ValueError:
        return

    assert moment.tzinfo is UTC


@given(st.datetimes(timezones=st.just(UTC)))
def test_what_isoformat_writes_is_read_back(moment: datetime) -> None:
    assert parse_timestamp(moment.isoformat()) == moment


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("PT1H30M", timedelta(minutes=90)),
        ("P4W", timedelta(weeks=4)),
        ("PT0S", timedelta(0)),
        ("P3Y1M", timedelta(days=3 * 365 + 30)),
        ("P1DT0.5S", timedelta(days=1, seconds=0.5)),
        ("PT17S", timedelta(seconds=17)),
    ],
)
def test_a_duration_is_read_with_all_its_designators(text: str, expected: timedelta) -> None:
    assert parse_duration(text) == expected


@given(st.text() | st.from_regex(r"P[0-9YMWDTHS.]*", fullmatch=True))
def test_any_text_is_a_duration_or_a_value_error(text: str) -> None:
    try:
        assert isinstance(parse_duration(text), timedelta)
    except ValueError:
        return


@pytest.mark.parametrize(("text", "days"), [("30d", 30), ("6mo", 180), ("2y", 730), ("12h", 0.5), ("2w", 14)])
def test_a_span_is_a_number_and_a_unit(text: str, days: float) -> None:
    assert parse_span(text) == timedelta(days=days)


@pytest.mark.parametrize("text", ["30", "d", "30 days", "-3d", "1m", "999999d"])
def test_another_span_is_refused_with_an_example(text: str) -> None:
    with pytest.raises(ValueError, match="30d"):
        parse_span(text)
