"""What a statement says about the learning without the person: what is kept of somebody who was erased. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any, Final

import msgspec

from lrs_bridge_rules.statements.statement import Statement

HOME_PAGE: Final = "urn:lrs-bridge:ghost"

Json = dict[str, Any]
#: From an old id to the new one; what has none keeps its own.
Rename = Callable[[str], str]


#: Where in a statement something stands that may be about the person: keys from the top.
Path = tuple[str, ...]

#: Where what is said may be about anything, and a rule may read it by a field or a path. Whose statement it is, who
#: stands behind it (authority, team) and what leads to other statements is never kept as it was sent.
_SAYINGS: Final[tuple[Path, ...]] = (
    ("verb", "display"),
    ("object", "definition"),
    ("result",),
    ("context", "revision"),
    ("context", "extensions"),
    ("attachments",),
)
#: What is kept as a whole where results depend on it.
_WHOLES: Final[tuple[Path, ...]] = (("context", "instructor"),)
#: What is kept in any case.
_ALWAYS: Final[frozenset[Path]] = frozenset(
    {
        ("object", "definition", "name"),
        ("object", "definition", "type"),
        *(("result", key) for key in ("score", "success", "completion", "duration")),
    }
)


def sayings_in(statement: Statement) -> frozenset[Path]:
    """The places of what a statement may say about anything: extensions, response, instructor, attachments, …"""
    sent = _whole(statement)
    found = {path for top in _SAYINGS for path in _leaves(_at(sent, top), top)}
    always = {path for path in found for known in _ALWAYS if path[: len(known)] == known}
    return frozenset((found - always) | {whole for whole in _WHOLES if _at(sent, whole) is not None})


def _whole(statement: Statement) -> Json:
    """All that was sent; where that cannot be read in full, what is typed."""
    typed: Json = statement.sent or msgspec.to_builtins(statement)
    return typed


def reduced(
    statement: Statement, own_id: str, ghost_id: str, rename: Rename, kept: Collection[Path] = frozenset()
) -> Json:
    """What a statement says about the learning, and nothing about the person: for the kept body.

    `kept` are places of what is kept all the same, because results depend on it.
    """
    sent: Json = msgspec.to_builtins(statement)
    context, result = sent["context"] or {}, sent["result"] or {}
    registration = context.get("registration")
    around: Json = context.get("contextActivities") or {}
    said: Json = {
        "id": own_id,
        "actor": {"objectType": "Agent", "account": {"homePage": HOME_PAGE, "name": ghost_id}},
        "verb": {"id": sent["verb"]["id"]},
        "object": _object(sent["object"], rename),
        "result": {key: result.get(key) for key in ("score", "success", "completion", "duration")},
        "context": {
            "registration": None if registration is None else rename(registration),
            "platform": context.get("platform"),
            "language": context.get("language"),
            "contextActivities": {key: [_object(each, rename) for each in several] for key, several in around.items()},
        },
        "timestamp": sent["timestamp"] or sent["stored"],
    }
    whole = _whole(statement) if kept else {}
    for path in sorted(kept):
        _put(said, path, _at(whole, path))
    tidy: Json = _without_nothing(said)
    return tidy


def _object(sent: Json, rename: Rename) -> Json:
    definition = sent.get("definition") or {}
    return {
        "id": rename(sent["id"]),
        "objectType": sent["objectType"],
        "definition": {"name": definition.get("name"), "type": definition.get("type")},
    }


def _leaves(value: object, path: Path) -> Iterator[Path]:
    if isinstance(value, dict):
        for key, item in value.items():
            yield from _leaves(item, (*path, key))
    elif value is not None:
        yield path


def _at(value: Any, path: Path) -> Any:  # noqa: ANN401  # any JSON
    for key in path:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _put(into: Json, path: Path, value: object) -> None:
    if value is not None:
        for key in path[:-1]:
            into = into.setdefault(key, {})
        into[path[-1]] = value


def _without_nothing(value: Any) -> Any:  # noqa: ANN401  # any JSON
    """The same without what is null or empty."""
    if isinstance(value, dict):
        kept = {key: _without_nothing(item) for key, item in value.items()}
        return {key: item for key, item in kept.items() if item is not None and item not in ({}, [], "")}
    return [_without_nothing(item) for item in value] if isinstance(value, list | tuple) else value
