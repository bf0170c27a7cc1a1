"""Learning contracts: what a learner and a manager agreed, in revisions that both sign.

A contract is in force by its latest revision that both sides had signed at that moment and whose period covers the
day. Editing a signed contract makes a new revision; until both sign it, the earlier one holds.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class ContractKind(StrEnum):
    """A period's agreement, or that for one concrete opportunity."""

    STRATEGIC = "strategic"
    EXPERIENCE = "experience"


class ContractState(StrEnum):
    """Where an agreement stands. Derived from revisions, signatures and the day; never stored by hand."""

    DRAFT = "draft"
    PROPOSED = "proposed"
    SIGNED = "signed"
    IN_FORCE = "in-force"
    ENDED = "ended"
    WITHDRAWN = "withdrawn"


class Role(StrEnum):
    """The two sides of a contract."""

    LEARNER = "learner"
    MANAGER = "manager"


class WantedBy(StrEnum):
    """Who wants a goal."""

    ORGANISATION = "organisation"
    LEARNER = "learner"
    BOTH = "both"

    @property
    def organisation(self) -> bool:
        return self is not WantedBy.LEARNER

    @property
    def learner(self) -> bool:
        return self is not WantedBy.ORGANISATION


class Method(StrEnum):
    """The way in which something is to be learned. Those without an LRS behind them are attested by the manager."""

    TRAINING = "training"
    MENTORING = "mentoring"
    COACHING = "coaching"
    SECONDMENT = "secondment"
    JOB_EXCHANGE = "job-exchange"
    JOB_SHADOWING = "job-shadowing"
    SELF_STUDY = "self-study"
    PROJECT = "project"
    CONFERENCE = "conference"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Measure:
    """A success measure: a metric that shows whether a goal was worth it."""

    metric: str
    unit: str
    baseline: float
    target: float
    by: date | None = None

    def reached(self, value: float) -> bool:
        """Whether a reading is at the target or beyond it, in the direction from the baseline to the target."""
        return value >= self.target if self.target >= self.baseline else value <= self.target


@dataclass(frozen=True, slots=True)
class Support:
    """What is needed so that the learning can be used, who provides it, and by when. `ready_at` None: not yet there."""

    id: str
    what: str
    provider_id: str | None = None
    needed_by: date | None = None
    ready_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Goal:
    """One goal with its four answers: what (title, competencies), how (method, activities), what for (application,
    measure), and with which supports. `required` is the sum of evidence weights at which it counts as learned.
    """

    id: str
    title: str
    competencies: frozenset[str] = frozenset()
    method: Method = Method.TRAINING
    activities: frozenset[str] = frozenset()
    application: str = ""
    measure: Measure | None = None
    supports: tuple[Support, ...] = ()
    wanted_by: WantedBy = WantedBy.BOTH
    initiative_id: str | None = None
    ambition: str = ""
    beyond: str = ""
    serves: tuple[str, ...] = ()
    follow_ups: tuple[str, ...] = ()
    required: float = 1.0


@dataclass(frozen=True, slots=True)
class Signature:
    """One side's yes to one revision."""

    role: Role
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Revision:
    """One version of the text that both sides sign. The period includes both days.

    `signed_at` is when the second side signed; None while one signature is missing. It follows from the signatures,
    and is worked out once, as every completion is held against it.
    """

    number: int
    starts_on: date
    ends_on: date
    goals: tuple[Goal, ...]
    responsibilities: str = ""
    link: str = ""
    proposed_at: datetime | None = None
    signatures: tuple[Signature, ...] = ()
    signed_at: datetime | None = field(init=False, compare=False, default=None)

    def __post_init__(self) -> None:
        by_role = {role: [each.at for each in self.signatures if each.role is role] for role in Role}
        both = all(by_role.values())
        object.__setattr__(self, "signed_at", max(min(times) for times in by_role.values()) if both else None)

    def covers(self, day: date) -> bool:
        return self.starts_on <= day <= self.ends_on


@dataclass(frozen=True, slots=True)
class Contract:
    """An agreement between a learner and a manager. `opportunity` is an experience contract's activity id."""

    id: str
    kind: ContractKind
    learner_id: str
    manager_id: str | None
    revisions: tuple[Revision, ...]
    title: str = ""
    opportunity: str = ""
    withdrawn_at: datetime | None = None

    @property
    def latest(self) -> Revision:
        return max(self.revisions, key=lambda revision: revision.number)

    @property
    def goal_ids(self) -> frozenset[str]:
        """The goals of all revisions."""
        return frozenset(goal.id for revision in self.revisions for goal in revision.goals)

    def agreed(self, at: datetime) -> Revision | None:
        """The revision that both sides had signed last at that moment; None where there was none."""
        if self.withdrawn_at is not None and self.withdrawn_at <= at:
            return None
        signed = [r for r in self.revisions if r.signed_at is not None and r.signed_at <= at]
        return max(signed, key=lambda revision: revision.number, default=None)

    def in_force(self, at: datetime, day: date) -> Revision | None:
        """The revision in force at that moment (`day` is the moment's date in the organisation's time zone)."""
        revision = self.agreed(at)
        return revision if revision is not None and revision.covers(day) else None

    def state(self, at: datetime, day: date) -> ContractState:
        """Where the agreement stands at that moment."""
        if self.withdrawn_at is not None and self.withdrawn_at <= at:
            return ContractState.WITHDRAWN
        agreed = self.agreed(at)
        if agreed is not None:
            return _state_of_agreed(agreed, day)
        proposed = self.latest.proposed_at is not None or bool(self.latest.signatures)
        return ContractState.PROPOSED if proposed else ContractState.DRAFT


def _state_of_agreed(revision: Revision, day: date) -> ContractState:
    if day > revision.ends_on:
        return ContractState.ENDED
    return ContractState.IN_FORCE if revision.covers(day) else ContractState.SIGNED


class GoalActKind(StrEnum):
    """What people say about a goal as a whole."""

    MEASURED = "measured"
    ACHIEVED = "achieved"
    DROPPED = "dropped"


@dataclass(frozen=True, slots=True)
class GoalAct:
    """A reading of the success measure, or the manager's word (with a reason) that a goal is achieved or dropped."""

    goal_id: str
    kind: GoalActKind
    at: datetime
    by: str
    value: float | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Attestation:
    """The manager's word that learning without an LRS behind it (coaching, a secondment, …) took place."""

    id: str
    goal_id: str
    title: str
    ended_at: datetime
    by: str
    started_at: datetime | None = None
    hours: float = 0.0
