"""The `format` parameter: exact, ids, canonical (xAPI 1.0.3 Communication 2.1.3).

Where it stands: applied to an entry when it is sent. `exact` is the stored bytes and costs nothing.
"""

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from lrs_bridge_connectors.sandbox.entry import IFIS

LANGUAGE_MAPS = frozenset({"display", "name", "description"})


def exact(body: bytes) -> bytes:
    """As it was stored."""
    return body


def ids(body: bytes) -> bytes:
    """Only what identifies actor, verb and object."""
    statement = msgspec.json.decode(body)
    statement["verb"] = {"id": statement["verb"]["id"]}
    statement["actor"] = _identified(statement["actor"])
    statement["object"] = _identified(statement["object"])
    return msgspec.json.encode(statement)


def canonical(body: bytes) -> bytes:
    """One language per language map: English if there, else the first in the order of the tags."""
    return msgspec.json.encode(_one_language(msgspec.json.decode(body)))


FORMS: Mapping[str, Callable[[bytes], bytes]] = {"exact": exact, "ids": ids, "canonical": canonical}


def _identified(thing: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in thing.items() if name in ("id", "objectType", *IFIS)}


def _one_language(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    if isinstance(value, list):
        return [_one_language(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {
        name: _picked(inner) if name in LANGUAGE_MAPS and isinstance(inner, dict) else _one_language(inner)
        for name, inner in value.items()
    }


def _picked(language_map: dict[str, Any]) -> dict[str, Any]:
    tag = min(language_map, key=lambda tag: (not tag.lower().startswith("en"), tag), default=None)
    return {} if tag is None else {tag: language_map[tag]}
