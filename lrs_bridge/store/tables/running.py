"""What keeps the work going: when each learner is due, where each source stands, messages to send, rules in force."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.domain.notice import NoticeKind
from lrs_bridge.store.tables.base import Base, Document, Word


class DueRow(Base):
    """When a learner is to be planned again, and who is at it.

    `revision` goes up with every new fact: a fact that arrives while the learner is being planned is not lost.
    A `lease` belongs to whoever holds its word; one that ran out may be taken over.
    `fingerprint` stands for all that the last plan was made of and came to (None: it is not known); that plan still
    holds from `planned_at` until `wake_at` (None: for ever) while the fingerprint is the same.
    `later_at`: facts that are not urgent wait until then (a source's history, while it comes in); see `mark_later`.
    """

    __tablename__ = "due"

    learner_id: Mapped[str] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), primary_key=True)
    due_at: Mapped[datetime | None] = mapped_column(index=True)
    revision: Mapped[int]
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    failures: Mapped[int]
    last_error: Mapped[str]
    fingerprint: Mapped[str | None]
    planned_at: Mapped[datetime | None]
    wake_at: Mapped[datetime | None]
    later_at: Mapped[datetime | None] = mapped_column(index=True)


class SourceRow(Base):
    """Where the pulling of one source stands. Counters add up over all pulls."""

    __tablename__ = "source"

    name: Mapped[str] = mapped_column(primary_key=True)
    cursor: Mapped[str | None]
    latest: Mapped[datetime | None]
    last_started_at: Mapped[datetime | None]
    last_ok_at: Mapped[datetime | None]
    last_error: Mapped[str]
    last_error_at: Mapped[datetime | None]
    new: Mapped[int]
    duplicates: Mapped[int]
    quarantined: Mapped[int]
    noise: Mapped[int]
    rescanned_at: Mapped[datetime | None]
    missed: Mapped[int]
    verified_at: Mapped[datetime | None]
    differences: Mapped[int]
    erased: Mapped[int]


class OutboxState(StrEnum):
    """Pending and retry wait for their time; sending is leased; sent, dead and withdrawn are ends."""

    PENDING = "pending"
    SENDING = "sending"
    SENT = "sent"
    RETRY = "retry"
    DEAD = "dead"
    WITHDRAWN = "withdrawn"


class OutboxRow(Base):
    """One message to the outside. The key follows from what it says to whom, so that none is sent twice.

    `holds`: whether its reason still stands; one that loses it while being sent is not tried again.
    """

    __tablename__ = "outbox"
    __table_args__ = (Index("ix_outbox_state_next_attempt_at", "state", "next_attempt_at"),)

    key: Mapped[str] = mapped_column(primary_key=True)
    learner_id: Mapped[str] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    notice_key: Mapped[str]
    kind: Mapped[NoticeKind] = mapped_column(Word(NoticeKind))
    recipient_id: Mapped[str] = mapped_column(index=True)
    due_at: Mapped[datetime]
    details: Mapped[Mapping[str, str]] = mapped_column(Document(dict[str, str]))
    state: Mapped[OutboxState] = mapped_column(Word(OutboxState))
    holds: Mapped[bool]
    created_at: Mapped[datetime]
    next_attempt_at: Mapped[datetime]
    attempts: Mapped[int]
    lease: Mapped[str | None]
    leased_until: Mapped[datetime | None]
    settled_at: Mapped[datetime | None]
    last_error: Mapped[str]


class RulesetRow(Base):
    """A published version of the rules, never changed: full texts, packs included as they were."""

    __tablename__ = "ruleset"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    author: Mapped[str]
    note: Mapped[str]
    digest: Mapped[str]
    documents: Mapped[Mapping[str, str]] = mapped_column(Document(dict[str, str]))
    at: Mapped[datetime]


class RulesetActivationRow(Base):
    """Which version came into force when, and why; the last row is the one in force: a roll-back is one more row."""

    __tablename__ = "ruleset_activation"

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(ForeignKey("ruleset.number"))
    by: Mapped[str]
    at: Mapped[datetime]
    note: Mapped[str]
