"""What `plan` knows: everything that happened to one learner and everything that people decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from enum import StrEnum

from lrs_bridge.domain.activity import Catalogue
from lrs_bridge.domain.agenda import Need, Want
from lrs_bridge.domain.contract import Attestation, Contract, GoalAct
from lrs_bridge.domain.follow_up import FollowUp, FollowUpAct
from lrs_bridge.domain.learner import Learner
from lrs_bridge.domain.moments import day_of
from lrs_bridge_rules.conditions.fields import Told
from lrs_bridge_rules.statements.statement import Statement


@dataclass(frozen=True, slots=True)
class StatementFact:
    """A statement as received, with the id it is kept under and the source that delivered it.

    `source_kind` is what that source is, where it is none of the organisation's.
    """

    id: str
    source: str
    statement: Statement
    source_kind: str = ""


class DecisionKind(StrEnum):
    """What an administrator decides by hand; it stands above the rules."""

    LINK_TO_GOAL = "link-to-goal"
    EXCLUDE = "exclude"
    ACCEPT_FINDING = "accept-finding"
    MAP_ACTIVITY = "map-activity"


@dataclass(frozen=True, slots=True)
class Decision:
    """A decision with its reason. `subject` is a completion id, a finding id, or (exclude, map) an activity id;
    `object` is the goal id or the competency that it is tied to.
    """

    id: str
    kind: DecisionKind
    subject: str
    reason: str
    by: str
    at: datetime
    object: str = ""


@dataclass(frozen=True, slots=True)
class Organisation:
    """What holds for all learners. Loaded once for many; never changed while planning.

    `source_kinds` says what each configured source is, by name.
    """

    catalogue: Catalogue = field(default_factory=Catalogue)
    needs: tuple[Need, ...] = ()
    decisions: tuple[Decision, ...] = ()
    hourly_rate: int = 0
    time_zone: tzinfo = UTC
    locale: str = "en"
    source_kinds: Mapping[str, str] = field(default_factory=dict)

    def told(self, fact: StatementFact) -> Told:
        """A statement with all that completion definitions look at."""
        kind = fact.source_kind or self.source_kinds.get(fact.source, "")
        return Told(fact.statement, fact.source, kind)

    def day_of(self, moment: datetime) -> date:
        """The calendar day of a moment where the organisation is."""
        return day_of(moment, self.time_zone)


@dataclass(frozen=True, slots=True)
class Previous:
    """What an earlier plan gave out and this one must carry on: completion ids, and tasks that exist."""

    completions: Mapping[str, frozenset[str]] = field(default_factory=dict)
    follow_ups: tuple[FollowUp, ...] = ()


@dataclass(frozen=True, slots=True)
class Facts:
    """All that `plan` is a function of, besides the ruleset and the moment. Orders of tuples do not matter."""

    learner: Learner
    organisation: Organisation = field(default_factory=Organisation)
    statements: tuple[StatementFact, ...] = ()
    voided: frozenset[str] = frozenset()
    contracts: tuple[Contract, ...] = ()
    wants: tuple[Want, ...] = ()
    attestations: tuple[Attestation, ...] = ()
    decisions: tuple[Decision, ...] = ()
    follow_up_acts: tuple[FollowUpAct, ...] = ()
    goal_acts: tuple[GoalAct, ...] = ()
    previous: Previous = field(default_factory=Previous)
