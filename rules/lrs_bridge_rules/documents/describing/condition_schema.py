"""The JSON Schema of conditions: each field with the operators that suit it, out of the tables that the reader uses.

`schema` puts it behind every `when`: over statements for completion definitions, over completions for rules.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.fields import Kind
from lrs_bridge_rules.conditions.keyed import MARK
from lrs_bridge_rules.conditions.operators import OPERATORS, Shape
from lrs_bridge_rules.conditions.sent import ABOUT, PATH, TEMPLATE
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from lrs_bridge_rules.conditions.fields import Field
    from lrs_bridge_rules.conditions.operators import Row

Schema = dict[str, Any]

#: Which condition stands behind the `when` of which part of a document.
CONDITIONS: Final[Mapping[str, str]] = {
    "DefinitionModel": "ConditionOnStatement",
    "RuleModel": "ConditionOnCompletion",
    "ExceptionModel": "ConditionOnCompletion",
}
_TABLES: Final[Mapping[str, Mapping[str, Field[Any]]]] = {
    "ConditionOnStatement": STATEMENT_FIELDS,
    "ConditionOnCompletion": SUBJECT_FIELDS,
}
_GROUPS: Final[Mapping[str, str]] = {
    "all": "All of these conditions hold.",
    "any": "At least one of these conditions holds.",
    "not": "This condition does not hold.",
}
_ABOUT: Final = "Fields and what they must be; all of them must fit."
_NAMED: Final[Schema] = {
    "type": "object",
    "description": "The texts of a named list.",
    "properties": {"list": {"type": "string", "description": "The name of the list."}},
    "required": ["list"],
    "additionalProperties": False,
}
_OTHER: Final = "A full IRI, or a short name that an imported profile brings."
_LITERAL: Final[Schema] = {"type": "string", "pattern": "[^*]"}
_TEXT: Final[Schema] = {"type": "string"}


def word_or_iri(names: Iterable[str]) -> Schema:
    """Return the schema of a name: the short ones that everybody has are there for an editor to complete."""
    return {"anyOf": [{"enum": sorted(names)}, {"type": "string", "description": _OTHER}]}


def _number(field: Field[Any]) -> Schema:
    limits = {"minimum": field.limits[0], "maximum": field.limits[1]} if field.limits is not None else {}
    return {"type": "number", **limits}


#: Kind of field → the schema of one operand.
_OPERANDS: Final[Mapping[Kind, Callable[[Field[Any]], Schema]]] = {
    Kind.TEXT: lambda _: _TEXT,
    Kind.NAME: lambda _: _TEXT,
    Kind.VERB: lambda _: word_or_iri(VERBS),
    Kind.TYPE: lambda _: word_or_iri(ACTIVITY_TYPES),
    Kind.OUTCOME: lambda field: {"enum": sorted(field.words)},
    Kind.WORD: lambda field: {"enum": sorted(field.words)},
    Kind.IDENTIFIER: lambda _: {"type": "string", "examples": ["mailto:ada@example.org"]},
    Kind.NUMBER: _number,
    Kind.DURATION: lambda _: {"type": "string", "examples": ["45min", "2h", "PT1H30M"]},
    Kind.TRUTH: lambda _: {"type": "boolean"},
    Kind.MOMENT: lambda _: {"type": "string", "examples": ["2026-03-31", "2026-03-31T17:00:00+02:00"]},
}
#: Operators whose operand is not one of the field's values.
_OWN: Final[Mapping[str, Schema]] = {
    "glob": {**_LITERAL, "examples": ["https://lms.example.org/course/*"]},
    "prefix": _LITERAL,
    "contains": _LITERAL,
    "on": {"type": "string", "examples": ["2026-03-31"]},
    "present": {"type": "boolean"},
}


def condition_schemas() -> dict[str, Schema]:
    """Return the schemas of conditions and of what stands in them, by name, for the `$defs` of a schema."""
    conditions = {name: _condition(name, fields) for name, fields in _TABLES.items()}
    shared = {_name(field): _values(field) for fields in _TABLES.values() for field in fields.values()}
    more = {"NamedList": _NAMED, "AtPaths": _at_paths(), "Template": {"anyOf": _several(_TEXT)}}
    return {**conditions, **more, **dict(sorted(shared.items()))}


#: What is asked of a statement as it was sent, whatever the fields make of it.
_SENT: Final[Mapping[str, Schema]] = {
    PATH: {"description": ABOUT[PATH], "$ref": "#/$defs/AtPaths"},
    TEMPLATE: {"description": ABOUT[TEMPLATE], "$ref": "#/$defs/Template"},
}


def _condition(name: str, fields: Mapping[str, Field[Any]]) -> Schema:
    itself = {"$ref": f"#/$defs/{name}"}
    several = {"type": "array", "minItems": 1, "items": itself}
    groups = {word: {"description": about, **(itself if word == "not" else several)} for word, about in _GROUPS.items()}
    return {
        "type": "object",
        "description": _ABOUT,
        "minProperties": 1,
        "additionalProperties": False,
        "properties": {**{key: _field(field) for key, field in fields.items()}, **_SENT, **groups},
    }


def _field(field: Field[Any]) -> Schema:
    kind = field.kind.value
    about = field.about if field.keyed is not None else f"{field.about} ({kind[0].upper()}{kind[1:]}.)"
    return {"description": about, "$ref": f"#/$defs/{_name(field)}"}


def _name(field: Field[Any]) -> str:
    """Return the name of what may stand behind a field: fields of a kind share it, unless they are bounded."""
    if field.keyed is not None:
        return "UnderKeys"
    bounded = field.words or field.limits is not None
    return f"{field.kind.name.title()}{'Of' + field.name.title().replace('.', '') if bounded else ''}"


def _values(field: Field[Any]) -> Schema:
    if field.keyed is not None:
        return _under_keys()
    operand = _OPERANDS[field.kind](field)
    values = _several(operand) if field.kind in OPERATORS["is"].kinds else []
    suiting = {word: row for word, row in OPERATORS.items() if field.kind in row.kinds}
    return {"anyOf": [*values, _mapping(suiting, operand)]}


def _several(value: Schema) -> list[Schema]:
    return [value, {"type": "array", "minItems": 1, "items": value}, {"$ref": "#/$defs/NamedList"}]


def _mapping(rows: Mapping[str, Row], value: Schema) -> Schema:
    """Return the schema of operators with their operands."""
    words = {word: {"description": row.about, **_operand(row, _OWN.get(word) or value)} for word, row in rows.items()}
    return {"type": "object", "minProperties": 1, "additionalProperties": False, "properties": words}


def _operand(row: Row, value: Schema) -> Schema:
    if row.shape == Shape.SEVERAL:
        return {"anyOf": _several(value)}
    if row.shape == Shape.PAIR:
        pair = {"type": "array", "minItems": 2, "maxItems": 2, "items": value}
        return {"anyOf": [pair, {"$ref": "#/$defs/NamedList"}]}
    return value


#: What stands under a key or at a path may be of any kind: only a statement knows.
_ANY: Final[Schema] = {"type": ["string", "number", "boolean"]}


def _on_anything() -> Schema:
    kinds = {Kind.TEXT, Kind.NUMBER, Kind.TRUTH}
    return _mapping({word: row for word, row in OPERATORS.items() if row.kinds & kinds}, _ANY)


def _under_keys() -> Schema:
    """Return the schema of a field whose values have keys of their own."""
    below = {"patternProperties": {MARK: {"$ref": "#/$defs/UnderKeys"}}}
    return {"anyOf": [*_several(_ANY), {**_on_anything(), **below}]}


def _at_paths() -> Schema:
    """Return the schema of JSONPaths with what must stand there."""
    there = {"anyOf": [*_several(_ANY), _on_anything()]}
    return {"type": "object", "minProperties": 1, "additionalProperties": there}
