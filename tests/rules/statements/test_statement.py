"""Decoding: tolerant of what real servers send, and never anything but a statement or a StatementError."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.meaning import identity_of, meaning_digest
from lrs_bridge_rules.statements.statement import decode_statement
from support.xapi import a_body, a_statement, encoded

_ID = "0190F6D2-1B2C-7D3E-8F40-0123456789AB"


def test_an_id_is_lowered_whatever_its_version() -> None:
    assert a_statement(id=_ID).id == _ID.lower()


def test_an_id_that_is_no_uuid_is_refused() -> None:
    with pytest.raises(StatementError, match="id is not a UUID"):
        a_statement(id="42")


def test_a_statement_may_come_without_an_id() -> None:
    assert a_statement().id is None


def test_a_single_context_activity_becomes_a_tuple() -> None:
    statement = a_statement(context={"contextActivities": {"parent": {"id": "https://a.example.org"}, "other": None}})

    assert statement.context is not None
    assert statement.context.context_activities is not None
    assert [parent.id for parent in statement.context.context_activities.parent] == ["https://a.example.org"]
    assert statement.context.context_activities.grouping == ()
    assert statement.context.context_activities.other == ()


def test_unknown_properties_and_those_of_version_two_are_passed_over() -> None:
    context = {"contextAgents": [{"objectType": "contextAgent", "agent": {"mbox": "mailto:bo@example.org"}}]}

    assert a_statement(context=context, version="2.0.0", surprise=[1]).version == "2.0.0"


def test_null_properties_are_as_good_as_none() -> None:
    assert a_statement(result=None, context=None, id=None, stored=None).result is None


@pytest.mark.parametrize(
    "target",
    [
        {"objectType": "Agent", "mbox": "mailto:bo@example.org"},
        {"objectType": "Group", "member": []},
        {"objectType": "SubStatement", "actor": {}, "verb": {}, "object": {}},
    ],
)
def test_an_object_may_be_something_else_than_an_activity(target: dict[str, Any]) -> None:
    assert a_statement(object=target).object.object_type == target["objectType"]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"object": {}}, "object.id"),
        ({"object": {"objectType": "Thing", "id": "https://a.example.org"}}, "object.objectType"),
        ({"object": {"objectType": "StatementRef", "id": "x"}}, "object.id is not a UUID"),
        ({"verb": {"id": " "}}, "verb.id"),
        ({"verb": {"id": 7}}, "verb.id"),
        ({"timestamp": "yesterday"}, "timestamp"),
        ({"timestamp": None}, "neither timestamp nor stored"),
        ({"actor": {"name": 5}}, "actor.name"),
        ({"result": {"score": {"raw": "12"}}}, "result.score.raw"),
    ],
)
def test_what_is_wrong_is_named_by_its_path(wrong: dict[str, Any], reason: str) -> None:
    with pytest.raises(StatementError, match=reason):
        a_statement(**wrong)


def test_a_reason_never_repeats_the_content() -> None:
    with pytest.raises(StatementError) as refused:
        decode_statement(b'{"actor": {"name": ["Ada Secret"]}, "verb": {"id": "x"}, "object": {"id": "y"}}')

    assert "Ada" not in refused.value.reason


def test_stored_stands_in_for_a_missing_timestamp() -> None:
    statement = a_statement(timestamp=None, stored="2026-03-02T12:00:05Z")

    assert statement.at == datetime(2026, 3, 2, 12, 0, 5, tzinfo=UTC)


def test_a_voider_names_its_target_in_lower_case() -> None:
    voider = a_statement("voided", object={"objectType": "StatementRef", "id": _ID})

    assert voider.voids == _ID.lower()
    padded = a_statement("voided", object={"objectType": "StatementRef", "id": f" {_ID} "})
    assert padded.voids == _ID.lower()
    assert a_statement(object={"objectType": "StatementRef", "id": _ID}).voids is None
    assert a_statement("voided").voids is None


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"actor":' * 5_000,
        encoded(a_body(actor={"name": "a\0b"})),
        encoded(a_body(context={"extensions": {"https://x.example.org": [{"a": "\0"}]}})),
        encoded(a_body()).replace(b"ada@", b"\\ud800@"),
        encoded(a_body(result={"score": {"raw": 1}})).replace(b"1}}", b"1e999}}"),
        encoded(a_body(result={"score": {"raw": 1}})).replace(b"1}}", b"1" * 5_000 + b"}}"),
        encoded(a_body(result={"score": {"raw": float("nan")}})),
        encoded(a_body(result={"score": {"raw": float("inf")}})),
        encoded([a_body()]),
        b"null",
    ],
)
def test_hostile_bodies_are_refused(body: bytes) -> None:
    with pytest.raises(StatementError):
        decode_statement(body)


def test_a_backslash_before_u0000_is_no_nul() -> None:
    assert decode_statement(encoded(a_body(actor={"name": "a\\u0000", "mbox": "mailto:a@example.org"}))).actor.name


def test_of_a_key_that_is_given_twice_the_last_counts() -> None:
    body = encoded(a_body())[:-1] + b',"verb":{"id":"https://verbs.example.org/other"}}'

    assert decode_statement(body).verb.id == "https://verbs.example.org/other"


_JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
_PATHS = st.sampled_from(
    ["actor", "verb", "object", "result", "context", "timestamp", "stored", "id", "version", "attachments"]
)


def _decodes_or_refuses(body: bytes) -> None:
    try:
        statement = decode_statement(body)
    except StatementError:
        return
    assert statement.at.tzinfo is UTC
    assert len(meaning_digest(body)) == 64
    assert len(identity_of(statement, body)) == 36


@given(st.binary())
def test_any_bytes_decode_or_are_refused(body: bytes) -> None:
    _decodes_or_refuses(body)


@given(_PATHS, _JSON)
def test_any_value_of_any_property_decodes_or_is_refused(name: str, value: object) -> None:
    _decodes_or_refuses(encoded(a_body(**{name: value})))


@given(_PATHS, st.text(max_size=12), _JSON)
def test_any_value_below_any_property_decodes_or_is_refused(name: str, below: str, value: object) -> None:
    keys = ["id", "objectType", "mbox", "account", "definition", "score", "contextActivities", "team", "object", below]
    for key in keys:
        _decodes_or_refuses(encoded(a_body(**{name: {key: value, "id": "https://a.example.org"}})))


@given(st.data())
def test_a_body_with_bytes_changed_decodes_or_is_refused(data: st.DataObject) -> None:
    body = bytearray(json.dumps(a_body(id=_ID, result={"score": {"raw": 3}}, context={"platform": "Moodle"})).encode())
    for _ in range(data.draw(st.integers(1, 4))):
        body[data.draw(st.integers(0, len(body) - 1))] = data.draw(st.integers(0, 255))

    _decodes_or_refuses(bytes(body))
