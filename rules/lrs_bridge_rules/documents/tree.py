"""A document as a tree in which every value knows its place; what the loader reads and all checks speak about.

Kept apart from YAML, so that checks and errors do not depend on how a document was written.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.errors import DocumentError, Problem

if TYPE_CHECKING:
    from collections.abc import Iterator

Scalar = str | int | float | bool | None
Step = str | int
MAX_PROBLEMS: Final = 1_000
_LONGEST: Final = 600
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")

#: What the names of included packs begin with, among the texts of a ruleset.
PACK_FOLDER: Final = "packs/"


@dataclass(frozen=True, slots=True)
class Place:
    """A position in a document, counted from 1."""

    path: str
    line: int = 1
    column: int = 1

    @property
    def in_pack(self) -> bool:
        """Whether it is in an included pack, and not in a document of the organisation's own."""
        return self.path.startswith(PACK_FOLDER)


@dataclass(frozen=True, slots=True)
class Node:
    """A scalar, a list or a mapping; `keys` holds where each key of a mapping stands."""

    value: Scalar | list[Node] | dict[str, Node]
    place: Place
    keys: dict[str, Place] = field(default_factory=dict)

    def plain(self) -> object:
        """Return it as ordinary Python data."""
        match self.value:
            case dict():
                return {key: node.plain() for key, node in self.value.items()}
            case list():
                return [node.plain() for node in self.value]
            case _:
                return self.value

    def items(self) -> list[Node]:
        """Return the items of a list, a lone value as the only one, and nothing for null."""
        if isinstance(self.value, list):
            return self.value
        return [] if self.value is None else [self]

    def child(self, step: Step) -> Node | None:
        """Return what stands under a key or index, None when there is nothing."""
        if isinstance(self.value, dict) and isinstance(step, str):
            return self.value.get(step)
        if isinstance(self.value, list) and isinstance(step, int) and step < len(self.value):
            return self.value[step]
        return None

    def entries(self, key: str) -> Iterator[Node]:
        """Iterate over the items under a key (none when the key is not there)."""
        below = self.child(key)
        yield from below.items() if below is not None else ()

    def height(self) -> int:
        """Return how many levels stand below."""
        below = self.value.values() if isinstance(self.value, dict) else self.value
        nodes = [] if isinstance(below, Scalar) else list(below)
        return max((1 + node.height() for node in nodes), default=0)

    def place_of(self, path: tuple[Step, ...]) -> Place:
        """Return where a path leads to; steps that are not in the document (a lone value as a list) are skipped."""
        node = self
        for step in path:
            node = node.child(step) or node
        return node.place

    def key_place(self, path: tuple[Step, ...]) -> Place:
        """Return where the last key of a path is written."""
        node = self
        for step in path[:-1]:
            node = node.child(step) or node
        return node.keys.get(str(path[-1]), node.place)


class Problems:
    """Collects everything that is wrong, so that an author sees all of it at once."""

    def __init__(self) -> None:
        self._found: set[Problem] = set()

    def add(self, place: Place, message: str) -> None:
        """Record one; it stays one line, and repeats no document however long a word in it is."""
        short = message if len(message) <= _LONGEST else f"{message[: _LONGEST // 2]} … {message[-_LONGEST // 2 :]}"
        line = _CONTROL.sub(lambda found: repr(found[0])[1:-1], short)
        self._found.add(Problem(place.path, place.line, place.column, line))

    def __bool__(self) -> bool:
        return bool(self._found)

    def raise_if_any(self) -> None:
        """Raise DocumentError with what was found; of very many only the first, as nobody reads more at once."""
        found = sorted(self._found)
        if len(found) > MAX_PROBLEMS:
            last = found[MAX_PROBLEMS - 1]
            more = f"and {len(found) - MAX_PROBLEMS:,} problems more; mend these first"
            found = [*found[:MAX_PROBLEMS], Problem(last.path, last.line, last.column, more)]
        if found:
            raise DocumentError(tuple(found))
