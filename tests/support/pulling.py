"""Pulls a source to its end, and keeps a writer writing meanwhile: what the tests against real servers share."""

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from lrs_bridge_connectors.source import Record, Source
from support.statements import Json

BATCH = 250
ENOUGH_PULLS = 500  # a pull that never catches up with its writer is a failure, not an endless test


@dataclass(frozen=True)
class Pulled:
    """What one pull gave: the records in the order of arrival, repeats included, and the cursor to go on from."""

    records: tuple[Record, ...]
    cursor: str | None

    @property
    def ids(self) -> list[str | None]:
        return [record.id for record in self.records]

    @property
    def stored(self) -> list[datetime]:
        """When the server stored them, as far as it says so."""
        return [record.stored for record in self.records if record.stored]


def pull(source: Source, cursor: str | None = None) -> Pulled:
    """Every page from the cursor on; of the cursors the last that was safe to save."""
    records: list[Record] = []
    for page in source.pages(cursor):
        records.extend(page.records)
        cursor = page.cursor or cursor
    return Pulled(tuple(records), cursor)


def pull_while(source: Source, going_on: Callable[[], bool]) -> list[Pulled]:
    """Pull again and again, as a schedule does, until the writing has ended, and then once more."""
    pulls: list[Pulled] = []
    while len(pulls) < ENOUGH_PULLS:
        last = not going_on()
        pulls.append(pull(source, pulls[-1].cursor if pulls else None))
        if last:
            return pulls
    raise AssertionError(f"the writer still writes after {ENOUGH_PULLS} pulls")


def store_all(store: Callable[[Sequence[Json]], None], statements: Sequence[Json]) -> None:
    """In batches, as activity providers send them."""
    for start in range(0, len(statements), BATCH):
        store(statements[start : start + BATCH])


@contextmanager
def writing(store: Callable[[Sequence[Json]], None], statements: Sequence[Json]) -> Iterator[Callable[[], bool]]:
    """A thread that stores the statements; yields whether it is still at it. Its error is raised at the end."""
    errors: list[BaseException] = []

    def write() -> None:
        try:
            store_all(store, statements)
        except BaseException as error:  # noqa: BLE001 - a thread cannot raise; the block's end does it
            errors.append(error)

    writer = threading.Thread(target=write, name="writer")
    writer.start()
    try:
        yield writer.is_alive
    finally:
        writer.join(timeout=60)
    if errors:
        raise errors[0]


def ids_of(statements: Sequence[Json]) -> set[str | None]:
    return {statement["id"] for statement in statements}
