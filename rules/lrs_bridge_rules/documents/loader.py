"""Reads rule documents: files and packs to trees with places, and these to a `Ruleset`.

The only module that knows YAML and the file system. Scalars follow YAML 1.2, so that `no`, `on`, `012` and dates stay
the texts that they look like; duplicate keys, tags, and documents that are too large or too deep are refused.
"""

from __future__ import annotations

import re
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Protocol

import yaml

from lrs_bridge_rules.documents.compiler import compile_documents
from lrs_bridge_rules.documents.tree import Node, Place, Problems
from lrs_bridge_rules.documents.vocabulary import nearest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from importlib.resources.abc import Traversable

    from lrs_bridge_rules.documents.tree import Scalar
    from lrs_bridge_rules.ruleset import Ruleset

MAX_BYTES: Final = 1024 * 1024
MAX_DEPTH: Final = 32
MAX_NODES: Final = 500_000  # counted after aliases are followed, so that a few bytes cannot become gigabytes
PACK_FOLDER: Final = "packs/"

_Loader: Final[Any] = getattr(yaml, "CBaseLoader", yaml.BaseLoader)
_INTEGER: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(0|[1-9][0-9]{0,17})?(\.[0-9]{1,17})?([eE][-+]?[0-9]{1,2})?(?<=[0-9])", re.ASCII)
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


def available_packs() -> tuple[str, ...]:
    """Return the names of the packs that are shipped."""
    return tuple(sorted(file.name[:-5] for file in _pack_folder().iterdir() if file.name.endswith(".yaml")))


def load(paths: Sequence[Path]) -> Ruleset:
    """Return the ruleset of some files and folders (their *.yaml and *.yml) and the packs that they include.

    Raises DocumentError with everything that is wrong.
    """
    return load_texts(_texts_of(paths))


def sources_of(paths: Sequence[Path]) -> dict[str, str]:
    """Return the full texts, packs included, by name: what a published version keeps."""
    texts, _ = _complete(_texts_of(paths), problems := Problems())
    problems.raise_if_any()
    return texts


def load_texts(texts: Mapping[str, str]) -> Ruleset:
    """Return the ruleset of named texts. A pack among them (`packs/NAME.yaml`) is used instead of the shipped one.

    Raises DocumentError with everything that is wrong.
    """
    complete, roots = _complete(texts, problems := Problems())
    return compile_documents(complete, roots, problems)


def _texts_of(paths: Sequence[Path]) -> dict[str, str]:
    problems = Problems()
    texts: dict[str, str] = {}
    for path in (file for given in paths for file in _files(given)):
        try:
            with path.open("rb") as file:
                texts[path.as_posix()] = file.read(MAX_BYTES + 1).decode("utf-8-sig")
        except (OSError, UnicodeDecodeError) as error:
            reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8 text"
            problems.add(Place(path.as_posix()), f"cannot be read: {reason}")
    problems.raise_if_any()
    return texts


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.iterdir() if file.suffix in {".yaml", ".yml"} and file.is_file())
    return [path]


def _complete(texts: Mapping[str, str], problems: Problems) -> tuple[dict[str, str], list[Node]]:
    """Parse the given documents by name, then the packs that they include, each once, in the order of inclusion."""
    complete: dict[str, str] = {}
    roots: list[Node] = []
    waiting = [(name, texts[name]) for name in sorted(texts) if not name.startswith(PACK_FOLDER)]
    while waiting:
        name, text = waiting.pop(0)
        complete[name] = text
        root = parse(name, text, problems)
        if root is None:
            continue
        roots.append(root)
        for node in root.entries("include"):
            pack = f"{PACK_FOLDER}{node.value}.yaml"
            if pack not in complete and pack not in dict(waiting):
                found = texts.get(pack) or _shipped(node, problems)
                waiting += [(pack, found)] if found is not None else []
    return complete, roots


def _shipped(node: Node, problems: Problems) -> str | None:
    packs = available_packs()
    if node.value not in packs:
        hint = nearest(str(node.value), packs) or f" (known: {', '.join(packs)})"
        problems.add(node.place, f"unknown pack {node.value!r}{hint}")
        return None
    return (_pack_folder() / f"{node.value}.yaml").read_text("utf-8")


