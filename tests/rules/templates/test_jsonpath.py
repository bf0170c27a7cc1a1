"""Paths: what the specification's subset finds, and that everything beyond it is refused with its name."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.templates.jsonpath import MAX_LENGTH, parse_path

_DATA = {
    "verb": {"id": "v"},
    "a": {"b": [10, 20, {"c": None}], "x|y": "bar", "it's": 1, "0": "zero", "ключ": "κλειδί", "": "empty"},
    "empty": {"list": [], "object": {}},
    "truth": False,
    "text": '{"not": "looked into"}',
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$", [_DATA]),
        ("$.verb.id", ["v"]),
        ("verb.id", ["v"]),
        ("$['verb']['id']", ["v"]),
        ('$["verb"].id', ["v"]),
        ("$.a.b", [[10, 20, {"c": None}]]),
        ("$.a.b[0]", [10]),
        ("$.a.b[3]", []),
        ("$.a.b[0,2]", [10, {"c": None}]),
        ("$.a.b[*]", [10, 20, {"c": None}]),
        ("$.a.b[*].c", [None]),
        ("$.a.b.c", []),
        ("$['verb','a']['id','0']", ["v", "zero"]),
        ("$.verb.*", ["v"]),
        ("$.a['x|y']", ["bar"]),
        ("$.a['it\\'s']", [1]),
        ("$.a['ключ']", ["κλειδί"]),
        ("$.a.ключ", ["κλειδί"]),
        ("$.a['']", ["empty"]),
        ("$.a[0]", []),
        ("$.a.b['0']", []),
        ("$.verb.id | $.a.b[0]|$.nothing", ["v", 10]),
        ("verb.id|truth", ["v", False]),
        ("$.empty.list", [[]]),
        ("$.empty.list[*]", []),
        ("$.empty.object.*", []),
        ("$.truth", [False]),
        ("$.truth.x", []),
        ("$.text.not", []),
        ("$.text[0]", []),
        ("$.a.b.length", []),
        ("$.verb['id', *]", ["v"]),
    ],
)
def test_a_path_finds_what_stands_there(path: str, expected: list[object]) -> None:
    assert parse_path(path).find(_DATA) == expected


@pytest.mark.parametrize(
    ("path", "what"),
    [
        ("$..id", r"`\.\.`"),
        ("$.a[?@.b]", "filters"),
        ("$.a[?(@.b > 1)]", "filters"),
        ("$.a[(@.length-1)]", "scripts"),
        ("$.a[-1]", "negative"),
        ("$.a[0:2]", "slices"),
        ("$.a[::2]", "slices"),
        ("$.a & $.b", "`&`"),
        ("^.a", r"`\^`"),
        ("$.~a", "not allowed"),
        ("$[~]", "not allowed"),
        ("$[id]", "quotes"),
        ("$[$.a]", "not allowed"),
        ("@.a", "not a JSONPath"),
        ("$.a[1e5]", "not a JSONPath"),
        ("$.a[01]", "leading zero"),
        ("$.extensions.https://example.org", "not a JSONPath"),
        ("$.a['b'", "not a JSONPath"),
        ("$.a |", "not a JSONPath"),
        ("", "empty"),
        ("  ", "empty"),
        (f"$.{'a' * MAX_LENGTH}", "characters"),
    ],
)
def test_what_the_specification_leaves_out_is_refused_by_name(path: str, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        parse_path(path)


@given(st.text(st.sampled_from("$.[]'\"*|,&?@()~^0123abc: -\\/é"), max_size=40))
def test_whatever_is_written_is_read_or_refused(text: str) -> None:
    try:
        path = parse_path(text)
    except ValueError:
        return

    assert isinstance(path.find(_DATA), list)


def test_a_path_of_many_stars_costs_no_more_than_the_document_is_large() -> None:
    deep: object = 1
    for _ in range(40):
        deep = {"a": deep, "b": 0}
    began = time.perf_counter()

    found = parse_path("$" + "['a','b',*,'a']" * 40).find(deep)

    assert found == [1, 0]
    assert time.perf_counter() - began < 0.5
