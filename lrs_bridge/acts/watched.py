"""A source that somebody at a terminal watches: tells how many records came, and keeps the error that ended it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from lrs_bridge_connectors.errors import ConnectorError
from lrs_bridge_connectors.source import Health, Page, Source, Window

__all__ = ["Source", "WatchedSource", "window"]


class WatchedSource:
    """The same source, with `tell` called after every page with the number of records so far."""

    def __init__(self, source: Source, tell: Callable[[int], None]) -> None:
        self._source = source
        self._tell = tell
        self.error: ConnectorError | None = None

    @property
    def name(self) -> str:
        return self._source.name

    def pages(self, cursor: str | None) -> Iterator[Page]:
        return self._watch(self._source.pages(cursor))

    def window(self, window: Window) -> Iterator[Page]:
        return self._watch(self._source.window(window))

    def check(self) -> Health:
        return self._source.check()

    def _watch(self, pages: Iterator[Page]) -> Iterator[Page]:
        records = 0
        try:
            for page in pages:
                yield page
                records += len(page.records)
                self._tell(records)
        except ConnectorError as error:
            self.error = error
            raise


def window(since: datetime | None, until: datetime | None) -> Window:
    """The span between two moments that somebody gave; None is open."""
    return Window(since, until)
