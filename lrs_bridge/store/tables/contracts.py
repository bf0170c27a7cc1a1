"""Facts: contracts with revisions and signatures. Goals and supports are listed beside the text for looking them up."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import ForeignKey, ForeignKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.domain.contract import ContractKind, Role
from lrs_bridge.store.documents import Terms
from lrs_bridge.store.tables.base import Base, Document, Word


class ContractRow(Base):
    """An agreement; what it says stands in its revisions."""

    __tablename__ = "contract"

    id: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[ContractKind] = mapped_column(Word(ContractKind))
    learner_id: Mapped[str] = mapped_column(ForeignKey("learner.id", ondelete="CASCADE"), index=True)
    manager_id: Mapped[str | None] = mapped_column(index=True)
    title: Mapped[str]
    opportunity: Mapped[str]
    withdrawn_at: Mapped[datetime | None]


class RevisionRow(Base):
    """One version of the text; `terms` is what both sides sign."""

    __tablename__ = "contract_revision"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    proposed_at: Mapped[datetime | None]
    terms: Mapped[Terms] = mapped_column(Document(Terms))


class SignatureRow(Base):
    """One side's yes to one revision."""

    __tablename__ = "contract_signature"
    __table_args__ = (
        ForeignKeyConstraint(
            ["contract_id", "number"], ["contract_revision.contract_id", "contract_revision.number"], ondelete="CASCADE"
        ),
    )

    contract_id: Mapped[str] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    role: Mapped[Role] = mapped_column(Word(Role), primary_key=True)
    by: Mapped[str] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True)


class ContractGoalRow(Base):
    """Every goal of every revision, as its latest revision puts it: from a goal's id to its contract."""

    __tablename__ = "contract_goal"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), primary_key=True)
    goal_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    title: Mapped[str]
    initiative_id: Mapped[str | None] = mapped_column(index=True)


class ContractSupportRow(Base):
    """Every support of every revision, as its latest revision puts it: from a support's id to its contract."""

    __tablename__ = "contract_support"

    contract_id: Mapped[str] = mapped_column(ForeignKey("contract.id", ondelete="CASCADE"), primary_key=True)
    support_id: Mapped[str] = mapped_column(primary_key=True, index=True)
    goal_id: Mapped[str]
    what: Mapped[str]
    provider_id: Mapped[str | None] = mapped_column(index=True)
    needed_by: Mapped[date | None]
