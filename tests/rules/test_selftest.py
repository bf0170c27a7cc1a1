"""The tests inside rules take the whole way, and say what came out."""

import pytest

from lrs_bridge_rules import selftest
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.ruleset import Ruleset

_RULE = """
include: [generic-adl]
rules:
  - id: spreadsheets
    status: {status}
    when: {{activity.type: course, activity.name: {{contains: [excel]}}, score.percent: {{gte: 70}}, learner.unit: w}}
    evidence: {{competency: spreadsheets}}
    tests:
      - {{name: case, statements: {statements}, expect: {expect}, unit: W}}
"""


def _ruleset(statements: str, expect: str = "match", status: str = "draft") -> Ruleset:
    return load_texts({"rules.yaml": _RULE.format(statements=statements, expect=expect, status=status)})


_PASSED = "[{verb: passed, activity: {name: Excel basics, type: course}, score: {percent: 80}}]"


@pytest.mark.parametrize(
    ("statements", "expect"),
    [
        (_PASSED, "match"),
        (_PASSED.replace("80", "60"), "no-match"),
        (_PASSED.replace("{percent: 80}", "{raw: 8, max: 10}"), "match"),
        (_PASSED.replace("{percent: 80}", "{scaled: 0.8}"), "match"),
        (_PASSED.replace("Excel", "Word"), "no-match"),
        (
            "{verb: passed, activity: {name: Excel, type: course, id: 'urn:x'}, score: {raw: 7, min: 0, max: 10}}",
            "match",
        ),
    ],
)
def test_a_case_passes_when_the_rule_says_what_it_expects(statements: str, expect: str) -> None:
    (result,) = selftest.run(_ruleset(statements, expect))

    assert (result.passed, result.actual) == (True, expect)


def test_a_case_fails_when_the_rule_says_otherwise_and_names_the_place() -> None:
    (result,) = selftest.run(_ruleset(_PASSED, "no-match"))

    assert (result.passed, result.expected, result.actual) == (False, "no-match", "match")
    assert result.where == "rules.yaml:4"


def test_a_case_whose_statements_nobody_reads_fails_even_when_no_match_is_expected() -> None:
    (result,) = selftest.run(_ruleset(_PASSED.replace("passed", "experienced"), "no-match"))

    assert not result.passed
    assert "no completion definition" in result.actual


@pytest.mark.parametrize("wrong", [_PASSED.replace("passed", "pased"), _PASSED.replace("[{", "[{at: soon, ")])
def test_a_case_with_a_wrong_word_fails_with_the_reason(wrong: str) -> None:
    (result,) = selftest.run(_ruleset(wrong))

    assert not result.passed
    assert result.actual.startswith("a statement is wrong:")


def test_several_statements_of_a_case_are_one_attempt() -> None:
    both = "[{verb: failed, activity: {name: Excel, type: course}, score: {percent: 10}}, " + _PASSED[1:].replace(
        "Excel basics", "Excel"
    )

    (result,) = selftest.run(_ruleset(both))

    assert result.passed


def test_an_active_rule_must_show_a_match_and_a_no_match() -> None:
    results = selftest.run(_ruleset(_PASSED, status="active"))

    assert [(result.case, result.passed) for result in results] == [
        ("case", True),
        ("has a test that expects no-match", False),
    ]


def test_context_of_a_case_reaches_the_definitions() -> None:
    text = """
include: [moodle-logstore]
rules:
  - id: quiz
    status: draft
    when: {activity.id: "urn:quiz", platform: moodle, outcome: passed}
    evidence: {activity: "urn:quiz"}
    tests:
      - name: an attempt is about its quiz
        expect: match
        statements:
          verb: completed
          activity: {type: attempt, id: "urn:attempt:1"}
          parent: {type: assessment, id: "urn:quiz"}
          success: true
          platform: Moodle
          extensions: {info: {"https://github.com/xAPI-vle/moodle-logstore_xapi": "5"}}
"""

    (result,) = selftest.run(load_texts({"rules.yaml": text}))

    assert result.passed
