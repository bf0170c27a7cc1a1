"""What a set of rule documents holds, by name, in the order in which it counts: what `difference` compares.

Read tolerantly: shapes are not checked, so that what an earlier version published can be compared too.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from pathlib import PurePosixPath
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.differences.equivalence import (
    ENTRIES,
    form_of_setting,
    forms_as_written,
    forms_of_entry,
    is_understood,
)
from lrs_bridge_rules.documents.reading import parse
from lrs_bridge_rules.documents.tree import PACK_FOLDER, Problems

if TYPE_CHECKING:
    from lrs_bridge_rules.documents.tree import Node

_PROFILES: Final = (".jsonld", ".json")
_LIST_FILES: Final = (".csv",)
#: Keys of a document that are told of entry by entry (`time_zone` by those that speak of days; `include` by the packs).
_NOT_SETTINGS: Final = frozenset((*ENTRIES, "lists", "include", "time_zone"))
_DAYS: Final = frozenset(("at", "until"))


class Part(StrEnum):
    """What a set of documents is made of."""

    RULE = "rule"
    DEFINITION = "completion"
    FOLLOW_UP = "follow-up"
    LIST = "list"
    SETTING = "setting"
    FILE = "file"


_PARTS: Final = {"completions": Part.DEFINITION, "rules": Part.RULE, "follow_ups": Part.FOLLOW_UP}
Key = tuple[Part, str]


@dataclass(frozen=True, slots=True)
class Entry:
    """Something with a name. `plain` is what is written, by key.

    `means` is what that comes to with everything that it leaves out; None where this version cannot read it.
    """

    document: str
    plain: Mapping[str, object]
    written: Mapping[str, Hashable]
    means: Mapping[str, Hashable] | None = None

    def forms_beside(self, other: Entry) -> Mapping[str, Hashable]:
        """What it means, in the terms in which both can be compared."""
        return self.written if self.means is None or other.means is None else self.means


@dataclass(slots=True)
class Contents:
    """All entries, definitions in the order in which they are asked, and what stands under the other keys.

    `said_in`: the document in which a setting stands, of several the last.
    """

    entries: dict[Key, Entry] = field(default_factory=dict)
    settings: dict[str, object] = field(default_factory=dict)
    said_in: dict[str, str] = field(default_factory=dict)

    def definitions(self) -> list[str]:
        return [own_id for part, own_id in self.entries if part is Part.DEFINITION]

    def users_of(self, name: str) -> tuple[str, ...]:
        """The rules and definitions whose conditions name a list."""
        return tuple(
            own_id
            for (part, own_id), entry in self.entries.items()
            if part in (Part.RULE, Part.DEFINITION) and _names_list(entry.plain, name)
        )


def read_contents(texts: Mapping[str, str]) -> Contents:
    """Read named texts. Raises DocumentError where one of them is not YAML at all."""
    contents, problems = Contents(), Problems()
    for name, root in _roots(texts, problems):
        _take(contents, name, root)
    problems.raise_if_any()
    for name, short in _short_names([name for name in texts if name.endswith(_PROFILES + _LIST_FILES)]).items():
        rows = _of_profile(texts[name]) if name.endswith(_PROFILES) else _of_list_file(texts[name])
        contents.entries[Part.FILE, short] = Entry(name, rows, forms_as_written(rows))
    return contents


def _short_names(names: Sequence[str]) -> dict[str, str]:
    """Files by their own names; of several with the same one, with so many folders before it as tell them apart."""
    split = {name: PurePosixPath(name).parts for name in names}
    ends = {name: ["/".join(parts[-count:]) for count in range(1, len(parts) + 1)] for name, parts in split.items()}
    spread = Counter(end for each in ends.values() for end in each)
    return {name: next((end for end in each if spread[end] == 1), name) for name, each in ends.items()}


def _roots(texts: Mapping[str, str], problems: Problems) -> Iterator[tuple[str, Node]]:
    """The documents by name, then the packs that they include, each once: the order in which the loader has them."""
    waiting = [name for name in sorted(texts) if not name.startswith(PACK_FOLDER)]
    seen: set[str] = set()
    while waiting:
        name = waiting.pop(0)
        if name in seen or name not in texts or name.endswith(_PROFILES + _LIST_FILES):
            continue
        seen.add(name)
        root = parse(name, texts[name], problems)
        if root is not None:
            yield name, root
            waiting += [f"{PACK_FOLDER}{node.value}.yaml" for node in root.entries("include")]


def _take(contents: Contents, name: str, root: Node) -> None:
    own_zone = root.child("time_zone")
    zone = own_zone.plain() if own_zone is not None else None
    for section, part in _PARTS.items():
        for number, node in enumerate(root.entries(section)):
            entry = _in_zone(_entry(name, section, node.plain()), zone)
            contents.entries[part, str(entry.plain.get("id", f"{section}[{number}]"))] = entry
    for key, below in _children(root).items():
        if key == "lists":
            for own_id, values in _children(below).items():
                contents.entries[Part.LIST, own_id] = _list(name, own_id, values.plain())
        elif key not in _NOT_SETTINGS:
            contents.settings[key] = _joined(contents.settings.get(key), below.plain())
            contents.said_in[key] = name


def _children(node: Node) -> dict[str, Node]:
    return node.value if isinstance(node.value, dict) else {}


def _entry(document: str, section: str, plain: object) -> Entry:
    if document.startswith(PACK_FOLDER) and isinstance(plain, dict):
        plain = {key: below for key, below in plain.items() if key != "tests"}  # they were run before it was shipped
    written = {str(key): below for key, below in plain.items()} if isinstance(plain, dict) else {"": plain}
    means = forms_of_entry(section, plain) if is_understood(section, plain) else None
    return Entry(document, written, forms_as_written(written), means)


def _in_zone(entry: Entry, zone: object) -> Entry:
    """The entry with the time zone of its document, where it speaks of days: they begin and end by it."""
    if zone in (None, "UTC") or not _has_days([entry.plain.get("when"), entry.plain.get("unless")]):
        return entry
    said = {"time_zone": zone}
    form = forms_as_written(said)
    means = None if entry.means is None else {**entry.means, **form}
    return replace(entry, plain={**entry.plain, **said}, written={**entry.written, **form}, means=means)


def _has_days(value: object) -> bool:
    if isinstance(value, dict):
        return not _DAYS.isdisjoint(value) or any(map(_has_days, value.values()))
    return isinstance(value, list) and any(map(_has_days, value))


def _list(document: str, own_id: str, plain: object) -> Entry:
    return Entry(document, {"values": plain}, {"values": form_of_setting("lists", {own_id: plain})})


def _joined(one: object, other: object) -> object:
    """What two documents say under the same key: lists add up, and so do the keys of mappings."""
    if isinstance(one, list):
        return [*one, *(other if isinstance(other, list) else [other])]
    if isinstance(one, dict) and isinstance(other, dict):
        return {**one, **other}
    return other if one is None else one


def _of_profile(text: str) -> dict[str, object]:
    """The concepts, templates and patterns of an xAPI Profile by their ids; what else it says under its own keys."""
    try:
        profile = json.loads(text)
    except ValueError:
        return {"text": text}
    if not isinstance(profile, dict):
        return {"text": profile}
    found: dict[str, object] = {}
    for key, below in profile.items():
        items = below if isinstance(below, list) else []
        by_id = {str(item["id"]): item for item in items if isinstance(item, dict) and "id" in item}
        found.update(by_id if items and len(by_id) == len(items) else {key: below})
    return found


def _of_list_file(text: str) -> dict[str, object]:
    return {"values": [line for line in text.splitlines() if line.strip()]}


def _names_list(plain: object, name: str) -> bool:
    match plain:
        case {"list": named} if named == name:
            return True
        case dict() | Mapping():
            return any(_names_list(below, name) for below in plain.values())
        case list():
            return any(_names_list(item, name) for item in plain)
        case _:
            return False
