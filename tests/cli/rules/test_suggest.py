"""`rules suggest` at the terminal: drafts to read, and drafts in a file that checks and passes its tests."""

from __future__ import annotations

import json
import re
import stat
from collections.abc import Callable
from typing import Any

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.settings import load_settings
from support.builders import NOON
from support.documented import undocumented
from support.installation import STATEMENTS, a_statement, fill, write_files

SHEETS = "https://lms.example.org/course/view.php?id=502"


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("suggesting")
    about = {"id": SHEETS, "definition": {"name": {"en": "Spreadsheet: formulas # and\u202e: charts"}}}
    told = (*STATEMENTS, a_statement(17, "completed", SHEETS, NOON, object=about))
    with Bridge.open(load_settings(write_files(folder, told), {}), clock=lambda: NOON) as bridge:
        fill(bridge, folder, NOON)
    return (folder / "lrs_bridge.db").read_bytes()


@pytest.fixture
def suggesting(bridge_in: Callable[..., Any], database: bytes) -> Any:
    """An installation with an unmatched activity about spreadsheets."""
    made = bridge_in()
    (made.folder / "lrs_bridge.db").write_bytes(database)
    return made


def test_a_suggestion_says_what_why_and_what_it_would_do_in_eighty_columns(suggesting: Any) -> None:
    out = suggesting("rules", "suggest").out

    assert "1. 1 activity: shows “spreadsheets”" in out
    assert "Why: “spreadsheet” (like “spreadsheets”) in the title of the competency." in out
    assert "Backtest: Would give 1 completion evidence" in out
    assert "  - id: suggested-spreadsheet\n" in out
    assert "Next: lrs-bridge rules suggest --write FILE" in out
    assert max(map(len, re.sub(r"^  - id:.*?\n\n", "", out, flags=re.DOTALL | re.MULTILINE).splitlines())) <= 80
    assert "\u202e" not in out


def test_drafts_are_written_into_a_new_file_that_passes_its_tests_alone(suggesting: Any) -> None:
    file = suggesting.folder / "rules" / "suggested.yaml"

    out = suggesting("rules", "suggest", "--write", str(file)).out

    assert f"1 draft added to {file}" in out
    assert suggesting("rules", "check").code == 0
    assert "0 failed" in suggesting("rules", "test").out


def test_drafts_are_appended_to_a_file_whose_comments_stay(suggesting: Any) -> None:
    file = suggesting.folder / "rules" / "organisation.yaml"
    file.write_text(f"# Ours.\n{file.read_text()}", "utf-8")

    suggesting("rules", "suggest", "--write", str(file))
    text = file.read_text("utf-8")

    assert text.startswith("# Ours.\n")
    assert text.index("excel-courses") < text.index("suggested-spreadsheet") < text.index("follow_ups:")
    assert suggesting("rules", "test", str(file)).code == 0


def test_line_ends_byte_order_mark_and_permissions_of_the_file_stay(suggesting: Any) -> None:
    file = suggesting.folder / "rules" / "organisation.yaml"
    before = b"\xef\xbb\xbf" + file.read_bytes().replace(b"\n", b"\r\n")
    file.write_bytes(before)
    file.chmod(0o640)

    suggesting("rules", "suggest", "--write", str(file))
    after = file.read_bytes()

    assert after.startswith(b"\xef\xbb\xbf")
    assert after.count(b"\n") == after.count(b"\r\n") > before.count(b"\n")
    assert stat.S_IMODE(file.stat().st_mode) == 0o640


def test_a_file_that_is_no_text_is_left_as_it_is(suggesting: Any) -> None:
    file = suggesting.folder / "latin.yaml"
    file.write_bytes(b"# f\xfcr alle\n")

    answer = suggesting("rules", "suggest", "--write", str(file))

    assert (answer.code, file.read_bytes()) == (1, b"# f\xfcr alle\n")
    assert "is not UTF-8 text" in answer.err


def test_what_was_written_before_is_not_written_again(suggesting: Any) -> None:
    file = suggesting.folder / "rules" / "suggested.yaml"
    suggesting("rules", "suggest", "--write", str(file))
    before = file.read_text("utf-8")

    out = suggesting("rules", "suggest", "--write", str(file)).out

    assert f"1 draft stood in {file} already." in out
    assert file.read_text("utf-8") == before


def test_a_file_that_is_no_document_is_left_as_it_is(suggesting: Any) -> None:
    file = suggesting.folder / "broken.yaml"
    file.write_text("rules: [", "utf-8")

    answer = suggesting("rules", "suggest", "--write", str(file))

    assert answer.code != 0
    assert f"{file}:1:" in answer.err
    assert file.read_text("utf-8") == "rules: ["


def test_where_there_is_nothing_to_suggest_it_says_so(installation: Any) -> None:
    out = installation("rules", "suggest").out

    assert out.startswith("Nothing to suggest: nothing is alike enough.\n1 unmatched activity resembles nothing known")


def test_every_key_of_the_json_is_documented(suggesting: Any) -> None:
    told = json.loads(suggesting("rules", "suggest", "--write", str(suggesting.folder / "x.yaml"), "--json").out)

    assert told["suggestions"]
    assert undocumented("rules suggest", told) == set()
