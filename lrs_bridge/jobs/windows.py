"""How a long history is cut into windows, and how far into one it is safe to say that it was read; pure.

Where it stands: `jobs/backfill` asks it for borders, and shows it the times of every page.

Borders are whole milliseconds. To which window a statement belongs is decided by the time that the server shows (after
since, up to and including until), never by what the server returns for a query: some hide microseconds behind the
shown milliseconds, or show whole seconds. So a window is asked for with a margin at its end, and the shown time tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lrs_bridge.jobs.sorting import Noise, NoiseKey
from lrs_bridge.store.backfills import Span

#: No server was seen to show times more coarsely than this.
MARGIN = timedelta(seconds=1)
#: A span that is not divided further: what ties that much would tie again.
SHORTEST = timedelta(seconds=2)
#: More windows than this are only rows; the wider ones are divided where they turn out full.
MOST_WINDOWS = 2000
_MOST_PARTS = 8
_MILLISECOND = timedelta(milliseconds=1)


def cut(since: datetime | None, earliest: datetime, until: datetime, width: timedelta) -> list[Span]:
    """Windows of about `width` that together are exactly (since, until], the oldest first.

    `earliest` is where the first statement was seen; without `since` the first window is open at its beginning, in case
    that was not the first.
    """
    begin = earliest if since is None else max(since, min(earliest, until))
    width = _whole(max(width, (until - begin) / MOST_WINDOWS, _MILLISECOND))
    borders = [begin + number * width for number in range(1, -((begin - until) // width))]
    ends = [*(border for border in borders if border < until), until]
    return list(zip([since, *ends], ends, strict=False))


def divide(begin: datetime, until: datetime, parts: int) -> list[datetime]:
    """The ends of so many equal parts of (begin, until], the last of which is `until`; fewer where it is too short."""
    parts = max(1, min(parts, _MOST_PARTS, (until - begin) // SHORTEST))
    width = _whole((until - begin) / parts)
    return [*(begin + number * width for number in range(1, parts)), until]


def parts_left(read: int, begin: datetime, resume: datetime, until: datetime, full: int) -> int:
    """Into how many parts the rest of a window is to be divided, if it goes on as densely as it began."""
    done, left = resume - begin, until - resume
    if done <= timedelta(0) or left <= timedelta(0):
        return 1
    return -int(-(read * (left / done)) // full)


def _whole(span: timedelta) -> timedelta:
    """At least one millisecond, and whole ones."""
    return max(span // _MILLISECOND, 1) * _MILLISECOND


def floor_ms(moment: datetime) -> datetime:
    """Cut to whole milliseconds."""
    return moment - timedelta(microseconds=moment.microsecond % 1000)


@dataclass(slots=True)
class Tally:
    """Follows one reading of a window. `resume`: everything up to it was given, and its noise counted.

    A page can end in the middle of statements that share an instant, and `since` is exclusive: so it stays a
    millisecond behind, and noise that is newer waits for the next page. Only a step up after the first page shows that
    pages ascend, too. Where times are not known or do not ascend, `resume` stays, and noise is counted at the end.
    """

    since: datetime | None
    until: datetime
    resume: datetime | None
    #: Up to here noise was counted before the history was begun; nothing is counted if `counts` is false.
    counted: datetime | None = None
    counts: bool = True
    orderly: bool = True
    _waiting: list[Noise] = field(default_factory=list)
    _disorder: Counter[NoiseKey] = field(default_factory=Counter)
    _last: datetime | None = None
    _of_first_page: datetime | None = None

    def take(self, times: Sequence[datetime | None], noise: Iterable[Noise]) -> Counter[NoiseKey]:
        """A page with these times, in the order of its records; the noise that may be counted with it."""
        for when in times:
            if when is None or (self._last is not None and when < self._last):
                self.orderly = False
            self._last = when or self._last
        self._waiting += [each for each in noise if self._is_ours(each.at)]
        if not self.orderly:
            self._disorder.update(each.key for each in self._waiting)
            self._waiting = []
            return Counter()
        if self._of_first_page is None:
            self._of_first_page = self._last
        elif self._last is not None and self._last > self._of_first_page:
            self._advance(min(floor_ms(self._last) - _MILLISECOND, self.until))
        return self._ripe()

    def finish(self) -> Counter[NoiseKey]:
        """The reading came to its end: the noise that is left to be counted."""
        return self._disorder + Counter(each.key for each in self._waiting)

    def _is_ours(self, at: datetime | None) -> bool:
        """What shows no time is ours: nobody else could tell either."""
        if not self.counts:
            return False
        if at is None:
            return True
        after = [bound for bound in (self.since, self.resume, self.counted) if bound is not None]
        return at <= self.until and all(at > bound for bound in after)

    def _advance(self, edge: datetime) -> None:
        if (self.resume is None or edge > self.resume) and (self.since is None or edge > self.since):
            self.resume = edge

    def _ripe(self) -> Counter[NoiseKey]:
        if self.resume is None:
            return Counter()
        edge = self.resume
        ripe = Counter(each.key for each in self._waiting if each.at is not None and each.at <= edge)
        self._waiting = [each for each in self._waiting if each.at is None or each.at > edge]
        return ripe
