"""Facts: the competencies, what the organisation needs (objective → initiative → need) and what learners want."""

from __future__ import annotations

from datetime import date

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.domain.agenda import ScopeKind, WantOrigin
from lrs_bridge.store.tables.base import Base, Word


class CompetencyRow(Base):
    """What one is able to do. Nothing refers to it by a foreign key: who declares none may use free ids."""

    __tablename__ = "competency"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]


class ObjectiveRow(Base):
    """What the organisation is after."""

    __tablename__ = "objective"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]


class InitiativeRow(Base):
    """What serves an objective."""

    __tablename__ = "initiative"

    id: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    objective_id: Mapped[str] = mapped_column(index=True)


class NeedRow(Base):
    """A competency that an initiative needs, and of whom."""

    __tablename__ = "need"

    id: Mapped[str] = mapped_column(primary_key=True)
    competency: Mapped[str] = mapped_column(index=True)
    initiative_id: Mapped[str] = mapped_column(index=True)
    scope_kind: Mapped[ScopeKind] = mapped_column(Word(ScopeKind))
    scope_name: Mapped[str]
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]


class WantRow(Base):
    """One entry of a growth agenda; `position` keeps the learner's own order."""

    __tablename__ = "want"

    learner_id: Mapped[str] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    position: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    competency: Mapped[str] = mapped_column(index=True)
    amount: Mapped[int]
    origin: Mapped[WantOrigin] = mapped_column(Word(WantOrigin))
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]
