"""How one case went, for whoever shows it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from lrs_bridge_rules.documents.tree import Place


@dataclass(frozen=True, slots=True)
class Miss:
    """One expectation that did not come true. `what` is its key; "" for match and no-match, which say it themselves."""

    what: str
    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class TestResult:
    """How one case of a rule (or completion definition) went; `where` is PATH:LINE:COLUMN of the case.

    `expected` and `actual` say it in a few words, `details` in lines that also tell why.
    """

    __test__ = False

    rule: str
    case: str
    passed: bool
    expected: str
    actual: str
    where: str
    kind: Literal["rule", "completion"] = "rule"
    details: tuple[str, ...] = ()

    @property
    def document(self) -> str:
        return self.where.rsplit(":", 2)[0]

    @property
    def headline(self) -> str:
        """Where, and which case of which rule."""
        return f"{self.where}: {self.rule}: {self.case}"

    @property
    def lines(self) -> tuple[str, ...]:
        """The headline, and below it, set in, what was expected, what came, and why."""
        return (self.headline, *(f"    {line}" for line in self.details))


def place_text(place: Place) -> str:
    return f"{place.path}:{place.line}:{place.column}"


def told(misses: Sequence[Miss], why: Sequence[str]) -> tuple[str, ...]:
    """The lines of a failed case: what was expected and what came, then why."""
    lines: list[str] = []
    for miss in misses:
        about = f"{miss.what}: " if miss.what else ""
        lines += [f"expected {about}{miss.expected}", f"     got {about}{miss.actual}"]
    return (*lines, *(f"  {line}" for line in why))


def in_words(misses: Sequence[Miss]) -> tuple[str, str]:
    """What was expected, and what came, in one line each."""

    def _said(what: str, value: str) -> str:
        return f"{what} {value}" if what else value

    expected = "; ".join(_said(miss.what, miss.expected) for miss in misses)
    return expected, "; ".join(_said(miss.what, miss.actual) for miss in misses)
