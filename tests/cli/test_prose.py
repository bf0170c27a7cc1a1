"""Lines of reports folded to a width; lines that programs read too wrapped on terminals alone."""

from __future__ import annotations

import pytest

from lrs_bridge.cli.prose import Line, fold, wrapped


def test_what_does_not_fit_stands_below_the_text_and_not_below_its_sign() -> None:
    assert fold(Line("one two three four five six", indent=2, sign="+"), 24) == [
        "  + one two three four",
        "    five six",
    ]


def test_a_word_longer_than_a_line_is_broken_and_control_characters_are_not_shown() -> None:
    assert fold(Line("a" * 30 + "\x1b"), 20) == ["a" * 20, "a" * 10]


def test_an_empty_line_stays_one() -> None:
    assert fold(Line(), 80) == [""]


def test_a_line_that_programs_read_is_whole_where_there_is_no_terminal() -> None:
    assert wrapped("rules.yaml:1:2: error: " + "word " * 40, None).count("\n") == 0


@pytest.mark.parametrize("beginning", ["", "    "])
def test_on_a_terminal_what_follows_is_set_in_below_the_beginning(beginning: str) -> None:
    first, second = wrapped(f"{beginning}one two three four five", 22).splitlines()

    assert first.startswith(f"{beginning}one")
    assert second.startswith(f"{beginning}  f")


def test_on_a_terminal_no_path_is_broken() -> None:
    assert (
        wrapped("a-folder-of-rules/office.yaml:12:5: note", 20).splitlines()[0] == "a-folder-of-rules/office.yaml:12:5:"
    )
