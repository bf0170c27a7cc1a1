"""Rescan: reads a wide window of a source again, and takes in what the cursor has missed.

Servers show statements late, change order, or lose them behind a cursor; a rescan finds what was missed without moving
the cursor. It also takes in what newer rules want and older ones did not. Noise is not counted again.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.sorting import Sorter, sorter_for
from lrs_bridge.store.engine import write
from lrs_bridge.store.ingest import PageSaved, save_page
from lrs_bridge_connectors.errors import ConnectorError
from lrs_bridge_connectors.source import Page, Source, Window

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class RescanReport:
    """How many statements the window held, and how many of those that are wanted had been missed."""

    source: str
    read: int = 0
    missed: int = 0
    quarantined: int = 0
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether the window was read to its end."""
        return not self.error


def rescan(bridge: Bridge, source: Source, window: Window, now: datetime) -> RescanReport:
    """Read a window again. A `ConnectorError` ends up in the report; raises as `pull` does otherwise."""
    sorter = sorter_for(bridge.settings, source.name, bridge.ruleset())
    report = RescanReport(source.name)
    try:
        for page in source.window(window):
            saved = _keep(bridge, sorter, page, now)
            report = replace(
                report,
                read=report.read + len(page.records),
                missed=report.missed + saved.new,
                quarantined=report.quarantined + saved.quarantined,
            )
    except ConnectorError as error:
        report = replace(report, error=str(error))
    _tell(report)
    return report


def _keep(bridge: Bridge, sorter: Sorter, page: Page, now: datetime) -> PageSaved:
    found = sorter.sort(page.records)
    with write(bridge.engine) as connection:
        return save_page(
            connection,
            source=sorter.source,
            wanted=found.wanted,
            rejected=found.rejected,
            noise=Counter(),
            cursor=None,
            latest=None,
            now=now,
        )


def _tell(report: RescanReport) -> None:
    counts = {"read": report.read, "missed": report.missed, "quarantined": report.quarantined}
    if report.ok:
        log = logger.warning if report.missed else logger.info
        log("rescanned", source=report.source, **counts)
    else:
        logger.error("rescan stopped", source=report.source, error=report.error, **counts)
