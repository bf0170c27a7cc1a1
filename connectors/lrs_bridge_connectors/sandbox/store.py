"""The sandbox's statements in memory, in the order of `stored`.

Where it stands: between the HTTP side (`app.py`) and the entries. All reads and writes are under one lock, so that what
is announced as consistent is consistent.
"""

import random
from bisect import bisect_left, bisect_right, insort
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from operator import attrgetter
from threading import Lock
from uuid import UUID

import msgspec

from lrs_bridge_connectors.sandbox.entry import (
    BadStatement,
    Entry,
    Statement,
    checked,
    checked_uuid,
    entry_of,
    same,
)
from lrs_bridge_connectors.times import floor_ms, parse_time

LAST = 1 << 62  # above every order of arrival
BY_KEY = attrgetter("key")


class Conflict(Exception):
    """A statement with this id exists and says something else."""


class Query(msgspec.Struct, frozen=True, omit_defaults=True):
    """What is asked for; also what a `more` token remembers. Times are in microseconds, "" and None mean: any.

    `after` is the key of the last entry that was sent; `arrivals` freezes the set for all pages of one query.
    """

    limit: int
    arrivals: int
    ascending: bool = False
    since: int | None = None
    until: int | None = None
    verb: str = ""
    activity: str = ""
    agent: str = ""
    registration: str = ""
    form: str = "exact"
    after: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """One page of entries; `rest` asks for the next one, None at the end."""

    entries: tuple[Entry, ...]
    rest: Query | None


