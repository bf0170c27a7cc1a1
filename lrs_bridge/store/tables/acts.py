"""Facts: what people did and decided. Rows are added and never changed (a decision can be marked as undone)."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.domain.contract import GoalActKind
from lrs_bridge.domain.facts import DecisionKind
from lrs_bridge.domain.follow_up import FollowUpActKind
from lrs_bridge.store.tables.base import Base, Word


class FollowUpActRow(Base):
    """What somebody did with an application task."""

    __tablename__ = "follow_up_act"

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    follow_up_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[FollowUpActKind] = mapped_column(Word(FollowUpActKind))
    by: Mapped[str]
    at: Mapped[datetime]
    text: Mapped[str]


class GoalActRow(Base):
    """What somebody said about a goal."""

    __tablename__ = "goal_act"

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    goal_id: Mapped[str] = mapped_column(index=True)
    kind: Mapped[GoalActKind] = mapped_column(Word(GoalActKind))
    at: Mapped[datetime]
    by: Mapped[str]
    value: Mapped[float | None]
    reason: Mapped[str]


class SupportActRow(Base):
    """That a support is ready since some moment (None: that it is not, after all). The latest word holds."""

    __tablename__ = "support_act"

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    support_id: Mapped[str] = mapped_column(index=True)
    ready_at: Mapped[datetime | None]
    by: Mapped[str]
    at: Mapped[datetime]


class AttestationRow(Base):
    """The manager's word that learning without statements took place."""

    __tablename__ = "attestation"

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    goal_id: Mapped[str] = mapped_column(index=True)
    title: Mapped[str]
    ended_at: Mapped[datetime]
    by: Mapped[str]
    started_at: Mapped[datetime | None]
    hours: Mapped[float]


class DecisionRow(Base):
    """A decision about one learner's completion or finding, or (learner None) about an activity, for everybody."""

    __tablename__ = "decision"

    id: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str | None] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    kind: Mapped[DecisionKind] = mapped_column(Word(DecisionKind))
    subject: Mapped[str] = mapped_column(index=True)
    reason: Mapped[str]
    by: Mapped[str]
    at: Mapped[datetime]
    object: Mapped[str]
    undone_at: Mapped[datetime | None]
    undone_by: Mapped[str | None]
