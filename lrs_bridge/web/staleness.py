"""From when on a source counts as stale: when it missed several pulls in a row."""

from __future__ import annotations

from datetime import timedelta

from lrs_bridge.web.current import the_bridge

_MISSED_PULLS = 3
_LEAST = timedelta(minutes=15)


def stale_after() -> timedelta:
    """Three pulls missed, and never less than a quarter of an hour: a restart is no alarm."""
    return max(_LEAST, _MISSED_PULLS * the_bridge().settings.schedule.pull)


def source_names() -> tuple[str, ...]:
    """The configured sources, also those never pulled yet."""
    return tuple(source.name for source in the_bridge().settings.sources)
