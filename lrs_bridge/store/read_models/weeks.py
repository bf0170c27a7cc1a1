"""Counting by stretches of time in one query, on both databases alike, in the organisation's time zone.

Months and weeks are given by their first moments; the database compares moments, and knows nothing of time zones.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from sqlalchemy import ColumnElement, SQLColumnExpression, case, literal

WEEKS = 12
MONTHS = 12


def weeks_until(now: datetime, count: int = WEEKS) -> tuple[datetime, ...]:
    """The first moments of the last `count` stretches of seven days, the last of which ends now."""
    return tuple(now - timedelta(weeks=back) for back in range(count, 0, -1))


def months_until(now: datetime, zone: tzinfo, count: int = MONTHS) -> tuple[datetime, ...]:
    """The first moments of the last `count` calendar months where the organisation is, this month included."""
    local = now.astimezone(zone)
    latest = local.year * 12 + local.month - 1
    return tuple(
        datetime(month // 12, month % 12 + 1, 1, tzinfo=zone) for month in range(latest - count + 1, latest + 1)
    )


def bucket(column: SQLColumnExpression[Any], starts: Sequence[datetime]) -> ColumnElement[int]:
    """The index of the last start that is not after the column's moment; -1 before the first."""
    latest_first = [(column >= start, literal(index)) for index, start in reversed(list(enumerate(starts)))]
    return case(*latest_first, else_=literal(-1))
