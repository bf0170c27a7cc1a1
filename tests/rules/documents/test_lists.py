"""Named lists from CSV files: what is read of them, what is refused and where, and that no other file is reached."""

from pathlib import Path

import pytest

from lrs_bridge_rules.documents.lists import MAX_LIST_BYTES, MAX_VALUES
from lrs_bridge_rules.documents.loader import load, load_texts, sources_of
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.ruleset import Ruleset
from support.xapi import a_rule, a_subject

_EMPTY = "the cell is empty; fill it, or take the row out"
_NO_FILE = "file: expected the name of a file that ends with .csv, not"
_OUTSIDE = "a list's file stands in the folder of the document, or in one below it"
_RULE = "rules:\n" + a_rule("{activity.id: {list: ours}}")


def _document(named: str = "{file: ours.csv, column: id}") -> str:
    return f"lists: {{ours: {named}}}\n{_RULE}"


def _loaded(csv: str, named: str = "{file: ours.csv, column: id}") -> Ruleset:
    return load_texts({"rules.yaml": _document(named), "ours.csv": csv})


def _problems(csv: str, named: str = "{file: ours.csv, column: id}") -> list[str]:
    with pytest.raises(DocumentError) as refused:
        _loaded(csv, named)
    return [str(problem) for problem in refused.value.problems]


def _holds(ruleset: Ruleset, activity_id: str) -> bool:
    return bool(ruleset.evaluate(a_subject(activity_ids=(activity_id,))).matches)


@pytest.mark.parametrize(
    "csv",
    [
        "id\nurn:a\nurn:b\n",
        "id\r\nurn:a\r\nurn:b\r\n",
        "name,id\nFirst,urn:a\nSecond,urn:b",
        "name;id\nFirst;urn:a\nSecond;urn:b\n",
        "name\tid\nFirst\turn:a\nSecond\turn:b\n",
        "\ufeffid,name\nurn:a,First\nurn:b,Second\n",
        'id,name\n"urn:a","First, and more"\n urn:b ,"Say ""hello"""\n',
        "id,name\nurn:a\n\n,\nurn:b\n",
    ],
)
def test_a_list_is_a_column_of_a_file_as_spreadsheets_write_it(csv: str) -> None:
    ruleset = _loaded(csv)

    assert _holds(ruleset, "urn:a")
    assert _holds(ruleset, "urn:b")
    assert not _holds(ruleset, "urn:c")


def test_a_file_with_one_column_needs_no_word_about_it() -> None:
    assert _holds(_loaded("activities\nurn:a\n", "{file: ours.csv}"), "urn:a")


@pytest.mark.parametrize(
    ("csv", "named", "problem"),
    [
        (
            "id\nurn:a",
            "{file: ours.csv, column: ids}",
            "rules.yaml:1:40: ours.csv has no column 'ids', did you mean 'id'?",
        ),
        ("name\na", "{file: ours.csv, column: id}", "rules.yaml:1:40: ours.csv has no column 'id' (there are: name)"),
        (
            "id,name\na,b",
            "{file: ours.csv}",
            "rules.yaml:1:22: ours.csv has the columns id, name; say which with column",
        ),
        ("", "{file: ours.csv}", "rules.yaml:1:22: ours.csv is empty; expected a line with the names of its columns"),
        (
            "id\n",
            "{file: ours.csv}",
            "rules.yaml:1:22: ours.csv has no row below its header, so the list can never fit",
        ),
        ("id,id\na,b", "{file: ours.csv, column: id}", "ours.csv:1:1: the column 'id' is there twice"),
        ("id\nurn:a\nurn:b\nurn:a\n", "{file: ours.csv}", "ours.csv:4:1: 'urn:a' is given twice (first in line 2)"),
        ("id,name\nurn:a,x\n,y\n", "{file: ours.csv, column: id}", f"ours.csv:3:1: {_EMPTY}"),
        ("name,id\nx\n", "{file: ours.csv, column: id}", f"ours.csv:2:1: {_EMPTY}"),
        ("id,name\nurn:a,x,y\n", "{file: ours.csv, column: id}", "ours.csv:2:9: more cells than the header's 2"),
        ('id\n"urn:a\n', "{file: ours.csv}", "ours.csv:2:1: a quote is not closed,"),
    ],
)
def test_what_is_wrong_is_said_where_it_stands(csv: str, named: str, problem: str) -> None:
    assert any(found.startswith(problem) for found in _problems(csv, named))


def test_a_value_that_does_not_suit_the_field_is_refused_in_the_file() -> None:
    text = "lists: {verbs: {file: verbs.csv}}\nrules:\n" + a_rule("{verb: {list: verbs}}")

    with pytest.raises(DocumentError) as refused:
        load_texts({"rules.yaml": text, "verbs.csv": "verb\npassed\npased\n"})

    assert str(refused.value).startswith("verbs.csv:3:1: verb: unknown short name 'pased', did you mean 'passed'?")


