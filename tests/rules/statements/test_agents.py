"""Everybody whom a body names is found, wherever that is; and can be taken out."""

from __future__ import annotations

import json
from typing import Any

import pytest

from lrs_bridge_rules.statements.agents import NOBODY, identifiers_in, without
from lrs_bridge_rules.statements.meaning import same_meaning
from lrs_bridge_rules.statements.statement import decode_statement

ADA = {"mbox": "mailto:ada@example.org", "name": "Ada Abt"}
BEN = {"account": {"homePage": "https://lms.example.org", "name": "18"}, "name": "Ben Bär"}
ADAS, BENS = "mbox:ada@example.org", "account:https://lms.example.org|18"
Json = dict[str, Any]


def said(**changes: Any) -> bytes:
    given: Json = {
        "actor": BEN,
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": "https://lms.example.org/course/view.php?id=42"},
        "timestamp": "2026-03-01T12:00:00Z",
    }
    return json.dumps(given | changes).encode()


PLACES: dict[str, Json] = {
    "actor": {"actor": ADA},
    "member": {"actor": {"objectType": "Group", "member": [ADA, BEN]}},
    "instructor": {"context": {"instructor": ADA}},
    "team": {"context": {"team": {"objectType": "Group", "member": [BEN, ADA]}}},
    "authority": {"authority": ADA},
    "object": {"object": {"objectType": "Agent", **ADA}},
    "sub-statement": {
        "object": {"objectType": "SubStatement", "actor": ADA, "verb": {"id": "x:v"}, "object": {"id": "x:o"}}
    },
    "context agent": {"context": {"contextAgents": [{"objectType": "contextAgent", "agent": ADA}]}},
    "extension": {"context": {"extensions": {"x:by": {"mbox": "mailto:ada@example.org"}}}},
}


@pytest.mark.parametrize("place", PLACES)
def test_somebody_is_found_wherever_they_are_named(place: str) -> None:
    assert ADAS in identifiers_in(said(**PLACES[place]))


@pytest.mark.parametrize("place", [each for each in PLACES if each != "actor"])
def test_whoever_is_taken_out_is_named_nowhere_and_the_statement_can_still_be_read(place: str) -> None:
    left = without(said(**PLACES[place]), {ADAS})

    assert left is not None
    assert b"ada" not in left.lower()
    assert decode_statement(left).verb.id == "http://adlnet.gov/expapi/verbs/completed"
    assert BENS in identifiers_in(left)


def test_nothing_is_left_of_a_statement_whose_actor_is_taken_out() -> None:
    assert without(said(actor=ADA), {ADAS}) is None


def test_nothing_is_left_of_a_group_of_nobody_else() -> None:
    assert without(said(actor={"objectType": "Group", "member": [ADA]}), {ADAS}) is None


def test_what_has_to_be_kept_is_kept_without_who_did_it() -> None:
    left = without(said(actor=ADA), {ADAS}, keep_statement=True)

    assert left is not None
    assert json.loads(left)["actor"] == NOBODY


def test_taking_out_two_people_in_any_order_gives_the_same_meaning() -> None:
    body = said(
        actor={"objectType": "Group", "member": [ADA, BEN, {"mbox": "mailto:cleo@example.org"}]},
        context={"instructor": ADA, "team": {"objectType": "Group", "member": [BEN]}},
    )
    one = without(without(body, {ADAS}) or b"", {BENS})
    other = without(without(body, {BENS}) or b"", {ADAS})
    both = without(body, {ADAS, BENS})

    assert same_meaning(one or b"", both or b"")
    assert same_meaning(other or b"", both or b"")


@pytest.mark.parametrize(
    ("body", "who"),
    [
        (b'{"actor": {"mbox": "mailto:ada@example.org", "na', ADAS),
        (b'{"actor": {"account": {"homePage": "https://lms.example.org", "name": "18"}}, ', BENS),
        (b'{"actor": {"mbox_sha1sum": "' + b"a" * 40, f"sha1:{'a' * 40}"),
    ],
)
def test_half_a_statement_names_a_whole_person(body: bytes, who: str) -> None:
    assert who in identifiers_in(body)


def test_a_body_with_two_identifiers_names_both() -> None:
    assert {ADAS, BENS} <= identifiers_in(said(actor={**BEN, **ADA}))
