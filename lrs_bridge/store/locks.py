"""One writer of facts at a time.

Which learner a statement belongs to is decided by two facts that may arrive in two transactions at once: the statement
and the identity; so it is with a voiding statement and its target. If each were blind to the other, nobody would be
made due. SQLite has one writer anyway; PostgreSQL is asked for a lock that ends with the transaction.
"""

from __future__ import annotations

from typing import Final

from sqlalchemy import Connection, func, select

from lrs_bridge.store.engine import is_postgres

_FACTS: Final = 0x4C52_5342  # "LRSB": an arbitrary number, the same in every process


def lock_facts(connection: Connection) -> None:
    """Wait until no other transaction takes in facts, and keep others out until this one ends."""
    if is_postgres(connection):
        connection.execute(select(func.pg_advisory_xact_lock(_FACTS)))
