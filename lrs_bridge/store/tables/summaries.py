"""Kept answers: what pages would else count anew with every look, over everything that was ever completed.

Nothing here is a fact, and nothing here is planned: it follows from the derived rows, and can be thrown away.
"""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Integer
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.domain.completion import Standing
from lrs_bridge.store.tables.base import Base, Document, Word


class SummaryStateRow(Base):
    """Whether what is kept still holds, since when, and what counting it costs (seconds). A single row.

    A `lease` belongs to whoever is counting; one that ran out may be taken over.
    """

    __tablename__ = "summary_state"

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    stale: Mapped[bool]
    at: Mapped[datetime | None]
    seconds: Mapped[float]
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]


class SummaryRow(Base):
    """The figures of the overview for one period, as JSON; `since` is the period's first moment."""

    __tablename__ = "summary"

    period: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime | None]
    at: Mapped[datetime]
    body: Mapped[bytes]


class SummaryPart(StrEnum):
    """Which of an activity's completions a row of `activity_summary` counts: all, or those of one quadrant."""

    ALL = "all"
    QUADRANT = "quadrant"


class ActivitySummaryRow(Base):
    """The completions of one activity that are unmatched, or off-contract, counted."""

    __tablename__ = "activity_summary"

    standing: Mapped[Standing] = mapped_column(Word(Standing), primary_key=True)
    part: Mapped[SummaryPart] = mapped_column(Word(SummaryPart), primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    activity_id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    type: Mapped[str]
    provider: Mapped[str]
    learners: Mapped[int]
    completions: Mapped[int]
    hours: Mapped[float]
    cost: Mapped[int]
    last_seen: Mapped[datetime]
    sweet_spot: Mapped[int]
    uphill: Mapped[int]
    gift: Mapped[int]
    waste: Mapped[int]
    trend: Mapped[tuple[int, ...]] = mapped_column(Document(tuple[int, ...]))
