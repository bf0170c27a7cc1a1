"""Slows down guessing of passwords: so many failures in a while for one account, and for one address.

Kept in memory: it protects against guessing, and a restart is no way to guess. Time is passed in.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from threading import Lock


@dataclass
class Throttle:
    """At most `limit` failures of one key within `window`. Remembers at most `capacity` keys, the latest."""

    limit: int
    window: timedelta
    capacity: int = 10_000
    _failures: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def wait(self, key: str, now: datetime) -> timedelta:
        """How long the key has to wait before it may try again; zero if it may at once."""
        with self._lock:
            failures = self._recent(key, now)
            if len(failures) < self.limit:
                return timedelta(0)
            return failures[-self.limit] + self.window - now

    def failed(self, key: str, now: datetime) -> None:
        with self._lock:
            self._failures[key] = self._recent(key, now)
            self._failures[key].append(now)
            self._failures.move_to_end(key)
            while len(self._failures) > self.capacity:
                self._failures.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Forget the failures of a key that has shown that it is who it says."""
        with self._lock:
            self._failures.pop(key, None)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        """The failures that still count. Asking keeps nothing: else made-up keys would push out those that failed."""
        failures = self._failures.get(key) or deque(maxlen=self.limit)
        while failures and abs(now - failures[0]) >= self.window:  # or far ahead: the clock has been set back
            failures.popleft()
        return failures