def test_a_list_has_an_end() -> None:
    many = "id\n" + "".join(f"urn:{number}\n" for number in range(MAX_VALUES + 1))

    assert _problems(many) == ["rules.yaml:1:22: ours.csv has more than 100,000 rows; make several lists of it"]


@pytest.mark.parametrize(
    ("named", "problem"),
    [
        ("{file: ours.txt}", f"rules.yaml:1:22: {_NO_FILE} the text 'ours.txt'"),
        ("{file: 5}", f"rules.yaml:1:22: {_NO_FILE} the number 5"),
        ("{file: [a.csv]}", f"rules.yaml:1:22: {_NO_FILE} a list"),
        ("{file: /etc/ours.csv}", f"rules.yaml:1:22: {_OUTSIDE}"),
        ("{file: ../ours.csv}", f"rules.yaml:1:22: {_OUTSIDE}"),
        ("{file: a/../../ours.csv}", f"rules.yaml:1:22: {_OUTSIDE}"),
        ("{file: '..\\ours.csv'}", f"rules.yaml:1:22: {_OUTSIDE}"),
        ("{file: 'C:ours.csv'}", f"rules.yaml:1:22: {_OUTSIDE}"),
        ("{file: ours.csv, colum: id}", "rules.yaml:1:32: unknown key 'colum', did you mean 'column'?"),
        ("{column: id}", "rules.yaml:1:15: the key 'file' is missing"),
        ("{file: other.csv}", "rules.yaml:1:22: there is no other.csv among the texts"),
    ],
)
def test_no_file_but_those_of_the_documents_folder_can_be_named(named: str, problem: str) -> None:
    assert problem in _problems("id\nurn:a\n", named)


def test_lists_are_read_from_beside_the_document_and_kept_with_it(tmp_path: Path) -> None:
    below = tmp_path / "lists"
    below.mkdir()
    (tmp_path / "rules.yaml").write_text(_document("{file: lists/ours.csv, column: id}"))
    (below / "ours.csv").write_bytes("\ufeffid;name\nurn:a;Über\n".encode())

    ruleset = load([tmp_path])

    assert _holds(ruleset, "urn:a")
    assert list(ruleset.documents) == [(tmp_path / name).as_posix() for name in ("rules.yaml", "lists/ours.csv")]
    assert sources_of([tmp_path]) == ruleset.documents
    assert load_texts(ruleset.documents).digest == ruleset.digest


def test_other_csv_files_of_a_folder_are_left_alone(tmp_path: Path) -> None:
    (tmp_path / "rules.yaml").write_text("rules: []")
    (tmp_path / "other.csv").write_text("nobody,asked\n")

    assert list(load([tmp_path]).documents) == [(tmp_path / "rules.yaml").as_posix()]


def _refused(folder: Path) -> str:
    (folder / "rules.yaml").write_text(_document())
    with pytest.raises(DocumentError) as refused:
        load([folder])
    return "\n".join(str(problem).removeprefix(f"{folder.as_posix()}/") for problem in refused.value.problems)


def test_a_missing_file_is_told_at_the_line_that_names_it(tmp_path: Path) -> None:
    assert _refused(tmp_path).startswith("rules.yaml:1:22: ")
    assert "ours.csv cannot be read: No such file or directory; a list's file stands beside" in _refused(tmp_path)


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder, secret = tmp_path / "rules", tmp_path / "secret.csv"
    folder.mkdir()
    secret.write_text("id\nurn:secret\n")
    (folder / "ours.csv").symlink_to(secret)

    told = _refused(folder)

    assert "leads out of the folder of the document" in told
    assert "urn:secret" not in told


def test_links_that_lead_in_a_circle_are_no_way_in(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").symlink_to(tmp_path / "ours.csv")

    assert "ours.csv cannot be read: " in _refused(tmp_path)


def test_a_file_that_is_no_utf_8_is_told_at_its_line(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").write_bytes("id\nurn:a\nurn:ü\n".encode("latin-1"))

    assert "ours.csv:3:1: this is not UTF-8 text; save it as UTF-8" in _refused(tmp_path)


def test_a_file_that_is_too_large_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "ours.csv").open("wb") as file:
        file.truncate(MAX_LIST_BYTES * 100)

    assert "ours.csv is larger than 4 MiB; make several lists of it" in _refused(tmp_path)


def test_a_folder_with_the_name_of_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "ours.csv").mkdir()

    assert "ours.csv cannot be read: Is a directory" in _refused(tmp_path)
