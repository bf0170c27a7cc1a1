"""A plan becomes rows: only what differs from what is kept, for a whole chunk of learners in one transaction.

The lease is checked first, and the learners' rows are held until the end: a plan whose lease was taken over is thrown
away, and a fact that arrived since the claim leaves its learner due.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, select, update

from lrs_bridge.domain.plan import Plan
from lrs_bridge.store.bulk import insert_many
from lrs_bridge.store.difference import Changes, Difference
from lrs_bridge.store.due import Claim, hold, settle
from lrs_bridge.store.load import Loaded
from lrs_bridge.store.notices import Letters
from lrs_bridge.store.rows import chunks
from lrs_bridge.store.summary_state import mark_stale
from lrs_bridge.store.tables import Base, FollowUpActRow


@dataclass(frozen=True, slots=True)
class Planned:
    """One learner's plan, ready to be applied: the claim, what was loaded, and what `plan` made of it."""

    claim: Claim
    loaded: Loaded
    plan: Plan


@dataclass(frozen=True, slots=True)
class Applied:
    """How many derived rows were written; `notices` counts messages that came, changed or were withdrawn.

    `superseded`: the lease had been taken over, and nothing was written.
    """

    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    notices: int = 0
    superseded: bool = False

    @property
    def writes(self) -> int:
        return self.inserted + self.updated + self.deleted + self.notices


def apply(connection: Connection, claim: Claim, loaded: Loaded, plan: Plan, now: datetime) -> Applied:
    """Apply one learner's plan; see `apply_all`."""
    return apply_all(connection, [Planned(claim, loaded, plan)], now)[0]


def apply_all(connection: Connection, chunk: Sequence[Planned], now: datetime) -> list[Applied]:
    """Write what differs, give the leases back, and say when each learner is due next. One result a plan, in order."""
    held = hold(connection, [each.claim for each in chunk])
    mine = [each for each in chunk if each.claim.learner_id in held]
    touched = _touched(connection, mine)
    difference, letters = Difference(), Letters(now)
    applied: dict[str, Applied] = {}
    for each in mine:
        learner_id = each.claim.learner_id
        plan = _keep_touched(each, touched)
        counted = difference.add(learner_id, each.loaded.stored, plan)
        written = letters.add(each.loaded.stored.messages, plan.notices)
        applied[learner_id] = Applied(counted.inserted, counted.updated, counted.deleted, written)
    if difference.tables:
        mark_stale(connection)
    for table, changes in _in_order(difference):
        _write(connection, table, changes)
    letters.write(connection)
    settle(connection, [(each.claim, each.plan.wake_at) for each in mine], held)
    return [applied.get(each.claim.learner_id, Applied(superseded=True)) for each in chunk]


def _touched(connection: Connection, chunk: Sequence[Planned]) -> set[tuple[str, str]]:
    """Of the follow-ups that plans leave out, those that somebody acted on: (learner id, follow-up id)."""
    left_out = [
        task.id
        for each in chunk
        for task in each.loaded.stored.follow_ups
        if task.id not in {planned.id for planned in each.plan.follow_ups}
    ]
    query = select(FollowUpActRow.learner_id, FollowUpActRow.follow_up_id).distinct()
    return {
        (row.learner_id, row.follow_up_id)
        for ids in chunks(left_out)
        for row in connection.execute(query.where(FollowUpActRow.follow_up_id.in_(ids)))
    }


def _keep_touched(planned: Planned, touched: set[tuple[str, str]]) -> Plan:
    """The plan with every task that a person touched: its reason has gone, it stays."""
    here = {task.id for task in planned.plan.follow_ups}
    kept = tuple(
        replace(task, reason_gone=True)
        for task in planned.loaded.stored.follow_ups
        if task.id not in here and (planned.claim.learner_id, task.id) in touched
    )
    return replace(planned.plan, follow_ups=(*planned.plan.follow_ups, *kept)) if kept else planned.plan


def _in_order(difference: Difference) -> list[tuple[type[Base], Changes]]:
    """Tables in the order in which they refer to one another, so that a row finds what it belongs to."""
    order: Mapping[str, int] = {table.name: place for place, table in enumerate(Base.metadata.sorted_tables)}
    return sorted(difference.tables.items(), key=lambda item: order[item[0].__tablename__])


def _write(connection: Connection, table: type[Base], changes: Changes) -> None:
    keys = [column.name for column in table.__table__.primary_key]
    of_key = [getattr(table, key) == bindparam(f"key_{key}") for key in keys]
    if changes.deletes:
        connection.execute(delete(table).where(*of_key), [_named(row, keys) for row in changes.deletes])
    if changes.updates:
        changed: dict[str, Any] = {name: bindparam(name) for name in changes.updates[0] if name not in keys}
        rows = [{**_named(row, keys), **_without(row, keys)} for row in changes.updates]
        connection.execute(update(table).where(*of_key).values(changed), rows)
    insert_many(connection, table, changes.inserts)


def _named(row: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {f"key_{key}": row[key] for key in keys}


def _without(row: dict[str, Any], keys: Sequence[str]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in keys}
