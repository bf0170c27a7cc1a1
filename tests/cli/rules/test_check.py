"""`rules check` at the terminal: one line a finding, in the form that editors read, and an exit code that tells."""

import re
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import click
import pytest

from lrs_bridge.cli.rules.findings import Finding, on_a_terminal
from lrs_bridge_rules.lint.remark import Severity
from lrs_bridge_rules.lint.table import LINTS
from support.builders import NOON

_LINE = re.compile(r"^(?P<path>.+?):(?P<line>\d+):(?P<column>\d+): (error|warning|note): .+?(?: \[[a-z-]+\])?$")
_WARNED = "include: [generic-adl]\nlists: {spare: [a]}\n"
_NOTED = "include: [generic-adl]\nfollow_ups: [{id: apply, kind: apply, title: Use it, due: 30d}]\n"
_WRONG = (
    "include: [generic-adl]\n"
    "rules:\n- {id: r, status: active, when: {score.percent: {gt: 100}}, evidence: {competency: spreadsheets}}\n"
)
_BROKEN = "rulez: []\nwaste: {mastery: high}\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without any configuration, and we are in it."""
    (tmp_path / "own").mkdir()
    monkeypatch.chdir(tmp_path)
    return tmp_path


def _write(folder: Path, **texts: str) -> None:
    for name, text in texts.items():
        (folder / "own" / f"{name}.yaml").write_text(text, "utf-8")


@pytest.mark.parametrize(
    ("text", "arguments", "code"),
    [
        ("include: [generic-adl]\n", (), 0),
        (_NOTED, ("--strict",), 0),
        (_WARNED, (), 0),
        (_WARNED, ("--strict",), 1),
        (_WARNED, ("--strict", "--disable", "unused-list"), 0),
        (_WRONG, (), 1),
        (_WRONG, ("--disable", "never-matches"), 0),
        (_BROKEN, (), 1),
    ],
)
def test_it_ends_with_1_for_errors_and_strictly_for_warnings(
    installation: Any, folder: Path, text: str, arguments: tuple[str, ...], code: int
) -> None:
    _write(folder, rules=text)

    assert installation("rules", "check", "own", *arguments).code == code


def test_each_finding_is_one_line_as_editors_read_it_sorted_by_place(installation: Any, folder: Path) -> None:
    _write(folder, b=_WRONG, a=_WARNED)
    answer = installation("rules", "check", "own/b.yaml", "own/a.yaml")

    lines = [_LINE.match(line) for line in answer.out.splitlines()]
    assert all(lines)
    assert [line["path"] for line in lines if line] == ["own/a.yaml", "own/b.yaml", "own/b.yaml"]
    assert "own/b.yaml:3:3: error: the rule r can never match" in answer.out
    assert answer.err.startswith("1 rule in 3 documents: 1 error, 2 warnings.")


def test_what_makes_a_document_unusable_is_told_alone_in_the_same_form(installation: Any, folder: Path) -> None:
    _write(folder, rules=_BROKEN)
    answer = installation("rules", "check", "own")

    assert [line.split(" ")[0] for line in answer.out.splitlines()] == ["own/rules.yaml:1:1:", "own/rules.yaml:2:18:"]
    assert all(_LINE.match(line) for line in answer.out.splitlines())
    assert answer.err.startswith("2 errors.")


def test_a_finding_in_a_pack_is_told_as_such(installation: Any, folder: Path) -> None:
    _write(
        folder, rules="include: [generic-adl]\ncompletions: [{id: mine, when: {verb: scored}, outcome: completed}]\n"
    )

    assert re.match(r"packs/generic-adl\.yaml:\d+:5: note: ", installation("rules", "check", "own").out)


def test_named_documents_need_neither_a_configuration_nor_a_database(bridge_in: Any, folder: Path) -> None:
    installation = bridge_in()
    _write(folder, rules=_WARNED)
    installation.config.write_text("this is not TOML", "utf-8")
    answer = installation("rules", "check", "own")

    assert (answer.code, answer.out.count("\n")) == (0, 1)
    assert "Left out, as documents were named (--history looks into the database): unknown-competency" in answer.err
    assert not (installation.folder / "lrs_bridge.db").exists()


def test_without_a_path_the_database_is_looked_into(installation: Any) -> None:
    answer = installation("rules", "check")

    assert "Left out" not in answer.err
    assert answer.code == 0


