"""What is still to be read of a source's history: windows of time, and who is at which."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.store.tables.base import Base, Word


class BackfillState(StrEnum):
    """Windows are being read, all were read, or somebody put a stop to it (and may let it go on)."""

    OPEN = "open"
    DONE = "done"
    CANCELLED = "cancelled"


class BackfillRow(Base):
    """The history of one source up to `until`, from after `since` (None: from its beginning).

    `earliest` is where the first statement was seen, for reckoning shares of the span. Noise after `counted` is
    counted (None: all of it), unless `counts_noise` is false: then earlier pulls did it, or later ones will.
    """

    __tablename__ = "backfill"

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(index=True)
    since: Mapped[datetime | None]
    earliest: Mapped[datetime]
    until: Mapped[datetime]
    counts_noise: Mapped[bool]
    counted: Mapped[datetime | None]
    state: Mapped[BackfillState] = mapped_column(Word(BackfillState))
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class BackfillWindowRow(Base):
    """A span of one history: after `since` (None: from the beginning) up to and including `until`.

    Up to `resume` it was read and its noise counted. `orderly` says that a reading may go on from there; where the
    source turned out not to keep order it begins at `since` again. A `lease` belongs to whoever holds its word; one
    that ran out may be taken over. `seconds` is the time that reading has taken so far.
    """

    __tablename__ = "backfill_window"
    __table_args__ = (Index("ix_backfill_window_backfill_id_until", "backfill_id", "until", unique=True),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    backfill_id: Mapped[str] = mapped_column(ForeignKey("backfill.id", ondelete="CASCADE"))
    since: Mapped[datetime | None]
    until: Mapped[datetime]
    resume: Mapped[datetime | None]
    orderly: Mapped[bool]
    done: Mapped[bool]
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    try_at: Mapped[datetime]
    attempts: Mapped[int]
    last_error: Mapped[str]
    read: Mapped[int]
    new: Mapped[int]
    duplicates: Mapped[int]
    quarantined: Mapped[int]
    noise: Mapped[int]
    seconds: Mapped[float]
