"""Quarantine reasons: sentences that name the property, what it should be and what it is, and never what it says."""

from typing import Any

import pytest

from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.meaning import meaning_digest
from lrs_bridge_rules.statements.statement import decode_statement
from support.xapi import a_body, encoded

SECRET = "Ada Secret"


def reason_of(body: bytes) -> str:
    with pytest.raises(StatementError) as refused:
        decode_statement(body)
    return refused.value.reason


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        ({"verb": {"id": 7}}, "verb.id must be text, and is a number"),
        ({"verb": {"display": {}}}, "verb.id is missing"),
        ({"result": {"score": {"raw": SECRET}}}, "result.score.raw must be a number, and is text"),
        ({"result": {"success": SECRET}}, "result.success must be true or false, and is text"),
        ({"result": [SECRET]}, "result must be an object, and is a list"),
        ({"actor": {"member": [{"mbox": True}]}}, "actor.member[0].mbox must be text, and is true or false"),
        (
            {"context": {"contextActivities": {"parent": 3}}},
            "context.contextActivities.parent must be an object or a list, and is a number",
        ),
        ({"timestamp": SECRET}, "timestamp: not an ISO 8601 timestamp such as 2026-11-21T19:28:20.000Z"),
    ],
)
def test_a_wrong_shape_is_told_by_path_and_kind(wrong: dict[str, Any], reason: str) -> None:
    assert reason == reason_of(encoded(a_body(**wrong)))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", "it is not JSON: it breaks off before its end"),
        (b'{"actor": {"name": "Ada Sec', "it is not JSON: it breaks off before its end"),
        (b'{"a": 01}', "it is not JSON: a number is not written as JSON wants it (byte 7)"),
        (b'{"a" 1}', "it is not JSON: a colon is missing (byte 5)"),
        (b'{"a": Secret}', "it is not JSON: a character does not belong there (byte 6)"),
        (b'{"a": "\xff"}', "it is not JSON: byte 7 is not UTF-8"),
        (b'["Ada Secret"]', "a statement must be an object, and is a list"),
        (b"null", "a statement must be an object, and is null"),
        (b"{}", "actor is missing"),
        (b'{"a":' * 10_000, "it is nested too deeply to be read"),
    ],
)
def test_what_is_no_json_is_told_with_its_place(body: bytes, reason: str) -> None:
    assert reason == reason_of(body)


@pytest.mark.parametrize("text", [rb"\ud83d", rb"\udc00", rb"a\uD800b", rb"\ud83d\ude00\ud83d"])
def test_half_of_a_surrogate_pair_is_told_as_such(text: bytes) -> None:
    body = encoded(a_body(result={"response": "HERE"})).replace(b"HERE", text)

    assert reason_of(body).startswith("it is not JSON: a text contains half of a surrogate pair")


@pytest.mark.parametrize(
    ("where", "path"),
    [
        ({"result": {"response": "a\0b"}}, "result.response"),
        ({"context": {"extensions": {"https://x.example.org/Ada": [1, "\0"]}}}, "context.extensions[…][1]"),
        ({"Ada Secret": {"name": "\0"}}, "[…].name"),
        ({"object": {"id": "https://a.example.org", "definition": {"name": {"\0": "x"}}}}, "object.definition.name[…]"),
    ],
)
def test_a_nul_character_is_told_with_its_path(where: dict[str, Any], path: str) -> None:
    assert reason_of(encoded(a_body(**where))) == f"{path} contains a NUL character, which no database can keep as text"


def test_a_number_that_no_float_can_hold_is_refused_where_it_is_read_and_kept_where_it_is_not() -> None:
    digits = b"9" * 400
    read = encoded(a_body(result={"score": {"raw": 1}})).replace(b"1}}", digits + b"}}")
    passed_over = encoded(a_body(result={"extensions": {"https://x.example.org": 1}})).replace(b"1}}", digits + b"}}")

    assert reason_of(read) == "result.score.raw is a number that is too large"
    assert meaning_digest(passed_over) != meaning_digest(passed_over.replace(b"9}}", b"8}}"))
