"""Plain data to YAML 1.2 as this project writes it: the other direction of `reading`.

Short lists and mappings stand in one line, in brackets and braces; longer ones in lines of their own. Texts are plain
where nobody can take them for something else, and in double quotes otherwise. What is printed reads back as the same
data; what cannot be written raises ValueError.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.documents.reading import resolved

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


@dataclass(frozen=True, slots=True)
class Style:
    """How a document is laid out: spaces per level, how far a list stands in from its key, how long a line may be."""

    step: int = 2
    offset: int = 2
    width: int = 120


HOUSE: Final = Style()
#: Beyond so many values or levels a line is hard to read, though it may be short enough.
_MOST_VALUES: Final = 8
_MOST_LEVELS: Final = 3
#: What has one of these keys is a rule, a template, a test or an exception.
_NAMED: Final = frozenset(("id", "expect", "reason"))
#: A key in one line with its value may not be longer (YAML 1.2, 7.4.2 and 8.2.2).
_LONGEST_KEY: Final = 1000
_LARGEST: Final = 10**18
#: Begins with a letter, or is a span or a date; holds nothing that means something to YAML, at any place.
_PLAIN: Final = re.compile(r"(?:[^\W\d_]|\d+[a-z]{1,2}\Z|\d{4}-\d\d-\d\d\Z)(?:[\w ./()+–—…“”‘’'-]*[\w.)”’…])?")
#: What YAML 1.1 takes for something other than a text; readers of that version are still about.
_OLD_WORDS: Final = frozenset(("y", "n", "yes", "no", "on", "off", "true", "false", "null"))
_ESCAPED: Final = re.compile(r"[\"\\\x00-\x1f\x7f-\xa0\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
_ESCAPES: Final[Mapping[str, str]] = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def to_yaml(value: object, style: Style = HOUSE) -> str:
    """Return a document: mappings, lists, texts, numbers, booleans and None. Raises ValueError for anything else."""
    return "\n".join(block(value, style, 0)) + "\n"


def inline(value: object) -> str:
    """Return a value in one line, as it may stand anywhere in a document."""
    match value:
        case dict():
            return f"{{{', '.join(_pair(key, below) for key, below in value.items())}}}"
        case list() | tuple():
            return f"[{', '.join(inline(item) for item in value)}]"
        case _:
            return scalar(value)


def _pair(key: object, value: object) -> str:
    name = scalar(_key(key))
    return f"{name}: {inline(value)}" if len(name) <= _LONGEST_KEY else f"? {name} : {inline(value)}"


def block(value: object, style: Style, column: int) -> list[str]:
    """Return a value in lines of its own, the first of which begins at `column`; none is indented yet."""
    if isinstance(value, dict) and value:
        return [line for key, below in value.items() for line in entry(_key(key), below, style, column)]
    if isinstance(value, list | tuple) and value:
        return [line for below in value for line in item(below, style, column)]
    return [inline(value)]


def entry(key: str, value: object, style: Style, column: int) -> list[str]:
    """Return the lines of one entry of a mapping whose keys stand at `column`."""
    name = scalar(key)
    if len(name) > _LONGEST_KEY:
        return [f"? {name}", f": {inline(value)}"]
    if _in_one_line(value, style, column + len(name) + 2):
        return [f"{name}: {inline(value)}"]
    deeper = style.offset if isinstance(value, list | tuple) else style.step
    return [f"{name}:", *indented(block(value, style, column + deeper), deeper)]


def item(value: object, style: Style, column: int) -> list[str]:
    """Return the lines of one item of a list whose dashes stand at `column`."""
    if _in_one_line(value, style, column + 2) and not _is_part(value):
        return [f"- {inline(value)}"]
    first, *rest = block(value, style, column + 2)
    return [f"- {first}", *indented(rest, 2)]


def indented(lines: Sequence[str], spaces: int) -> list[str]:
    """Return lines moved to the right."""
    return [" " * spaces + line for line in lines]


def _is_part(value: object) -> bool:
    """Whether it is a thing of its own, which stands in lines of its own."""
    return isinstance(value, dict) and len(value) > 1 and not _NAMED.isdisjoint(value)


def _in_one_line(value: object, style: Style, column: int) -> bool:
    if not isinstance(value, dict | list | tuple) or not value:
        return True
    if isinstance(value, list | tuple) and any(_is_part(below) for below in value):
        return False
    values, levels = _size(value)
    return values <= _MOST_VALUES and levels <= _MOST_LEVELS and column + len(inline(value)) <= style.width


def _size(value: object) -> tuple[int, int]:
    """Return how many scalars there are, and on how many levels."""
    if not isinstance(value, dict | list | tuple):
        return 1, 0
    sizes = [_size(below) for below in (value.values() if isinstance(value, dict) else value)]
    return sum(count for count, _ in sizes), 1 + max((levels for _, levels in sizes), default=0)


def _key(key: object) -> str:
    if not isinstance(key, str):
        raise ValueError("a key must be a text")  # noqa: TRY004  # a caller need catch one error alone
    return key


def scalar(value: Any) -> str:  # noqa: ANN401 -- whatever a caller hands over is looked at here
    """Return a text, number, boolean or None as YAML. Raises ValueError for what it cannot hold."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case int() if -_LARGEST < value < _LARGEST:
            return str(int(value))
        case float() if math.isfinite(value):
            return repr(value)
        case str():
            return _text(str(value))
        case _:
            raise ValueError(f"a document cannot hold {_shortened(value)}")


def _text(text: str) -> str:
    plain = _PLAIN.fullmatch(text) and text.casefold() not in _OLD_WORDS and isinstance(resolved(text), str)
    return text if plain else f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(found: re.Match[str]) -> str:
    character = found[0]
    if "\ud800" <= character <= "\udfff":
        raise ValueError("a document cannot hold half a character (a lone surrogate)")
    code = ord(character)
    return _ESCAPES.get(character) or (f"\\x{code:02x}" if code <= 0xFF else f"\\u{code:04x}")


def _shortened(value: object) -> str:
    return f"a value of the type {type(value).__name__}" if not isinstance(value, int | float) else "such a number"
