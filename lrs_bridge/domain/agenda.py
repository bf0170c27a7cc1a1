"""What people want to learn, and what the organisation needs learned: the two sides that alignment compares.

The organisation's chain is objective → initiative → need; the learner's side is a growth agenda of wants. Both, and
rules, catalogue and goals as well, speak of competencies by their ids.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from lrs_bridge.domain.learner import Learner


class ScopeKind(StrEnum):
    """For whom a need holds."""

    EVERYONE = "everyone"
    UNIT = "unit"
    JOB = "job"


@dataclass(frozen=True, slots=True)
class Scope:
    """Everyone, one unit, or one job; `name` is the unit or job."""

    kind: ScopeKind = ScopeKind.EVERYONE
    name: str = ""

    def covers(self, learner: Learner) -> bool:
        """Whether the need is this learner's."""
        match self.kind:
            case ScopeKind.EVERYONE:
                return True
            case ScopeKind.UNIT:
                return learner.unit == self.name
            case ScopeKind.JOB:
                return learner.job == self.name


@dataclass(frozen=True, slots=True)
class Competency:
    """What one is able to do. `id` is the word by which everything else names it, `title` is what people read."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Objective:
    """What the organisation is after; the top of the chain."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Initiative:
    """A strategic undertaking that serves an objective."""

    id: str
    title: str
    objective_id: str


@dataclass(frozen=True, slots=True)
class Need:
    """A competency that an initiative needs, for whom, and in which period (both ends included; None is open)."""

    id: str
    competency: str
    initiative_id: str
    scope: Scope = Scope()
    starts_on: date | None = None
    ends_on: date | None = None

    def holds(self, learner: Learner, on: date) -> bool:
        """Whether the organisation needs this competency of this learner on that day."""
        return self.scope.covers(learner) and _within(on, self.starts_on, self.ends_on)


class WantOrigin(StrEnum):
    """Where an entry of a growth agenda came from."""

    OWN_WISH = "own-wish"
    GROWTH_CONVERSATION = "growth-conversation"
    FEEDBACK_360 = "360-feedback"


@dataclass(frozen=True, slots=True)
class Want:
    """One entry of a learner's growth agenda: a competency, how much (1 to 5), and where that came from."""

    competency: str
    amount: int = 3
    origin: WantOrigin = WantOrigin.OWN_WISH
    starts_on: date | None = None
    ends_on: date | None = None

    def holds(self, on: date) -> bool:
        """Whether the learner wanted this competency on that day."""
        return _within(on, self.starts_on, self.ends_on)


def needs_met(needs: Iterable[Need], competencies: frozenset[str], learner: Learner, on: date) -> tuple[Need, ...]:
    """The needs of the organisation that learning these competencies serves, in order of their ids."""
    met = (need for need in needs if need.competency in competencies and need.holds(learner, on))
    return tuple(sorted(met, key=lambda need: need.id))


def wants_met(wants: Iterable[Want], competencies: frozenset[str], on: date) -> tuple[Want, ...]:
    """The entries of the growth agenda that learning these competencies answers."""
    return tuple(want for want in wants if want.competency in competencies and want.holds(on))


def _within(on: date, starts_on: date | None, ends_on: date | None) -> bool:
    return (starts_on is None or starts_on <= on) and (ends_on is None or on <= ends_on)
