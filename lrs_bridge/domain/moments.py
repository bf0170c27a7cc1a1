"""Arithmetic with days and moments that never leaves the calendar.

People write 9999-12-31 for "no end", devices send the year 1 for "unknown", and rules may ask for thousands of years.
None of that may keep a person from being planned: what would fall off the calendar ends at its edge.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

#: A day inside the edges, so that each of these moments has a date in every time zone.
EARLIEST = datetime.min.replace(tzinfo=UTC) + timedelta(days=2)
LATEST = datetime.max.replace(tzinfo=UTC) - timedelta(days=2)


def shifted(moment: datetime, span: timedelta) -> datetime:
    """The moment so much later (or earlier, for a negative span)."""
    try:
        return max(EARLIEST, min(moment + span, LATEST))
    except OverflowError:
        return LATEST if span > timedelta(0) else EARLIEST


def day_of(moment: datetime, zone: tzinfo) -> date:
    """The calendar day of a moment in a time zone."""
    return max(EARLIEST, min(moment, LATEST)).astimezone(zone).date()


def start_of(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day in a time zone, in UTC."""
    inside = max(EARLIEST.date(), min(day, LATEST.date()))
    return datetime.combine(inside, time.min, zone).astimezone(UTC)


def end_of(day: date, zone: tzinfo) -> datetime:
    """The first moment after a day in a time zone, in UTC."""
    return start_of(min(day, LATEST.date()) + timedelta(days=1), zone)
