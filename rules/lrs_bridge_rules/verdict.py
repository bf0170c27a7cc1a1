"""What the rules say about one completion, and why: matches, exclusions and traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class EvidenceSpec:
    """What a match is evidence of: exactly one of competency, activity and goal title is set."""

    competency: str | None = None
    activity: str | None = None
    goal: str | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class ClauseTrace:
    """One clause with what it expected and what it found; both can be written as JSON."""

    field: str
    operator: str
    expected: object
    actual: object
    met: bool


@dataclass(frozen=True, slots=True)
class Match:
    """A rule that fits a completion."""

    rule: str
    title: str
    evidence: tuple[EvidenceSpec, ...] = ()
    follow_ups: tuple[str, ...] = ()
    trace: tuple[ClauseTrace, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Active matches, what shadow rules would add, and the exclusion that beats them, if any."""

    matches: tuple[Match, ...] = ()
    shadow: tuple[Match, ...] = ()
    exclusion: Match | None = None


#: What most completions get.
NOTHING: Final = Verdict()


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """Why one rule fits or doesn't; `exception` is the reason of the `unless` that held it back, else ""."""

    rule: str
    title: str
    status: str
    matched: bool
    clauses: tuple[ClauseTrace, ...]
    exception: str = ""
