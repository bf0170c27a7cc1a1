"""Records that could not be taken in: kept whole, with the reason, until they are replayed or put away."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID, uuid5

from sqlalchemy import Connection, Select, delete, func, insert, select, update

from lrs_bridge.store.errors import NotFound
from lrs_bridge.store.fitness import tidy
from lrs_bridge.store.rows import chunks, columns_of
from lrs_bridge.store.tables import QuarantineRow, QuarantineState

if TYPE_CHECKING:
    from lrs_bridge.store.ingest import Rejected

__all__ = [
    "Held",
    "QuarantineState",
    "count",
    "dismiss",
    "find",
    "get",
    "get_alone",
    "known",
    "mark_replayed",
    "put",
    "remove",
]

_NAMESPACE = UUID("3f6c2f9a-0f0b-5f6e-9d34-1c1a3c2b7a55")


@dataclass(frozen=True, slots=True)
class Held:
    """One record in quarantine. `statement_id` is what it called itself, if that could be read."""

    id: str
    source: str
    statement_id: str | None
    reason: str
    body: bytes
    at: datetime
    state: QuarantineState
    settled_at: datetime | None = None
    settled_by: str | None = None


_HELD = columns_of(QuarantineRow, Held)


def put(connection: Connection, source: str, rejected: Iterable[Rejected], now: datetime) -> int:
    """Put records aside; returns how many were new. The same record of the same source is kept once."""
    wanted = {_id(source, each): each for each in rejected}
    known = _known(connection, wanted)
    rows = [
        {
            "id": own_id,
            "source": source,
            "statement_id": None if each.statement_id is None else tidy(each.statement_id),
            "reason": tidy(each.reason),
            "body": each.body,
            "at": now,
            "state": QuarantineState.WAITING,
        }
        for own_id, each in wanted.items()
        if own_id not in known
    ]
    if rows:
        connection.execute(insert(QuarantineRow), rows)
    return len(rows)


def known(connection: Connection, source: str, rejected: Iterable[Rejected]) -> Callable[[Rejected], bool]:
    """Tells of each of these records whether it was put aside before, whatever became of it since."""
    ids = {id(each): _id(source, each) for each in rejected}
    found = _known(connection, ids.values())
    return lambda each: ids[id(each)] in found


def _known(connection: Connection, ids: Iterable[str]) -> set[str]:
    return {
        own_id
        for some in chunks(ids)
        for own_id in connection.execute(select(QuarantineRow.id).where(QuarantineRow.id.in_(some))).scalars()
    }


def get(connection: Connection, held_id: str) -> Held:
    """One record. Raises NotFound."""
    return _get(connection, held_id, select(*_HELD))


def get_alone(connection: Connection, held_id: str) -> Held:
    """The same, and nobody else settles it until the transaction ends. Raises NotFound."""
    return _get(connection, held_id, select(*_HELD).with_for_update())


def _get(connection: Connection, held_id: str, query: Select[Any]) -> Held:
    row = connection.execute(query.where(QuarantineRow.id == held_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is nothing in quarantine under {held_id}.")
    return Held(*row)


def find(
    connection: Connection,
    *,
    state: QuarantineState | None = QuarantineState.WAITING,
    source: str | None = None,
    limit: int = 100,
    offset: int = 0,
) -> list[Held]:
    """Records in a state (None: any) and of a source, the oldest first."""
    query = select(*_HELD).order_by(QuarantineRow.at, QuarantineRow.id).limit(limit).offset(offset)
    if state is not None:
        query = query.where(QuarantineRow.state == state)
    if source is not None:
        query = query.where(QuarantineRow.source == source)
    return [Held(*row) for row in connection.execute(query)]


def count(connection: Connection, state: QuarantineState = QuarantineState.WAITING) -> int:
    """How many records are in this state."""
    query = select(func.count()).select_from(QuarantineRow).where(QuarantineRow.state == state)
    return connection.execute(query).scalar_one()


def mark_replayed(connection: Connection, held_id: str, *, by: str, now: datetime) -> bool:
    """The record was taken in after all; False if it was settled before. Raises NotFound."""
    return _settle(connection, held_id, QuarantineState.REPLAYED, by, now)


def dismiss(connection: Connection, held_id: str, *, by: str, now: datetime) -> bool:
    """Somebody looked at the record and put it away; False if it was settled before. Raises NotFound."""
    return _settle(connection, held_id, QuarantineState.DISMISSED, by, now)


def remove(connection: Connection, held_id: str) -> None:
    """Throw a record away: it is of somebody who was erased."""
    connection.execute(delete(QuarantineRow).where(QuarantineRow.id == held_id))


def _settle(connection: Connection, held_id: str, state: QuarantineState, by: str, now: datetime) -> bool:
    get(connection, held_id)
    waiting = (QuarantineRow.id == held_id, QuarantineRow.state == QuarantineState.WAITING)
    settled = update(QuarantineRow).where(*waiting).values(state=state, settled_at=now, settled_by=by)
    return connection.execute(settled).rowcount == 1


def _id(source: str, rejected: Rejected) -> str:
    name = tidy(rejected.statement_id or "")
    return str(uuid5(_NAMESPACE, f"{source} {name} {hashlib.sha256(rejected.body).hexdigest()}"))