class StatementStore:
    """Statements by id and by time. Ids that it gives are drawn from a fixed seed, so every run is the same."""

    def __init__(self, clock: Callable[[], datetime]) -> None:
        self._clock = clock
        self._lock = Lock()
        self._ids = random.Random(0)  # noqa: S311 - ids must be repeatable here, not secret
        self._entries: list[Entry] = []
        self._by_id: dict[str, Entry] = {}
        self._voided: set[str] = set()
        self._hidden: set[str] = set()
        self._arrivals = 0

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def arrivals(self) -> int:
        """How many statements have ever been written."""
        return self._arrivals

    def load(self, statements: Iterable[Statement | bytes], stored: Callable[[Statement], datetime] | None) -> int:
        """Take statements in as they are, in bulk; see `SandboxLrs.load`."""
        with self._lock:
            added = [self._loaded(statement, stored) for statement in statements]
            self._entries.extend(added)
            self._entries.sort(key=BY_KEY)
            for entry in added:
                self._index(entry)
        return len(added)

    def take(self, entries: Iterable[Entry]) -> None:
        """Entries as somebody made them, unchecked: for more than can be decoded in reasonable time."""
        with self._lock:
            for entry in entries:
                self._entries.append(entry)
                self._by_id[entry.id] = entry
            self._arrivals = max(self._arrivals, len(self._entries))
            self._entries.sort(key=BY_KEY)

    def write(self, statements: Sequence[object]) -> list[str]:
        """Store all or none; the ids in the order given. Raises `BadStatement`, `Conflict`."""
        with self._lock:
            good = [checked(statement) for statement in statements]
            named = [(self._id_for(statement), statement) for statement in good]
            if len({statement_id for statement_id, _ in named}) < len(named):
                raise BadStatement("two statements of one request have the same id")
            new = [
                (statement_id, statement) for statement_id, statement in named if self._is_new(statement_id, statement)
            ]
            now = floor_ms(self._clock())
            for statement_id, statement in new:
                entry = self._entry(statement, statement_id, now, None)
                insort(self._entries, entry, key=BY_KEY)
                self._index(entry)
        return [statement_id for statement_id, _ in named]

    def delete(self, statement_id: str) -> None:
        """Take a statement away, as operators of real servers do; the specification knows no such thing."""
        with self._lock:
            gone = self._by_id.pop(statement_id)
            self._entries.remove(gone)
            self._voided.discard(gone.voids)

    def hide(self, statement_id: str) -> None:
        """Leave a statement out of all lists, as a server with a damaged index does; by its id it is still found."""
        with self._lock:
            self._hidden.add(statement_id)

    def one(self, statement_id: str, *, voided: bool) -> Entry | None:
        """The statement with this id, among those that are (or are not) voided."""
        with self._lock:
            entry = self._by_id.get(statement_id)
            return entry if entry and self._is_voided(entry) == voided else None

    def find(self, query: Query) -> tuple[Found, datetime]:
        """A page, and the time through which it is complete."""
        with self._lock:
            through = self._clock()
            matching = list(islice(self._matching(query), query.limit + 1))
            page, further = tuple(matching[: query.limit]), matching[query.limit :]
        return Found(page, msgspec.structs.replace(query, after=page[-1].key) if further else None), through

    def _loaded(self, given: Statement | bytes, stored: Callable[[Statement], datetime] | None) -> Entry:
        statement: Statement = msgspec.json.decode(given) if isinstance(given, bytes) else given
        checked(statement)
        own = parse_time(statement.get("stored"))
        when = floor_ms(stored(statement) if stored else own or self._clock())
        whole = isinstance(given, bytes) and "id" in statement and when == own
        return self._entry(
            statement, self._id_for(statement), when, given if whole and isinstance(given, bytes) else None
        )

    def _entry(self, statement: Statement, statement_id: str, stored: datetime, body: bytes | None) -> Entry:
        self._arrivals += 1
        return entry_of(statement, statement_id=statement_id, stored=stored, arrival=self._arrivals, body=body)

    def _id_for(self, statement: Statement) -> str:
        if "id" in statement:
            return checked_uuid(statement["id"], "id")
        return str(UUID(int=self._ids.getrandbits(128), version=4))

    def _is_new(self, statement_id: str, statement: Statement) -> bool:
        old = self._by_id.get(statement_id)
        if old is not None and not same(msgspec.json.decode(old.body), statement):
            raise Conflict(statement_id)
        return old is None

    def _index(self, entry: Entry) -> None:
        self._by_id[entry.id] = entry
        if entry.voids:
            self._voided.add(entry.voids)

    def _is_voided(self, entry: Entry) -> bool:
        """A voider cannot be voided (xAPI 1.0.3 Data 2.3.2); its target may arrive after it."""
        return entry.id in self._voided and not entry.voids

    def _matching(self, query: Query) -> Iterator[Entry]:
        return (self._entries[index] for index in self._span(query) if self._wanted(self._entries[index], query))

    def _span(self, query: Query) -> range:
        """The indexes of the entries between the bounds, in the order asked for."""
        low, high = 0, len(self._entries)
        if query.since is not None:
            low = bisect_right(self._entries, (query.since, LAST), key=BY_KEY)
        if query.until is not None:
            high = bisect_right(self._entries, (query.until, LAST), key=BY_KEY)
        if query.after is not None and query.ascending:
            low = max(low, bisect_right(self._entries, query.after, key=BY_KEY))
        if query.after is not None and not query.ascending:
            high = min(high, bisect_left(self._entries, query.after, key=BY_KEY))
        return range(low, high) if query.ascending else range(high - 1, low - 1, -1)

    def _wanted(self, entry: Entry, query: Query) -> bool:
        if entry.key[1] > query.arrivals or entry.id in self._hidden or self._is_voided(entry):
            return False
        return self._fits(entry, query)

    def _fits(self, entry: Entry, query: Query) -> bool:
        """Statements that refer to a fitting one fit as well (xAPI 1.0.3 Communication 2.1.3, StatementRefs)."""
        seen: set[str] = set()
        current: Entry | None = entry
        while current is not None and current.id not in seen:
            if _fits_itself(current, query):
                return True
            seen.add(current.id)
            current = self._by_id.get(current.refers_to)
        return False


def _fits_itself(entry: Entry, query: Query) -> bool:
    return (
        query.verb in ("", entry.verb)
        and query.activity in ("", entry.activity)
        and query.registration in ("", entry.registration)
        and (not query.agent or query.agent in entry.agents)
    )
