"""What a source of learning records is: raw records in pages, each page with the cursor that is safe to save.

Where it stands: the seam between the application (`jobs/pull`, `doctor`) and every connector. A connector is a class
with a `name` and the three methods of `Source`; `conformance.py` checks that it keeps what is promised here. What only
some sources can do has protocols of its own, `ReadsInParts` and `LooksUp`: ask with `isinstance`.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Record:
    """One statement as it was received.

    `id` is lower-cased, else as sent; None when there is none or the bytes cannot be decoded (the application puts
    such records aside). `stored` is the aware UTC time that the server gave. `body` is the JSON text, unchanged.
    """

    id: str | None
    stored: datetime | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """Records in the order in which the source gave them.

    `cursor` may be saved once `records` are stored; None means that the saved one stays. `latest` is the highest
    time seen so far in this pull (of `stored`, or of the field that the source's cursor follows). `again` says that the
    source had to begin anew: from this page on, records may come that came in this pull already.
    """

    records: tuple[Record, ...]
    cursor: str | None
    latest: datetime | None
    again: bool = False


@dataclass(frozen=True, slots=True)
class Window:
    """A span of `stored` times: `since` is exclusive and `until` inclusive, as in xAPI 1.0.3 Communication 2.1.3."""

    since: datetime | None = None
    until: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reach:
    """From when to when a source can be read in windows, and how live pulling goes on from there.

    `earliest` and `until` are whole milliseconds of the time that the source filters by; nothing at `until` or before
    is still to appear, as far as the source can say. Pulling from `cursor` gives everything after `until`. A pull from
    the cursor that was saved before would begin at `since` (None: at the beginning).
    """

    since: datetime | None
    earliest: datetime
    until: datetime
    cursor: str


@dataclass(frozen=True, slots=True)
class Health:
    """What works and, if something does not, what to do. `clock_skew` is the server's clock minus ours, if known."""

    ok: bool
    message: str
    advice: str = ""
    clock_skew: timedelta | None = None
    detail: Mapping[str, str] = field(default_factory=dict)


class Source(Protocol):
    """Something that learning records can be pulled from.

    Cursors are opaque text to everybody but the source that made them, and never go backwards. A record may be
    delivered more than once (overlap); it is never left out behind a cursor that was handed over.
    """

    @property
    def name(self) -> str:
        """The name by which the source is configured and reported."""

    def pages(self, cursor: str | None) -> Iterator[Page]:
        """Pull what came after `cursor` (None: everything). Raises `ConnectorError`; pages already given stay valid."""

    def window(self, window: Window) -> Iterator[Page]:
        """Read a span again, whatever was read before. Every page has the cursor None."""

    def check(self) -> Health:
        """Try the source out without reading much. Never raises `ConnectorError`: the answer says what went wrong."""


@runtime_checkable
class Reaching(Source, Protocol):
    """A source whose history can be read in windows, in any order and by several at once."""

    def reach(self, cursor: str | None, until: datetime | None = None) -> Reach | None:
        """How far it reaches, at most up to `until`; None if there is nothing to read yet. Raises `ConnectorError`."""


@dataclass(frozen=True, slots=True)
class Part:
    """All records that a source lists for one span, and nothing from outside of it.

    A record whose time cannot be read is in the part in whose answer it came, perhaps in two.
    """

    window: Window
    records: tuple[Record, ...]


@runtime_checkable
class ReadsInParts(Protocol):
    """A source that can read a span without trusting its own paging: slower than `Source.window`, and sure."""

    def parts(self, window: Window) -> Iterator[Part]:
        """The span in parts that join without gap or overlap, oldest first; each came in one answer that held it all.

        Only where more share an instant than an answer holds are links to further pages followed. Raises
        `ConnectorError`; parts already given stay valid.
        """


class Presence(StrEnum):
    """What a source says about one statement when it is asked for it by its id.

    `ABSENT` is no proof of a deletion: the source may hide from these credentials what it holds.
    """

    THERE = "there"
    VOIDED = "voided"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Found:
    """The answer to a look-up; `record` is the statement as it was received, None if the source did not give it."""

    presence: Presence
    record: Record | None = None


@runtime_checkable
class LooksUp(Protocol):
    """A source that can be asked for single statements."""

    def look_up(self, statement_id: str) -> Found:
        """Whether the source holds this statement, whatever its lists show. Raises `ConnectorError`."""
