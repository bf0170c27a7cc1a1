"""Who may sign in, and the audit of what was done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, Integer
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.store.tables.base import Base, Document, Word


class UserRole(StrEnum):
    """What an account may do; the operator works on the machine, not here."""

    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"
    MANAGER = "manager"
    LEARNER = "learner"


class UserRow(Base):
    """A sign-in account; `password_hash` is argon2's own text."""

    __tablename__ = "user_account"

    login: Mapped[str] = mapped_column(primary_key=True)
    password_hash: Mapped[str]
    role: Mapped[UserRole] = mapped_column(Word(UserRole))
    learner_id: Mapped[str | None] = mapped_column(ForeignKey("learner.id", ondelete="SET NULL"), index=True)
    active: Mapped[bool]
    created_at: Mapped[datetime]
    failed_attempts: Mapped[int]
    last_failed_at: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]


class AuditRow(Base):
    """One act: who, when, what, on what. Rows are only ever added."""

    __tablename__ = "audit"
    __table_args__ = (Index("ix_audit_subject", "subject"), Index("ix_audit_at", "at"))

    id: Mapped[int] = mapped_column(Integer, primary_key=True)
    at: Mapped[datetime]
    by: Mapped[str]
    act: Mapped[str]
    subject: Mapped[str]
    details: Mapped[Mapping[str, str]] = mapped_column(Document(dict[str, str]))
