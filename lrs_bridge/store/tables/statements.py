"""Facts: statements as received, their group members, counts of noise, and what could not be taken in."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.store.tables.base import Base, Word


class StatementRow(Base):
    """A statement that some completion definition wants, or that voids. `body` is kept byte for byte.

    `ifi` is the actor's canonical identifier (None: anonymous); `digest` is the SHA-256 of the body, and
    stands for it where nobody needs to read it.
    """

    __tablename__ = "statement"

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    ifi: Mapped[str | None] = mapped_column(index=True)
    verb: Mapped[str]
    object_id: Mapped[str]
    voids: Mapped[str | None]
    timestamp: Mapped[datetime | None]
    stored: Mapped[datetime | None]
    received_at: Mapped[datetime]
    digest: Mapped[str]
    body: Mapped[bytes]


Index(
    "ix_statement_voids",
    StatementRow.voids,
    sqlite_where=StatementRow.voids.is_not(None),
    postgresql_where=StatementRow.voids.is_not(None),
)


#: For comparing with the source, span by span; which of the two times counts depends on the source.
Index("ix_statement_source_stored", StatementRow.source, StatementRow.stored)
Index("ix_statement_source_timestamp", StatementRow.source, StatementRow.timestamp)


class StatementMemberRow(Base):
    """An identified member of a group that is a statement's actor."""

    __tablename__ = "statement_member"

    statement_id: Mapped[str] = mapped_column(ForeignKey("statement.id", ondelete="CASCADE"), primary_key=True)
    ifi: Mapped[str] = mapped_column(primary_key=True, index=True)


class NoiseRow(Base):
    """How many statements of a kind no definition wanted, by the day on which they happened."""

    __tablename__ = "noise"

    source: Mapped[str] = mapped_column(primary_key=True)
    verb: Mapped[str] = mapped_column(primary_key=True)
    activity_type: Mapped[str] = mapped_column(primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)
    count: Mapped[int]


class QuarantineState(StrEnum):
    """Waiting to be looked at, taken in after all, or put away by somebody."""

    WAITING = "waiting"
    REPLAYED = "replayed"
    DISMISSED = "dismissed"


class QuarantineRow(Base):
    """A record that could not be taken in, whole, with the reason. The id follows from source, body and reason."""

    __tablename__ = "quarantine"
    __table_args__ = (Index("ix_quarantine_state_at", "state", "at"),)

    id: Mapped[str] = mapped_column(primary_key=True)
    source: Mapped[str]
    statement_id: Mapped[str | None]
    reason: Mapped[str]
    body: Mapped[bytes]
    at: Mapped[datetime]
    state: Mapped[QuarantineState] = mapped_column(Word(QuarantineState))
    settled_at: Mapped[datetime | None]
    settled_by: Mapped[str | None]
