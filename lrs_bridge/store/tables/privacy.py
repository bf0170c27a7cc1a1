"""What is remembered of people who were erased: hashes of their identifiers, and nothing that leads to their rows.

And whether this database keeps names at all.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from lrs_bridge.store.tables.base import Base


class ErasedIdentifierRow(Base):
    """An identifier that must not come back, hashed under the installation's own key (`key_id` says which)."""

    __tablename__ = "erased_identifier"

    mark: Mapped[str] = mapped_column(primary_key=True)
    key_id: Mapped[str] = mapped_column(index=True)
    at: Mapped[datetime]


class PseudonymsRow(Base):
    """If a row stands here, this database keeps no names, and pseudonyms are made under the key that it tells."""

    __tablename__ = "pseudonyms"

    key_id: Mapped[str] = mapped_column(primary_key=True)
    since: Mapped[datetime]


class RewritingRow(Base):
    """While a row stands here, within one transaction, what is only ever added to may be rewritten or thinned out.

    No other transaction ever sees one: it is taken away before the end.
    """

    __tablename__ = "rewriting"

    reason: Mapped[str] = mapped_column(primary_key=True)
