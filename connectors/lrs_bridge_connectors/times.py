"""Times as servers write them, read tolerantly; times as servers want them, written strictly.

Where it stands: below every connector. Seen in the field: no zone, `-00:00`, a space for `T`, nine fraction digits,
leap seconds, and servers that compare `since` as text, so that only one form of it is safe to send.
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LEAP_SECOND = re.compile(r"(\d\d:\d\d):60(?:\.\d+)?")


def utc_now() -> datetime:
    """The clock that is used where no other is passed in."""
    return datetime.now(UTC)


def parse_time(text: object) -> datetime | None:
    """An ISO 8601 time as aware UTC, cut to microseconds; None if it is not one. No zone means UTC."""
    if not isinstance(text, str):
        return None
    try:
        return _as_utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        return _parse_leap_second(text)


def _as_utc(when: datetime) -> datetime:
    return when.replace(tzinfo=UTC) if when.tzinfo is None else when.astimezone(UTC)


def _parse_leap_second(text: str) -> datetime | None:
    """23:59:60 is the first instant of the next minute: Python knows no sixty-first second."""
    eased, found = LEAP_SECOND.subn(r"\1:59", text, count=1)
    if not found:
        return None
    try:
        return _as_utc(datetime.fromisoformat(eased)) + timedelta(seconds=1)
    except (ValueError, OverflowError):
        return None


def floor_ms(when: datetime) -> datetime:
    """Cut to whole milliseconds, the precision of xAPI 1.0.3 Data 4.4."""
    return when.replace(microsecond=when.microsecond // 1000 * 1000)


def ceil_ms(when: datetime) -> datetime:
    """The next whole millisecond, for bounds that include their end."""
    return when if when.microsecond % 1000 == 0 else floor_ms(when) + timedelta(milliseconds=1)


def format_time(when: datetime) -> str:
    """`YYYY-MM-DDTHH:MM:SS.mmmZ`, cut to milliseconds: the one form that every server seen compares rightly."""
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def parse_http_date(text: str | None) -> datetime | None:
    """A `Date` or `Retry-After` date (RFC 9110 5.6.7) as aware UTC; None if absent or unreadable."""
    if not text:
        return None
    try:
        return _as_utc(parsedate_to_datetime(text))
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
