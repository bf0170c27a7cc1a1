"""What a field of a condition is, and the values that a subject has for it, worked out once each.

The tables of fields: `statement_fields` (where completion definitions look), `completion_fields` (where rules look).
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any, Generic, TypeVar

import msgspec

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lrs_bridge_rules.statements.statement import Statement

T = TypeVar("T")


class Kind(Enum):
    """What the values of a field are, and so which operators and operands suit it."""

    TEXT = "a text, compared exactly"
    NAME = "a name, compared without regard to case"
    VERB = "a verb"
    TYPE = "an activity type"
    OUTCOME = "an outcome"
    WORD = "one of a few words"
    IDENTIFIER = "an identifier such as mailto:ada@example.org"
    NUMBER = "a number"
    DURATION = "a duration such as 45min, 2h or PT1H30M"
    TRUTH = "true or false"
    MOMENT = "a date or timestamp"


@dataclass(frozen=True, slots=True)
class Field(Generic[T]):
    """One field. `about` tells rule authors what it is, in one sentence.

    `selectivity` guesses how many of 100 subjects share a value, for the index; None: not indexed. `words` are all
    values that there are, `limits` the least and the greatest; () and None where that is open. `keyed` gives the
    values under keys, for a field whose values have keys of their own; `seen` gives what people are shown as found,
    where that is more than is compared.
    """

    name: str
    kind: Kind
    about: str
    extract: Callable[[T], Iterable[Any]]
    selectivity: int | None = None
    words: tuple[str, ...] = ()
    limits: tuple[float, float] | None = None
    keyed: Callable[[T, tuple[str, ...]], Iterable[Any]] | None = None
    seen: Callable[[T], Iterable[Any]] | None = None


class Told(msgspec.Struct, frozen=True, gc=False):
    """A statement and where it came from: what completion definitions look at."""

    statement: Statement
    source: str = ""
    source_kind: str = ""


class Facts(Generic[T]):
    """The values of one subject's fields, in the form in which they are compared, worked out once each."""

    __slots__ = ("_values", "subject")

    def __init__(self, subject: T) -> None:
        self.subject = subject
        self._values: dict[str, tuple[Any, ...]] = {}

    def values(self, field: Field[T]) -> tuple[Any, ...]:
        name = field.name
        found = self._values.get(name)
        if found is None:
            raw = field.extract(self.subject)
            found = tuple([folded(value) for value in raw]) if field.kind is Kind.NAME else tuple(raw)
            self._values[name] = found
        return found

    def raw(self, field: Field[T]) -> tuple[Any, ...]:
        """Return the values as they were sent, each once: for people."""
        return tuple(dict.fromkeys((field.seen or field.extract)(self.subject)))


def folded(name: str) -> str:
    """Return a name as names are compared: without regard to case, and however its accents were put together."""
    return (name if name.isascii() else unicodedata.normalize("NFC", name)).casefold()


def one(value: T | None) -> tuple[T, ...]:
    """Return the values of a field that has at most one: none for None and for an empty text."""
    return () if value is None or value == "" else (value,)


def table(fields: Iterable[Field[T]]) -> dict[str, Field[T]]:
    """Return fields by their names."""
    return {field.name: field for field in fields}
