"""When two values out of JSON are the same: what `any`, `all` and `none` of a template rule compare by.

Python takes true for 1 and false for 0, and cannot put lists and objects into sets; JSON knows better. Numbers are the
same however they are written (1 and 1.0), objects whatever the order of their keys, texts to the last character.
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Final

Key = Hashable

_NEVER: Final = "nested too deeply"
_BEGINNING: Final = 25
_END: Final = 50  # IRIs are told apart by how they end
_SEVERAL: Final = 4


def key_of(value: object) -> Key:
    """Return what is equal for two decoded JSON values exactly if the values are the same.

    One that is nested too deeply to be looked at is the same as none, not even itself.
    """
    try:
        return _key_of(value)
    except RecursionError:
        return (_NEVER, object())


def _key_of(value: object) -> Key:
    match value:
        case bool():
            return (bool, value)
        case list() | tuple():
            return (list, tuple([_key_of(item) for item in value]))
        case dict():
            return (dict, frozenset([(name, _key_of(item)) for name, item in value.items()]))
        case _:
            return value  # texts, numbers and null, which Python compares as JSON does


def shown_values(values: list[object]) -> str:
    """Return values in a few words, for a sentence: the first ones, long ones without their middle."""
    words = [shown_value(value) for value in values[:_SEVERAL]]
    if len(values) > _SEVERAL:
        words.append(f"{len(values) - _SEVERAL} more")
    return ", ".join(words) if words else "nothing"


def shown_value(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            long = len(value) > _BEGINNING + _END
            return f"{value[:_BEGINNING]}…{value[-_END:]}" if long else value
        case list():
            return f"a list of {len(value)}"
        case dict():
            return "an object"
        case _:
            return str(value)
