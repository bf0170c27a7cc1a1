"""An xAPI Profile: the concepts and Statement Templates of a JSON-LD document (xAPI Profiles 1.0, Structure 6 to 8).

What the specification does not need JSON-LD processing for is read as plain JSON; patterns and what is not known are
passed over. A document that is no profile is refused; a part that is wrong is left out, with a note that says why.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

from lrs_bridge_rules.statements.language import pick
from lrs_bridge_rules.templates.json_tree import parse_json
from lrs_bridge_rules.templates.reading import Unusable, child, flag, iri, labels, template_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from lrs_bridge_rules.documents.tree import Node, Place, Problems
    from lrs_bridge_rules.templates.template import Template

T = TypeVar("T")

#: How the names of profiles among a ruleset's texts end.
SUFFIXES: Final = (".jsonld", ".json")
_VERSION: Final = "https://w3id.org/xapi/profiles#1.0"
_NO_WORD: Final = re.compile(r"[^a-z0-9]+")
_LAST: Final = re.compile(r"([^/#:]+)[/#]*$")


@dataclass(frozen=True, slots=True)
class Concept:
    """A verb, activity type or another building block; `words` are the short names that it may get, best first."""

    id: str
    kind: str
    name: str
    words: tuple[str, ...]
    place: Place
    deprecated: bool = False


@dataclass(frozen=True, slots=True)
class Note:
    """Something about a profile that its reader should know; nothing is refused for it."""

    place: Place
    message: str

    def __str__(self) -> str:
        return f"{self.place.path}:{self.place.line}:{self.place.column}: {self.message}"


@dataclass(frozen=True, slots=True)
class Profile:
    """A profile, read. `source` is the name of its text; `unusable` holds the ids of templates that were left out."""

    id: str
    name: str
    source: str
    concepts: tuple[Concept, ...]
    templates: tuple[Template, ...]
    notes: tuple[Note, ...]
    unusable: Mapping[str, Note]


def read_profile(name: str, text: str, problems: Problems) -> Profile | None:
    """Return the profile that a text holds, or None with the reasons recorded."""
    root = parse_json(name, text, problems)
    if root is None:
        return None
    if not is_profile(root):
        problems.add(root.place, 'not an xAPI Profile: an object with "type": "Profile" is expected')
        return None
    try:
        return _Reader(name, root).profile()
    except Unusable as error:
        problems.add(error.place, f"not an xAPI Profile: {error}")
        return None


def is_profile(root: Node) -> bool:
    kind = child(root, "type")
    return kind is not None and kind.value == "Profile"


class _Reader:
    def __init__(self, source: str, root: Node) -> None:
        self._source = source
        self._root = root
        self._id = iri(root, "id")
        self._notes: list[Note] = []
        self._unusable: dict[str, Note] = {}

    def profile(self) -> Profile:
        self._note_version()
        concepts = tuple(self._parts("concepts", self._concept))
        templates = tuple(self._parts("templates", self._template))
        name = pick(labels(self._root), "en") or self._id
        return Profile(self._id, name, self._source, concepts, templates, tuple(self._notes), self._unusable)

    def _note_version(self) -> None:
        version = child(self._root, "conformsTo")
        if version is None or not str(version.value).startswith(_VERSION):
            place = version.place if version is not None else self._root.place
            self._notes.append(Note(place, f"it does not say that it conforms to {_VERSION}; it is read as if it did"))

    def _parts(self, key: str, read: Callable[[Node], T]) -> Iterator[T]:
        for node in self._root.entries(key):
            try:
                yield read(node)
            except Unusable as error:
                self._leave_out(node, error)

    def _leave_out(self, node: Node, error: Unusable) -> None:
        given = child(node, "id")
        own_id = given.value if given is not None and isinstance(given.value, str) else ""
        note = Note(error.place, f"{own_id or 'a part without an id'} cannot be used: {error}")
        self._notes.append(note)
        if own_id:
            self._unusable[own_id] = note

    def _concept(self, node: Node) -> Concept:
        own_id, kind = iri(node, "id"), child(node, "type")
        if kind is None or not isinstance(kind.value, str):
            raise Unusable(node.place, "a concept has a type, such as Verb or ActivityType")
        name = pick(labels(node), "en")
        return Concept(own_id, kind.value, name or own_id, _words(own_id, name), node.place, flag(node, "deprecated"))

    def _template(self, node: Node) -> Template:
        return template_of(node, self._id)


def _words(own_id: str, name: str) -> tuple[str, ...]:
    """Return what a concept may be called in a rule: its name in small letters, else the end of its IRI."""
    words = (_NO_WORD.sub("-", text.lower()).strip("-") for text in (name, last_part(own_id)))
    return tuple(dict.fromkeys(word for word in words if word))


def last_part(own_id: str) -> str:
    """Return what stands behind the last `/` or `#` of an IRI."""
    found = _LAST.search(own_id)
    return found[1] if found is not None else own_id
