"""A source that somebody at a terminal watches: tells how many records came, and keeps the error that ended it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Protocol, TypeVar, runtime_checkable

from lrs_bridge_connectors.errors import ConnectorError
from lrs_bridge_connectors.source import Found, Health, LooksUp, Page, Part, ReadsInParts, Source, Window

__all__ = ["Source", "WatchedSource", "watched", "window"]

_Batch = TypeVar("_Batch", Page, Part)


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

    def _watch(self, pages: Iterator[_Batch]) -> Iterator[_Batch]:
        records = 0
        try:
            for page in pages:
                yield page
                records += len(page.records)
                self._tell(records)
        except ConnectorError as error:
            self.error = error
            raise


@runtime_checkable
class _Able(Source, ReadsInParts, LooksUp, Protocol):
    """A source that can do all that a source can."""


class _WatchedAble(WatchedSource):
    """The same for a source that reads in parts and looks single statements up."""

    def __init__(self, source: _Able, tell: Callable[[int], None]) -> None:
        super().__init__(source, tell)
        self._able = source

    def parts(self, window: Window) -> Iterator[Part]:
        return self._watch(self._able.parts(window))

    def look_up(self, statement_id: str) -> Found:
        return self._able.look_up(statement_id)


def watched(source: Source, tell: Callable[[int], None]) -> WatchedSource:
    """The source, watched, with whatever it is able to do."""
    return _WatchedAble(source, tell) if isinstance(source, _Able) else WatchedSource(source, tell)


def window(since: datetime | None, until: datetime | None) -> Window:
    """The span between two moments that somebody gave; None is open."""
    return Window(since, until)
