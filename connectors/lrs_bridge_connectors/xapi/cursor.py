"""How far it is safe to move the cursor while pages come in: the rule, without any I/O.

Where it stands: `XapiSource` feeds it each page's times and clocks; what it returns becomes `Page.cursor`.

A cursor may stand only where nothing can still appear before it (at its own instant something can: times tie). Three
things bound it: what was delivered, what the server says is complete (Consistent-Through, which can be untrue), and its
clock minus a time to settle. The lowest bound counts for the whole chain, because a server may answer the later pages
from the snapshot of the first.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from lrs_bridge_connectors.times import floor_ms


class CursorRule:
    """Follows one chain of pages. `cursor` is where it is safe to go on from, `highest` the highest time seen."""

    def __init__(self, start: datetime | None, settle: timedelta) -> None:
        self.cursor = start
        self.highest: datetime | None = None
        self._settle = settle
        self._bound: datetime | None = None
        self._last: datetime | None = None
        self._rising = False
        self._falling = False

    def take(
        self, times: Iterable[datetime | None], *, consistent_through: datetime | None, server_date: datetime
    ) -> datetime | None:
        """The new cursor after a page with these times, in the order of its records; None: do not move.

        While the order is not known to ascend (no step up seen yet, or one down), only `finish` moves the cursor:
        a server that begins with the newest would otherwise leave everything older behind it.
        """
        for when in times:
            if when is not None:
                self._follow(when)
        for bound in (consistent_through, server_date - self._settle):
            if bound is not None and (self._bound is None or bound < self._bound):
                self._bound = bound
        return self._advance() if self.ascending else None

    def finish(self) -> datetime | None:
        """The new cursor when the chain has come to its end, whatever the order was; None: do not move."""
        return self._advance()

    @property
    def ascending(self) -> bool:
        """Whether the order was seen to ascend and never to descend."""
        return self._rising and not self._falling

    def _follow(self, when: datetime) -> None:
        if self._last is not None:
            self._rising = self._rising or when > self._last
            self._falling = self._falling or when < self._last
        self._last = when
        self.highest = when if self.highest is None else max(self.highest, when)

    def _advance(self) -> datetime | None:
        if self.highest is None or self._bound is None:
            return None
        safe = floor_ms(min(self.highest, self._bound))
        if self.cursor is not None and safe <= self.cursor:
            return None
        self.cursor = safe
        return safe
