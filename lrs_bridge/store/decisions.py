"""What administrators decided by hand. A decision is never deleted; it can be undone, which is remembered as well."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from lrs_bridge.domain.facts import Decision
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.errors import NotFound
from lrs_bridge.store.rows import by_learner, columns_of, values_of
from lrs_bridge.store.tables import DecisionRow

_DECISION = columns_of(DecisionRow, Decision)


def add_decision(connection: Connection, decision: Decision, now: datetime, *, learner_id: str | None = None) -> bool:
    """Record a decision about one learner's completion or finding, or (no learner) for everybody; True if it is news.

    Those whom it concerns become due.
    """
    if get_decision(connection, decision.id) is not None:
        return False
    connection.execute(insert(DecisionRow).values(**values_of(decision), learner_id=learner_id))
    mark_due(connection, None if learner_id is None else [learner_id], now)
    return True


def undo_decision(connection: Connection, decision_id: str, *, by: str, now: datetime) -> bool:
    """Let a decision hold no longer; False if it had been undone before. Raises NotFound."""
    query = select(DecisionRow.learner_id, DecisionRow.undone_at).where(DecisionRow.id == decision_id)
    row = connection.execute(query).one_or_none()
    if row is None:
        raise NotFound(f"There is no decision {decision_id}.")
    if row.undone_at is not None:
        return False
    # The condition once more: somebody else may have undone it since it was read.
    standing = (DecisionRow.id == decision_id, DecisionRow.undone_at.is_(None))
    undone = update(DecisionRow).where(*standing).values(undone_at=now, undone_by=by)
    if connection.execute(undone).rowcount == 0:
        return False
    mark_due(connection, None if row.learner_id is None else [row.learner_id], now)
    return True


def get_decision(connection: Connection, decision_id: str) -> Decision | None:
    """A decision, whether it still holds or not."""
    row = connection.execute(select(*_DECISION).where(DecisionRow.id == decision_id)).one_or_none()
    return None if row is None else Decision(*row)


def standing_on(connection: Connection, subject: str, *, learner_id: str | None) -> tuple[Decision, ...]:
    """The decisions that hold on a subject: one learner's, or (None) for everybody."""
    of_whom = DecisionRow.learner_id.is_(None) if learner_id is None else DecisionRow.learner_id == learner_id
    query = select(*_DECISION).where(DecisionRow.subject == subject, of_whom, DecisionRow.undone_at.is_(None))
    return tuple(Decision(*row) for row in connection.execute(query.order_by(DecisionRow.at, DecisionRow.id)))


def load_organisation_decisions(connection: Connection) -> tuple[Decision, ...]:
    """The decisions that hold for everybody."""
    query = select(*_DECISION).where(DecisionRow.learner_id.is_(None), DecisionRow.undone_at.is_(None))
    return tuple(Decision(*row) for row in connection.execute(query.order_by(DecisionRow.at, DecisionRow.id)))


def load_decisions(connection: Connection, learner_ids: Sequence[str]) -> dict[str, tuple[Decision, ...]]:
    """The decisions that hold about these learners' own completions and findings."""
    query = select(DecisionRow.learner_id, *_DECISION).where(DecisionRow.undone_at.is_(None))
    return by_learner(connection, query.order_by(DecisionRow.at, DecisionRow.id), Decision, learner_ids)
