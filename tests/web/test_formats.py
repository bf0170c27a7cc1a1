"""How numbers, money and times are written."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from lrs_bridge.web import formats
from lrs_bridge.web.formats import Formats
from support.builders import NOON

VIENNA = Formats(ZoneInfo("Europe/Vienna"), "EUR")


@pytest.mark.parametrize(
    ("hundredths", "written"),
    [(0, "€0"), (123_456, "€1,235"), (-5_000, "−€50"), (None, "–"), (49, "€0"), (100_000_000, "€1,000,000")],
)
def test_money_is_written_in_whole_units(hundredths: int | None, written: str) -> None:
    assert VIENNA.money(hundredths) == written


def test_money_can_be_exact_and_of_any_currency() -> None:
    assert VIENNA.money(123_456, exact=True) == "€1,234.56"
    assert Formats(UTC, "SEK").money(5_000) == "SEK 50"


def test_a_moment_is_told_where_the_organisation_is() -> None:
    late = datetime(2026, 1, 31, 23, 30, tzinfo=UTC)

    assert VIENNA.day(late) == "1 Feb 2026"
    assert VIENNA.time(late) == "1 Feb 2026, 00:30"
    assert VIENNA.exactly(late) == "2026-02-01 00:30:00 CET"
    assert VIENNA.day(date(2026, 1, 31)) == "31 Jan 2026"


def test_a_moment_stands_beside_how_long_ago_it_is() -> None:
    written = VIENNA.moment(NOON - timedelta(days=3), NOON)

    assert 'datetime="2026-02-26T12:00:00+00:00"' in written
    assert "26 Feb 2026" in written
    assert "3 days ago" in written


@pytest.mark.parametrize(
    ("length", "written"),
    [
        (timedelta(seconds=20), "just now"),
        (timedelta(minutes=2), "2 minutes ago"),
        (timedelta(hours=2), "2 hours ago"),
        (timedelta(hours=30), "30 hours ago"),
        (timedelta(days=45), "45 days ago"),
        (timedelta(days=90), "3 months ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(days=-3), "in 3 days"),
    ],
)
def test_how_long_ago_is_told_in_the_largest_unit_that_fits(length: timedelta, written: str) -> None:
    assert formats.relative(NOON - length, NOON) == written


@pytest.mark.parametrize(
    ("value", "written"), [(0, "0 h"), (1.25, "1.2 h"), (8.0, "8 h"), (12.4, "12 h"), (1234.0, "1,234 h"), (None, "–")]
)
def test_hours_have_a_decimal_while_it_matters(value: float | None, written: str) -> None:
    assert formats.hours(value) == written


@pytest.mark.parametrize(("part", "whole", "written"), [(1, 4, "25 %"), (1, 1000, "< 1 %"), (0, 5, "0 %"), (1, 0, "–")])
def test_a_share_is_honest_about_what_is_small_or_nothing(part: int, whole: int, written: str) -> None:
    assert formats.share(part, whole) == written


@pytest.mark.parametrize(
    ("iri", "word"),
    [
        ("http://adlnet.gov/expapi/activities/course", "course"),
        ("http://example.org/x#mini-game", "mini game"),
        ("course", "course"),
        ("", ""),
        ("http://example.org/a/", "a"),
    ],
)
def test_a_type_is_called_by_the_end_of_its_iri(iri: str, word: str) -> None:
    assert formats.short_type(iri) == word
