"""What a source and the store are found to differ in: kinds, counts by window, and the report; pure.

`jobs/verify` and `jobs/rescan` fill a `Ledger` while they read, and pages and commands show what came of it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum

#: So many differences of each kind are named one by one; all of them are counted.
NAMED = 1000
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Count(StrEnum):
    """What is counted in a window: of the source (read, wanted, noise, undecodable), and of the store (kept, voided).

    `undecodable` are records that cannot be taken in. `voided` are kept, and so is what voids them: a source does not
    list such statements. `pending` came after the last pull, or with a history that is still being read.
    """

    READ = "read"
    WANTED = "wanted"
    NOISE = "noise"
    UNDECODABLE = "undecodable"
    KEPT = "kept"
    VOIDED = "voided"
    PENDING = "pending"


class Kind(StrEnum):
    """In what one statement differs. The first three are to be had from the source, the others are in the store alone.

    `HIDDEN` is a difference between the source and its own lists: the statement is there, and in none of them.
    """

    MISSING = "missing"
    CHANGED = "changed"
    UNREAD = "unread"
    GONE = "gone"
    UNVOIDED = "unvoided"
    HIDDEN = "hidden"
    UNKNOWN = "unknown"


MEANINGS: Mapping[Kind, str] = {
    Kind.MISSING: "at the source, and not in the store",
    Kind.CHANGED: "at the source with another meaning than in the store, and not put aside yet",
    Kind.UNREAD: "at the source, cannot be taken in, and not put aside yet",
    Kind.GONE: "in the store, and no longer at the source (or not for these credentials)",
    Kind.UNVOIDED: "in the store, and voided at the source by a statement that is not in the store",
    Kind.HIDDEN: "in the store and at the source, but in none of its lists",
    Kind.UNKNOWN: "in the store, and not listed by the source; whether it is still there could not be asked",
}

ADVICE: Mapping[Kind, str] = {
    Kind.MISSING: "`lrs-bridge verify --mend` takes it in.",
    Kind.CHANGED: "`lrs-bridge verify --mend` puts the other version into quarantine, where somebody can look at it.",
    Kind.UNREAD: "`lrs-bridge verify --mend` puts it into quarantine with the reason.",
    Kind.GONE: "If it was deleted there on purpose, `lrs-bridge verify --forget-deleted` takes it out of the store.",
    Kind.UNVOIDED: "Verify a longer span, in which what voids it is listed; or take it out with --forget-deleted.",
    Kind.HIDDEN: "The source leaves statements out of its lists, so there may be others that nobody was ever shown: "
    "have its operator rebuild its index or mend its paging.",
    Kind.UNKNOWN: "Ask the source's operator; it stays in the store.",
}

TRUNCATED = (
    "The source cuts its lists short: by following its links to further pages {paged:,} statements are found, in small "
    "parts {read:,}. Rescans and verifications read in parts and find what pulling misses; let a rescan run often, use "
    "a larger page_limit, and have its operator mend the paging."
)


@dataclass(frozen=True, slots=True)
class WindowCounts:
    """What was counted from `since` on up to `until`; both None for what shows no time."""

    since: datetime | None
    until: datetime | None
    counts: Mapping[Count, int]
    differences: Mapping[Kind, int]


@dataclass(frozen=True, slots=True)
class Difference:
    """One statement in which they differ; `at` is its time, `id` None if it could not be read."""

    kind: Kind
    id: str | None
    at: datetime | None


class Ledger:
    """Counts by window, and names. Windows begin at whole multiples of their width, so every run has the same."""

    def __init__(self, width: timedelta) -> None:
        self._width = width
        self._counts: dict[datetime | None, Counter[Count]] = {}
        self._differences: dict[datetime | None, Counter[Kind]] = {}
        self.named: list[Difference] = []
        self._names = Counter[Kind]()

    def count(self, what: Count, at: datetime | None, by: int = 1) -> None:
        """Something was seen in the window that this time lies in."""
        self._counts.setdefault(self._begin(at), Counter())[what] += by

    def differ(self, kind: Kind, statement_id: str | None, at: datetime | None) -> None:
        """A difference was found."""
        self._differences.setdefault(self._begin(at), Counter())[kind] += 1
        self._names[kind] += 1
        if self._names[kind] <= NAMED:
            self.named.append(Difference(kind, statement_id, at))

    def total(self, what: Count) -> int:
        """Over all windows."""
        return sum(counts[what] for counts in self._counts.values())

    def differences(self) -> Counter[Kind]:
        """By kind, over all windows."""
        return sum(self._differences.values(), Counter[Kind]())

    def windows(self) -> Iterator[WindowCounts]:
        """The windows in which anything was seen, in order; what has no time comes first."""
        begins = self._counts.keys() | self._differences.keys()
        for begin in sorted(begins, key=lambda each: (each is not None, each or _EPOCH)):
            until = None if begin is None else begin + self._width
            yield WindowCounts(
                begin,
                until,
                {what: n for what, n in sorted(self._counts.get(begin, Counter()).items()) if n},
                {kind: n for kind, n in sorted(self._differences.get(begin, Counter()).items()) if n},
            )

    def _begin(self, at: datetime | None) -> datetime | None:
        return None if at is None else at - (at - _EPOCH) % self._width


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """What a verification found in a span, and what it mended.

    `paged` is how many statements the source's ordinary paging gives, None if that was not looked at. `uncounted`: so
    many statements that no definition wants, at least, are in no tally. `surplus_compared`: whether the source can be
    read so that what it does not list can be told.
    """

    source: str
    since: datetime | None
    until: datetime | None
    windows: tuple[WindowCounts, ...] = ()
    totals: Mapping[Count, int] = field(default_factory=dict)
    differences: Mapping[Kind, int] = field(default_factory=dict)
    named: tuple[Difference, ...] = ()
    mended: int = 0
    forgotten: int = 0
    uncounted: int = 0
    paged: int | None = None
    surplus_compared: bool = True
    error: str = ""

    @property
    def truncated(self) -> bool:
        """Whether the source's ordinary paging leaves statements out."""
        return self.paged is not None and self.paged < self.totals.get(Count.READ, 0)

    @property
    def remaining(self) -> int:
        """How many differences are left after mending."""
        return sum(self.differences.values()) - self.mended - self.forgotten

    @property
    def ok(self) -> bool:
        """Whether the span was read to its end, and store and source agree now."""
        return not self.error and self.remaining == 0
