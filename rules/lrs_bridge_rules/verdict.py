"""What the rules say about one completion, and why: matches, exclusions and traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal

if TYPE_CHECKING:
    from datetime import datetime


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
class GroupTrace:
    """A group of a condition (`all`, `any` or `not`) with what came of its parts."""

    kind: Literal["all", "any", "not"]
    met: bool
    parts: tuple[ClauseTrace | GroupTrace, ...]


Trace = ClauseTrace | GroupTrace


@dataclass(frozen=True, slots=True)
class ExceptionTrace:
    """An `unless` of a rule: whether its condition holds here, and whether it had ended by the moment asked about.

    `last` is its end as the author wrote it, `until` the first moment after.
    """

    reason: str
    author: str
    until: datetime | None
    holds: bool
    ended: bool
    tree: Trace
    last: str = ""

    @property
    def keeps_off(self) -> bool:
        """Whether it keeps the rule from applying."""
        return self.holds and not self.ended


@dataclass(frozen=True, slots=True)
class RuleTrace:
    """Why one rule fits or doesn't; `exception` is the reason of the `unless` that held it back, else "".

    `clauses` are those that count, of an `any` its nearest branch; `tree` holds all of them. `excludes` is why what
    fits does not count, "" for a rule that gives evidence. `path` and `line` say where the rule is written.
    """

    rule: str
    title: str
    status: str
    matched: bool
    clauses: tuple[ClauseTrace, ...]
    exception: str = ""
    tree: Trace | None = None
    exceptions: tuple[ExceptionTrace, ...] = ()
    evidence: tuple[EvidenceSpec, ...] = ()
    excludes: str = ""
    path: str = ""
    line: int = 0

    @property
    def has_effect(self) -> bool:
        """Whether it fits and is in force: drafts and retired rules do nothing, shadow rules are only counted."""
        return self.matched and self.status == "active"


@dataclass(frozen=True, slots=True)
class DefinitionTrace:
    """What one completion definition makes of a statement. `outcome` None: that it is noise.

    `fits`: its condition holds and it finds its activity; `obstacle` says which of the two it was that failed. `wins`:
    it is the first that fits, so that nothing after it counts.
    """

    definition: str
    outcome: str | None
    fits: bool
    wins: bool
    tree: Trace
    clauses: tuple[ClauseTrace, ...]
    obstacle: str = ""
    path: str = ""
    line: int = 0
