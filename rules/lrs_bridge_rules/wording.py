"""Counts and lists as they stand in sentences: the one home of this for the whole product."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def counted(number: int, one: str, many: str = "") -> str:
    """Return a count with its noun: `1 notice`, `2,000 notices`."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"


def joined(texts: Sequence[str]) -> str:
    """Return `a`, `a and b`, `a, b and c`."""
    return " and ".join(part for part in (", ".join(texts[:-1]), *texts[-1:]) if part)


def enumerated(names: Iterable[str], most: int) -> str:
    """Return names with commas; of many the first, and how many more there are."""
    every = list(names)
    more = f" and {len(every) - most:,} more" if len(every) > most else ""
    return ", ".join(every[:most]) + more
