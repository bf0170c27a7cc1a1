"""Summarise: after completions changed, count anew what pages show of all of them.

Part of the third step: `reconcile` calls it. Few completions are counted at once. Many take seconds, so they are
counted again only after twenty times as long as it took, and what is shown is as old as it says it is.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta, tzinfo

import structlog

from lrs_bridge.bridge import Bridge
from lrs_bridge.store import summaries, summary_state
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.summary_state import SummaryState

logger = structlog.stdlib.get_logger(__name__)

#: Up to so many completions counting costs less than thinking about it.
FEW = 50_000
#: Counting more than that may take this part of the time.
SHARE = 20


def summarise(bridge: Bridge, now: datetime) -> bool:
    """Count and keep, if something changed or a day has passed and it is time to; whether that was done."""
    zone = bridge.settings.organisation.zone
    with read(bridge.engine) as connection:
        state = summary_state.get_state(connection)
        if not _is_needed(state, now, zone) or not (_has_rested(state, now) or summaries.are_few(connection, FEW)):
            return False
    begun = time.monotonic()
    with write(bridge.engine) as connection:
        lease = summary_state.begin(connection, now)
    return lease is not None and _count(bridge, lease, now, zone, begun)


def _is_needed(state: SummaryState, now: datetime, zone: tzinfo) -> bool:
    if state.at is None:
        return state.stale
    return state.stale or now.astimezone(zone).date() != state.at.astimezone(zone).date()


def _has_rested(state: SummaryState, now: datetime) -> bool:
    return state.at is None or now >= state.at + SHARE * timedelta(seconds=state.seconds)


def _count(bridge: Bridge, lease: str, now: datetime, zone: tzinfo, begun: float) -> bool:
    try:
        with read(bridge.engine) as connection:
            counted = summaries.count_all(connection, now, zone)
    except BaseException:  # also when the program is told to stop: nobody else could count until the lease ran out
        with write(bridge.engine) as connection:
            summary_state.give_up(connection, lease)
        raise
    seconds = time.monotonic() - begun
    with write(bridge.engine) as connection:
        saved = summaries.save(connection, lease, counted, seconds)
    logger.debug("summarised", seconds=round(seconds, 3), kept=saved)
    return saved
