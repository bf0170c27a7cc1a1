"""JSON to a tree in which every value knows its place: what profiles and reactions are read from.

The standard library's decoder forgets where things stand. This one reads the same language, without recursion, and
stops at the limits that rule documents have.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from json import JSONDecodeError, JSONDecoder
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.documents.reading import MAX_BYTES, MAX_NODES
from lrs_bridge_rules.documents.tree import Node, Place

if TYPE_CHECKING:
    from lrs_bridge_rules.documents.tree import Problems, Scalar

MAX_DEPTH: Final = 64

_SPACE: Final = re.compile(r"[ \t\n\r]*")
_STRINGS: Final = JSONDecoder()
_NUMBER: Final = re.compile(r"-?(?:0|[1-9][0-9]*)(\.[0-9]+)?([eE][-+]?[0-9]+)?")
_MAX_DIGITS: Final = 400  # beyond that, converting takes longer than anybody means it to
_WORDS: Final[dict[str, Scalar]] = {"true": True, "false": False, "null": None}
_HALF: Final = re.compile(r"[\ud800-\udfff]")
_WORD: Final = re.compile("true|false|null")


def parse_json(name: str, text: str, problems: Problems) -> Node | None:
    """Return JSON as a tree, or None with the problem recorded at its place."""
    start = Place(name)
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        problems.add(start, f"larger than {MAX_BYTES // 1024} KiB")
        return None
    reader = _Reader(name, text.removeprefix("\ufeff"))
    try:
        return reader.read()
    except _Wrong as error:
        problems.add(reader.place(error.at), str(error))
        return None


class _Wrong(Exception):
    """The text is no JSON, or more of it than is read."""

    def __init__(self, at: int, message: str) -> None:
        super().__init__(message)
        self.at = at


class _Reader:
    def __init__(self, name: str, text: str) -> None:
        self._name = name
        self._text = text
        self._at = 0
        self._count = 0
        self._lines = [0, *(found.end() for found in re.finditer("\n", text))]
        self._open: list[Node] = []

    def place(self, at: int) -> Place:
        line = bisect_right(self._lines, at)
        return Place(self._name, line, at - self._lines[line - 1] + 1)

    def read(self) -> Node:
        root = self._value()
        while self._open:
            self._step(self._open[-1])
        self._skip()
        if self._at < len(self._text):
            raise _Wrong(self._at, "not JSON: something follows after its end")
        return root

    def _step(self, node: Node) -> None:
        """Read the next item of the innermost list or object, or its end."""
        first = not node.value
        mark = self._next()
        if mark == ("]" if isinstance(node.value, list) else "}"):
            self._at += 1
            self._open.pop()
            return
        if not first:
            self._expect(",")
        if isinstance(node.value, dict):
            self._entry(node, node.value)
        elif isinstance(node.value, list):
            node.value.append(self._value())

    def _entry(self, node: Node, entries: dict[str, Node]) -> None:
        if self._next() != '"':
            raise _Wrong(self._at, "not JSON: the name of a property, in double quotes, is expected here")
        start = self._at
        key = self._string()
        if key in entries:
            raise _Wrong(start, f"the property {key!r} is given twice (first in line {node.keys[key].line})")
        self._expect(":")
        node.keys[key] = self.place(start)
        entries[key] = self._value()

    def _value(self) -> Node:
        """Read a scalar whole, of a list or object the opening bracket alone."""
        mark = self._next()
        self._count += 1
        if self._count > MAX_NODES or len(self._open) > MAX_DEPTH:
            raise _Wrong(self._at, f"more than {MAX_NODES} values, or nested deeper than {MAX_DEPTH} levels")
        place = self.place(self._at)
        if mark in {"{", "["}:
            self._at += 1
            node = Node({} if mark == "{" else [], place)
            self._open.append(node)
            return node
        return Node(self._string() if mark == '"' else self._plain(), place)

    def _plain(self) -> Scalar:
        if found := _WORD.match(self._text, self._at):
            self._at = found.end()
            return _WORDS[found[0]]
        if (found := _NUMBER.match(self._text, self._at)) and found.end() - self._at <= _MAX_DIGITS:
            self._at = found.end()
            number = float(found[0]) if found[1] or found[2] else int(found[0])
            if number not in {float("inf"), float("-inf")}:
                return number
        raise _Wrong(self._at, "not JSON: a value is expected here")

    def _string(self) -> str:
        try:
            text, end = _STRINGS.raw_decode(self._text, self._at)
        except JSONDecodeError as error:
            raise _Wrong(
                error.pos, "not JSON: a text is not closed, or holds a character that must be escaped"
            ) from None
        if found := _HALF.search(text):
            raise _Wrong(self._at, f"a text holds half of a character (\\u{ord(found[0]):04x}), which nothing can keep")
        self._at = end
        return str(text)

    def _next(self) -> str:
        self._skip()
        return self._text[self._at : self._at + 1]

    def _expect(self, mark: str) -> None:
        if self._next() != mark:
            raise _Wrong(self._at, f"not JSON: {mark!r} is expected here")
        self._at += 1

    def _skip(self) -> None:
        found = _SPACE.match(self._text, self._at)
        self._at = found.end() if found is not None else self._at
