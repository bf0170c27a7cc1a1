"""What only one transaction does at a time: take in facts, act on one learner, change what holds for everybody.

Which learner a statement belongs to is decided by two facts that may arrive in two transactions at once: the statement
and the identity; so it is with a voiding statement and its target. If each were blind to the other, nobody would be
made due. And of two people who act on the same task, the second has to see what the first did. SQLite has one writer
anyway; PostgreSQL is asked for locks that end with the transaction.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select

from lrs_bridge.store.engine import is_postgres
from lrs_bridge.store.tables import DueRow

# Arbitrary numbers, the same in every process.
_FACTS: Final = 0x4C52_5342
_COMMON: Final = 0x4C52_5343


def lock_facts(connection: Connection) -> None:
    """Wait until no other transaction takes in facts, and keep others out until this one ends."""
    _lock(connection, _FACTS)


def lock_common(connection: Connection) -> None:
    """The same for what holds for everybody: the rules in force, and decisions about activities."""
    _lock(connection, _COMMON)


def lock_learner(connection: Connection, learner_id: str) -> None:
    """Wait until nobody else acts on this learner, or writes a plan of theirs, and keep others out."""
    if is_postgres(connection):
        connection.execute(select(DueRow.revision).where(DueRow.learner_id == learner_id).with_for_update())


def _lock(connection: Connection, number: int) -> None:
    if is_postgres(connection):
        connection.execute(select(func.pg_advisory_xact_lock(number)))
