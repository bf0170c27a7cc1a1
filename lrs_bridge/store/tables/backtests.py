"""Backtests that workers share: what is tried, and the parts of everybody in which that is done.

Nothing here is a fact, and no plan sees it: it can be thrown away at any time. No learner is named: which part somebody
is in follows from the learner's id. Figures name completions as examples, so all of them go when somebody is erased.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Integer
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.store.tables.base import Base, Document, Word


class BacktestState(StrEnum):
    """Parts are being tried, all were, or somebody put a stop to it."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class BacktestRow(Base):
    """One draft, held against one version of the rules at the moment `planned_at`.

    `report` is JSON: before the end the report on nobody, after it that on all whose parts were tried.
    """

    __tablename__ = "backtest"

    id: Mapped[str] = mapped_column(primary_key=True)
    version: Mapped[int]
    documents: Mapped[Mapping[str, str]] = mapped_column(Document(dict[str, str]))
    planned_at: Mapped[datetime]
    since: Mapped[datetime | None]
    parts: Mapped[int]
    state: Mapped[BacktestState] = mapped_column(Word(BacktestState))
    begun_at: Mapped[datetime] = mapped_column(index=True)
    ended_at: Mapped[datetime | None]
    report: Mapped[bytes]


class BacktestPartRow(Base):
    """One part of one backtest. A `lease` belongs to whoever holds its word; one that ran out may be taken over.

    `tally` is JSON: what was found; None until then.
    """

    __tablename__ = "backtest_part"

    backtest_id: Mapped[str] = mapped_column(ForeignKey("backtest.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    tally: Mapped[bytes | None]
