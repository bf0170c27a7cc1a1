"""The demo's calendar: a year that ends with the day before today, in months, and working hours inside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

TIME_ZONE = ZoneInfo("Europe/Amsterdam")


def start_of_day(moment: datetime) -> datetime:
    """Midnight where the organisation is, so that the whole day long the demo shows the same year."""
    return datetime.combine(moment.astimezone(TIME_ZONE).date(), time.min, TIME_ZONE).astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Month:
    """One step through the year; `end` is the moment at which it has been lived through (exclusive)."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Year:
    """Twelve months, the last of which ends `now` and so may be short."""

    now: datetime

    @property
    def months(self) -> tuple[Month, ...]:
        firsts = [_month_before(self.now.astimezone(TIME_ZONE).date(), back) for back in range(11, -1, -1)]
        starts = [datetime.combine(first, time.min, TIME_ZONE).astimezone(UTC) for first in firsts]
        return tuple(Month(start, end) for start, end in zip(starts, (*starts[1:], self.now), strict=True))

    @property
    def start(self) -> datetime:
        return self.months[0].start

    @property
    def first_day(self) -> date:
        return self.start.astimezone(TIME_ZONE).date()

    @property
    def last_day(self) -> date:
        """The last day of the period of contracts: still some weeks ahead, as it is in any real year."""
        return self.now.astimezone(TIME_ZONE).date() + timedelta(days=45)

    @property
    def days(self) -> int:
        return (self.now - self.start).days

    def day(self, number: int) -> date:
        """The day so many days into the year."""
        return self.first_day + timedelta(days=number)

    def at_work(self, random: Random, day: date) -> datetime:
        """A moment of a working day, never a weekend, never later than now."""
        while day.isoweekday() > 5:
            day += timedelta(days=1)
        local = datetime.combine(day, time(8), TIME_ZONE) + timedelta(seconds=random.randrange(9 * 3600))
        return min(local.astimezone(UTC), self.now - timedelta(minutes=random.randrange(30, 240)))


def _month_before(day: date, months: int) -> date:
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    return date(years, month + 1, 1)