def test_without_a_path_and_without_a_database_what_is_left_out_is_said(bridge_in: Any) -> None:
    answer = bridge_in()("rules", "check")

    assert answer.code == 0
    assert "as the database cannot be asked: There is no database file" in answer.err


def test_a_database_that_is_asked_for_must_be_there(bridge_in: Any) -> None:
    answer = bridge_in()("rules", "check", "--history")

    assert (answer.code, answer.out) == (2, "")
    assert answer.err.startswith("There is no database file")


def test_named_documents_are_compared_with_the_history_when_asked(installation: Any, folder: Path) -> None:
    rules = "".join(
        f"- {{id: {name}, status: shadow, when: {{activity.name: {{contains: {word}}}}}, "
        f"evidence: {{competency: {competency}}}}}\n"
        for name, word, competency in (("hit", "excel", "spreadsheets"), ("missed", "exel", "spreadsheet"))
    )
    _write(folder, rules=f"include: [generic-adl]\nrules:\n{rules}")
    problems = installation("rules", "check", "own", "--history", "--json").json["problems"]

    assert {(each["lint"], each["about"]) for each in problems} == {
        ("never-hit", "rule missed"),
        ("unknown-competency", "rule missed"),
    }


def test_since_says_how_far_back_completions_are_looked_at(installation: Any, folder: Path) -> None:
    excel = (
        "{id: excel, status: shadow, when: {activity.name: {contains: excel}}, evidence: {competency: spreadsheets}}"
    )
    _write(folder, rules=f"include: [generic-adl]\nrules: [{excel}]\n")
    later = replace(
        installation, now=NOON + timedelta(days=30, hours=1)
    )  # Excel was learned at noon, an hour too early
    ever, lately = (later("rules", "check", "own", "--history", *more).out for more in ((), ("--since", "30d")))

    assert ever == ""
    assert "the shadow rule excel fits none of 2 completions since" in lately


def test_the_json_has_all_that_the_lines_say_and_where_it_is_explained(installation: Any, folder: Path) -> None:
    _write(folder, rules=_WRONG + "lint: {allow: {lint: missing-tests, rule: r, reason: they come with the spring}}\n")
    answer = installation("rules", "check", "own", "--json")
    [problem] = answer.json["problems"]

    assert answer.code == 1
    assert (answer.json["ok"], answer.err) == (False, "")
    assert problem | {"message": ""} == {
        "path": "own/rules.yaml",
        "line": 3,
        "column": 3,
        "message": "",
        "severity": "error",
        "lint": "never-matches",
        "page": "docs/lint/never-matches.md",
        "about": "rule r",
    }
    assert [each["lint"] for each in answer.json["allowed"]] == ["missing-tests"]
    assert {each["lint"] for each in answer.json["left_out"]} == {n for n, each in LINTS.items() if each.needs_history}


def test_a_lint_explains_itself(installation: Any) -> None:
    answer = installation("rules", "check", "--explain", "overlap")

    assert (
        answer.out == f"overlap: {LINTS['overlap'].about}\ndocs/lint/overlap.md shows an example, and how to mend it.\n"
    )


def test_a_text_of_the_documents_cannot_colour_the_terminal(installation: Any, folder: Path) -> None:
    _write(
        folder,
        rules=_WRONG.replace("evidence:", 'unless: [{when: {outcome: passed}, reason: "\\e[31mred"}], evidence:'),
    )
    answer = installation("rules", "check", "own")

    assert "red" in answer.out
    assert "\x1b" not in answer.out


def test_on_a_terminal_a_line_is_wrapped_between_words_and_its_place_never_broken() -> None:
    finding = Finding("a-folder-of-rules/office.yaml", 12, 5, "one two three four five six", Severity.NOTE, "overlap")
    plain = click.unstyle(on_a_terminal(finding, 30))

    assert plain.splitlines() == [
        "a-folder-of-rules/office.yaml:12:5:",
        "  note: one two three four",
        "  five six [overlap]",
    ]


@pytest.mark.parametrize("command", ["check", "test", "publish"])
def test_a_folder_without_documents_is_another_one_than_was_meant(
    command: str, folder: Path, installation: Any
) -> None:
    note = ("--note", "why") if command == "publish" else ()
    answer = installation("rules", command, str(folder / "own"), *note)

    assert answer.code == 2
    assert "There are no rule documents (*.yaml) in" in answer.err
