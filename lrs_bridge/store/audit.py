"""The audit: every act, who, when, on what. Rows are added; only erasing a person ever changes one (`rename`)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from lrs_bridge.store.rows import columns_of, values_of
from lrs_bridge.store.tables import AuditRow


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One act. `act` is a word such as `follow-up.confirm`, `subject` the id of what it was done to."""

    at: datetime
    by: str
    act: str
    subject: str
    details: Mapping[str, str] = field(default_factory=dict)


def record(connection: Connection, entry: AuditEntry) -> None:
    """Add an entry, in the same transaction as the act."""
    connection.execute(insert(AuditRow).values(**values_of(entry)))


def entries(connection: Connection, *, subject: str | None = None, limit: int = 100) -> list[AuditEntry]:
    """The latest entries (about one subject), the newest first."""
    query = select(*columns_of(AuditRow, AuditEntry)).order_by(AuditRow.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(AuditRow.subject == subject)
    return [AuditEntry(*row) for row in connection.execute(query)]


def rename(connection: Connection, names: Mapping[str, str]) -> int:
    """Put other ids in the place of these, wherever an entry holds one or a list of them; how many entries changed.

    The database refuses it outside of `lrs_bridge.store.erasing`.
    """
    changed = 0
    rows = connection.execute(select(AuditRow.id, AuditRow.by, AuditRow.subject, AuditRow.details)).all()
    for row in rows:
        values = {
            "by": names.get(row.by, row.by),
            "subject": names.get(row.subject, row.subject),
            "details": {key: _renamed(value, names) for key, value in row.details.items()},
        }
        if values == {"by": row.by, "subject": row.subject, "details": row.details}:
            continue
        connection.execute(update(AuditRow).where(AuditRow.id == row.id).values(**values))
        changed += 1
    return changed


def _renamed(text: str, names: Mapping[str, str]) -> str:
    return " ".join(names.get(word, word) for word in text.split(" "))
