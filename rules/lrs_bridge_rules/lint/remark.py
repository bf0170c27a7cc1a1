"""What lints say, and what authors answered: this one is known and meant.

`table` lists the lints, `checking` runs them; a `Problem` makes a document unusable, a `Remark` never does.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lrs_bridge_rules.documents.tree import Place


class Severity(StrEnum):
    """How much a remark weighs: an error keeps rules from doing what they say, a warning nearly always means a slip."""

    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing to look at; `about` names what it speaks of (`rule x`, `completion x`, `follow-up x`, `list x`)."""

    place: Place
    lint: str
    severity: Severity
    message: str
    about: str = ""


@dataclass(frozen=True, slots=True)
class Allowance:
    """A remark that the author knows and means; without `about` it holds for the whole document in which it stands."""

    place: Place
    lint: str
    about: str
    reason: str

    def covers(self, remark: Remark) -> bool:
        if self.lint != remark.lint:
            return False
        return self.about == remark.about if self.about else self.place.path == remark.place.path
