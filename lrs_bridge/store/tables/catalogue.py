"""Facts: the catalogue of activities."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.domain.activity import ProviderKind
from lrs_bridge.store.tables.base import Base, Document, Word


class ActivityRow(Base):
    """One activity; `fee` in hundredths of the currency."""

    __tablename__ = "activity"

    id: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str]
    provider: Mapped[str] = mapped_column(index=True)
    provider_kind: Mapped[ProviderKind | None] = mapped_column(Word(ProviderKind))
    fee: Mapped[int]
    hours: Mapped[float | None]
    competencies: Mapped[frozenset[str]] = mapped_column(Document(frozenset[str]))
    aliases: Mapped[frozenset[str]] = mapped_column(Document(frozenset[str]))
    mandated_by: Mapped[str]
    valid_for: Mapped[timedelta | None]
    job_aid: Mapped[str]
    pre_test: Mapped[str]
    post_test: Mapped[str]


class ActivityCompetencyRow(Base):
    """The competencies again, one a row: from a competency to the activities that teach it."""

    __tablename__ = "activity_competency"

    activity_id: Mapped[str] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    competency: Mapped[str] = mapped_column(primary_key=True, index=True)


class ActivityAliasRow(Base):
    """The aliases again, one a row: from the id that a source uses to the activity."""

    __tablename__ = "activity_alias"

    activity_id: Mapped[str] = mapped_column(ForeignKey("activity.id", ondelete="CASCADE"), primary_key=True)
    alias: Mapped[str] = mapped_column(primary_key=True, index=True)
