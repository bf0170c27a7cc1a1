"""Instants, durations and spans as statements and rule documents write them, read tolerantly.

Used where a statement is decoded (`statement`), where a reading takes the duration of a result (`reading`), and where
a rule document gives a span such as `30d`.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache
from typing import Final

import isodate

_SLOPPY: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2})[Tt ](\d{2}:\d{2}):(\d{2})(?:[.,](\d+))?\s*([Zz]|[+-]\d{2}(?::?\d{2})?)?", re.ASCII
)
_SPAN: Final = re.compile(r"(\d{1,5})\s*(mo|[hdwy])", re.ASCII)
_SPAN_UNITS: Final = {
    "h": timedelta(hours=1),
    "d": timedelta(days=1),
    "w": timedelta(weeks=1),
    "mo": timedelta(days=30),
    "y": timedelta(days=365),
}
_LENGTH: Final = re.compile(r"(\d{1,5})\s*(min|h|d|w)", re.ASCII)
_LENGTH_UNITS: Final = {"min": timedelta(minutes=1), **_SPAN_UNITS}
_LONGEST_DURATION: Final = 64


def parse_timestamp(text: str) -> datetime:
    """Return the instant in UTC.

    Tolerates what real servers send: no zone (then UTC), `-00:00`, a space for `T`, any number of fraction digits (cut
    to microseconds) and leap seconds (the next second). Raises ValueError without the text, which may be personal.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        moment = _sloppy(text)
    if moment.tzinfo is UTC:
        return moment
    if moment.tzinfo is None:
        return moment.replace(tzinfo=UTC)
    try:
        return moment.astimezone(UTC)
    except OverflowError:
        raise ValueError("not a timestamp between the years 1 and 9999") from None


def _sloppy(text: str) -> datetime:
    found = _SLOPPY.fullmatch(text.strip())
    if found is None:
        raise ValueError("not an ISO 8601 timestamp such as 2026-11-21T19:28:20.000Z")
    day, minute, second, fraction, zone = found.groups()
    leap = second == "60"
    plain = f"{day}T{minute}:{'59' if leap else second}.{(fraction or '0')[:6]:0<6}{(zone or 'Z').upper()}"
    try:
        moment = datetime.fromisoformat(plain)
        return moment.replace(microsecond=0) + timedelta(seconds=1) if leap else moment
    except (ValueError, OverflowError):
        raise ValueError("not a date and time that exist") from None


# The same few durations come again and again, each of them up to three times (digest, sorting, planning).
@lru_cache(maxsize=4096)
def parse_duration(text: str) -> timedelta:
    """Return an ISO 8601 duration; a year counts 365 days and a month 30. Raises ValueError."""
    if len(text) > _LONGEST_DURATION or not text.startswith("P") or text in ("P", "PT"):
        raise ValueError("not an ISO 8601 duration such as PT1H30M")
    try:
        length = isodate.parse_duration(text)
        if isinstance(length, timedelta):
            return length
        exact: timedelta = length.tdelta
        return exact + timedelta(days=float(Decimal(length.years) * 365 + Decimal(length.months) * 30))
    except (ValueError, ArithmeticError):
        raise ValueError("not an ISO 8601 duration such as PT1H30M") from None


def parse_span(text: str) -> timedelta:
    """Return a span as rule documents write it: `12h`, `30d`, `2w`, `6mo` (30 days each), `2y` (365 days each)."""
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise ValueError("expected a span such as 12h, 30d, 2w, 6mo or 2y")
    return int(found[1]) * _SPAN_UNITS[found[2]]


def duration_of(text: str | None) -> timedelta | None:
    """Return how long something took; None where nothing can be read, as nothing that matters hangs on it alone."""
    try:
        return parse_duration(text.strip()) if text is not None else None
    except ValueError:
        return None


def parse_length(text: str) -> timedelta:
    """Return a duration as rules write it: `45min`, `2h`, `3d`, `1w`, or ISO 8601 such as `PT1H30M`."""
    found = _LENGTH.fullmatch(text.strip())
    if found is not None:
        return int(found[1]) * _LENGTH_UNITS[found[2]]
    try:
        return parse_duration(text.strip())
    except ValueError:
        raise ValueError("expected a duration such as 45min, 2h, 3d or PT1H30M") from None


def length_text(length: timedelta) -> str:
    """Return a duration as rules write it: whole minutes as `45min`, whole hours as `2h`, others as ISO 8601."""
    minutes, rest = divmod(length, timedelta(minutes=1))
    if rest:
        return str(isodate.duration_isoformat(length))
    return f"{minutes}min" if minutes % 60 or not minutes else f"{minutes // 60}h"
