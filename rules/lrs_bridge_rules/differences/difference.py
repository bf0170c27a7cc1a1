"""What changes from one set of rule documents to another, by rule and not by line.

Pure, over named texts as published versions keep them. Only YAML (and JSON of profiles) has to be readable: a version
that this program could no longer compile is still compared. Moved, reordered and reformatted text that means the same
is no change. (One thing is passed over: where two excluding rules fit, their order says which reason is shown.)
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Final

from lrs_bridge_rules.differences.contents import Contents, Entry, Key, Part, read_contents
from lrs_bridge_rules.differences.equivalence import form_of, form_of_condition, form_of_setting
from lrs_bridge_rules.documents.tree import PACK_FOLDER

__all__ = ["ORDER", "Change", "Difference", "How", "KeyChange", "Part", "difference", "short_name"]


#: What stands for a key where a definition moved; the values are the definitions that it is asked after.
ORDER: Final = "asked after"


class How(StrEnum):
    """How it changes; a completion definition that moved is asked at another place, and the first that fits wins."""

    ADDED = "added"
    REMOVED = "removed"
    CHANGED = "changed"
    MOVED = "moved"


@dataclass(frozen=True, slots=True)
class KeyChange:
    """One key (a path such as `when.score.percent.gte`) with both values as they are written; None: not given."""

    key: str
    before: object
    after: object


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that changes. `document` is where it stands (of something removed: where it stood), by its name.

    `used_by`: the rules and definitions whose conditions name the list that changes.
    """

    part: Part
    id: str
    how: How
    title: str = ""
    document: str = ""
    keys: tuple[KeyChange, ...] = ()
    used_by: tuple[str, ...] = ()

    @property
    def in_pack(self) -> bool:
        return self.document.startswith(PACK_FOLDER)


@dataclass(frozen=True, slots=True)
class Difference:
    """All changes, by part and id. `rewritten` names texts that were written anew and mean what they meant."""

    changes: tuple[Change, ...] = ()
    rewritten: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        """Say whether anything changes in meaning."""
        return bool(self.changes)

    def of(self, how: How) -> tuple[Change, ...]:
        return tuple(change for change in self.changes if change.how is how)


def difference(before: Mapping[str, str], after: Mapping[str, str]) -> Difference:
    """Compare two sets of named texts, each with the packs that it includes.

    Raises DocumentError, with its place, where a text cannot be read at all.
    """
    old, new = read_contents(before), read_contents(after)
    changes = [*_of_entries(old, new), *_of_order(old, new), *_of_settings(old, new)]
    rank = {part: number for number, part in enumerate(Part)}
    ordered = sorted(changes, key=lambda change: (rank[change.part], change.id, change.how))
    touched = {change.document for change in ordered}
    return Difference(tuple(ordered), tuple(each for each in _written_anew(before, after) if each not in touched))


