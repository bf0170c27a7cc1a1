"""Time in the trial: each round has a moment of its own, from which time runs faster than outside.

Leases of minutes run out in seconds, and all processes agree on the time without talking: the monotonic clock is the
machine's. Rounds begin at different times of the day, and what the plans ask for is days away, so that nothing becomes
due in the middle of a round: the result must not depend on how fast the machine is.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

START = datetime(2026, 3, 2, 0, 10, tzinfo=UTC)
BETWEEN_ROUNDS = timedelta(days=7, hours=2)
#: So many seconds pass in the trial for each outside.
SPEED = 20
#: In the trial's time; two seconds outside.
LEASE = timedelta(seconds=40)
#: A round that takes longer would run into the times at which another one's tasks are due.
LONGEST_ROUND = timedelta(hours=1, minutes=45)
#: Rounds that begin at different times of the same day.
MOST_ROUNDS = 11


@dataclass(frozen=True, slots=True)
class Lapse:
    """The clock of one round; `begun` is what the machine's monotonic clock said at `start`."""

    start: datetime
    begun: float

    def __call__(self) -> datetime:
        return self.start + SPEED * timedelta(seconds=time.monotonic() - self.begun)


def seconds_outside(span: timedelta) -> float:
    """How long a span of the trial takes."""
    return span.total_seconds() / SPEED
