"""One page off the wire: its statements as bytes, whatever the server wraps around them."""

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from requests.structures import CaseInsensitiveDict

from lrs_bridge_connectors.http import Answer
from lrs_bridge_connectors.xapi.envelope import Envelope, open_envelope


def opened(body: bytes, content_type: str = "application/json") -> Envelope:
    return open_envelope(Answer(200, CaseInsensitiveDict({"Content-Type": content_type}), body))


def test_statements_keep_their_bytes() -> None:
    odd = b'{"b": 1.50, "a":"\\u00e9", "n":12345678901234567890}'

    assert Envelope((odd,), "/more/1") == opened(b'{"statements":[ ' + odd + b' ],"more":"/more/1"}')


@pytest.mark.parametrize(
    "end", [b'{"statements":[]}', b'{"statements":[],"more":null}', b'{"more":"","statements":[]}']
)
def test_the_end_of_paging_comes_in_three_forms(end: bytes) -> None:
    assert not opened(end).more


def test_an_array_is_a_page_without_more() -> None:
    assert Envelope((b'{"id":"1"}', b'{"id":"2"}'), None) == opened(b' [{"id":"1"},{"id":"2"}]')


def test_a_byte_order_mark_does_not_disturb() -> None:
    assert Envelope((), None) == opened(b'\xef\xbb\xbf{"statements":[]}')


@pytest.mark.parametrize(
    "broken",
    [b"{nonsense}", b'{"a": tru}', b'{"a": 01}', b'{"a": "\\q"}', b"[" * 2000 + b"]" * 2000, b'{"a": "\x01"}'],
)
def test_a_broken_statement_leaves_its_neighbours_whole(broken: bytes) -> None:
    page = b'{"statements":[{"id":"1"},' + broken + b',{"id":"2"}],"more":"/more/2"}'

    assert Envelope((b'{"id":"1"}', broken, b'{"id":"2"}'), "/more/2") == opened(page)


def test_more_may_stand_before_a_broken_statement() -> None:
    page = b'{"more":"/more/2", "statements":[{"id":"1"},{nonsense}]}'

    assert Envelope((b'{"id":"1"}', b"{nonsense}"), "/more/2") == opened(page)


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (b"<!doctype html><title>Maintenance</title>", "web page"),
        (b"\n <html>", "web page"),
        (b'{"statements":[{"id":"secret"},{"id":', "ends in the middle"),
        (b'{"statements":[{"id":"secret"}', "ends in the middle"),
        (b'[{"id":"secret"}', "ends in the middle"),
        (b'{"statements":[nonsense],"more":secret}', "broken outside"),
        (b"", "not JSON"),
        (b"secret", "not JSON"),
        (b'{"error":"secret"}', "not a list of statements"),
        (b'{"statements":{}}', "not a list of statements"),
        (b'{"statements":[],"more":7}', "not a list of statements"),
        (b"7", "not a list of statements"),
    ],
)
def test_what_is_no_page_is_told_without_quoting_it(body: bytes, said: str) -> None:
    with pytest.raises(ValueError, match=said) as told:
        opened(body)

    assert "secret" not in str(told.value)


@given(st.binary())
def test_any_bytes_are_a_page_or_a_value_error(body: bytes) -> None:
    with suppress(ValueError):
        assert isinstance(opened(b'{"statements":[' + body), Envelope)


@given(st.lists(st.dictionaries(st.text(), st.text() | st.integers() | st.lists(st.text()))))
def test_cutting_out_gives_the_same_statements_as_decoding(statements: list[object]) -> None:
    texts = [json.dumps(statement).encode() for statement in statements]
    broken = opened(b'{"statements":[' + b",".join([*texts, b"{broken}"]) + b"]}")

    assert (*texts, b"{broken}") == broken.statements


MULTIPART = (
    b"--xyz\r\nContent-Type:application/json\r\n\r\n"
    b'{"statements":[{"id":"1"}],"more":""}\r\n--xyz\r\nContent-Type:text/plain\r\n\r\n<html>\r\n--xyz--'
)


@pytest.mark.parametrize("boundary", ["xyz", '"xyz"', "xyz; charset=utf-8"])
def test_the_first_part_of_multipart_is_the_page(boundary: str) -> None:
    assert (b'{"id":"1"}',) == opened(MULTIPART, f"multipart/mixed; boundary={boundary}").statements


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (MULTIPART, "multipart/mixed"),
        (MULTIPART[:60], "multipart/mixed; boundary=xyz"),
        (b"--xyz\r\nno end of headers--xyz--", "multipart/mixed; boundary=xyz"),
    ],
)
def test_damaged_multipart_is_told(body: bytes, content_type: str) -> None:
    with pytest.raises(ValueError, match="multipart/mixed"):
        opened(body, content_type)
