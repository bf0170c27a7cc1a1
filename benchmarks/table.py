"""One line of the report, and how it is printed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Line:
    """A figure with its unit, and what it should be (at most, unless `at_least`); None: it is only for reading.

    A line that could not be measured says why instead (`absent`), and holds nobody to anything.
    """

    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False
    absent: str = ""

    @property
    def holds(self) -> bool | None:
        """Whether the figure is as it should be; None where nothing is asked of it."""
        if self.target is None or self.absent:
            return None
        return self.value >= self.target if self.at_least else self.value <= self.target

    def __str__(self) -> str:
        if self.absent:
            return f"{self.what:<52}{'—':>10} {self.unit}: not measured, {self.absent}"
        verdict = {None: "", True: "holds", False: "MISSED"}[self.holds]
        bound = "" if self.target is None else f"{'≥' if self.at_least else '≤'} {number(self.target)}"
        return f"{self.what:<52}{number(self.value):>10} {self.unit:<20}{bound:>9}  {verdict}".rstrip()


def number(value: float) -> str:
    """Large figures whole, small ones with two decimals."""
    return f"{value:,.0f}" if abs(value) >= 100 or value == int(value) else f"{value:.2f}"
