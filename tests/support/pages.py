"""Sources that give exactly what a test says, and what a database holds after they were pulled."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import msgspec
from sqlalchemy import func, select, update

from lrs_bridge.bridge import Bridge
from lrs_bridge.store.due import count_due
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.sources import SourceState, get_state
from lrs_bridge.store.tables import DueRow, NoiseRow, StatementRow
from lrs_bridge_connectors.errors import Retryable
from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.source import Health, Page, Record, Source, Window
from support.builders import NOON, day


class Breaking:
    """The source behind it, until so many pages were given; then the connection breaks."""

    def __init__(self, source: Source, pages: int) -> None:
        self.name, self._source, self._left = source.name, source, pages

    def pages(self, cursor: str | None) -> Iterator[Page]:
        for page in self._source.pages(cursor):
            if self._left == 0:
                raise Retryable("the connection broke", source=self.name)
            self._left -= 1
            yield page

    def window(self, window: Window) -> Iterator[Page]:
        return self._source.window(window)

    def check(self) -> Health:
        return self._source.check()


class Told:
    """A source that gives exactly these pages, whatever it is asked."""

    name = "lms"

    def __init__(self, *pages: Page) -> None:
        self._pages = pages

    def pages(self, cursor: str | None) -> Iterator[Page]:
        yield from self._pages

    def window(self, window: Window) -> Iterator[Page]:
        for page in self._pages:
            yield replace(page, cursor=None)

    def check(self) -> Health:
        return Health(ok=True, message="")


def a_record(body: dict[str, Any] | bytes, stored: datetime = NOON) -> Record:
    raw = body if isinstance(body, bytes) else msgspec.json.encode({"stored": stored.isoformat(), **body})
    return Record(body.get("id") if isinstance(body, dict) else None, stored, raw)


def a_page(*records: Record, cursor: str = "2026-03-01T12:00:00.000Z") -> Page:
    times = [record.stored for record in records if record.stored]
    return Page(records, cursor, max(times, default=None))


def fill(sandbox: SandboxLrs, *bodies: dict[str, Any]) -> None:
    """Each stored a minute after the one before."""
    sandbox.load(
        [
            {"id": str(uuid4()), **body, "stored": (NOON + timedelta(minutes=number)).isoformat()}
            for number, body in enumerate(bodies)
        ]
    )


def kept(bridge: Bridge) -> int:
    with read(bridge.engine) as connection:
        return connection.execute(select(func.count()).select_from(StatementRow)).scalar_one()


def state(bridge: Bridge) -> SourceState:
    with read(bridge.engine) as connection:
        return get_state(connection, "lms")


def noise(bridge: Bridge) -> dict[tuple[str, str, str], int]:
    with read(bridge.engine) as connection:
        rows = connection.execute(select(NoiseRow.verb, NoiseRow.activity_type, NoiseRow.day, NoiseRow.count)).all()
    return {(verb.rpartition("/")[2], kind, day.isoformat()): count for verb, kind, day, count in rows}


def nobody_is_due(bridge: Bridge) -> None:
    with write(bridge.engine) as connection:
        connection.execute(update(DueRow).values(due_at=None))


def due(bridge: Bridge) -> int:
    with read(bridge.engine) as connection:
        return count_due(connection, day(30))
