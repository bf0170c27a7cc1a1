"""What is kept for pages that look at everything: counting it anew, and saving what differs.

Counting reads in one transaction and writes in another: nobody waits for it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select

from lrs_bridge.store.bulk import insert_many
from lrs_bridge.store.read_models.activities import count_activities
from lrs_bridge.store.read_models.figures import count_figures, encode_figures
from lrs_bridge.store.read_models.periods import PERIODS
from lrs_bridge.store.summary_state import finish
from lrs_bridge.store.tables import ActivitySummaryRow, CompletionRow, SummaryRow


@dataclass(frozen=True, slots=True)
class Counted:
    """Everything that is kept, as it was at one moment: figures by period, and rows by the key of their table."""

    at: datetime
    figures: Mapping[str, tuple[datetime | None, bytes]]
    activities: Mapping[tuple[Any, ...], dict[str, Any]]


def are_few(connection: Connection, most: int) -> bool:
    """Whether there are at most so many completions to count."""
    some = select(CompletionRow.id).limit(most + 1).subquery()
    return connection.execute(select(func.count()).select_from(some)).scalar_one() <= most


def count_all(connection: Connection, now: datetime, zone: tzinfo) -> Counted:
    """Count everything that is kept."""
    figures: dict[str, tuple[datetime | None, bytes]] = {}
    for period in PERIODS.values():
        since = period.since(now, zone)
        figures[period.name] = (since, encode_figures(count_figures(connection, now, since, zone)))
    return Counted(now, figures, {_key(row): row for row in count_activities(connection, now)})


def save(connection: Connection, lease: str, counted: Counted, seconds: float) -> bool:
    """Keep what was counted, and give the lease back; False if somebody else had taken it over by then."""
    if not finish(connection, lease, counted.at, seconds):
        return False
    connection.execute(delete(SummaryRow))
    rows = [
        {"period": name, "since": since, "at": counted.at, "body": body}
        for name, (since, body) in counted.figures.items()
    ]
    connection.execute(insert(SummaryRow), rows)
    _save_activities(connection, counted.activities)
    return True


_KEYS = tuple(column.name for column in ActivitySummaryRow.__table__.primary_key)


def _key(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(row[name] for name in _KEYS)


def _save_activities(connection: Connection, counted: Mapping[tuple[Any, ...], dict[str, Any]]) -> None:
    """Only what differs is written: most activities are not touched by what happened since."""
    kept = {_key(row): row for row in _kept(connection)}
    gone = [key for key in kept if key not in counted]
    changed = [key for key, row in counted.items() if key in kept and kept[key] != row]
    here = [getattr(ActivitySummaryRow, name) == bindparam(f"key_{name}") for name in _KEYS]
    if gone or changed:
        keys = [{f"key_{name}": value for name, value in zip(_KEYS, key, strict=True)} for key in (*gone, *changed)]
        connection.execute(delete(ActivitySummaryRow).where(*here), keys)
    insert_many(connection, ActivitySummaryRow, [row for key, row in counted.items() if kept.get(key) != row])


def _kept(connection: Connection) -> Iterator[dict[str, Any]]:
    names = [column.name for column in ActivitySummaryRow.__table__.columns]
    for row in connection.execute(select(*(getattr(ActivitySummaryRow, name) for name in names))):
        yield dict(zip(names, row, strict=True))
