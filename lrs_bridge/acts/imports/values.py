"""How single values are written in files, and what they become; each reader raises ValueError with what is expected."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from decimal import Decimal, InvalidOperation

from lrs_bridge_rules.statements.identifier import ifi_from_text
from lrs_bridge_rules.statements.times import parse_duration, parse_span, parse_timestamp

_MONEY = re.compile(r"\d{1,12}(\.\d{1,2})?", re.ASCII)
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_MAIL = re.compile(r"[^\s@<>,;\"]+@[^\s@<>,;\"]+\.[^\s@<>,;\".]+")
_MAIL_LONGEST = 254

#: Stands for a moment that could not be read; it never leaves the import.
EARLIEST = datetime.min.replace(tzinfo=UTC)


def money(text: str) -> int:
    """Hundredths of the currency; written in units with up to two decimals, as in 45.50."""
    if not _MONEY.fullmatch(text):
        raise ValueError("expected an amount such as 45.50: not negative, a point before at most two decimals")
    return int(Decimal(text) * 100)


def day(text: str) -> date:
    """A date of the calendar, written as 2026-11-21."""
    if not _DAY.fullmatch(text):
        raise ValueError("expected a date such as 2026-11-21")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError("this date does not exist; expected one such as 2026-11-21") from None


def moment(text: str, zone: tzinfo = UTC) -> datetime:
    """An instant; a day alone means its first moment where the organisation is."""
    if _DAY.fullmatch(text):
        return datetime.combine(day(text), time.min, zone).astimezone(UTC)
    try:
        return parse_timestamp(text)
    except ValueError:
        raise ValueError("expected a date such as 2026-11-21 or a time such as 2026-11-21T09:30:00Z") from None


def email(text: str) -> str:
    """An e-mail address as it stands: who it belongs to is decided elsewhere, by its canonical form."""
    if len(text) > _MAIL_LONGEST or not _MAIL.fullmatch(text):
        raise ValueError("expected an e-mail address such as alice@example.org")
    return text


def identity(text: str) -> str:
    """The canonical text of an inverse functional identifier."""
    return ifi_from_text(text)


def number(text: str) -> float:
    """A finite number with a point before its decimals."""
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise ValueError("expected a number such as 12 or 12.5") from None
    if not value.is_finite():
        raise ValueError("expected a number such as 12 or 12.5")
    return float(value)


def hours(text: str) -> float:
    """A length of time in hours."""
    value = number(text)
    if not 0 <= value <= 100_000:  # more than forty working years is a slip of the finger
        raise ValueError("expected hours between 0 and 100000")
    return value


def weight(text: str) -> float:
    """How much evidence a goal asks for: a completion that counts fully is 1."""
    value = number(text)
    if value <= 0:
        raise ValueError("expected a number above 0")
    return value


def amount(text: str) -> int:
    """How much something is wanted: 1 (a little) to 5."""
    if text not in {"1", "2", "3", "4", "5"}:
        raise ValueError("expected how much it is wanted, from 1 to 5")
    return int(text)


def revision_number(text: str) -> int:
    """The number of a contract's revision, from 1."""
    if not re.fullmatch(r"[1-9]\d{0,5}", text, re.ASCII):
        raise ValueError("expected a revision number: 1, 2, 3, …")
    return int(text)


def span(text: str) -> timedelta:
    """A length of time as rule documents (`2y`) or ISO 8601 (`P2Y`) write it."""
    try:
        return parse_duration(text) if text.startswith("P") else parse_span(text)
    except ValueError:
        raise ValueError("expected a span such as 30d, 6mo or 2y, or an ISO 8601 duration such as P2Y") from None
