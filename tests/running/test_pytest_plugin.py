"""The tests inside rule documents are collected by pytest where it is asked to, and shown as the command line does."""

from pathlib import Path

import pytest

from lrs_bridge_rules.documents.loader import available_packs

pytest_plugins = ["pytester"]

ROOT = Path(__file__).resolve().parents[2]
PACK = """
completions:
  - id: passed
    when: {verb: passed}
    outcome: passed
    tests: {name: a verdict, statement: {verb: passed, activity: A}, expect: match}
"""
RULE = """
rules:
  - id: %s
    status: draft
    when: {activity.name: A}
    evidence: {competency: a}
    tests:
      - {name: fits, statements: {verb: passed, activity: A}, expect: match}
      - {name: differs, statements: {verb: passed, activity: B}, expect: %s}
"""
SETTING = """
[tool.pytest.ini_options]
addopts = ["-p", "lrs_bridge.pytest_plugin", "-p", "no:cacheprovider"]
testpaths = ["checks"]
"""


@pytest.fixture
def folder(pytester: pytest.Pytester) -> Path:
    """A folder of rules, one of which fails, and a test of another kind."""
    folder = pytester.mkdir("rules")
    (folder / "base.yaml").write_text(PACK, "utf-8")
    (folder / "one.yaml").write_text(RULE % ("one", "no-match"), "utf-8")
    (folder / "two.yml").write_text(RULE % ("two", "match"), "utf-8")
    (pytester.mkdir("checks") / "test_other.py").write_text("def test_other(): ...", "utf-8")
    return folder


def with_setting(pytester: pytest.Pytester, *entries: str) -> None:
    pytester.makepyprojecttoml(SETTING + f"lrs_bridge_rules = {list(entries)}")


@pytest.mark.parametrize("workers", [[], ["-n", "1"]])
def test_what_the_setting_names_runs_beside_the_other_tests(
    pytester: pytest.Pytester, folder: Path, workers: list[str]
) -> None:
    with_setting(pytester, "rules")
    result = pytester.runpytest("-v", *workers)

    result.assert_outcomes(passed=5, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*rules/two.yml:9:9: two: differs",
            "    expected match",
            "         got no-match",
            "      missed: activity.name is A (found B)",
            "FAILED rules/two.yml::two::differs*",
        ]
    )


def test_a_folder_is_one_ruleset_also_when_one_document_is_named(pytester: pytest.Pytester, folder: Path) -> None:
    with_setting(pytester, "rules")

    pytester.runpytest("rules/one.yaml").assert_outcomes(passed=2)


def test_a_document_that_only_an_argument_names_is_one_by_itself(pytester: pytest.Pytester, folder: Path) -> None:
    with_setting(pytester)

    pytester.runpytest("rules/base.yaml").assert_outcomes(passed=1)
    pytester.runpytest("rules/one.yaml").assert_outcomes(failed=2)


def test_one_case_can_be_chosen_by_its_name(pytester: pytest.Pytester, folder: Path) -> None:
    with_setting(pytester, "rules")

    pytester.runpytest("rules/two.yml::two::fits").assert_outcomes(passed=1)
    pytester.runpytest("-k", "verdict").assert_outcomes(passed=1, deselected=5)


def test_arguments_leave_the_rules_out_and_a_folder_as_argument_collects_none(
    pytester: pytest.Pytester, folder: Path
) -> None:
    with_setting(pytester, "rules/base.yaml")

    pytester.runpytest("checks").assert_outcomes(passed=1)
    pytester.runpytest("checks", "rules").assert_outcomes(passed=2)


def test_documents_that_are_wrong_are_an_error_with_every_place(pytester: pytest.Pytester, folder: Path) -> None:
    with_setting(pytester, "rules")
    (folder / "one.yaml").write_text("rulez: []\nwaste: {mastery: high}\n", "utf-8")
    result = pytester.runpytest("rules/one.yaml")

    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*rules/one.yaml:1:1: unknown key 'rulez'*", "*rules/one.yaml:2:18: mastery*"])


def test_without_the_plugin_nothing_is_collected(pytester: pytest.Pytester, folder: Path) -> None:
    assert pytester.runpytest("rules/base.yaml").ret == pytest.ExitCode.USAGE_ERROR


def test_every_pack_that_is_shipped_is_tested_with_our_own_tests(pytestconfig: pytest.Config) -> None:
    named = {path.relative_to(ROOT).as_posix() for path in pytestconfig.getini("lrs_bridge_rules")}

    assert {f"rules/packs/{name}.yaml" for name in available_packs()} <= named
    assert {"config/rules", "lrs_bridge/demo/rules", "lrs_bridge/cli/starter/organisation.yaml"} <= named