def _pack_folder() -> Traversable:
    """Return where the packs are: inside the installed package, or beside it in a checkout."""
    inside = resources.files("lrs_bridge_rules") / "packs"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[2] / "packs"


def parse(name: str, text: str, problems: Problems) -> Node | None:
    """Return a document as a tree, or None with the problem recorded."""
    start = Place(name)
    if len(text.encode("utf-8", "surrogatepass")) > MAX_BYTES:
        problems.add(start, f"larger than {MAX_BYTES // 1024} KiB; split it into several documents")
        return None
    try:
        node = _TreeReader(name, text, problems).read()
    except _LimitError as error:
        problems.add(error.place, str(error))
    except yaml.MarkedYAMLError as error:
        problems.add(
            _place(name, error.problem_mark or error.context_mark), f"not YAML: {error.problem or error.context}"
        )
    except (yaml.YAMLError, UnicodeError):
        problems.add(start, "not YAML: it holds characters that are not allowed")
    else:
        if isinstance(node.value, dict):
            return node
        problems.add(node.place, "a document is a mapping: keys, each with a colon and what belongs to it")
    return None


class _Mark(Protocol):
    """A position as PyYAML gives it, counted from 0; its two parsers have a class each."""

    line: int
    column: int


def _place(name: str, mark: _Mark | None) -> Place:
    return Place(name) if mark is None else Place(name, mark.line + 1, mark.column + 1)


class _LimitError(Exception):
    """A document is too deep or too large to go on reading it."""

    def __init__(self, place: Place, message: str) -> None:
        super().__init__(message)
        self.place = place


class _TreeReader:
    """Builds the tree out of PyYAML's events: composing nodes first would recurse as deep as a hostile text likes."""

    def __init__(self, name: str, text: str, problems: Problems) -> None:
        self._name = name
        self._problems = problems
        self._events = iter(yaml.parse(text, Loader=_Loader))
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._count = 0

    def read(self) -> Node:
        """Return the only document of the text; an empty text is an empty mapping."""
        root: Node | None = None
        for event in self._events:
            if isinstance(event, yaml.NodeEvent):
                if root is not None:
                    self._problems.add(self._place(event), "one text holds one document; remove what follows ---")
                    return root
                root = self._node(event, 0)
        return root or Node({}, Place(self._name))

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
        return Node(_resolved(text) if plain else text, place)

    def _mapping(self, place: Place, depth: int) -> Node:
        entries: dict[str, Node] = {}
        keys: dict[str, Place] = {}
        for event in self._until(yaml.MappingEndEvent):
            where = self._place(event)
            key = event.value if isinstance(event, yaml.ScalarEvent) else None
            if key is None:
                self._problems.add(where, "a key must be a text")
                self._node(event, depth + 1)
            elif key in entries:
                self._problems.add(where, f"the key {key!r} is given twice (first in line {keys[key].line})")
            value = self._node(next(self._events), depth + 1)
            if key is not None and key not in entries:
                entries[key], keys[key] = value, where
        return Node(entries, place, keys)

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _alias(self, anchor: str, place: Place, depth: int) -> Node:
        found = self._anchors.get(anchor)
        if found is None:
            raise _LimitError(place, f"the alias *{anchor} has no anchor before it, or stands inside it")
        node, size = found
        self._count += size
        self._limit(place, depth + node.height())
        return node

    def _limit(self, place: Place, depth: int) -> None:
        self._count += 1
        if self._count > MAX_NODES:
            raise _LimitError(place, "too large once its aliases are followed")
        if depth > MAX_DEPTH:
            raise _LimitError(place, f"nested deeper than {MAX_DEPTH} levels")

    def _place(self, event: yaml.Event) -> Place:
        return _place(self._name, event.start_mark)


def _resolved(text: str) -> Scalar:
    """Resolve a plain scalar as YAML 1.2 does; one with leading zeros stays a text, as nobody means a number by it."""
    if text in _WORDS:
        return _WORDS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text
