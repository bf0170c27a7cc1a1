"""The JSON Schema of rule documents, for editors: completion and checks while a rule is being written.

Made from the models of `document` and the tables of fields and operators, whose descriptions it carries. It accepts
whatever the loader accepts; what needs more than one place to judge (references, order of limits) only the loader does.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

from pydantic.json_schema import GenerateJsonSchema, JsonSchemaMode, JsonSchemaValue

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.documents.describing.condition_schema import CONDITIONS, condition_schemas, word_or_iri
from lrs_bridge_rules.documents.document import IGNORE, DocumentModel
from lrs_bridge_rules.documents.parts import Part
from lrs_bridge_rules.documents.test_model import NOTHING
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from pydantic_core import core_schema

DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
#: Units of a span, the longest first, in hours: for defaults.
_UNITS: Final = (("y", 365 * 24), ("d", 24), ("h", 1))


def rules_schema() -> dict[str, Any]:
    """Return the schema as plain data."""
    schema = DocumentModel.model_json_schema(by_alias=True, schema_generator=_Generator)
    definitions: dict[str, Any] = schema["$defs"]
    for model, condition in CONDITIONS.items():
        definitions[model]["properties"]["when"] = {"$ref": f"#/$defs/{condition}"}
    for model, more in _MORE.items():
        definitions[model] |= more
    definitions |= condition_schemas()
    about = "What completions are evidence of, and which application tasks follow."
    title = "Rule document of lrs_bridge"
    return {"$schema": DIALECT, "title": title, **schema, "description": about}


def _given(key: str, kind: str) -> dict[str, Any]:
    return {"required": [key], "properties": {key: {"type": kind}}}


_SOME_EVIDENCE: Final = {
    "required": ["evidence"],
    "properties": {"evidence": {"not": {"type": "array", "maxItems": 0}}},
}
#: What the models check beyond single keys.
_MORE: Final[Mapping[str, Any]] = {
    "EvidenceModel": {"oneOf": [_given(key, "string") for key in ("competency", "activity", "goal")]},
    "ShortStatement": {"anyOf": [{"required": keys} for keys in (["verb", "activity"], ["voids"], ["raw"])]},
    "RuleModel": {
        "if": _given("exclude", "string"),
        "then": {
            "properties": {key: {"type": "array", "maxItems": 0} for key in ("evidence", "follow_up")},
            "$comment": "A rule that excludes has no evidence and opens no follow-ups.",
        },
        "else": {**_SOME_EVIDENCE, "$comment": "A rule has either evidence or exclude."},
    },
}


class _Generator(GenerateJsonSchema):
    """Pydantic's generator, taught what the validators of `document` and `parts` accept, in an editor's terms."""

    schema_dialect = DIALECT

    def function_before_schema(self, schema: core_schema.BeforeValidatorFunctionSchema) -> JsonSchemaValue:
        function = schema["function"]["function"]
        name = f"{function.__module__.rpartition('.')[2]}.{function.__qualname__.partition('.')[0]}"
        if name not in _SAYINGS:
            raise LookupError(
                f"documents/describing/schema.py does not know what {name} accepts; add a row to _SAYINGS"
            )
        return _SAYINGS[name](self.generate_inner(schema.get("json_schema_input_schema", schema["schema"])))

    def dict_schema(self, schema: core_schema.DictSchema) -> JsonSchemaValue:
        """Say of keys that follow a pattern that there are no others."""
        made = super().dict_schema(schema)
        return made | ({"additionalProperties": False} if "patternProperties" in made else {})

    def timedelta_schema(self, schema: core_schema.TimedeltaSchema) -> JsonSchemaValue:  # noqa: ARG002 -- all spans are alike
        return dict(_SPAN)

    def encode_default(self, dft: Any) -> Any:  # noqa: ANN401 -- whatever a model has as default
        match dft:
            case timedelta():
                return _span(dft)
            case list():
                return [self.encode_default(each) for each in dft]
            case _:
                return super().encode_default(dft)

    def default_schema(self, schema: core_schema.WithDefaultSchema) -> JsonSchemaValue:
        """Say a default where it tells something; that a list or part is empty by default is plain."""
        made = super().default_schema(schema)
        plain = made.get("default") in (None, "", [], {}) or isinstance(schema.get("default"), Part)
        moment = isinstance(schema.get("default"), timedelta) and "pattern" not in made
        return {key: below for key, below in made.items() if key != "default" or not (plain or moment)}

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ANN401, ARG002 -- keys are titles enough
        return False

    def generate(self, schema: core_schema.CoreSchema, mode: JsonSchemaMode = "validation") -> JsonSchemaValue:
        made = super().generate(schema, mode)
        for definition in (made, *made.get("$defs", {}).values()):
            definition.pop("title", None)
        return made


_SPAN: Final[dict[str, Any]] = {
    "type": "string",
    "pattern": r"^\s*[0-9]{1,5}\s*(mo|[hdwy])\s*$",
    "examples": ["12h", "30d", "2w", "6mo", "2y"],
}


def _span(length: timedelta) -> str:
    hours = length // timedelta(hours=1)
    unit, size = next((unit, size) for unit, size in _UNITS if not hours % size)
    return f"{hours // size}{unit}"


def _one_or_several(inner: JsonSchemaValue) -> JsonSchemaValue:
    listed = next(each for each in (inner, *inner.get("anyOf", ())) if "items" in each)
    return {"anyOf": [listed["items"], *inner.get("anyOf", [inner])]}


def _around(inner: JsonSchemaValue) -> JsonSchemaValue:
    return {"anyOf": [{"enum": ["object", "parent", "grouping"]}, inner]}


def _filled_in(inner: JsonSchemaValue) -> JsonSchemaValue:
    return {**inner, "not": {"pattern": r"\{(?!(?:activity|goal|learner)\})[^}]*\}"}}


def _or_text(inner: JsonSchemaValue) -> JsonSchemaValue:
    return {"anyOf": [{"type": "string"}, inner]}


def _in_short(inner: JsonSchemaValue) -> JsonSchemaValue:
    return {"anyOf": [{"type": ["string", "number"]}, inner]}


def _contracts(inner: JsonSchemaValue) -> JsonSchemaValue:
    one = _or_text(inner["items"])
    return {"anyOf": [*one["anyOf"], {"type": "array", "items": one}]}


def _as_it_is(inner: JsonSchemaValue) -> JsonSchemaValue:
    return inner


#: The functions that look at a value before it is checked, by module and name → what an editor should know of them.
#: One that is missing here makes no schema rather than a wrong one.
_SAYINGS: Final[Mapping[str, Callable[[JsonSchemaValue], JsonSchemaValue]]] = {
    "parts.several": _one_or_several,
    "parts.known_type": lambda _: word_or_iri(ACTIVITY_TYPES),
    "parts.known_verb": lambda _: word_or_iri(VERBS),
    "parts._span": _as_it_is,
    "parts._known_zone": lambda inner: {**inner, "examples": ["UTC", "Europe/Berlin"]},
    "document._activity": _around,
    "document._outcome": lambda _: {"enum": [*Outcome, IGNORE]},
    "document._title": _filled_in,
    "document._until": lambda inner: {**inner, "examples": ["2027-01-31"]},
    "lists.inside_folder": lambda inner: {**inner, "pattern": r"\.csv$"},
    "test_model._expected": lambda one: {"anyOf": [one, {"type": "array", "minItems": 1, "items": one}]},
    "test_model._outcome": lambda _: {"enum": [*Outcome]},
    "test_model._read_outcome": lambda _: {"enum": [*Outcome, NOTHING]},
    "test_model._reading_expected": _as_it_is,
    "case_model._activity": _or_text,
    "case_model._goal": _or_text,
    "case_model._moment": lambda inner: {**inner, "examples": ["2026-03-31", "+2d", "-30d"]},
    "case_model.in_short": _in_short,
    "case_model.contracts_of": _contracts,
    **dict.fromkeys(
        ("case_model._agent", "case_model._duration", "case_model._iri_keys", "case_model._raw"), _as_it_is
    ),
}
