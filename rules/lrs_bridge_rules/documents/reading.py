"""YAML to a tree with places: the one reader of everything that is written as YAML.

Scalars follow YAML 1.2, so that `no`, `on`, `012` and dates stay the texts that they look like. Duplicate keys, tags
and merge keys are refused, and so is what is too large, too deep or too long, before it costs time or memory.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from lrs_bridge_rules.documents.syntax import explained, forbidden_character
from lrs_bridge_rules.documents.tree import Node, Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrs_bridge_rules.documents.syntax import Explained
    from lrs_bridge_rules.documents.tree import Problems, Scalar

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 32
MAX_NODES: Final = 250_000  # counted after aliases are followed, so that a few bytes cannot become gigabytes
#: Values of all documents that are read together, and how many documents there may be.
MAX_TOTAL: Final = 1_000_000
MAX_DOCUMENTS: Final = 1_000
MAX_KEY: Final = 1_000
MAX_TEXT: Final = 20_000

Loader: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?((0|[1-9][0-9]{0,17})(\.[0-9]{1,30})?|\.[0-9]{1,30})([eE][-+]?[0-9]{1,3})?", re.ASCII)
_LONG: Final = re.compile(r"[-+]?[1-9][0-9]{18,}", re.ASCII)
_WORDS: Final[dict[str, Scalar]] = {
    "": None,
    "~": None,
    "null": None,
    "Null": None,
    "NULL": None,
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}


@dataclass(slots=True)
class Budget:
    """How many values may still be read; documents that are read together share one."""

    left: int = MAX_TOTAL


def parse(name: str, text: str, problems: Problems, budget: Budget | None = None) -> Node | None:
    """Return a document as a tree, or None with the problem recorded. An empty text is an empty mapping."""
    start = Place(name)
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        problems.add(start, f"larger than {MAX_BYTES // 1024} KiB; split it into several documents")
        return None
    wrong = forbidden_character(text)
    if wrong is not None:
        problems.add(_at(name, wrong), wrong.message)
        return None
    try:
        node = _TreeReader(name, text, problems, budget or Budget()).read()
    except _LimitError as error:
        problems.add(error.place, str(error))
    except yaml.MarkedYAMLError as error:
        wrong = explained(error, text)
        problems.add(_at(name, wrong), wrong.message)
    except yaml.YAMLError:
        problems.add(start, "not YAML: it cannot be read as text in UTF-8")
    else:
        if isinstance(node.value, dict):
            return node
        problems.add(node.place, "a document is a mapping: keys, each with a colon and what belongs to it")
    return None


def _at(name: str, wrong: Explained) -> Place:
    return Place(name, wrong.line, wrong.column)


class _LimitError(Exception):
    """A document is too deep or too large to go on reading it."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


class _TreeReader:
    """Builds the tree out of PyYAML's events: composing nodes first would recurse as deep as a hostile text likes."""

    def __init__(self, name: str, text: str, problems: Problems, budget: Budget) -> None:
        self._budget = budget
        self._name = name
        self._problems = problems
        self._events = iter(yaml.parse(text, Loader=Loader))
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = 0

    def read(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    self._problems.add(self._place(event), "one text holds one document; remove what follows ---")
                    return root
                root = self._node(event, 0)
        return Node({}, Place(self._name)) if root is None or root.value is None else root

    def _node(self, event: yaml.Event, depth: int) -> Node:
        place = self._place(event)
        self._limit(place, depth)
        anchor = str(getattr(event, "anchor", None) or "")
        if isinstance(event, yaml.AliasEvent):
            return self._alias(anchor, place, depth)
        if getattr(event, "tag", None) is not None:
            self._problems.add(place, "tags (a word after !) are not allowed here")
        before = self._count
        node = self._built(event, place, depth)
        if anchor:
            self._anchors[anchor] = (node, self._count - before + 1)
        return node

    def _built(self, event: yaml.Event, place: Place, depth: int) -> Node:
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(place, depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return Node([self._node(item, depth + 1) for item in self._until(yaml.SequenceEndEvent)], place)
        plain = isinstance(event, yaml.ScalarEvent) and event.implicit[0]
        text = str(getattr(event, "value", ""))
        if len(text) > MAX_TEXT:
            self._problems.add(place, f"a text of {len(text):,} characters; at most {MAX_TEXT:,} are allowed")
        elif plain and _LONG.fullmatch(text):
            self._problems.add(place, "a number of more than 18 digits; put it in quotes if it is a text")
        return Node(resolved(text) if plain else text, place)

    def _mapping(self, place: Place, depth: int) -> Node:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for event in self._until(yaml.MappingEndEvent):
            where = self._place(event)
            key = self._key(event, where, depth)
            if key in entries:
                self._problems.add(where, f"the key {key!r} is given twice (first in line {keys[key].line})")
            value = self._node(next(self._events), depth + 1)
            if key is not None and key not in entries:
                entries[key], keys[key] = value, where
        return Node(entries, place, keys)

    def _key(self, event: yaml.Event, where: Place, depth: int) -> str | None:
        """Return a key, or None when it can be none, with the problem recorded."""
        if not isinstance(event, yaml.ScalarEvent):
            self._problems.add(where, "a key must be a text; put a text that begins with a bracket or brace in quotes")
            self._node(event, depth + 1)
            return None
        key = str(event.value)
        if len(key) > MAX_KEY:
            self._problems.add(where, f"a key of {len(key):,} characters; at most {MAX_KEY:,} are allowed")
            return None
        if key == "<<" and event.implicit[0]:
            self._problems.add(where, "merge keys (<<) are not part of YAML 1.2; write out what is to be merged")
            return None
        return key

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _alias(self, anchor: str, place: Place, depth: int) -> Node:
        found = self._anchors.get(anchor)
        if found is None:
            raise _LimitError(
                place,
                f"the alias *{anchor} has no anchor before it, or stands inside it; quote a text that begins with *",
            )
        node, size = found
        self._count += size
        self._limit(place, depth + node.height())
        return node

    def _limit(self, place: Place, depth: int) -> None:
        self._count += 1
        self._budget.left -= 1
        if self._budget.left < 0:
            raise _LimitError(place, f"all documents together hold more than {MAX_TOTAL:,} values")
        if self._count > MAX_NODES:
            raise _LimitError(place, f"more than {MAX_NODES:,} values once its aliases are followed")
        if depth > MAX_DEPTH:
            raise _LimitError(place, f"nested deeper than {MAX_DEPTH} levels")

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        return Place(self._name) if mark is None else Place(self._name, mark.line + 1, mark.column + 1)


def resolved(text: str) -> Scalar:
    """Return what a plain scalar means in YAML 1.2. One with leading zeros stays a text: nobody means a number by it.

    So do hexadecimal and octal numbers, infinities, and what is larger than a number can be: they are never meant here.
    """
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    number = float(text) if _FLOAT.fullmatch(text) else math.inf
    return number if math.isfinite(number) else text
