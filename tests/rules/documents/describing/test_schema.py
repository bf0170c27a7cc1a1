"""The JSON Schema for editors: it accepts what the loader accepts, and refuses what an editor can see to be wrong."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import HealthCheck, given, settings

from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.conditions.operators import OPERATORS
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.documents.changing.amending import data_of
from lrs_bridge_rules.documents.describing.schema import rules_schema
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.errors import DocumentError
from support.documents import SHIPPED, shapes
from support.generated import documents

_SCHEMA = rules_schema()
_EDITOR = jsonschema.Draft202012Validator(_SCHEMA)


def _accepts(document: Any) -> bool:
    return bool(_EDITOR.is_valid(document))


def test_it_is_a_schema_of_the_dialect_that_it_names() -> None:
    assert _SCHEMA["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    jsonschema.Draft202012Validator.check_schema(_SCHEMA)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_every_document_that_is_shipped_is_accepted(path: Path) -> None:
    assert [error.message for error in _EDITOR.iter_errors(data_of(path.read_text("utf-8")))] == []


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
@given(documents())
def test_what_the_loader_accepts_is_accepted(document: dict[str, Any]) -> None:
    load_texts({"rules.yaml": json.dumps(document)})

    assert [error.message for error in _EDITOR.iter_errors(document)] == []


@settings(max_examples=200, deadline=None)
@given(shapes())
def test_whatever_shape_the_loader_accepts_is_accepted(shape: dict[str, Any]) -> None:
    try:
        load_texts({"rules.yaml": json.dumps(shape)})
    except DocumentError:
        return

    assert _accepts(shape)


def _rule(**changes: Any) -> dict[str, Any]:
    rule = {"id": "a", "status": "active", "when": {"verb": "passed"}, "evidence": {"competency": "x"}}
    return {"rules": [{key: value for key, value in (rule | changes).items() if value is not ...}]}


def _definition(**changes: Any) -> dict[str, Any]:
    return {"completions": [{"id": "a", "when": {"verb": "passed"}, "outcome": "passed"} | changes]}


def _task(**changes: Any) -> dict[str, Any]:
    return {"follow_ups": [{"id": "a", "kind": "apply", "title": "Use {activity}", "due": "30d"} | changes]}


@pytest.mark.parametrize(
    "document",
    [
        {"ruls": []},
        {"rules": None},
        {"rules": {}},
        _rule(id="a b"),
        _rule(id="a" * 101),
        _rule(id=...),
        _rule(when=...),
        _rule(status=...),
        _rule(status="actve"),
        _rule(evidence=...),
        _rule(evidence=[]),
        _rule(exclude="no"),
        _rule(evidence=..., exclude="no", follow_up=["a"]),
        _rule(evidence={"competency": "x", "goal": "y"}),
        _rule(evidence={}),
        _rule(evidence={"competency": ""}),
        _rule(evidence={"competency": "x", "weight": 0}),
        _rule(evidnce={}),
        _rule(unless=[{"when": {"verb": "passed"}}]),
        _rule(unless={"when": {"verb": "passed"}, "reason": "r", "til": "2027-01-31"}),
        _rule(tests=[{"name": "a", "statements": [], "expect": "match"}]),
        _rule(tests=[{"name": "a", "statements": {"verb": "passed"}, "expect": "match"}]),
        _rule(tests=[{"name": "a", "statements": {"verb": "passed", "activity": {}}, "expect": "maybe"}]),
        _rule(when={}),
        _rule(when=[]),
        _rule(when={"activty.name": "x"}),
        _rule(when={"activity.name": 5}),
        _rule(when={"activity.name": []}),
        _rule(when={"activity.name": None}),
        _rule(when={"activity.name": {}}),
        _rule(when={"activity.name": {"gte": 5}}),
        _rule(when={"activity.name": {"contans": "x"}}),
        _rule(when={"activity.name": {"contains": ""}}),
        _rule(when={"activity.name": {"glob": "*"}}),
        _rule(when={"activity.name": {"list": 1}}),
        _rule(when={"activity.type": 1}),
        _rule(when={"path": "$.actor"}),
        _rule(when={"path": {"$.actor": {}}}),
        _rule(when={"template": []}),
        _rule(when={"outcome": "pased"}),
        _rule(when={"score.percent": "70"}),
        _rule(when={"score.percent": {"gte": 101}}),
        _rule(when={"score.percent": {"gte": [1]}}),
        _rule(when={"score.percent": {"between": [1]}}),
        _rule(when={"mandated": "yes"}),
        _rule(when={"at": "2026-03-31"}),
        _rule(when={"activity.name": {"present": "yes"}}),
        _rule(when={"any": {"verb": "passed"}}),
        _rule(when={"any": []}),
        _rule(when={"not": {}}),
        _rule(when={"context.platform": "Moodle"}),
        _definition(when={"platform": "Moodle"}),
        _definition(outcome="compleeted"),
        _definition(activity="parents"),
        _definition(activity={"from": "parents"}),
        _definition(score="max"),
        _task(kind="aply"),
        _task(due="30x"),
        _task(due=30),
        _task(title="{activty}"),
        _task(title="{goal!r}"),
        _task(confirm="boss"),
        {"lists": {"a b": ["x"]}},
        {"lists": {"a": [1]}},
        {"waste": {"mastery": 101}},
        {"waste": {"stagnation": {"tenure": 2}}},
        {"include": [1]},
    ],
)
def test_what_an_editor_can_see_is_refused_as_by_the_loader(document: dict[str, Any]) -> None:
    with pytest.raises(DocumentError):
        load_texts({"rules.yaml": json.dumps(document)})

    assert not _accepts(document)


def test_every_field_and_operator_is_described() -> None:
    definitions = _SCHEMA["$defs"]
    told = {key: definitions[key]["properties"] for key in ("ConditionOnStatement", "ConditionOnCompletion")}

    for name, fields in (("ConditionOnStatement", STATEMENT_FIELDS), ("ConditionOnCompletion", SUBJECT_FIELDS)):
        assert {*fields} < told[name].keys()
        assert all(field.about in told[name][key]["description"] for key, field in fields.items())
    texts = definitions["Text"]["anyOf"][-1]["properties"]
    assert texts["prefix"]["description"] == OPERATORS["prefix"].about
    assert {"gte", "before"}.isdisjoint(texts)


def test_every_key_of_a_document_is_described_for_whoever_writes_it() -> None:
    parts = [_SCHEMA, *(part for name, part in _SCHEMA["$defs"].items() if name.endswith("Model"))]

    lacking = [key for part in parts for key, value in part["properties"].items() if not _described(value)]
    assert [key for key in lacking if key != "lint"] == []


def _described(value: dict[str, Any]) -> bool:
    return "description" in value or "description" in _SCHEMA["$defs"][value["$ref"].rpartition("/")[2]]
