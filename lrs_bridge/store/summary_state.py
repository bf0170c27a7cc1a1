"""Whether what is kept for pages still holds, and who is counting it anew.

`mark_stale` stands in every transaction that changes what is counted: no crash can come in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import uuid4

from sqlalchemy import Connection, delete, or_, select, update

from lrs_bridge.store.tables import ActivitySummaryRow, SummaryRow, SummaryStateRow

#: Counting a thousand million completions would take less; a process that holds it longer than this is dead.
LEASE: Final = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class SummaryState:
    """`at`: when it was counted last (None: never), and how many seconds that took."""

    stale: bool
    at: datetime | None = None
    seconds: float = 0.0


def get_state(connection: Connection) -> SummaryState:
    """The state of what is kept."""
    row = connection.execute(select(SummaryStateRow.stale, SummaryStateRow.at, SummaryStateRow.seconds)).one()
    return SummaryState(*row)


def mark_stale(connection: Connection) -> None:
    """What is counted changes in this transaction.

    The row stays locked until the transaction ends, for many at once: whoever begins to count waits for all of them,
    and so misses none.
    """
    connection.execute(update(SummaryStateRow).where(SummaryStateRow.stale.is_(False)).values(stale=True))
    connection.execute(select(SummaryStateRow.id).with_for_update(read=True))


def forget(connection: Connection) -> None:
    """Throw away what is kept, and what is being counted at this moment: both may tell what is no longer to be told.

    Until it has been counted anew, pages count what they are asked for.
    """
    unknown = {"stale": True, "at": None, "seconds": 0.0, "lease": None, "leased_until": None}
    connection.execute(update(SummaryStateRow).values(unknown))
    connection.execute(delete(ActivitySummaryRow))
    connection.execute(delete(SummaryRow))


def begin(connection: Connection, now: datetime) -> str | None:
    """Take it upon oneself to count: the lease, or None if somebody else is at it.

    What changes from here on makes stale again what is being counted.
    """
    lease = str(uuid4())
    free = or_(SummaryStateRow.leased_until.is_(None), SummaryStateRow.leased_until <= now)
    taken = update(SummaryStateRow).where(free).values(lease=lease, leased_until=now + LEASE, stale=False)
    return lease if connection.execute(taken).rowcount else None


def finish(connection: Connection, lease: str, at: datetime, seconds: float) -> bool:
    """Give the lease back, with what was counted; False if somebody else had taken it over by then."""
    mine = update(SummaryStateRow).where(SummaryStateRow.lease == lease)
    return connection.execute(mine.values(at=at, seconds=seconds, lease=None, leased_until=None)).rowcount == 1


def give_up(connection: Connection, lease: str) -> None:
    """Counting failed: it is still to be done."""
    mine = update(SummaryStateRow).where(SummaryStateRow.lease == lease)
    connection.execute(mine.values(stale=True, lease=None, leased_until=None))
