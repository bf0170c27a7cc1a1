"""The only way in which a plan looks at the clock.

Every comparison with the present goes through :meth:`Horizon.passed`, which remembers the moments that were still to
come. The earliest of them is when time alone can change the plan; that becomes the learner's `due_at`.
"""

from __future__ import annotations

from datetime import datetime


class Horizon:
    """The present of one planning run, and the next moment that matters."""

    def __init__(self, now: datetime) -> None:
        self.now = now
        self._next: datetime | None = None

    @property
    def wake_at(self) -> datetime | None:
        """The earliest future moment that anything asked about; None if time alone changes nothing."""
        return self._next

    def passed(self, moment: datetime) -> bool:
        """Whether the moment has come. One that has not is remembered as a reason to plan again."""
        if moment <= self.now:
            return True
        if self._next is None or moment < self._next:
            self._next = moment
        return False
