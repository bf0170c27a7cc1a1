"""The part of the reference about keys: one section for each part of a document, made from the schema for editors."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.documents.describing.markdown import table
from lrs_bridge_rules.documents.describing.schema import rules_schema

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

Schema = dict[str, Any]

_REF: Final = "#/$defs/"
_CONDITION: Final = "ConditionOn"
_MANY_WORDS: Final = 15


@cache
def _schema() -> Schema:
    """Made once: that takes as long as all of the rest."""
    return rules_schema()


def sections() -> Iterator[str]:
    """Return the sections of all parts, each under the path of keys that leads to it; parts of parts come after it."""
    schema = _schema()
    places = _places(schema)
    yield _section("A document", schema["description"], schema, places)
    for name, path in places.items():
        found = schema["$defs"][name]
        yield _section(f"`{path}`", found.get("description", ""), found, places)


def _places(schema: Schema) -> dict[str, str]:
    """Each part of a document with the keys that lead to it, in reading order: what stands in a part comes after it."""
    found: dict[str, str] = {}

    def visit(properties: Schema, path: str) -> None:
        for key, value in properties.items():
            for name in _refs(value):
                if name not in found and _is_part(schema, name):
                    found[name] = f"{path}{key}"
                    visit(schema["$defs"][name]["properties"], f"{path}{key}.")

    visit(schema["properties"], "")
    return found


def _is_part(schema: Schema, name: str) -> bool:
    return not name.startswith(_CONDITION) and "properties" in schema["$defs"][name]


def _refs(value: object) -> Iterator[str]:
    """The names of all parts that a value may be."""
    if isinstance(value, dict):
        reference = value.get("$ref", "")
        if reference.startswith(_REF):
            yield reference.removeprefix(_REF)
        for below in value.values():
            yield from _refs(below)
    elif isinstance(value, list):
        for item in value:
            yield from _refs(item)


def _section(heading: str, about: str, part: Schema, places: dict[str, str]) -> str:
    required = set(part.get("required", ()))
    rows = [
        (f"`{key}`", _said(value, places), _without(key, value, required), _about(key, value))
        for key, value in part["properties"].items()
    ]
    lines = " ".join(line.strip() for line in about.split("\n"))
    return f"### {heading}\n\n{lines}\n\n{table(('key', 'value', 'without it', 'meaning'), rows)}"


def _about(key: str, value: Schema) -> str:
    if key == "when":
        return "Which ones are meant."
    parts = [_schema()["$defs"][name] for name in _refs(value)]
    return str(value.get("description") or parts[0].get("description", ""))


def _without(key: str, value: Schema, required: set[str]) -> str:
    if key in required:
        return "needed"
    default = value.get("default")
    if default is None or default in ([], {}, ""):
        return ""
    if isinstance(default, float):
        return f"`{default:g}`"
    values = default if isinstance(default, list) else [default]
    return ", ".join(f"`{str(each).lower() if isinstance(each, bool) else each}`" for each in values)


def _said(value: Schema, places: dict[str, str]) -> str:
    """What may stand behind a key, in words."""
    options = [each for each in value.get("anyOf") or value.get("oneOf") or () if each.get("type") != "null"]
    if options:
        examples = {"examples": value["examples"]} if "examples" in value else {}
        return _options([{**examples, **each} for each in options], places)
    if "$ref" in value:
        return _part(value["$ref"].removeprefix(_REF), places)
    if isinstance(value.get("type"), list):
        return " or ".join(_said({"type": each}, places) for each in value["type"])
    return _words(value) or _collection(value, places) or _SCALARS.get(value.get("type", ""), _anything)(value)


def _words(value: Schema) -> str:
    words = [value["const"]] if "const" in value else value.get("enum", ())
    return " or ".join(f"`{word}`" for word in words) if len(words) <= _MANY_WORDS else "a short name"


def _collection(value: Schema, places: dict[str, str]) -> str:
    if "items" in value:
        return f"list: {_said(value['items'], places)}"
    below = [_said(each, places) for each in value.get("patternProperties", {}).values()]
    return f"by id: {' or '.join(below)}" if below else ""


def _options(options: list[Schema], places: dict[str, str]) -> str:
    """Several forms; one alone or a list of the same is said shortly."""
    lists = [each for each in options if each.get("type") == "array" and each.get("items") in options]
    if lists:
        alone = [each for each in options if each not in lists]
        return f"one or several: {_options(alone, places) if len(alone) > 1 else _said(alone[0], places)}"
    return " or ".join(dict.fromkeys(_said(each, places) for each in options))


def _part(name: str, places: dict[str, str]) -> str:
    if name.startswith(_CONDITION):
        return "[condition](#conditions)"
    if name in places:
        anchor = places[name].replace(".", "")
        return f"[{places[name].rpartition('.')[2]}](#{anchor})"
    return _said(_schema()["$defs"][name], places)


def _text(value: Schema) -> str:
    examples = value.get("examples", ())
    if examples:
        return f"text such as {', '.join(f'`{each}`' for each in examples)}"
    return "id" if value.get("maxLength") == 100 else "text"


def _number(value: Schema) -> str:
    low, high = value.get("minimum"), value.get("maximum")
    if low is None and value.get("exclusiveMinimum") is not None:
        return f"number above {value['exclusiveMinimum']:g}" + (f", to {high:g}" if high is not None else "")
    return "number" if low is None or high is None else f"number from {low:g} to {high:g}"


def _anything(_: Schema) -> str:
    return "anything"


_SCALARS: Final[Mapping[str, Callable[[Schema], str]]] = {
    "string": _text,
    "number": _number,
    "integer": _number,
    "boolean": lambda _: "`true` or `false`",
    "object": lambda _: "mapping",
}
