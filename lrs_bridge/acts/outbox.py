"""Messages that were given up: an administrator has them tried again, once what kept them is mended."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Connection

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import NotFound
from lrs_bridge.acts.permission import allow
from lrs_bridge.bridge import Bridge
from lrs_bridge.store import outbox
from lrs_bridge.store.engine import write
from lrs_bridge.store.outbox import GivenUp

_RETRY = "outbox.retry"


def retry(bridge: Bridge, by: Actor, letter_ids: Sequence[str], now: datetime) -> int:
    """Let given-up messages be tried again, all of these or none; returns how many. The next delivery takes them.

    Raises NotFound for one that was not given up, or is no longer asked for.
    """
    allow(_RETRY, by)
    wanted = dict.fromkeys(letter_ids)
    with write(bridge.engine) as connection:
        known = {each.id: each for each in outbox.given_up(connection)}
        for letter_id in wanted:
            if letter_id not in known:
                raise NotFound(
                    f"No message {letter_id} was given up.", "`lrs-bridge outbox list` shows those that were."
                )
        _revive(connection, by, [known[each] for each in wanted], now)
    return len(wanted)


def retry_all(bridge: Bridge, by: Actor, now: datetime) -> int:
    """Let every given-up message be tried again; returns how many there were."""
    allow(_RETRY, by)
    with write(bridge.engine) as connection:
        messages = outbox.given_up(connection)
        _revive(connection, by, messages, now)
    return len(messages)


def _revive(connection: Connection, by: Actor, messages: Sequence[GivenUp], now: datetime) -> None:
    for each in messages:
        outbox.revive(connection, each.key, now)
        record(connection, by, _RETRY, each.id, now, kind=each.kind)
