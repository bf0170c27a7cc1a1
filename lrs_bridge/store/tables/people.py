"""Facts: learners, the identifiers that name them, and units with their learning partners."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.store.tables.base import Base


class LearnerRow(Base):
    """One person. The manager need not be known yet: people are imported in any order."""

    __tablename__ = "learner"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(index=True)
    email: Mapped[str]
    manager_id: Mapped[str | None] = mapped_column(index=True)
    unit: Mapped[str] = mapped_column(index=True)
    job: Mapped[str]
    hired_on: Mapped[date | None]
    job_since: Mapped[date | None]
    hourly_rate: Mapped[int | None]
    left_on: Mapped[date | None]


class IdentityRow(Base):
    """An identifier and whose it is. Statements find their learner through it when they are loaded."""

    __tablename__ = "identity"

    ifi: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    linked_at: Mapped[datetime]
    origin: Mapped[str]


class UnitRow(Base):
    """A unit and the person whom its people ask about learning."""

    __tablename__ = "unit"

    name: Mapped[str] = mapped_column(primary_key=True)
    partner_id: Mapped[str | None]
