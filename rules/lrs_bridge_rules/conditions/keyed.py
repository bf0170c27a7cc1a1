"""Fields whose values stand under keys of their own, such as extensions: which typed field a clause asks about.

A statement may hold anything under such a key, so the operand says what is compared: a text with texts, a number with
numbers, true or false with these. What is there and of another kind never fits, and an explanation shows it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final, TypeVar

from lrs_bridge_rules.conditions.fields import Field, Kind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

T = TypeVar("T")

#: An extension's key is an IRI; no operator holds a colon.
MARK: Final = ":"

_OF_WORD: Final[Mapping[str, Kind]] = {
    **dict.fromkeys(("glob", "prefix", "contains"), Kind.TEXT),
    **dict.fromkeys(("gt", "gte", "lt", "lte", "between"), Kind.NUMBER),
}
_OF_TYPE: Final[Mapping[type, Kind]] = {str: Kind.TEXT, int: Kind.NUMBER, float: Kind.NUMBER, bool: Kind.TRUTH}
_TYPES: Final[Mapping[Kind, tuple[type, ...]]] = {Kind.TEXT: (str,), Kind.NUMBER: (int, float), Kind.TRUTH: (bool,)}
_NAMES: Final[Mapping[Kind, str]] = {Kind.TEXT: "", Kind.NUMBER: " (number)", Kind.TRUTH: " (true or false)"}


def under_key(field: Field[T], keys: tuple[str, ...], word: str, operands: Sequence[object]) -> Field[T]:
    """Return the field of the values under these keys that can be compared with the operands by the operator."""
    first = operands[0] if operands else ""
    kind = _OF_WORD.get(word) or _OF_TYPE.get(type(first), Kind.TEXT)
    everything = _everything(field, keys)
    named = replace(field, name=field.name + "".join(f"[{key}]" for key in keys), keyed=None, seen=everything)
    if word == "present":
        return replace(named, name=f"{named.name} (any)", extract=everything, selectivity=None)
    extract = _of_type(everything, _TYPES[kind])
    return replace(named, name=named.name + _NAMES[kind], kind=kind, extract=extract)


def _everything(field: Field[T], keys: tuple[str, ...]) -> Callable[[T], Iterable[Any]]:
    keyed = field.keyed
    return lambda subject: keyed(subject, keys) if keyed is not None else ()


def _of_type(extract: Callable[[T], Iterable[Any]], types: tuple[type, ...]) -> Callable[[T], Iterable[Any]]:
    """Exactly of these types: to Python, true is also the number 1."""
    return lambda subject: [value for value in extract(subject) if type(value) in types]
