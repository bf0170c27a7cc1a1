"""Statements that were cut off inside a whole page: the others are read, and what is left of these is passed on."""

import json
from collections.abc import Iterable
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_connectors.http import Answer
from lrs_bridge_connectors.xapi import salvage
from lrs_bridge_connectors.xapi.envelope import Envelope, open_envelope


def a_statement(number: int, text: str = 'a "quoted" {bracket}, [and], {"more": 1}') -> bytes:
    body = {
        "id": str(UUID(int=number)),
        "actor": {"mbox": "mailto:ada@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
        "object": {"id": f"https://example.org/{number}", "definition": {"description": {"en": text}}},
        "context": {"contextActivities": {"other": [{"id": "https://a.example.org"}, {"id": "https://b.example.org"}]}},
        "stored": "2026-03-02T12:00:00.000Z",
    }
    return json.dumps(body).encode()


def opened(statements: list[bytes], end: bytes = b'],"more":"/next"}') -> Envelope:
    return open_envelope(Answer(200, {}, b'{"statements":[' + b",".join(statements) + end))


def without_space(pieces: Iterable[bytes]) -> bytes:
    """Commas between pieces, and space around them, may go."""
    return b"".join(pieces).translate(None, b", ")


@pytest.mark.parametrize("place", [0, 1, 2, 3])
def test_a_statement_that_was_cut_off_leaves_the_others_whole(place: int) -> None:
    statements = [a_statement(number) for number in range(4)]
    statements[place] = statements[place][:150]

    assert Envelope(tuple(statements), "/next") == opened(statements)


@given(st.lists(st.integers(1, 600), min_size=1, max_size=3), st.permutations(range(5)))
def test_wherever_some_are_cut_off_the_others_are_read(cuts: list[int], order: list[int]) -> None:
    statements = [a_statement(number) for number in range(5)]
    broken = dict(zip(order, cuts, strict=False))
    sent = [each[: broken.get(number, len(each))] for number, each in enumerate(statements)]
    found = opened(sent)

    assert found.more == "/next"
    assert {each for number, each in enumerate(statements) if number not in broken} <= set(found.statements)
    assert without_space(sent) == without_space(found.statements)  # nothing is left out


def test_a_bracket_too_many_is_read_around() -> None:
    found = opened([a_statement(1) + b"}", a_statement(2)])

    assert (a_statement(1) + b"}", a_statement(2)) == found.statements


def test_a_page_without_its_end_is_not_read_in_part() -> None:
    with pytest.raises(ValueError, match="ends in the middle of a page"):
        opened([a_statement(1), a_statement(2)[:100]], end=b"")


def test_the_end_may_have_no_link_and_a_list_has_none() -> None:
    broken = a_statement(1)[:80]

    assert opened([broken, a_statement(2)], end=b"]}").more is None
    assert opened([broken, a_statement(2)], end=b'] , "more" : null }\n').statements[1] == a_statement(2)


def test_objects_inside_of_what_is_broken_are_no_statements() -> None:
    inner = json.dumps([{"actor": {}, "verb": {}, "object": {}}, {"id": "https://a.example.org"}]).encode()
    broken = b'{"id":"x","result":{"extensions":{"https://x.example.org":' + inner

    assert (broken, a_statement(2)) == opened([broken, a_statement(2)]).statements


def test_a_hostile_page_costs_no_more_than_its_tries(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(salvage, "TRIES", 50)

    with pytest.raises(ValueError, match="broken in too many places"):
        opened([b'{"a":[0'] * 100_000)
