"""CSV as people and spreadsheets write it, with the place of every cell."""

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge.acts.imports.table import read_table
from lrs_bridge.acts.imports.text import read_text
from lrs_bridge_rules.documents.tree import Node, Problems
from lrs_bridge_rules.errors import DocumentError

COLUMNS = ("a", "b", "c")


def table(text: str) -> list[Node]:
    problems = Problems()
    rows = read_table(text, "t.csv", COLUMNS, problems)
    problems.raise_if_any()
    return rows


def mistakes(text: str) -> list[str]:
    with pytest.raises(DocumentError) as refused:
        table(text)
    return [str(each) for each in refused.value.problems]


@pytest.mark.parametrize(
    "text",
    [
        "a,b\n1,2\n",
        "a;b\n1;2\n",
        "a\tb\n1\t2\n",
        "a,b\r\n1,2\r\n",
        "a,b\n\n1,2\n\n\n",
        "\na,b\n,\n1,2",
        'A , "B"\n 1 ,"2"\n',
        "a,b\n1,2,,\n",
    ],
)
def test_every_way_in_which_spreadsheets_write_a_table_is_read(text: str) -> None:
    assert [row.plain() for row in table(text)] == [{"a": "1", "b": "2"}]


def test_quotes_keep_separators_line_breaks_and_quotes() -> None:
    assert table('a,b\n"x, ""y""\nz",2\n')[0].plain() == {"a": 'x, "y"\nz', "b": "2"}


def test_every_cell_knows_its_line_and_column() -> None:
    row = table('a,b,c\n"x\ny",  2,"3"\n')[0]

    places = [(place.line, place.column) for key in "abc" if (cell := row.child(key)) for place in [cell.place]]
    assert places == [(2, 1), (3, 4), (3, 8)]


@given(
    st.lists(
        st.lists(
            st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8).map(str.strip), min_size=3, max_size=3
        ),
        max_size=6,
    ),
    st.sampled_from([",", ";"]),
)
def test_what_the_csv_module_writes_is_read_back(rows: list[list[str]], delimiter: str) -> None:
    file = io.StringIO()
    csv.writer(file, delimiter=delimiter).writerows([list(COLUMNS), *rows])

    read = [list(row.plain().values()) for row in table(file.getvalue())]  # type: ignore[attr-defined]  # rows are mappings
    assert read == [row for row in rows if any(row)]


def test_an_unknown_column_is_named_with_the_nearest_known_one() -> None:
    problems = Problems()
    read_table("id,nmae\n1,2\n", "t.csv", ("id", "name"), problems)

    with pytest.raises(DocumentError, match=r"t\.csv:1:4: unknown column 'nmae', did you mean 'name'\?"):
        problems.raise_if_any()


def test_a_column_that_is_there_twice_is_refused() -> None:
    assert mistakes("a,b,a\n1,2,3\n") == [
        "t.csv:1:1: the column 'a' is there twice",
        "t.csv:1:5: the column 'a' is there twice",
    ]


def test_an_open_quote_is_found_where_it_begins() -> None:
    assert mistakes('a,b\n1,"2\n')[0].startswith("t.csv:2:3: a quote is not closed")


def test_more_cells_than_columns_are_refused() -> None:
    assert mistakes("a,b\n1,2,3\n") == [
        "t.csv:2:5: more cells than the header's 2 columns; quote a cell that holds the separator"
    ]


def test_an_empty_file_says_what_is_expected() -> None:
    assert mistakes("\n\n") == ["t.csv:1:1: the file is empty; expected a header line with a, b, c"]


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("id,name\n1,Zoë\n".encode("latin-1"), ":2:5: this is not UTF-8 text; the file looks like Latin-1"),
        ("id\n1\n".encode("utf-16"), ":1:1: this file is UTF-16"),
        (b"id\n1\x00\n", ":2:2: a NUL character"),
    ],
)
def test_a_file_in_another_encoding_is_refused_with_the_place(tmp_path: Path, body: bytes, expected: str) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(body)
    problems = Problems()

    assert read_text(file, problems) is None
    with pytest.raises(DocumentError) as refused:
        problems.raise_if_any()
    assert expected in str(refused.value)


def test_a_byte_order_mark_is_no_part_of_the_first_column(tmp_path: Path) -> None:
    file = tmp_path / "x.csv"
    file.write_bytes(b"\xef\xbb\xbfa,b\n1,2\n")

    assert read_text(file, Problems()) == "a,b\n1,2\n"


def test_a_file_that_is_not_there_is_a_problem_like_any_other(tmp_path: Path) -> None:
    problems = Problems()

    assert read_text(tmp_path / "none.csv", problems) is None
    with pytest.raises(DocumentError, match="cannot be read"):
        problems.raise_if_any()
