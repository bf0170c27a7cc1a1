"""Conditions in the words in which their author wrote them, short enough to stand in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.conditions.condition import AllOf, AnyOne, Clause, Not
from lrs_bridge_rules.conditions.sent import Follows
from lrs_bridge_rules.wording import joined

if TYPE_CHECKING:
    from collections.abc import Iterable

    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.lint.reasoning import Clash
    from lrs_bridge_rules.lint.sayings import Saying

_LONGEST: Final = 90
_SHOWN: Final = 3


def clash_in_words(clash: Clash) -> str:
    """Return why sayings cannot be true together: `a` and `b` exclude each other, or what is known against them."""
    said = list(dict.fromkeys(saying_in_words(saying) for saying in clash.sayings))
    if clash.known:
        return f"{joined(said)}: {clash.known}" if said else clash.known
    if len(said) < 2:
        return f"{joined(said)} contradicts itself" if said else "its parts leave nothing over"
    return f"{joined(said)} exclude each other"


def saying_in_words(saying: Saying) -> str:
    text = in_words(saying.of)
    return f"`not {text}`" if saying.negated else f"`{text}`"


def in_words(condition: Condition[Any]) -> str:
    """Return a condition as YAML in one line, cut off where it is long."""
    text = _flow(condition)
    return text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1]}…"


def some(names: Iterable[str]) -> str:
    """Return a few names, and how many more there are."""
    every = list(names)
    more = len(every) - _SHOWN
    return f"{', '.join(every[:_SHOWN])} and {more} more" if more > 0 else joined(every)


def _flow(condition: Condition[Any]) -> str:
    match condition:
        case Clause():
            value = _value(condition.expected)
            return f"{condition.field.name}: {value if condition.word == 'is' else f'{{{condition.word}: {value}}}'}"
        case Not():
            return f"not: {{{_flow(condition.part)}}}"
        case AllOf():
            return ", ".join(_flow(part) for part in condition.parts)
        case AnyOne():
            return f"any: [{', '.join(f'{{{_flow(part)}}}' for part in condition.parts)}]"
        case Follows():
            return f"template: {condition.name}"
        case _:
            return "a condition of another kind"


def _value(value: object) -> str:
    match value:
        case bool():
            return str(value).lower()
        case list() if len(value) > _SHOWN:
            return f"[{', '.join(map(_value, value[:_SHOWN]))}, …]"
        case list():
            return f"[{', '.join(map(_value, value))}]"
        case dict():
            return f"{{{', '.join(f'{key}: {_value(below)}' for key, below in value.items())}}}"
        case _:
            return str(value)
