"""What a table shows: columns with typed cells. How a kind of cell looks is a macro of the same name in _cells.html."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar, Generic, TypeVar

from lrs_bridge.domain.alignment import Quadrant

Item = TypeVar("Item")
Plain = str | int | float | None


@dataclass(frozen=True, slots=True)
class Text:
    """A name with a link behind it, and a small text or a copyable identifier beneath."""

    kind: ClassVar[str] = "text"
    text: str
    href: str = ""
    small: str = ""
    copy: str = ""

    def plain(self) -> Plain:
        return self.text or self.copy


@dataclass(frozen=True, slots=True)
class Number:
    """A count. `unit` is "h" for hours, "%" for percent, "" for a plain count."""

    kind: ClassVar[str] = "number"
    value: float | None
    href: str = ""
    unit: str = ""

    def plain(self) -> Plain:
        return self.value


@dataclass(frozen=True, slots=True)
class Money:
    """Hundredths of the organisation's currency."""

    kind: ClassVar[str] = "money"
    value: int | None
    href: str = ""

    def plain(self) -> Plain:
        return None if self.value is None else f"{self.value / 100:.2f}"


@dataclass(frozen=True, slots=True)
class Moment:
    """A point in time; `late` marks one that should not have passed."""

    kind: ClassVar[str] = "moment"
    at: datetime | None
    late: bool = False

    def plain(self) -> Plain:
        return None if self.at is None else self.at.isoformat()


@dataclass(frozen=True, slots=True)
class Aligned:
    """A quadrant: colour, icon and word."""

    kind: ClassVar[str] = "aligned"
    quadrant: Quadrant | None

    def plain(self) -> Plain:
        return self.quadrant and self.quadrant.value


@dataclass(frozen=True, slots=True)
class Share:
    """How many completions lie in each quadrant, in the order of the quadrants."""

    kind: ClassVar[str] = "share"
    counts: tuple[tuple[Quadrant, int], ...]

    def plain(self) -> Plain:
        return ", ".join(f"{quadrant.value}: {count}" for quadrant, count in self.counts if count)


@dataclass(frozen=True, slots=True)
class Badge:
    """A state in a word, with an icon; `tone` is good, warn, bad, or calm."""

    kind: ClassVar[str] = "badge"
    text: str
    tone: str = "calm"
    icon: str = ""
    small: str = ""

    def plain(self) -> Plain:
        return self.text


@dataclass(frozen=True, slots=True)
class Trend:
    """Counts of successive weeks, the present one last."""

    kind: ClassVar[str] = "trend"
    counts: tuple[int, ...]

    def plain(self) -> Plain:
        return " ".join(str(count) for count in self.counts)


Cell = Text | Number | Money | Moment | Aligned | Share | Badge | Trend


@dataclass(frozen=True)
class Column(Generic[Item]):
    """A heading, the cell of each row, and the name by which the read model sorts it ("" where it cannot).

    In a file, an `identified` column is followed by one with the identifiers of what it names.
    """

    heading: str
    cell: Callable[[Item], Cell]
    sort: str = ""
    numeric: bool = False
    identified: bool = False

    def headings(self) -> tuple[str, ...]:
        """The headings of a file."""
        return (self.heading, f"{self.heading} identifier") if self.identified else (self.heading,)

    def values(self, row: Item) -> tuple[Plain, ...]:
        """The values of a row of a file, one a heading."""
        cell = self.cell(row)
        return (cell.plain(), getattr(cell, "copy", "")) if self.identified else (cell.plain(),)


@dataclass(frozen=True, slots=True)
class Choice:
    """A filter with its options: (value in the address, label)."""

    name: str
    label: str
    options: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says: what that means, and what to do next."""

    heading: str
    text: str
    icon: str = "circle-check"
    href: str = ""
    action: str = ""


@dataclass(frozen=True)
class Table(Generic[Item]):
    """A list of one kind. `hidden` names filters that links set, and that are shown as chips to take off."""

    name: str
    caption: str
    columns: tuple[Column[Item], ...]
    empty: Empty
    choices: tuple[Choice, ...] = ()
    hidden: tuple[tuple[str, str], ...] = ()
    search: str = "Search"
    order: tuple[str, bool] = ("", False)

    @property
    def filters(self) -> tuple[str, ...]:
        return (*(choice.name for choice in self.choices), *(name for name, _ in self.hidden))
