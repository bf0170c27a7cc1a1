"""One condition of a SQL LRS reaction as a condition of a rule: `reactions` asks for each.

Where the rule language has a field for what a path points at, that is used; anything else is asked of the statement as
it was sent (`path`). Within `and`, what cannot be said is left out; an `or` or a `not` is left out whole, as with a
part of it missing it would say something else.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.statements.times import parse_timestamp
from lrs_bridge_rules.templates.jsonpath import parse_path
from lrs_bridge_rules.templates.profile import Note

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrs_bridge_rules.documents.tree import Node

Json = dict[str, Any]

#: Paths that have a field of their own, and the type of its values.
_FIELDS: Final[Mapping[tuple[object, ...], tuple[str, type]]] = {
    ("verb", "id"): ("verb", str),
    ("object", "id"): ("activity.id", str),
    ("object", "definition", "type"): ("activity.type", str),
    ("result", "success"): ("result.success", bool),
}
_TIME: Final = ("timestamp",)
_NAMED_BY_IRI: Final = frozenset(("verb", "activity.type"))
_PLAIN_KEY: Final = re.compile(r"[A-Za-z_][A-Za-z0-9_]*", re.ASCII)
_BOOLEANS: Final = ("and", "or", "not")


class _Unsayable(Exception):
    """No rule can say this."""


class ConditionDraft:
    """Reads one condition; `left_out` tells what of it the draft does not say."""

    def __init__(self) -> None:
        self.left_out: list[Note] = []

    def read(self, node: Node) -> Json | None:
        """Return the condition of a rule, or None when nothing of it can be said."""
        word = next((each for each in _BOOLEANS if node.child(each) is not None), None)
        try:
            if word is None:
                return _clause(node)
            below = node.child(word)
            return _unsayable("it is empty") if below is None else self._boolean(word, below)
        except _Unsayable as error:
            self.left_out.append(Note(node.place, f"left out: {error}"))
            return None

    def _boolean(self, word: str, below: Node) -> Json | None:
        before = len(self.left_out)
        parts = [self.read(each) for each in ([below] if word == "not" else below.items())]
        whole = [part for part in parts if part is not None]
        if word == "and":
            return _together(whole)
        if len(self.left_out) > before or not whole:
            raise _Unsayable(
                f"a part of this `{word}` cannot be said, and without it the rest would mean something else"
            )
        return {"not": whole[0]} if word == "not" else {"any": whole} if len(whole) > 1 else whole[0]


def _together(parts: list[Json]) -> Json | None:
    """Return conditions that must all hold as one, in one mapping where their fields differ."""
    merged: Json = {}
    for part in parts:
        paths = {**merged.get("path", {}), **part.get("path", {})}
        clash = (merged.keys() & part.keys()) - {"path"} or merged.get("path", {}).keys() & part.get("path", {}).keys()
        if clash:
            return {"all": parts}
        merged |= part
        if paths:
            merged["path"] = paths
    return merged or None


def _clause(node: Node) -> Json:
    path, word = node.child("path"), node.child("op")
    if path is None or word is None or not isinstance(path.value, list) or not path.value:
        return _unsayable("a condition has path and op, or and, or, not")
    if node.child("ref") is not None:
        return _unsayable("it compares with another statement (`ref`); a rule looks at one completion alone")
    steps = tuple(step.value for step in path.value)
    value = node.child("val")
    if value is None or value.value is None or isinstance(value.value, list | dict):
        return _unsayable("it compares with null, or with nothing; a statement has values or leaves them out")
    write = _OPERATORS.get(str(word.value))
    if write is None:
        return _unsayable(f"there is no operator {str(word.value)!r} in reactions")
    return write(steps, value.value)


def _unsayable(reason: str) -> Json:
    raise _Unsayable(reason)


def _at(steps: tuple[object, ...], wanted: object, *, value: object = None, inside: bool = False) -> Json:
    """Return what must stand at a path: by its field if it has one for values like this one, else by JSONPath."""
    field, kind = _FIELDS.get(steps, ("", str))
    is_short = field in _NAMED_BY_IRI and ":" not in str(value)  # a rule would take it for a short name
    if field and type(value) is kind and not is_short:
        return {field: wanted}
    text = "$" + "".join(map(_step, steps)) + ("[*]" if inside else "")
    try:
        parse_path(text)
    except ValueError as error:
        raise _Unsayable(str(error)) from None
    return {"path": {text: wanted}}


def _step(step: object) -> str:
    match step:
        case bool() | None:
            return str(_unsayable("a path is made of keys and indexes"))
        case int():
            return f"[{step}]"
        case str() if _PLAIN_KEY.fullmatch(step):
            return f".{step}"
        case _:
            escaped = str(step).replace("\\", "\\\\").replace("'", "\\'")
            return f"['{escaped}']"


def _equal(steps: tuple[object, ...], value: object) -> Json:
    return _at(steps, value, value=value)


def _unequal(steps: tuple[object, ...], value: object) -> Json:
    """To SQL, nothing is not unlike something."""
    return _at(steps, {"present": True, "not_in": [value]}, value=value)


def _ordered(word: str, moment: str, *, negated: bool) -> Callable[[tuple[object, ...], object], Json]:
    def write(steps: tuple[object, ...], value: object) -> Json:
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _at(steps, {word: value})
        if steps != _TIME or not isinstance(value, str):
            return _unsayable(f"{word!r} orders texts; rules order numbers and times")
        try:
            parse_timestamp(value)
        except ValueError as error:
            raise _Unsayable(str(error)) from None
        clause: Json = {"at": {moment: value}}
        return {"not": clause} if negated else clause

    return write


def _like(steps: tuple[object, ...], value: object) -> Json:
    if not isinstance(value, str):
        return _unsayable("'like' looks for a text")
    for mark in ("_", "\\", "*"):
        if mark in value:
            return _unsayable(f"{mark!r} has a meaning in one of the two languages that the other cannot say")
    if "%" not in value:
        return _equal(steps, value)
    wanted = {"glob": re.sub("%+", "*", value)} if value.strip("%") else {"present": True}
    return _at(steps, wanted, value=value)


def _contains(steps: tuple[object, ...], value: object) -> Json:
    return _at(steps, value, inside=True)


_OPERATORS: Final[Mapping[str, Callable[[tuple[object, ...], Any], Json]]] = {
    "eq": _equal,
    "noteq": _unequal,
    "gt": _ordered("gt", "after", negated=False),
    "lt": _ordered("lt", "before", negated=False),
    "gte": _ordered("gte", "before", negated=True),
    "lte": _ordered("lte", "after", negated=True),
    "like": _like,
    "contains": _contains,
}
