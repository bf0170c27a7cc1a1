"""Derived rows: what `plan` made of the facts. Columns bear the names of the domain's fields; only `apply` writes here.

A statement of a group is evidence for each of its members, and ids follow from statements: so a row's key always holds
the learner.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, ForeignKeyConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.domain.waste import FindingStatus, WasteReason
from lrs_bridge.store.tables.base import Base, Word, words
from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.follow_up import FollowUpKind


def _learner() -> Mapped[str]:
    return mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)


class CompletionRow(Base):
    """`domain.completion.Completion`."""

    __tablename__ = "completion"
    #: Each index serves lists and numbers of the pages: it holds what they count, or their order.
    __table_args__ = (
        Index("ix_completion_id", "id"),
        Index("ix_completion_standing_activity_id", "standing", "activity_id", "ended_at"),
        Index("ix_completion_standing_ended_at", "standing", "ended_at", "learner_id", "id"),
        Index("ix_completion_quadrant", "quadrant", "ended_at", "learner_id", "hours", "cost"),
        Index("ix_completion_activity_id", "activity_id", "ended_at"),
        Index("ix_completion_provider", "provider", "ended_at"),
        Index("ix_completion_hours", "hours", "id"),
        Index("ix_completion_cost", "cost", "id"),
    )

    learner_id: Mapped[str] = _learner()
    id: Mapped[str] = mapped_column(primary_key=True)
    activity_id: Mapped[str]
    activity_name: Mapped[str]
    activity_type: Mapped[str]
    outcome: Mapped[Outcome] = mapped_column(Word(Outcome))
    standing: Mapped[Standing] = mapped_column(Word(Standing))
    started_at: Mapped[datetime]
    ended_at: Mapped[datetime | None] = mapped_column(index=True)
    percent: Mapped[float | None]
    hours: Mapped[float]
    cost: Mapped[int]
    provider: Mapped[str]
    statements: Mapped[tuple[str, ...]] = words()
    sources: Mapped[tuple[str, ...]] = words()
    rules: Mapped[tuple[str, ...]] = words()
    shadow_rules: Mapped[tuple[str, ...]] = words()
    competencies: Mapped[tuple[str, ...]] = words()
    needs: Mapped[tuple[str, ...]] = words()
    excluded_because: Mapped[str]
    quadrant: Mapped[Quadrant | None] = mapped_column(Word(Quadrant))
    before: Mapped[float | None]
    after: Mapped[float | None]
    valid_until: Mapped[datetime | None]
    attested: Mapped[bool]


class LinkKind(StrEnum):
    """What a completion can be looked up by, besides its own columns."""

    STATEMENT = "statement"
    NEED = "need"
    COMPETENCY = "competency"
    RULE = "rule"
    SHADOW_RULE = "shadow-rule"


class CompletionLinkRow(Base):
    """The lists of a completion again, one a row: from a statement, need, competency or rule to completions."""

    __tablename__ = "completion_link"
    __table_args__ = (
        ForeignKeyConstraint(
            ["learner_id", "completion_id"], ["completion.learner_id", "completion.id"], ondelete="CASCADE"
        ),
        Index("ix_completion_link_kind_value", "kind", "value"),
    )

    learner_id: Mapped[str] = mapped_column(primary_key=True)
    completion_id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[LinkKind] = mapped_column(Word(LinkKind), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)


class EvidenceRow(Base):
    """`domain.planning.matching.Evidence`."""

    __tablename__ = "evidence"
    __table_args__ = (Index("ix_evidence_goal_id", "goal_id"),)

    learner_id: Mapped[str] = _learner()
    completion_id: Mapped[str] = mapped_column(primary_key=True)
    goal_id: Mapped[str] = mapped_column(primary_key=True)
    contract_id: Mapped[str]
    weight: Mapped[float]
    by: Mapped[tuple[str, ...]] = words()


class GoalProgressRow(Base):
    """`domain.planning.progressing.GoalProgress`."""

    __tablename__ = "goal_progress"
    __table_args__ = (Index("ix_goal_progress_goal_id", "goal_id"), Index("ix_goal_progress_state", "state"))

    learner_id: Mapped[str] = _learner()
    contract_id: Mapped[str] = mapped_column(primary_key=True)
    goal_id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    state: Mapped[GoalState] = mapped_column(Word(GoalState))
    since: Mapped[datetime | None]
    learned: Mapped[float]
    required: Mapped[float]
    measured: Mapped[float | None]


class FollowUpRow(Base):
    """`domain.follow_up.FollowUp`."""

    __tablename__ = "follow_up"
    __table_args__ = (
        Index("ix_follow_up_id", "id"),
        Index("ix_follow_up_due_at", "due_at"),
        Index("ix_follow_up_state_due_at", "state", "due_at"),
        Index("ix_follow_up_state_confirm", "state", "confirm"),
        Index("ix_follow_up_state_learner_id", "state", "learner_id", "completion_id", "kind", "reason_gone"),
    )

    learner_id: Mapped[str] = _learner()
    id: Mapped[str] = mapped_column(primary_key=True)
    completion_id: Mapped[str] = mapped_column(index=True)
    goals: Mapped[tuple[str, ...]] = words()
    template: Mapped[str]
    kind: Mapped[FollowUpKind] = mapped_column(Word(FollowUpKind))
    title: Mapped[str]
    state: Mapped[FollowUpState] = mapped_column(Word(FollowUpState))
    since: Mapped[datetime]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirm: Mapped[bool]
    job_aid: Mapped[str]
    questions: Mapped[tuple[str, ...]] = words()
    reason_gone: Mapped[bool]


#: What sums over findings are made of.
_COUNTED = ("reason", "counted", "hours", "money")


class FindingRow(Base):
    """`domain.waste.Finding`."""

    __tablename__ = "finding"
    __table_args__ = (
        Index("ix_finding_id", "id"),
        Index("ix_finding_status_since", "status", "since", "reason", "counted", "hours", "money"),
        Index("ix_finding_status_money", "status", "money", "reason", "learner_id", "id"),
        Index("ix_finding_status_activity_id", "status", "activity_id", "learner_id", *_COUNTED),
        Index("ix_finding_status_provider", "status", "provider", "learner_id", *_COUNTED),
        Index("ix_finding_status_learner_id", "status", "learner_id", *_COUNTED),
    )

    learner_id: Mapped[str] = _learner()
    id: Mapped[str] = mapped_column(primary_key=True)
    reason: Mapped[WasteReason] = mapped_column(Word(WasteReason))
    status: Mapped[FindingStatus] = mapped_column(Word(FindingStatus))
    since: Mapped[datetime]
    completion_id: Mapped[str | None] = mapped_column(index=True)
    goal_id: Mapped[str | None]
    activity_id: Mapped[str]
    provider: Mapped[str]
    hours: Mapped[float]
    money: Mapped[int]
    counted: Mapped[bool]
    rescuer: Mapped[str | None]


class GrowthRow(Base):
    """`domain.planning.growing.Growth`."""

    __tablename__ = "growth"

    learner_id: Mapped[str] = _learner()
    last_learned_at: Mapped[datetime | None]
    stagnant_since: Mapped[datetime | None]


_REASON_GONE = FollowUpRow.reason_gone.is_(True)
Index("ix_follow_up_reason_gone", FollowUpRow.id, sqlite_where=_REASON_GONE, postgresql_where=_REASON_GONE)
