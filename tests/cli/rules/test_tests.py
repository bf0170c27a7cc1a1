"""`rules test`: what it shows of cases that fail, which cases it runs, and what build servers get."""

import json
import os
import pty
import subprocess
import sys
import textwrap
from collections.abc import Callable
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import parse

import pytest

from lrs_bridge.cli.program import run
from lrs_bridge.cli.session import Session
from lrs_bridge_rules.documents.reading import parse as parse_yaml
from lrs_bridge_rules.documents.tree import Problems
from support.builders import NOON

TEXT = """\
include: [generic-adl]
rules:
  - id: sheets
    status: draft
    when: {activity.name: {contains: excel}, score.percent: {gte: 70}}
    evidence: {competency: spreadsheets}
    tests:
      - {name: passed, statements: {verb: passed, activity: Excel, score: 80}, expect: match}
      - {name: too low, statements: {verb: passed, activity: Excel, score: 60}, expect: match}
  - id: other
    status: draft
    when: {activity.name: Painting, mandated: true}
    evidence: {competency: painting}
    tests: {name: "another\\u001b[31m", statements: {verb: passed, activity: Excel}, expect: no-match}
"""
Said = tuple[int, str]


@pytest.fixture
def rules_test(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., Said]:
    """The command on one document, without configuration and without database."""
    file = tmp_path / "own.yaml"
    file.write_text(TEXT, "utf-8")

    def command(*options: str) -> Said:
        session = Session(tmp_path / "missing.toml", debug=False, clock=lambda: NOON)
        code = run(["rules", "test", str(file), *options], session)
        return code, capsys.readouterr().out.replace(f"{tmp_path}/", "")

    return command


def test_a_failed_case_is_shown_with_its_place_and_why(rules_test: Callable[..., Said]) -> None:
    code, out = rules_test()

    assert code == 1
    assert out == (
        "own.yaml:9:9: sheets: too low\n"
        "    expected match\n"
        "         got no-match\n"
        "      missed: score.percent is at least 70 (found 60.0)\n"
        "\n"
        "2 passed, 1 failed (2 rules and definitions)\n"
    )


def test_all_green_is_one_line_and_no_error(rules_test: Callable[..., Said]) -> None:
    assert rules_test("-k", "SHEETS::passed") == (0, "1 passed, 0 failed, 2 left out (1 rule or definition)\n")


def test_the_green_ones_are_listed_when_asked_for_without_control_characters(rules_test: Callable[..., Said]) -> None:
    code, out = rules_test("-v", "-k", "another")

    assert code == 0
    assert "passed: own.yaml:14:12: other: another [31m\n" in out


def test_a_document_without_tests_says_where_they_go(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "empty.yaml"
    file.write_text("waste: {mastery: 85}", "utf-8")

    assert run(["rules", "test", str(file)], Session(tmp_path / "missing.toml", debug=False, clock=lambda: NOON)) == 0
    assert capsys.readouterr().out == "no tests: write some below a rule, under `tests`\n"


def test_a_build_server_gets_a_report(rules_test: Callable[..., Said], tmp_path: Path) -> None:
    rules_test("--junit", str(tmp_path / "report.xml"))
    [suite] = parse(tmp_path / "report.xml").getroot()  # noqa: S314 -- it was written a line above

    assert (suite.get("tests"), suite.get("failures")) == ("3", "1")
    assert [(case.get("classname"), case.get("name"), case.get("line"), len(case)) for case in suite] == [
        ("sheets", "passed", "8", 0),
        ("sheets", "too low", "9", 1),
        ("other", "another [31m", "14", 0),
    ]
    assert "missed: score.percent" in (suite.findtext("testcase/failure") or "")


def test_a_report_that_cannot_be_written_is_said(rules_test: Callable[..., Said], tmp_path: Path) -> None:
    code, _ = rules_test("--junit", str(tmp_path / "missing" / "report.xml"))

    assert code == 2


def test_on_a_terminal_every_line_fits(tmp_path: Path) -> None:
    file = tmp_path / "own.yaml"
    file.write_text(TEXT.replace("too low", "a score that is too low " * 5), "utf-8")
    leader, follower = pty.openpty()
    command = [str(Path(sys.executable).with_name("lrs-bridge")), "rules", "test", str(file)]
    try:
        subprocess.run(
            command, stdout=follower, cwd=tmp_path, env={**os.environ, "COLUMNS": "60"}, timeout=60, check=False
        )
        lines = os.read(leader, 65536).decode().splitlines()
    finally:
        os.close(leader)
        os.close(follower)

    assert len(lines) > 7
    assert [line for line in lines if len(line) > 60 and " " in line.strip()] == []


def test_clauses_that_no_test_would_miss_are_listed(rules_test: Callable[..., Said]) -> None:
    code, out = rules_test("--mutate")

    assert code == 1
    assert out == (
        "own.yaml:10:5: other: no test holds `activity.name is Painting`: left out, all still pass\n"
        "    add a case that expects no-match, and that nothing but this keeps out\n"
        "own.yaml:10:5: other: no test holds `mandated is true`: left out, all still pass\n"
        "    add a case that expects no-match, and that nothing but this keeps out\n"
        "sheets was left out: its tests fail, or there are none\n"
        "2 clauses tried, 2 held by no test\n"
    )


def test_clauses_that_no_test_would_miss_are_told_to_programs(rules_test: Callable[..., Said]) -> None:
    _, out = rules_test("--mutate", "--json")

    assert json.loads(out)["skipped"] == ["sheets"]


def test_what_looks_at_whole_rules_chooses_no_cases(rules_test: Callable[..., Said]) -> None:
    assert rules_test("--mutate", "-k", "sheets")[0] == 2


def test_what_came_of_a_case_is_shown_as_it_can_be_expected(rules_test: Callable[..., Said]) -> None:
    code, out = rules_test("--came", "-k", "::passed")
    assert code == 0
    headline, _, came = out.partition("\n")
    expected = resolved_yaml(textwrap.dedent(came))["expect"]

    assert headline == "own.yaml:8:9: sheets: passed"
    assert expected["match"] is True
    assert (expected["outcome"], expected["score"], expected["findings"]) == (
        "passed",
        80,
        ["unaligned", "no-contract"],
    )


def resolved_yaml(text: str) -> Any:
    node = parse_yaml("came.yaml", text, Problems())
    assert node is not None
    return node.plain()


def test_what_came_is_told_to_programs(rules_test: Callable[..., Said]) -> None:
    _, out = rules_test("--came", "--json")

    assert [(each["case"], each["came"]["match"]) for each in json.loads(out)["cases"]][:2] == [
        ("passed", True),
        ("too low", False),
    ]
