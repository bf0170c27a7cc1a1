"""The kinds of values that settings are made of: spans, money, time zones.

Every function raises ValueError with what is expected, and never repeats what was given: it could be a secret that
slipped into the wrong line.
"""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal, InvalidOperation
from typing import Annotated
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from lrs_bridge_rules.statements.times import parse_span

_SHORT = re.compile(r"(\d{1,6})\s*(s|min)", re.ASCII)
_SHORT_UNITS = {"s": timedelta(seconds=1), "min": timedelta(minutes=1)}
_UNITS = (
    ("d", timedelta(days=1)),
    ("h", timedelta(hours=1)),
    ("min", timedelta(minutes=1)),
    ("s", timedelta(seconds=1)),
)
#: Far beyond any use, and near enough that no calendar or database column ends before it.
_LONGEST = timedelta(days=100 * 365)
_MOST_MONEY = Decimal(10) ** 14
_WEB_ADDRESS = "an address that begins with https:// or http://"


def read_span(value: object) -> timedelta:
    """`90s`, `15min`, `12h`, `30d`, `2w`, `6mo` or `2y`; the longer ones as rule documents write them."""
    span = value if isinstance(value, timedelta) else _span_of(value.strip() if isinstance(value, str) else "")
    if span > _LONGEST:
        raise ValueError("expected a span of at most 100y")
    return span


def _span_of(text: str) -> timedelta:
    found = _SHORT.fullmatch(text)
    if found is not None:
        return int(found[1]) * _SHORT_UNITS[found[2]]
    try:
        return parse_span(text)
    except ValueError:
        raise ValueError(
            'expected a span in quotes, such as "90s", "15min", "12h", "30d", "2w", "6mo" or "2y"'
        ) from None


def read_interval(value: object) -> timedelta:
    """A span that is longer than nothing."""
    span = read_span(value)
    if span <= timedelta(0):
        raise ValueError("expected a span longer than 0")
    return span


def read_maybe(value: object) -> timedelta | None:
    """A span longer than nothing; an empty text for none at all."""
    return None if value is None or value == "" else read_interval(value)


def write_maybe(span: timedelta | None) -> str:
    """The text that `read_maybe` reads back."""
    return "" if span is None else write_span(span)


def write_span(span: timedelta) -> str:
    """The shortest text that `read_span` reads back."""
    return next((f"{span // unit}{name}" for name, unit in _UNITS if span % unit == timedelta(0)), f"{span}")


def read_money(value: object) -> int:
    """An amount such as 45 or 45.50 as hundredths."""
    hundredths = None if isinstance(value, bool) else _whole(value)
    if hundredths is None:
        raise ValueError("expected an amount such as 45 or 45.50")
    return hundredths


def _whole(value: object) -> int | None:
    try:
        hundredths = Decimal(str(value)) * 100
        return int(hundredths) if 0 <= hundredths <= _MOST_MONEY and hundredths % 1 == 0 else None
    except InvalidOperation:  # no number, or one that cannot be compared
        return None


def check_time_zone(name: str) -> str:
    """The name of a time zone that exists."""
    if name not in available_timezones():
        raise ValueError('expected the name of a time zone, such as "Europe/Berlin" or "UTC"')
    return ZoneInfo(name).key


def formed(pattern: str, expected: str) -> AfterValidator:
    """Texts of one form. `expected` is what the others are refused with, for a pattern is nothing to read."""
    form = re.compile(pattern)

    def check(text: str) -> str:
        if not form.fullmatch(text):
            raise ValueError(f"expected {expected}")
        return text

    return AfterValidator(check)


Span = Annotated[timedelta, BeforeValidator(read_span), PlainSerializer(write_span)]
Interval = Annotated[timedelta, BeforeValidator(read_interval), PlainSerializer(write_span)]
MaybeSpan = Annotated[timedelta | None, BeforeValidator(read_maybe), PlainSerializer(write_maybe)]
Money = Annotated[int, BeforeValidator(read_money)]
TimeZone = Annotated[str, AfterValidator(check_time_zone)]
Currency = Annotated[str, formed(r"[A-Z]{3}", 'three capitals, such as "EUR"')]
Locale = Annotated[str, formed(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*", 'a language, such as "en" or "de-CH"')]
WebAddress = Annotated[str, formed(r"https?://\S+", _WEB_ADDRESS)]
MaybeWebAddress = Annotated[str, formed(r"(https?://\S+)?", _WEB_ADDRESS)]
MaybeMailAddress = Annotated[str, formed(r"([^\s@<>]+@[^\s@<>]+)?", 'an address such as "learning@example.org"')]
