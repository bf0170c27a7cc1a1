"""JSONPath as xAPI Profiles 1.0 allows it (Structure, 8.1): read once when rules are loaded, asked of every statement.

Allowed are keys (`.key`, `['any key']`), indexes from 0 (`[0]`), all children (`*`), several of these in one pair of
brackets (`['a', 'b', 0]`), and several paths joined by `|`. python-jsonpath parses; what else it understands (filters,
slices, `..`, …) is refused here, so that a path costs no more than the statement is large.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from jsonpath import CompoundJSONPath, JSONPathEnvironment, JSONPathError
from jsonpath.segments import JSONPathChildSegment, JSONPathRecursiveDescentSegment
from jsonpath.selectors import Filter, IndexSelector, NameSelector, SliceSelector, WildcardSelector

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from jsonpath import JSONPath
    from jsonpath.segments import JSONPathSegment
    from jsonpath.selectors import JSONPathSelector

MAX_LENGTH: Final = 2000
_GRAMMAR: Final = JSONPathEnvironment()
_EXAMPLE: Final = "a path looks like $.context.extensions['https://example.org/key']"
_REFUSED: Final[Mapping[type[JSONPathSelector], str]] = {
    Filter: "filters (`?`) are not allowed",
    SliceSelector: "slices (`[1:2]`) are not allowed",
}


class _Star:
    """All children of an object or list."""


_STAR: Final = _Star()
_Selector = str | int | _Star
_Segment = tuple[_Selector, ...]


@dataclass(frozen=True, slots=True)
class Path:
    """A path ready to be followed; `text` is how it was written."""

    text: str
    _alternatives: tuple[tuple[_Segment, ...], ...]

    def find(self, data: object) -> list[Any]:
        """Return what stands there in decoded JSON, in the order of the path; nothing when it leads nowhere."""
        return [value for segments in self._alternatives for value in _followed(segments, data)]


def parse_path(text: str) -> Path:
    """Return the path that `text` says. Raises ValueError that says what is not allowed.

    A leading `$` may be left out, as the specification's own example does.
    """
    if not text.strip():
        raise ValueError(f"a path is empty; {_EXAMPLE}")
    if len(text) > MAX_LENGTH:
        raise ValueError(f"a path of more than {MAX_LENGTH} characters is not allowed")
    try:
        parsed = _GRAMMAR.compile(text)
    except (JSONPathError, ValueError, RecursionError) as error:
        raise ValueError(f"{text!r} is not a JSONPath: {_reason(text, error)}; {_EXAMPLE}") from None
    try:
        return Path(text, tuple(_segments(path) for path in _alternatives(parsed)))
    except _NotAllowed as error:
        raise ValueError(f"{text!r} is not a path of the xAPI Profiles specification: {error}") from None


def _reason(text: str, error: Exception) -> str:
    if "[(" in text:
        return "scripts (`[(…)]`) are not allowed"
    return str(error.args[0]) if isinstance(error, JSONPathError) and error.args else "it cannot be understood"


class _NotAllowed(Exception):
    """A piece of JSONPath that the specification leaves out."""


def _alternatives(parsed: JSONPath | CompoundJSONPath) -> Iterator[JSONPath]:
    if not isinstance(parsed, CompoundJSONPath):
        yield parsed
        return
    yield from _alternatives(parsed.path)
    for operator, path in parsed.paths:
        if operator != _GRAMMAR.union_token:
            raise _NotAllowed(f"paths are joined by `|` alone, not by `{operator}`")
        yield path


def _segments(path: JSONPath) -> tuple[_Segment, ...]:
    if path.pseudo_root:
        raise _NotAllowed("`^` is not allowed")
    return tuple(_segment(segment) for segment in path.segments)


def _segment(segment: JSONPathSegment) -> _Segment:
    if isinstance(segment, JSONPathRecursiveDescentSegment):
        raise _NotAllowed("`..` (at any depth) is not allowed; name each step, or use `*`")
    if not isinstance(segment, JSONPathChildSegment):
        raise _NotAllowed(f"`{segment}` is not allowed")
    selectors = tuple(dict.fromkeys(_selector(selector) for selector in segment.selectors))
    # All children include the named ones: each is given once, so that nothing grows with the number of brackets.
    return (_STAR,) if _STAR in selectors else selectors


def _selector(selector: JSONPathSelector) -> _Selector:
    match selector:
        case NameSelector():
            return selector.name
        case IndexSelector() if selector.index >= 0:
            return selector.index
        case IndexSelector():
            raise _NotAllowed("indexes count from 0; negative ones are not allowed")
        case WildcardSelector():
            return _STAR
        case _:
            refused = _REFUSED.get(type(selector), f"`[{selector}]` is not allowed; a key in brackets stands in quotes")
            raise _NotAllowed(refused)


def _followed(segments: tuple[_Segment, ...], data: object) -> list[Any]:
    # Not the library's own: that takes a text for a document to be decoded, and makes an object of every step.
    found: list[Any] = [data]
    for segment in segments:
        key = segment[0]
        if type(key) is str and len(segment) == 1:  # nearly always
            found = [value[key] for value in found if isinstance(value, dict) and key in value]
        else:
            found = [child for value in found for selector in segment for child in _children(value, selector)]
        if not found:
            break
    return found


def _children(value: object, selector: _Selector) -> tuple[Any, ...]:
    if isinstance(value, dict):
        if selector is _STAR:
            return tuple(value.values())
        return (value[selector],) if selector in value else ()
    if not isinstance(value, list) or isinstance(selector, str):
        return ()
    if isinstance(selector, int):
        return (value[selector],) if selector < len(value) else ()
    return tuple(value)
