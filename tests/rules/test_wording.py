"""Counts and lists as they stand in sentences."""

from __future__ import annotations

import pytest

from lrs_bridge_rules.wording import counted, enumerated, joined


@pytest.mark.parametrize(("number", "text"), [(0, "0 notices"), (1, "1 notice"), (1200, "1,200 notices")])
def test_what_is_counted_agrees_with_its_number(number: int, text: str) -> None:
    assert counted(number, "notice") == text


@pytest.mark.parametrize(("names", "text"), [("", ""), ("a", "a"), ("ab", "a and b"), ("abc", "a, b and c")])
def test_what_is_joined_reads_as_a_sentence(names: str, text: str) -> None:
    assert joined(list(names)) == text


@pytest.mark.parametrize(("names", "text"), [("", ""), ("ab", "a, b"), ("abcd", "a, b and 2 more")])
def test_of_many_names_the_first_stand_there_and_how_many_more(names: str, text: str) -> None:
    assert enumerated(names, most=2) == text
