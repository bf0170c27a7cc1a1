"""What was sent, in full: read when it is asked for, and no part of what is said."""

import json

from lrs_bridge_rules.statements.statement import decode_statement
from support.xapi import a_body, a_statement, encoded


def test_what_is_not_typed_can_be_asked_for_all_the_same() -> None:
    assert a_statement(attachments=[{"usageType": "urn:x:y"}]).sent["attachments"] == [{"usageType": "urn:x:y"}]


def test_it_is_read_once() -> None:
    statement = a_statement()

    assert statement.sent is statement.sent


def test_context_activities_are_lists_in_a_sub_statement_too() -> None:
    one = {"id": "https://example.org/p"}
    inner = {**a_body(), "objectType": "SubStatement", "context": {"contextActivities": {"parent": one}}}
    statement = a_statement(object=inner, context={"contextActivities": {"other": one, "category": [one]}})

    assert statement.sent["context"]["contextActivities"] == {"other": [one], "category": [one]}
    assert statement.sent["object"]["context"]["contextActivities"] == {"parent": [one]}


def test_statements_are_equal_whatever_their_bytes() -> None:
    body = a_body()
    one, other = decode_statement(encoded(body)), decode_statement(json.dumps(body, indent=2).encode())
    assert one.sent

    assert one == other
    assert one != a_statement("passed")
    assert one != "a statement"


def test_nobody_can_send_what_is_kept() -> None:
    statement = decode_statement(encoded(a_body(**{"urn:lrs-bridge:kept": {"actor": "somebody else"}})))

    assert statement.sent["actor"] == a_body()["actor"]


def test_its_body_says_the_same_before_and_after_that_look() -> None:
    statement = a_statement()
    before = statement.body
    assert statement.sent

    assert json.loads(statement.body) == json.loads(before) == a_body()


def test_what_cannot_be_decoded_in_full_holds_nothing() -> None:
    body = encoded(a_body()).replace(b'"actor"', b'"number": 1e999, "actor"', 1)

    assert decode_statement(body).sent == {}
