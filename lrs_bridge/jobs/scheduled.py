"""A pull that nobody watches: where a source was never read and goes far back, its history is left to windows.

Someone who runs `lrs-bridge pull` wants everything, and waits for it. A worker has other things to do between.
"""

from __future__ import annotations

from datetime import datetime

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.backfill import WIDTH, begin
from lrs_bridge.jobs.pull import PullReport, give_up, pull
from lrs_bridge.settings import Settings, XapiSourceSettings
from lrs_bridge.store.backfills import latest_of
from lrs_bridge.store.engine import read
from lrs_bridge.store.sources import get_state
from lrs_bridge_connectors.errors import ConnectorError
from lrs_bridge_connectors.source import Reaching, Source


def scheduled_pull(bridge: Bridge, source: Source, now: datetime) -> tuple[PullReport, bool]:
    """Pull a source; and whether windows for its history were recorded before. Raises as `pull` does."""
    begun = False
    if isinstance(source, Reaching) and _wants_windows(bridge.settings, source.name) and _is_new(bridge, source.name):
        try:
            begun = _begin(bridge, source, now)
        except ConnectorError as error:  # once is enough: asking again would be a second wrong password
            return give_up(bridge, source.name, str(error), now), False
    return pull(bridge, source, now), begun


def _wants_windows(settings: Settings, name: str) -> bool:
    return any(
        each.first_pull == "windows"
        for each in settings.sources
        if isinstance(each, XapiSourceSettings) and each.name == name
    )


def _is_new(bridge: Bridge, name: str) -> bool:
    with read(bridge.engine) as connection:
        return get_state(connection, name).cursor is None and latest_of(connection, name) is None


def _begin(bridge: Bridge, source: Reaching, now: datetime) -> bool:
    reach = source.reach(None)
    if reach is None or reach.until - reach.earliest <= WIDTH:
        return False
    return begin(bridge, source, now) is not None
