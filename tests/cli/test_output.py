"""How values are shown, and how long work tells that it goes on."""

import io
from contextlib import redirect_stderr
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from lrs_bridge.cli.edge import exit_code, sentence
from lrs_bridge.cli.output import Money, Table, Value, cell_text, cut, plain_lines, rich_table
from lrs_bridge.cli.progress import progress
from lrs_bridge.cli.widths import widths_that_fit
from lrs_bridge.store.read_models.listing import Slice
from lrs_bridge_connectors.errors import Misbehaving, Refused, Retryable, Unusable


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "–"),
        (1234567, "1,234,567"),
        (True, "yes"),
        (0.25, "0.2"),
        (Money(123456, "EUR"), "1,234.56 EUR"),
        (timedelta(seconds=5), "5 s"),
        (timedelta(minutes=2, seconds=5), "2 min 5 s"),
        (timedelta(hours=26), "1 d 2 h"),
        (timedelta(hours=-2), "-2 h 0 min"),
        (datetime(2026, 3, 1, 12, tzinfo=UTC), "2026-03-01 12:00:00Z"),
        ("a\x1b[31mb\nc\u202e", "a [31mb c "),
    ],
)
def test_a_value_is_shown_as_people_read_it(value: Value, text: str) -> None:
    assert cell_text(value) == text


def test_plain_lines_are_aligned_and_numbers_flush_right() -> None:
    table = Table("Waste", ("reason", "findings"), [("no gain", 3), ("repeat", 1200)])

    assert plain_lines(table) == ["Waste", "  reason   findings", "  no gain         3", "  repeat      1,200"]


def test_an_empty_table_says_so() -> None:
    assert plain_lines(Table("Sources", ("source",), [], "none configured")) == ["Sources", "  none configured"]


def test_progress_is_a_plain_line_now_and_then_where_no_terminal_is() -> None:
    ticks = iter([0.0, 1.0, 6.0, 7.0])
    err = io.StringIO()
    with redirect_stderr(err), progress("pulling lms", "statements", lambda: next(ticks)) as tell:
        tell(100, None)
        tell(200, 900)
        tell(300, 900)

    assert err.getvalue() == "pulling lms: 200 of 900 statements\n"


@pytest.mark.parametrize(("kind", "code"), [(Retryable, 1), (Misbehaving, 1), (Refused, 2), (Unusable, 2)])
def test_what_an_operator_must_correct_ends_with_2(kind: type[Retryable], code: int) -> None:
    assert exit_code(kind("it did not work", source="lms")) == code


def test_the_text_of_an_unexpected_error_is_not_shown() -> None:
    assert "alice" not in sentence(RuntimeError("alice@example.org"))


def test_where_there_is_room_columns_are_as_wide_as_what_they_hold() -> None:
    assert widths_that_fit([("name", "Ada"), ("note", "wants to learn")], 30) == [4, 14]


def test_the_widest_column_gives_way_first() -> None:
    assert widths_that_fit([("note", "a b c d e f g h"), ("name", "Ada")], 12) == [8, 4]


def test_a_column_gives_way_no_further_than_to_its_longest_word() -> None:
    assert widths_that_fit([("note", "all of it"), ("more", "undeniable truths")], 14) == [4, 10]


def test_where_words_must_be_cut_those_that_name_the_row_stay_whole() -> None:
    assert widths_that_fit([("id", "0123456789"), ("activity", "https://lms.example.org/42")], 20) == [10, 10]


def test_on_the_narrowest_terminal_every_column_keeps_something() -> None:
    assert widths_that_fit([("id", "0123456789"), ("name", "Ada")], 1) == [1, 1]


def test_a_table_fits_a_terminal_of_80_columns_with_its_words_whole() -> None:
    row = (
        "Support missing",
        datetime(2026, 9, 23, tzinfo=UTC),
        "Ruth Aguilar",
        "Passwords, phishing",
        1.5,
        "Lin Marino",
    )
    table = Table("1 finding", ("reason", "since", "learner", "activity", "hours", "can rescue"), [row])
    shown = io.StringIO()
    Console(file=shown, width=80).print(rich_table(table, 80))

    assert max(map(len, shown.getvalue().splitlines())) <= 80
    assert {"Support", "missing", "2026-09-23", "00:00:00Z", "Aguilar", "Passwords,", "phishing"} <= set(
        shown.getvalue().split()
    )


def test_a_list_says_when_it_is_not_all_of_it() -> None:
    assert cut(Slice(("a", "b"), total=3)) == "; the first 2 (--limit shows more)"
    assert cut(Slice(("a", "b"), total=2)) == ""
