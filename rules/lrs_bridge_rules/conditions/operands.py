"""What stands behind a field or operator in a document, read as the field's kind wants it: one reader for each kind.

A value of another kind is refused, never converted: a comparison that could not be meant must not fail silently.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.conditions.fields import Kind, folded
from lrs_bridge_rules.documents.vocabulary import SHIPPED, Vocabulary, iris_of
from lrs_bridge_rules.nearest import nearest
from lrs_bridge_rules.statements.identifier import ifi_from_text
from lrs_bridge_rules.statements.times import parse_length, parse_timestamp

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from lrs_bridge_rules.conditions.fields import Field

    #: Value, field and setting -> what the operator compares with. Raises ValueError for the author.
    OperandReader = Callable[[object, Field[Any], "Setting"], Sequence[Any]]


@dataclass(frozen=True, slots=True)
class Setting:
    """What a document's words mean by where it stands: its time zone, and the short names of its ruleset."""

    zone: tzinfo = UTC
    vocabulary: Vocabulary = SHIPPED


_TICK: Final = timedelta(microseconds=1)


class Stretch(NamedTuple):
    """The moments from `first` to `last`, both included: of a day all of it, of a timestamp the one."""

    first: datetime
    last: datetime


def stretch_of(text: str, zone: tzinfo) -> Stretch:
    """Return what a date or timestamp means in a time zone; one that names its own zone keeps it. Raises ValueError."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        moment = _moment_of(text, zone)
        return Stretch(moment, moment)
    if not date.min + timedelta(days=2) < day < date.max - timedelta(days=2):
        raise ValueError("expected a date between the years 1 and 9999")
    return Stretch(_start_of(day, zone), _start_of(day + timedelta(days=1), zone) - _TICK)


def end_of(text: str, zone: tzinfo) -> datetime:
    """Return the first moment after a date, or a timestamp itself: when what holds `until` then ends."""
    first, last = stretch_of(text, zone)
    return last if first == last else last + _TICK


def _start_of(day: date, zone: tzinfo) -> datetime:
    """The first moment of a day, in UTC; days on which clocks change have their 23 or 25 hours."""
    return datetime.combine(day, time.min, zone).astimezone(UTC)


def _moment_of(text: str, zone: tzinfo) -> datetime:
    """The instant of a timestamp; one without a zone is told by the clocks of the document's."""
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        return parse_timestamp(text)
    return parse_timestamp(text) if told.tzinfo is not None else told.replace(tzinfo=zone).astimezone(UTC)


def text_of(value: object, kind: Kind, hint: str = "; put it in quotes") -> str:
    """Return a text. Raises ValueError that says what was expected and what was found."""
    if not isinstance(value, str):
        number = isinstance(value, int | float) and not isinstance(value, bool)
        raise unsuitable(kind.value, value, hint if number else "")
    return value


def _text(value: object, field: Field[Any], _setting: Setting) -> list[str]:
    return [text_of(value, field.kind)]


def _name(value: object, field: Field[Any], _setting: Setting) -> list[str]:
    return [folded(text_of(value, field.kind))]


def literal(value: object, field: Field[Any], _setting: Setting) -> list[str]:
    """Read an operand that is a piece of text; an empty one would fit everything."""
    text = text_of(value, field.kind)
    if not text.strip("*"):
        raise ValueError("an empty text would fit everything; use present: true")
    return [folded(text) if field.kind is Kind.NAME else text]


def _verb(value: object, field: Field[Any], setting: Setting) -> tuple[str, ...]:
    return iris_of(text_of(value, field.kind, ""), setting.vocabulary.verbs)


def _type(value: object, field: Field[Any], setting: Setting) -> tuple[str, ...]:
    return iris_of(text_of(value, field.kind, ""), setting.vocabulary.activity_types)


def _word(value: object, field: Field[Any], _setting: Setting) -> list[str]:
    word = text_of(value, field.kind, "")
    known = f" (known: {', '.join(field.words)})"
    if field.kind is Kind.OUTCOME and word in list(Outcome) and word not in field.words:
        raise ValueError(f"no attempt ends as {word!r}{known}")
    if word not in field.words:
        what = "outcome" if field.kind is Kind.OUTCOME else "word"
        raise ValueError(f"unknown {what} {word!r}{nearest(word, field.words) or known}")
    return [word]


def _identifier(value: object, field: Field[Any], _setting: Setting) -> list[str]:
    return [ifi_from_text(text_of(value, field.kind, ""))]


def _number(value: object, field: Field[Any], _setting: Setting) -> list[float]:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise unsuitable(field.kind.value, value)
    if field.limits is not None and not field.limits[0] <= value <= field.limits[1]:
        raise ValueError(f"{value} can never fit: the field runs from {field.limits[0]} to {field.limits[1]}")
    return [value]


def _duration(value: object, field: Field[Any], _setting: Setting) -> list[timedelta]:
    return [parse_length(text_of(value, field.kind, "; say a number of what, such as 45min"))]


def truth(value: object, _field: Field[Any], _setting: Setting) -> list[bool]:
    """Read true or false."""
    if not isinstance(value, bool):
        raise unsuitable(Kind.TRUTH.value, value)
    return [value]


def _moment(value: object, field: Field[Any], setting: Setting) -> list[Stretch]:
    return [stretch_of(text_of(value, field.kind, "; write it as in 2026-03-31"), setting.zone)]


def day(value: object, field: Field[Any], setting: Setting) -> list[Stretch]:
    """Read a date."""
    (found,) = _moment(value, field, setting)
    if found.first == found.last:
        raise ValueError("expected a date such as 2026-03-31, without a time")
    return [found]


def unsuitable(expected: str, value: object, hint: str = "") -> ValueError:
    """Return the error for a value of another kind."""
    return ValueError(f"expected {expected}, not {described(value)}{hint}")


def described(value: object) -> str:
    """Return what a value of a document is, for people."""
    match value:
        case None:
            return "nothing (for an absent field say present: false)"
        case bool():
            return "true or false"
        case int() | float():
            return f"the number {value}"
        case str():
            return f"the text {value!r}"
        case list():
            return "a list"
        case _:
            return "a mapping"


READERS: Final[Mapping[Kind, OperandReader]] = {
    Kind.TEXT: _text,
    Kind.NAME: _name,
    Kind.VERB: _verb,
    Kind.TYPE: _type,
    Kind.OUTCOME: _word,
    Kind.WORD: _word,
    Kind.IDENTIFIER: _identifier,
    Kind.NUMBER: _number,
    Kind.DURATION: _duration,
    Kind.TRUTH: truth,
    Kind.MOMENT: _moment,
}
