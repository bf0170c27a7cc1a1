"""Messages to the outside, each written with the plan that asked for it and sent under a lease.

pending → sending → sent, or → retry → sending …, or → dead. One whose reason has gone before it was sent is withdrawn.
A sender that crashed leaves `sending` behind; when its lease has run out the message is taken again (so at least once:
the key lets a receiver tell a repeat).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID, uuid4, uuid5

from sqlalchemy import Connection, Engine, and_, case, func, or_, select, update

from lrs_bridge.domain.notice import Notice, NoticeKind
from lrs_bridge.store.engine import write
from lrs_bridge.store.errors import NotFound
from lrs_bridge.store.rows import chunks
from lrs_bridge.store.tables import OutboxRow, OutboxState

__all__ = [
    "WAITING",
    "GivenUp",
    "Message",
    "OutboxState",
    "counts",
    "failed",
    "given_up",
    "letter_id",
    "message_key",
    "revive",
    "sent",
    "take",
]

_LETTERS = UUID("5b1d7f0e-9a34-5c55-8a1c-6c7e4f6d2b90")

#: States in which nobody has begun to send.
WAITING = (OutboxState.PENDING, OutboxState.RETRY)


@dataclass(frozen=True, slots=True)
class Message:
    """A message to send now. `attempts` counts this one; `lease` proves whose turn it is."""

    key: str
    kind: NoticeKind
    recipient_id: str
    learner_id: str
    due_at: datetime
    details: Mapping[str, str]
    attempts: int
    lease: str


def message_key(notice: Notice) -> str:
    """The key of a notice's message. The learner is part of it: two learners may share a group's statement."""
    return f"{notice.learner_id}|{notice.key}"


def letter_id(key: str) -> str:
    """The id that a message bears outside: always the same for the same key, and it says nothing about anybody."""
    return str(uuid5(_LETTERS, key))


def take(engine: Engine, *, now: datetime, limit: int, lease: timedelta = timedelta(minutes=5)) -> list[Message]:
    """Take up to `limit` messages whose time has come, the longest waiting first."""
    word = str(uuid4())
    lost = and_(OutboxRow.state == OutboxState.SENDING, OutboxRow.leased_until <= now)
    ready = and_(OutboxRow.state.in_(WAITING), OutboxRow.next_attempt_at <= now)
    with write(engine) as connection:
        gone = update(OutboxRow).where(lost, OutboxRow.holds.is_(False))
        connection.execute(gone.values(state=OutboxState.WITHDRAWN, settled_at=now, lease=None, leased_until=None))
        rows = connection.execute(
            select(OutboxRow.__table__)
            .where(or_(ready, lost))
            .order_by(OutboxRow.next_attempt_at, OutboxRow.key)
            .limit(limit)
            .with_for_update(skip_locked=True)
        ).all()
        taken = update(OutboxRow).values(
            state=OutboxState.SENDING, lease=word, leased_until=now + lease, attempts=OutboxRow.attempts + 1
        )
        for keys in chunks(row.key for row in rows):
            connection.execute(taken.where(OutboxRow.key.in_(keys)))
    return [
        Message(
            row.key, row.kind, row.recipient_id, row.learner_id, row.due_at, row.details, row.attempts + 1, lease=word
        )
        for row in rows
    ]


def sent(connection: Connection, message: Message, now: datetime) -> bool:
    """The message went out; False if the lease had run out and somebody else has it."""
    return _settle(connection, message, state=OutboxState.SENT, settled_at=now, last_error="")


def failed(connection: Connection, message: Message, *, reason: str, retry_at: datetime | None, now: datetime) -> bool:
    """The message did not go out; it is tried again at `retry_at`, or (None) never by itself.

    `reason` holds no address and no credential. False if somebody else has the message by now.
    """
    following = OutboxState.DEAD if retry_at is None else OutboxState.RETRY
    state = case((OutboxRow.holds, following), else_=OutboxState.WITHDRAWN)
    settled_at = now if retry_at is None else None
    next_at = now if retry_at is None else retry_at
    return _settle(connection, message, state=state, settled_at=settled_at, next_attempt_at=next_at, last_error=reason)


def revive(connection: Connection, key: str, now: datetime) -> bool:
    """Let a dead message be tried again, as often as a new one; False if it is not dead, or its reason has gone.

    Raises NotFound.
    """
    if connection.execute(select(OutboxRow.key).where(OutboxRow.key == key)).one_or_none() is None:
        raise NotFound("There is no message under this key.")
    dead = (OutboxRow.key == key, OutboxRow.state == OutboxState.DEAD, OutboxRow.holds)
    again = {"state": OutboxState.RETRY, "next_attempt_at": now, "settled_at": None, "attempts": 0}
    return connection.execute(update(OutboxRow).where(*dead).values(again)).rowcount == 1


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A message that will not be tried again by itself, though its reason stands. `id` is the letter's."""

    id: str
    key: str
    kind: NoticeKind
    recipient_id: str
    at: datetime | None
    attempts: int
    reason: str


def given_up(connection: Connection) -> list[GivenUp]:
    """The messages that were given up, the latest first."""
    found = select(OutboxRow.__table__).where(OutboxRow.state == OutboxState.DEAD, OutboxRow.holds)
    return [
        GivenUp(
            letter_id(row.key),
            row.key,
            row.kind,
            row.recipient_id,
            row.settled_at,
            row.attempts,
            row.last_error,
        )
        for row in connection.execute(found.order_by(OutboxRow.settled_at.desc(), OutboxRow.key))
    ]


def counts(connection: Connection) -> dict[OutboxState, int]:
    """How many messages are in each state; states without any are left out."""
    query = select(OutboxRow.state, func.count()).group_by(OutboxRow.state)
    return {row[0]: row[1] for row in connection.execute(query)}


def _settle(connection: Connection, message: Message, **values: object) -> bool:
    mine = (OutboxRow.key == message.key, OutboxRow.state == OutboxState.SENDING, OutboxRow.lease == message.lease)
    settled = update(OutboxRow).where(*mine).values(lease=None, leased_until=None, **values)
    return connection.execute(settled).rowcount == 1