def _written_anew(before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[str]:
    """Texts of the later set of which no text of the earlier one is the same."""
    known = set(before.values())
    yield from (name for name, text in after.items() if text not in known)


def _of_entries(old: Contents, new: Contents) -> Iterator[Change]:
    for key in dict.fromkeys((*old.entries, *new.entries)):
        before, after = old.entries.get(key), new.entries.get(key)
        if after is None:
            if before is not None:
                yield _change(key, How.REMOVED, before)
        elif before is None:
            yield _change(key, How.ADDED, after)
        elif before.forms_beside(after) != after.forms_beside(before):
            users = new.users_of(key[1]) if key[0] is Part.LIST else ()
            yield _change(key, How.CHANGED, after, tuple(_keys(before, after)), users)


def _change(
    key: Key, how: How, entry: Entry, keys: tuple[KeyChange, ...] = (), used_by: tuple[str, ...] = ()
) -> Change:
    title = entry.plain.get("title")
    return Change(key[0], key[1], how, str(title) if title is not None else "", entry.document, keys, used_by)


def _keys(before: Entry, after: Entry) -> Iterator[KeyChange]:
    old, new = before.forms_beside(after), after.forms_beside(before)
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield from _details(key, key, before.plain.get(key), after.plain.get(key))


def _details(path: str, key: str, old: object, new: object) -> Iterator[KeyChange]:
    """What differs under a key, as far down as both sides have the same shape."""
    return _DETAILS.get(key, _below)(path, old, new)


def _below(path: str, old: object, new: object) -> Iterator[KeyChange]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        yield KeyChange(path, old, new)
        return
    for key in dict.fromkeys((*old, *new)):
        one, other = old.get(key), new.get(key)
        if form_of(one, key) != form_of(other, key):
            yield from _details(f"{path}.{key}", key, one, other)


def _of_condition(path: str, old: object, new: object) -> Iterator[KeyChange]:
    """One change for each field or group that differs; for each operator where both sides use operators."""
    if not isinstance(old, dict) or not isinstance(new, dict):
        yield KeyChange(path, old, new)
        return
    for key in dict.fromkeys((*old, *new)):
        if _clause(old, key) != _clause(new, key):
            yield from _of_field(f"{path}.{key}", key, old.get(key), new.get(key))


def _of_field(path: str, key: str, old: object, new: object) -> Iterator[KeyChange]:
    if key == "not":
        yield from _of_condition(path, old, new)
    elif isinstance(old, dict) and isinstance(new, dict) and "list" not in old and "list" not in new:
        for word in dict.fromkeys((*old, *new)):
            if _clause({key: {w: old[w] for w in old if w == word}}, key) != _clause(
                {key: {w: new[w] for w in new if w == word}}, key
            ):
                yield KeyChange(f"{path}.{word}", old.get(word), new.get(word))
    else:
        yield KeyChange(path, old, new)


def _clause(condition: Mapping[str, object], key: str) -> object:
    return form_of_condition({key: condition[key]}) if key in condition else None


def _named_by(name: str) -> Callable[[str, object, object], Iterator[KeyChange]]:
    """Lists whose items have a name of their own: what differs item by item."""

    def details(path: str, old: object, new: object) -> Iterator[KeyChange]:
        before, after = _items(name, old), _items(name, new)
        for each in dict.fromkeys((*before, *after)):
            one, other = before.get(each), after.get(each)
            if form_of(one) != form_of(other):
                yield from _below(f"{path}[{each}]", one, other)

    return details


def _items(name: str, value: object) -> dict[str, object]:
    several = value if isinstance(value, list) else [] if value is None else [value]
    numbered = enumerate(several, start=1)
    return {str(each.get(name, number)) if isinstance(each, dict) else str(number): each for number, each in numbered}


_DETAILS: Final[Mapping[str, Callable[[str, object, object], Iterator[KeyChange]]]] = {
    "when": _of_condition,
    "tests": _named_by("name"),
    "unless": _named_by("reason"),
}


def _of_settings(before: Contents, after: Contents) -> Iterator[Change]:
    for name in dict.fromkeys((*before.settings, *after.settings)):
        one, other = before.settings.get(name), after.settings.get(name)
        old, new = _or_empty(one, other), _or_empty(other, one)
        if form_of_setting(name, old) != form_of_setting(name, new):
            where = after.said_in.get(name) or before.said_in.get(name, "")
            yield Change(Part.SETTING, name, How.CHANGED, document=where, keys=tuple(_of_setting(name, old, new)))


def _or_empty(value: object, other: object) -> object:
    """The value; where it is not given, nothing of the kind that the other side has, so that defaults are filled in."""
    return type(other)() if value is None and isinstance(other, dict | list) else value


def _of_setting(name: str, old: object, new: object) -> Iterator[KeyChange]:
    if not isinstance(old, dict) or not isinstance(new, dict):
        yield KeyChange(name, old, new)
        return
    for key in dict.fromkeys((*old, *new)):
        one, other = ({each: side[each] for each in side if each == key} for side in (old, new))
        if form_of_setting(name, one) != form_of_setting(name, other):
            yield from _below(f"{name}.{key}", old.get(key), new.get(key))


def _of_order(old: Contents, new: Contents) -> Iterator[Change]:
    """The fewest definitions that have to move for those that stay to be asked in the new order."""
    kept = set(old.definitions()) & set(new.definitions())
    before = [each for each in old.definitions() if each in kept]
    after = [each for each in new.definitions() if each in kept]
    place = {own_id: number for number, own_id in enumerate(before)}
    staying = _longest_rising([place[each] for each in after])
    for number, own_id in enumerate(after):
        if place[own_id] not in staying:
            entry = new.entries[Part.DEFINITION, own_id]
            was, now = _behind(before, place[own_id]), _behind(after, number)
            yield _change((Part.DEFINITION, own_id), How.MOVED, entry, (KeyChange(ORDER, was, now),))


def _behind(order: Sequence[str], number: int) -> str | None:
    return order[number - 1] if number else None


def _longest_rising(numbers: Sequence[int]) -> frozenset[int]:
    """The longest rising subsequence of different numbers (patience sorting, n log n)."""
    tops: list[int] = []
    before: dict[int, int | None] = {}
    for number in numbers:
        at = bisect_left(tops, number)
        before[number] = tops[at - 1] if at else None
        tops[at : at + 1] = [number]
    found: list[int] = []
    each = tops[-1] if tops else None
    while each is not None:
        found.append(each)
        each = before[each]
    return frozenset(found)


def short_name(document: str) -> str:
    """A document's name as people tell it apart: without the folder, but for packs."""
    return document if document.startswith(PACK_FOLDER) else PurePosixPath(document).name
