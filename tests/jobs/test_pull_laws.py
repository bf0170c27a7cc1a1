"""The law of pulling: however often it breaks off, repeats itself or overlaps, the store ends up the same."""

import shutil
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from uuid import UUID, uuid5

import msgspec
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import pull
from lrs_bridge.store import quarantine
from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import NoiseRow, StatementRow
from lrs_bridge_connectors.errors import Retryable
from lrs_bridge_connectors.source import Health, Page, Record, Window
from support.bridges import a_body, settings_for
from support.builders import NOON, day

IDS = UUID("5d0a3a1e-4b4f-5a51-8a53-2f1f4b8f0c11")
State = tuple[frozenset[str], frozenset[bytes], int]


def a_record(number: int) -> Record:
    """Wanted, noise, voiding or broken, by its number; stored a day after the one before."""
    own, stored = str(uuid5(IDS, str(number))), day(number)
    kinds = (
        a_body("completed", at=stored, id=own),
        a_body("experienced", at=stored, id=own),
        a_body("voided", at=stored, id=own, object={"objectType": "StatementRef", "id": str(uuid5(IDS, "0"))}),
    )
    body = b'{"broken":%d' % number if number % 4 == 3 else msgspec.json.encode(kinds[number % 4])
    return Record(own, stored, body)


class Unsteady:
    """An LRS that shows so many records in pages of some size, again from the overlap on, and breaks off after some."""

    name = "lms"

    def __init__(self, records: Sequence[Record], size: int, overlap: int, breaks_after: int) -> None:
        self._records, self._size, self._overlap, self._left = records, size, overlap, breaks_after

    def pages(self, cursor: str | None) -> Iterator[Page]:
        start = max(int(cursor or 0) - self._overlap, 0)
        for begin in range(start, len(self._records), self._size):
            if self._left == 0:
                raise Retryable("the connection broke", source=self.name)
            self._left -= 1
            some = self._records[begin : begin + self._size]
            yield Page(tuple(some), str(max(begin + len(some), int(cursor or 0))), some[-1].stored)

    def window(self, window: Window) -> Iterator[Page]:
        raise NotImplementedError

    def check(self) -> Health:
        raise NotImplementedError


def outcome(bridge: Bridge) -> State:
    with read(bridge.engine) as connection:
        kept = frozenset(connection.execute(select(StatementRow.id)).scalars())
        aside = frozenset(held.body for held in quarantine.find(connection, limit=1000))
        noise = sum(connection.execute(select(NoiseRow.count)).scalars())
    return kept, aside, noise


attempts = st.lists(st.tuples(st.integers(1, 5), st.integers(0, 6), st.integers(0, 4), st.integers(0, 20)), max_size=5)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(attempts=attempts)
def test_whatever_happens_on_the_way_each_record_arrives_once(
    furnished_sqlite: Path, attempts: list[tuple[int, int, int, int]]
) -> None:
    records = [a_record(number) for number in range(20)]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bridge.db"
        shutil.copy(furnished_sqlite, file)
        with Bridge.open(settings_for(f"sqlite:///{file}", LMS), clock=lambda: NOON) as bridge:
            for size, overlap, breaks_after, shown in attempts:
                pull(bridge, Unsteady(records[:shown], size, overlap, breaks_after), day(30))
            assert pull(bridge, Unsteady(records, 7, 3, 99), day(30)).ok

            assert outcome(bridge) == EVERYTHING


LMS = {"kind": "xapi", "name": "lms", "endpoint": "http://127.0.0.1:9/xapi", "auth": "none"}
EVERYTHING: State = (
    frozenset(str(uuid5(IDS, str(number))) for number in range(20) if number % 4 in {0, 2}),
    frozenset(a_record(number).body for number in range(20) if number % 4 == 3),
    5,
)
