"""The way of some bytes: a file that a source reads, pulled, planned, shown on the pages, and told in letters.

Nothing here is a copy of the product: each step is the very function that an installation calls. What comes to light on
the way is kept in a `Journey`, for the laws to judge.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import func, select, update
from structlog.testing import capture_logs
from structlog.typing import EventDict

from lrs_bridge.jobs.deliver import DeliverReport, deliver
from lrs_bridge.jobs.pull import PullReport, pull
from lrs_bridge.jobs.reconcile import ReconcileReport, reconcile
from lrs_bridge.store import quarantine
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.quarantine import Held
from lrs_bridge.store.read_models import Request, completions
from lrs_bridge.store.tables import DueRow, NoiseRow, SourceRow, StatementRow
from lrs_bridge_connectors.files import FileSource
from lrs_bridge_connectors.source import Health, Page, Record, Source, Window
from trials.fuzz.ground import LATER, NOW, SOURCE, Ground

GZIP = b"\x1f\x8b"
#: Of many completions and records these many are opened; lists show all of them.
OPENED = 4
LISTS = (
    "/",
    "/completions",
    "/unmatched",
    "/off-contract",
    "/waste",
    "/waste/by/activity",
    "/waste/by/provider",
    "/waste/by/unit",
    "/follow-ups",
    "/sources",
    "/sources/quarantine",
    "/sources/unknown-actors",
    "/sources/noise",
)
FILES = tuple(f"{page}?format=csv" for page in LISTS if page not in {"/", "/sources"})
_SHARE = 6


@dataclass(frozen=True, slots=True)
class Answer:
    """What a page answered."""

    path: str
    status: int
    text: str


@dataclass(slots=True)
class Journey:
    """Everything that came of some bytes. `shown`: names of activities, and the page that has to show each."""

    records: list[bytes] = field(default_factory=list)
    pulled: PullReport = field(default_factory=lambda: PullReport(SOURCE))
    repeated: PullReport = field(default_factory=lambda: PullReport(SOURCE))
    kept: list[bytes] = field(default_factory=list)
    held: list[Held] = field(default_factory=list)
    noise: int = 0
    planned: list[ReconcileReport] = field(default_factory=list)
    planned_again: list[ReconcileReport] = field(default_factory=list)
    troubles: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    shown: list[tuple[str, str]] = field(default_factory=list)
    delivered: DeliverReport = field(default_factory=DeliverReport)
    logged: list[EventDict] = field(default_factory=list)
    seconds: float = 0.0


class Witness:
    """A source that is watched: every record that it gives is remembered."""

    name = SOURCE

    def __init__(self, source: Source, seen: list[bytes]) -> None:
        self._source, self._seen = source, seen

    def pages(self, cursor: str | None) -> Iterator[Page]:
        for page in self._source.pages(cursor):
            self._seen.extend(record.body for record in page.records)
            yield page

    def window(self, window: Window) -> Iterator[Page]:
        return self._source.window(window)

    def check(self) -> Health:
        return self._source.check()


class Given:
    """A source that gives bodies as they are, in one page: what no file source would hand on whole."""

    name = SOURCE

    def __init__(self, *bodies: bytes) -> None:
        self._bodies = bodies

    def pages(self, cursor: str | None) -> Iterator[Page]:
        del cursor
        yield Page(tuple(Record(None, None, body) for body in self._bodies), None, None)

    def window(self, window: Window) -> Iterator[Page]:
        del window
        return self.pages(None)

    def check(self) -> Health:
        return Health(ok=True, message="")


def source_of(ground: Ground, data: bytes, page_records: int = 3) -> Source:
    """The bytes as a file of statements, in small pages. A last line is complete only with its line break."""
    ground.inbox.write_bytes(data if data.startswith(GZIP) else data + b"\n")
    return FileSource(SOURCE, ground.inbox, page_records=page_records)


def travel(ground: Ground, data: bytes, *, everything: bool = False) -> Journey:
    """Send the bytes through an installation that has seen nothing yet; see `go`."""
    return go(ground, source_of(ground, data), everything=everything, salt=zlib.crc32(data))


def go(ground: Ground, source: Source, *, everything: bool = True, salt: int = 0) -> Journey:
    """The whole way. Opens all lists, or a few of them that `salt` chooses, beside the pages of what came in."""
    ground.reset()
    begun = time.process_time()
    journey = Journey()
    with capture_logs() as journey.logged:
        journey.pulled = pull(ground.bridge, Witness(source, journey.records), NOW)
        _look_into_the_store(ground, journey)
        _plan(ground, journey, NOW)
        _show(ground, journey, _pages(journey, everything=everything, salt=salt))
        _plan(ground, journey, LATER)
        journey.delivered = deliver(ground.bridge, LATER)
        _forget_the_cursor(ground)
        journey.repeated = pull(ground.bridge, source, NOW)
    journey.seconds = time.process_time() - begun
    return journey


def _look_into_the_store(ground: Ground, journey: Journey) -> None:
    with read(ground.bridge.engine) as connection:
        journey.kept = list(connection.execute(select(StatementRow.body)).scalars())
        journey.held = quarantine.find(connection, limit=100_000)
        journey.noise = connection.execute(select(func.coalesce(func.sum(NoiseRow.count), 0))).scalar_one()


def _plan(ground: Ground, journey: Journey, now: datetime) -> None:
    journey.planned.append(reconcile(ground.bridge, now))
    with read(ground.bridge.engine) as connection:
        errors = connection.execute(select(DueRow.last_error).where(DueRow.last_error != "")).scalars()
        journey.troubles += [error.strip().rpartition("\n")[2] for error in errors]
    with write(ground.bridge.engine) as connection:
        mark_due(connection, None, now)
        connection.execute(update(DueRow).values(fingerprint=None))  # or nobody would be planned a second time
    journey.planned_again.append(reconcile(ground.bridge, now))


def _forget_the_cursor(ground: Ground) -> None:
    with write(ground.bridge.engine) as connection:
        connection.execute(update(SourceRow).values(cursor=None))


def _pages(journey: Journey, *, everything: bool, salt: int) -> Iterator[str]:
    chosen = LISTS + FILES
    for number, page in enumerate(chosen):
        if everything or (number + salt) % _SHARE == 0:
            yield page
    yield from (f"/sources/quarantine/{held.id}" for held in journey.held[:OPENED])


def _show(ground: Ground, journey: Journey, pages: Iterator[str]) -> None:
    for path in [*pages, *_stories(ground, journey)]:
        answer = ground.client.get(path)
        journey.answers.append(Answer(path, answer.status_code, answer.get_data(as_text=True)))


def _stories(ground: Ground, journey: Journey) -> list[str]:
    with read(ground.bridge.engine) as connection:
        found = completions(connection, Request(size=OPENED)).rows
    for row in found:
        journey.shown.append((f"/completions/{row.id}/{row.learner_id}", row.activity_name))
    return [path for path, _ in journey.shown]
