"""Forget what was deleted at the source: the statement goes, and with the next plan whatever followed from it.

No server is taken at its first word: `jobs/verify` hands in what it has looked up, and only if somebody asked for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.permission import allow
from lrs_bridge.bridge import Bridge
from lrs_bridge.store import drift
from lrs_bridge.store.engine import write

_FORGET = "statements.forget"


def forget_deleted(bridge: Bridge, by: Actor, source: str, ids: Sequence[str], now: datetime) -> int:
    """Take statements of a source out of the store; returns how many there were. Raises ActError: not allowed.

    The learners concerned become due; the audit keeps how many statements of which source went, and their ids.
    """
    allow(_FORGET, by)
    with write(bridge.engine) as connection:
        forgotten = drift.forget(connection, source, ids, now)
        if forgotten:
            record(connection, by, _FORGET, source, now, statements=str(forgotten), ids=" ".join(ids))
    return forgotten
