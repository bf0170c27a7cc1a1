"""What is at stake: the hours that people spent on something of which nobody knows what it is about."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from statistics import median

from lrs_bridge.domain.suggesting.material import UnmatchedActivity

#: What is reckoned for a completion where no statement of anything unmatched ever told how long it took.
USUAL_HOURS = 1.0


@dataclass(frozen=True, slots=True)
class Stake:
    """Hours of some completions; `estimated` if some were reckoned with what is usual."""

    hours: float
    estimated: bool


class Stakes:
    """Knows what a completion usually takes: the median of its type, else of all."""

    def __init__(self, activities: Iterable[UnmatchedActivity]) -> None:
        by_type: defaultdict[str, list[float]] = defaultdict(list)
        for each in activities:
            if each.hours > 0:
                by_type[each.type].append(each.hours / max(each.completions, 1))
        self._by_type = {name: median(hours) for name, hours in by_type.items()}
        everything = [hours for some in by_type.values() for hours in some]
        self._usual = median(everything) if everything else USUAL_HOURS

    def of(self, activities: Iterable[UnmatchedActivity]) -> Stake:
        """The hours of these activities together."""
        hours, estimated = 0.0, False
        for each in sorted(activities, key=lambda each: each.id):  # sums of floats depend on their order
            if each.hours > 0:
                hours += each.hours
            else:
                hours += each.completions * self._by_type.get(each.type, self._usual)
                estimated = True
        return Stake(round(hours, 2), estimated)
