"""Whether what is kept agrees with itself: the file, the references, and what its rows promise each other.

Each promise is a row of `PROMISES`: what would be wrong, how many rows are, and what to do about it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, Table, and_, exists, func, select
from sqlalchemy.exc import DatabaseError

from lrs_bridge.store import schema
from lrs_bridge.store.engine import is_postgres
from lrs_bridge.store.errors import SchemaError
from lrs_bridge.store.tables import (
    Base,
    CompletionLinkRow,
    CompletionRow,
    DueRow,
    EvidenceRow,
    FindingRow,
    FollowUpRow,
    LearnerRow,
    LinkKind,
    OutboxRow,
    OutboxState,
)

_PLAN_AGAIN: Final = "Import the people again, then run `lrs-bridge reconcile`; if it stays, restore a backup."
_RESTORE: Final = "Stop lrs-bridge and restore the last good backup (`lrs-bridge db restore`)."
_MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Trouble:
    """Something that is wrong: what, in how many places, and what to do."""

    what: str
    count: int
    advice: str


class Promise(NamedTuple):
    """What would be wrong if it were broken, how to count that, and what to do."""

    broken: str
    count: Callable[[Connection], int]
    advice: str


def troubles(connection: Connection) -> tuple[Trouble, ...]:
    """Everything that is wrong in the database; empty when it is sound. Reads all of it."""
    damaged = tuple(_damage(connection))
    if damaged:
        return damaged
    try:
        schema.check(connection.engine)
    except SchemaError as error:
        return (Trouble(str(error), 1, ""),)
    loose = tuple(_loose_rows(connection))
    counted = ((promise, promise.count(connection)) for promise in PROMISES)
    return loose + tuple(Trouble(promise.broken, count, promise.advice) for promise, count in counted if count)


def _damage(connection: Connection) -> Iterator[Trouble]:
    """What SQLite finds in its own file. PostgreSQL has `pg_amcheck` for that."""
    if is_postgres(connection):
        return
    try:
        found = [text for (text,) in connection.exec_driver_sql(f"PRAGMA integrity_check({_MOST})") if text != "ok"]
    except DatabaseError as error:
        found = [type(error.orig).__name__]
    if found:
        yield Trouble(f"the file is damaged: {'; '.join(found)}", len(found), _RESTORE)


def _loose_rows(connection: Connection) -> Iterator[Trouble]:
    """Rows that belong to a row that is not there."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_key_constraints:
            owner = key.referred_table.alias()
            pairs = [(each.parent, owner.c[each.column.name]) for each in key.elements]
            same = and_(*(mine == theirs for mine, theirs in pairs))
            given = and_(*(mine.is_not(None) for mine, _ in pairs))
            count = _count(connection, table, given & ~exists().where(same).correlate(table))
            if count:
                yield Trouble(f"rows of {table.name} belong to no row of {key.referred_table.name}", count, _RESTORE)


def _count(connection: Connection, table: Table, condition: ColumnElement[bool]) -> int:
    return connection.execute(select(func.count()).select_from(table).where(condition)).scalar_one()


def _counted(query: Select[int]) -> Callable[[Connection], int]:
    return lambda connection: connection.execute(query).scalar_one()


def _without(
    row: type[Any], other: type[Any], *same: ColumnElement[bool], only: ColumnElement[bool] | None = None
) -> Select[int]:
    """How many rows of one table have no partner in another."""
    query = select(func.count()).select_from(row).where(~exists(select(other).where(*same)))
    return query if only is None else query.where(only)


def _crossed_links(connection: Connection) -> int:
    """Completions whose links are not exactly their lists. Both are read in one order, side by side."""
    link, row = CompletionLinkRow, CompletionRow
    links = select(link.learner_id, link.completion_id, link.kind, link.value)
    linked_rows = _streamed(connection, links.order_by(link.learner_id, link.completion_id))
    groups = ((key, {(each[2], each[3]) for each in some}) for key, some in groupby(linked_rows, lambda row: row[:2]))
    lists = select(row.learner_id, row.id, *(column for _, column in _LISTS)).order_by(row.learner_id, row.id)
    crossed, current = 0, next(groups, None)
    for learner_id, own_id, *values in _streamed(connection, lists):
        expected = {(kind, value) for (kind, _), some in zip(_LISTS, values, strict=True) for value in some}
        linked: set[tuple[LinkKind, str]] = set()
        if current is not None and current[0] == (learner_id, own_id):
            linked = current[1]
            current = next(groups, None)
        crossed += linked != expected
    return crossed


def _streamed(connection: Connection, query: Select[*tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
    """Rows as they come, so that the memory does not grow with their number."""
    return (tuple(row) for row in connection.execute(query, execution_options={"yield_per": 1000}))


_LISTS: Final = (
    (LinkKind.STATEMENT, CompletionRow.statements),
    (LinkKind.NEED, CompletionRow.needs),
    (LinkKind.COMPETENCY, CompletionRow.competencies),
    (LinkKind.RULE, CompletionRow.rules),
    (LinkKind.SHADOW_RULE, CompletionRow.shadow_rules),
)


def _of_completion(row: type[EvidenceRow | FollowUpRow | FindingRow]) -> tuple[ColumnElement[bool], ...]:
    return (CompletionRow.learner_id == row.learner_id, CompletionRow.id == row.completion_id)


PROMISES: Final = (
    Promise(
        "learners are never planned: nothing says when they are due",
        _counted(_without(LearnerRow, DueRow, DueRow.learner_id == LearnerRow.id)),
        _PLAN_AGAIN,
    ),
    Promise(
        "evidence speaks of a completion that is not there",
        _counted(_without(EvidenceRow, CompletionRow, *_of_completion(EvidenceRow))),
        _RESTORE,
    ),
    Promise(
        "application tasks hang on a completion that is not there, and do not say so",
        _counted(_without(FollowUpRow, CompletionRow, *_of_completion(FollowUpRow), only=~FollowUpRow.reason_gone)),
        _RESTORE,
    ),
    Promise(
        "findings speak of a completion that is not there",
        _counted(
            _without(FindingRow, CompletionRow, *_of_completion(FindingRow), only=FindingRow.completion_id.is_not(None))
        ),
        _RESTORE,
    ),
    Promise("completions are looked up by other things than they list", _crossed_links, _RESTORE),
    Promise(
        "messages are being sent by nobody",
        _counted(
            select(func.count())
            .select_from(OutboxRow)
            .where(OutboxRow.state == OutboxState.SENDING, OutboxRow.leased_until.is_(None))
        ),
        _RESTORE,
    ),
)
