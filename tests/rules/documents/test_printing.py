"""Printing: what is printed reads back as the same data, and looks as a person would have written it."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.documents.changing.amending import data_of, same
from lrs_bridge_rules.documents.printing import Style, to_yaml
from support.documents import SHIPPED, data

_RULE = {
    "id": "spreadsheet-courses",
    "title": "Courses: spreadsheets",
    "status": "draft",
    "when": {"activity.type": "course", "activity.name": {"contains": ["excel", "no"]}, "score.percent": {"gte": 70}},
    "unless": [{"when": {"activity.id": "https://x.example.org/?id=77"}, "reason": "a taster", "until": "2027-01-31"}],
    "evidence": {"competency": "spreadsheets", "weight": 0.5},
    "tests": [{"name": "0x1F", "statements": {"verb": "passed", "activity": {"name": "Excel"}}, "expect": "match"}],
}


def test_a_rule_is_written_as_a_person_would_write_it() -> None:
    assert (
        to_yaml({"rules": [_RULE], "lists": {}})
        == """\
rules:
  - id: spreadsheet-courses
    title: "Courses: spreadsheets"
    status: draft
    when: {activity.type: course, activity.name: {contains: [excel, "no"]}, score.percent: {gte: 70}}
    unless:
      - when: {activity.id: "https://x.example.org/?id=77"}
        reason: a taster
        until: 2027-01-31
    evidence: {competency: spreadsheets, weight: 0.5}
    tests:
      - name: "0x1F"
        statements: {verb: passed, activity: {name: Excel}}
        expect: match
lists: {}
"""
    )


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("two words", "two words"),
        ("30d", "30d"),
        ("2027-01-31", "2027-01-31"),
        ("raw/max", "raw/max"),
        ("Café für Ärzte", "Café für Ärzte"),
        ("no", '"no"'),
        ("Yes", '"Yes"'),
        ("null", '"null"'),
        ("70", '"70"'),
        ("1e3", '"1e3"'),
        ("1_000", '"1_000"'),
        ("", '""'),
        (" x", '" x"'),
        ("a: b", '"a: b"'),
        ("a #b", '"a #b"'),
        ("-", '"-"'),
        ("{activity}", '"{activity}"'),
        ('a "b" \\', r'"a \"b\" \\"'),
        ("a\nb\t\r\x00\x85\u2028\ufeff", r'"a\nb\t\r\x00\x85\u2028\ufeff"'),
        ("🎓", '"🎓"'),
        (None, "null"),
        (True, "true"),
        (-7, "-7"),
        (7.5, "7.5"),
        (1e300, "1e+300"),
    ],
)
def test_a_scalar_is_plain_where_nobody_can_take_it_for_something_else(value: object, written: str) -> None:
    assert to_yaml({"a": value}) == f"a: {written}\n"
    assert data_of(f"a: {written}") == {"a": value}


@pytest.mark.parametrize("value", [float("inf"), float("nan"), 10**18, b"x", {1: 2}, "\ud800", object()])
def test_what_a_document_cannot_hold_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match=r"document cannot hold|must be a text"):
        to_yaml({"a": value})


@given(data(), st.builds(Style, step=st.integers(1, 5), offset=st.integers(0, 4), width=st.integers(0, 150)))
def test_what_is_printed_reads_back_as_the_same(value: dict[str, Any], style: Style) -> None:
    assert same(data_of(to_yaml(value, style)), value)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.name)
def test_what_is_shipped_is_the_same_when_printed(path: Any) -> None:
    told = data_of(path.read_text("utf-8"))

    assert same(data_of(to_yaml(told)), told)


def test_keys_that_are_too_long_for_one_line_are_printed_too() -> None:
    value = {"\x00" * 1000: {"b" * 1000: [1]}, "a": [{"\x00" * 1000: 1}]}

    assert data_of(to_yaml(value)) == value
