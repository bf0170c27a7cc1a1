"""Reads the keys of one mapping (a CSV row or a YAML mapping), and collects what is missing or wrong with its place.

A reader that finds a mistake notes it and goes on with a harmless value, so that an author sees all mistakes at once;
what it builds on the way is thrown away when there is any.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import TypeVar

from lrs_bridge_rules.documents.tree import Node, Place, Problems
from lrs_bridge_rules.nearest import nearest_or_all

T = TypeVar("T")
D = TypeVar("D")
Word = TypeVar("Word", bound=StrEnum)

#: Bytes of what is kept in an index (ids, names, words), and of what people write in sentences.
LONGEST, LONGEST_PROSE = 1000, 50_000
#: The keys under which people write sentences, and those that hold several values in one cell.
PROSE = frozenset(
    {"ambition", "application", "beyond", "identities", "job_aid", "link", "responsibilities", "title", "what"}
    | {"activities", "aliases", "competencies", "supports"}
)

_SEPARATORS = re.compile(r"[;\s]+")


class Fields:
    """One mapping of a file. `what` names it in errors: "a learner", "a goal", …"""

    def __init__(self, node: Node, problems: Problems, *, what: str, keys: Iterable[str]) -> None:
        self.place = node.place
        self.problems = problems
        self._what = what
        self._values: dict[str, Node] = node.value if isinstance(node.value, dict) else {}
        if not isinstance(node.value, dict):
            problems.add(node.place, f"expected {what} as a mapping with the keys {', '.join(keys)}")
        known = tuple(keys)
        for key in self._values:
            if key not in known:
                problems.add(
                    node.keys.get(key, node.place), f"unknown key {key!r} in {what}{nearest_or_all(key, known)}"
                )

    def __contains__(self, key: str) -> bool:
        return key in self._values and self._values[key].value not in (None, "")

    def written(self, key: str) -> bool:
        """Whether the key (or column) is there at all, if only to say that the value is empty."""
        return key in self._values

    def place_of(self, key: str) -> Place:
        return self._values[key].place if key in self._values else self.place

    def wrong(self, key: str, message: str) -> None:
        """Note that the value of a key is wrong."""
        self.problems.add(self.place_of(key), f"{key}: {message}")

    def text(self, key: str, *, required: bool = False) -> str:
        """The text under a key; a number is taken as it is written."""
        if key not in self:
            if required:
                self.problems.add(self.place_of(key), f"{self._what} needs {key!r}")
            return ""
        return self._text_of(self._values[key], key)

    def read(self, key: str, reader: Callable[[str], T], default: T, *, required: bool = False) -> T:
        """The value under a key, read by one of the readers in `values`."""
        text = self.text(key, required=required)
        return self._try(reader, text, key, self.place_of(key), default) if text else default

    def word(self, key: str, words: type[Word], default: Word, *, required: bool = False) -> Word:
        """One of a fixed set of words."""
        text = self.text(key, required=required)
        return self._choose(text, words, key) or default if text else default

    def optional_word(self, key: str, words: type[Word]) -> Word | None:
        text = self.text(key)
        return self._choose(text, words, key) if text else None

    def texts(self, key: str) -> list[tuple[str, Place]]:
        """Several texts with their places: a YAML list, or one text with `;` or blanks between."""
        found = self._values.get(key)
        if found is None or found.value is None:
            return []
        if isinstance(found.value, list):
            return [(self._text_of(each, key), each.place) for each in found.value]
        return [(part, found.place) for part in _SEPARATORS.split(self._text_of(found, key)) if part]

    def words_of(self, key: str) -> tuple[str, ...]:
        return tuple(text for text, _ in self.texts(key) if text)

    def each(self, key: str, reader: Callable[[str], T]) -> list[tuple[T, Place]]:
        """Several values, each read by the reader; those that cannot be read are noted and left out."""
        read = ((self._try(reader, text, key, place, None), place) for text, place in self.texts(key))
        return [(value, place) for value, place in read if value is not None]

    def entries(self, key: str) -> list[Node]:
        """The items of a list of mappings; a lone mapping as the only one."""
        found = self._values.get(key)
        return found.items() if found is not None else []

    def only(self, key: str) -> Node | None:
        """A mapping under a key, None when there is none."""
        return self._values[key] if key in self else None

    def _choose(self, text: str, words: type[Word], key: str) -> Word | None:
        try:
            return words(text)
        except ValueError:
            self.wrong(key, f"unknown word {text!r}{nearest_or_all(text, words)}")
            return None

    def _try(self, reader: Callable[[str], T], text: str, key: str, place: Place, default: D) -> T | D:
        try:
            return reader(text)
        except ValueError as error:
            self.problems.add(place, f"{key}: {error}")
            return default

    def _text_of(self, node: Node, key: str) -> str:
        match node.value:
            case str():
                return self._fitting(node.value, key, node.place)
            case bool():
                self.problems.add(node.place, f"{key}: expected a text; put quotes around a word such as yes or no")
            case int() | float():
                return str(node.value)
            case None:
                return ""
            case _:
                self.problems.add(node.place, f"{key}: expected a single value")
        return ""

    def _fitting(self, text: str, key: str, place: Place) -> str:
        """The text, if a database can keep and index it: a long one is a paste into the wrong cell, mostly."""
        longest = LONGEST_PROSE if key in PROSE else LONGEST
        if len(text.encode("utf-8", "surrogatepass")) > longest:
            self.problems.add(place, f"{key}: expected at most {longest:,} bytes")
            return ""
        return text
