"""The notices of plans become messages in the outbox: each once, and none that no longer holds.

What was sent is never sent again; what nobody has begun to send is withdrawn when its reason goes, and comes back
with it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, case, update
from sqlalchemy.dialects import postgresql, sqlite

from lrs_bridge.domain.notice import Notice
from lrs_bridge.store.derived import StoredMessage
from lrs_bridge.store.engine import is_postgres
from lrs_bridge.store.outbox import WAITING, message_key
from lrs_bridge.store.tables import OutboxRow, OutboxState

#: Nobody is sending it, or has sent it. One that was given up is no longer of interest once nobody asks for it.
_AT_REST = (*WAITING, OutboxState.DEAD)
_UNSENT = frozenset({*WAITING, OutboxState.WITHDRAWN})


class Letters:
    """What changes in the outbox for a chunk of learners."""

    def __init__(self, now: datetime) -> None:
        self._now = now
        self._new: list[dict[str, Any]] = []
        self._renewed: list[dict[str, Any]] = []
        self._withdrawn: list[dict[str, Any]] = []

    def add(self, stored: Mapping[str, StoredMessage], notices: Iterable[Notice]) -> int:
        """Compare one learner's notices with the messages that exist; returns how many of them change."""
        wanted = {notice.key: notice for notice in notices}
        new = [notice for key, notice in wanted.items() if key not in stored]
        renewed = [notice for key, notice in wanted.items() if key in stored and _outdated(stored[key], notice)]
        gone = [
            message.notice
            for key, message in stored.items()
            if key not in wanted and message.holds and message.state is not OutboxState.SENT
        ]
        self._new += [self._values(notice) for notice in new]
        self._renewed += [
            {"which": message_key(each), "new_due_at": each.due_at, "text": each.details} for each in renewed
        ]
        self._withdrawn += [{"which": message_key(notice)} for notice in gone]
        return len(new) + len(renewed) + len(gone)

    def write(self, connection: Connection) -> None:
        """Write the changes. Conditions stand in the statements themselves, for a sender may be at work meanwhile."""
        one = OutboxRow.key == bindparam("which")
        not_sent = OutboxRow.state != OutboxState.SENT
        if self._withdrawn:
            ended = case(
                *((OutboxRow.state == each, OutboxState.WITHDRAWN) for each in _AT_REST), else_=OutboxRow.state
            )
            connection.execute(update(OutboxRow).where(one, not_sent).values(holds=False, state=ended), self._withdrawn)
        if self._renewed:
            again = case((OutboxRow.state == OutboxState.WITHDRAWN, OutboxState.PENDING), else_=OutboxRow.state)
            renewed = {"holds": True, "state": again, "due_at": bindparam("new_due_at"), "details": bindparam("text")}
            connection.execute(update(OutboxRow).where(one, not_sent).values(renewed), self._renewed)
        if self._new:
            insert = postgresql.insert(OutboxRow) if is_postgres(connection) else sqlite.insert(OutboxRow)
            connection.execute(insert.on_conflict_do_nothing(index_elements=["key"]), self._new)

    def _values(self, notice: Notice) -> dict[str, Any]:
        return {
            "key": message_key(notice),
            "notice_key": notice.key,
            "learner_id": notice.learner_id,
            "kind": notice.kind,
            "recipient_id": notice.recipient_id,
            "due_at": notice.due_at,
            "details": dict(notice.details),
            "state": OutboxState.PENDING,
            "holds": True,
            "created_at": self._now,
            "next_attempt_at": max(notice.due_at, self._now),
            "attempts": 0,
            "last_error": "",
        }


def _outdated(message: StoredMessage, notice: Notice) -> bool:
    """Whether a message that has not gone out is to be written anew, or to hold again."""
    if message.state is OutboxState.SENT:
        return False
    return not message.holds or (message.state in _UNSENT and message.notice != notice)
