"""The geometry of the pictures: numbers in, coordinates out. Pure; the templates draw them as SVG.

Every picture has its numbers beside it as text, so nothing is told by the picture alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.store.read_models.quadrants import QuadrantTotal

SPARK_WIDTH, SPARK_HEIGHT = 96, 24
_PAD = 2.5

FIELD = 150.0
_LARGEST_BUBBLE = 48.0
_SMALLEST_BUBBLE = 5.0

#: Where each quadrant lies: column (wanted by the learner: right), row (needed by the organisation: top).
PLACES = {
    Quadrant.SWEET_SPOT: (1, 0),
    Quadrant.UPHILL: (0, 0),
    Quadrant.GIFT: (1, 1),
    Quadrant.WASTE: (0, 1),
}


def sparkline(counts: Sequence[int]) -> str:
    """The points of a polyline through the counts, scaled to the largest."""
    top = max((*counts, 1))
    step = (SPARK_WIDTH - 2 * _PAD) / max(1, len(counts) - 1)
    height = SPARK_HEIGHT - 2 * _PAD
    return " ".join(
        f"{_PAD + index * step:.1f},{_PAD + height * (1 - count / top):.1f}" for index, count in enumerate(counts)
    )


@dataclass(frozen=True, slots=True)
class Bubble:
    """One quadrant of the picture: its field, and a circle whose area stands for the hours."""

    total: QuadrantTotal
    x: float
    y: float
    radius: float

    @property
    def centre(self) -> tuple[float, float]:
        return self.x + FIELD / 2, self.y + FIELD / 2 + 6


def bubbles(totals: Sequence[QuadrantTotal]) -> tuple[Bubble, ...]:
    """The four quadrants in place; the one with the most hours has the largest circle."""
    top = max((total.hours for total in totals), default=0.0)
    return tuple(
        Bubble(total, PLACES[total.quadrant][0] * FIELD, PLACES[total.quadrant][1] * FIELD, _radius(total.hours, top))
        for total in totals
    )


def _radius(hours: float, top: float) -> float:
    if hours <= 0 or top <= 0:
        return 0.0
    return round(max(_SMALLEST_BUBBLE, _LARGEST_BUBBLE * sqrt(hours / top)), 1)


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of a column chart, from the floor up, in parts of 100."""

    x: float
    width: float
    height: float

    @property
    def y(self) -> float:
        return 100 - self.height


def bars(values: Sequence[float], *, gap: float = 0.3) -> tuple[Bar, ...]:
    """Bars side by side over a width of 100 each, scaled to the largest; a value above zero is never invisible."""
    top = max((*values, 0.0))
    slot = 100.0
    return tuple(
        Bar(index * slot + slot * gap / 2, slot * (1 - gap), 0.0 if value <= 0 else max(1.5, 100 * (value / top)))
        for index, value in enumerate(values)
    )
