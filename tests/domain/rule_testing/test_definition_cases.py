"""The tests of completion definitions: which one reads a statement, and what it reads."""

from __future__ import annotations

from lrs_bridge.domain.rule_testing import TestResult, run
from lrs_bridge_rules.documents.loader import load_texts

TEXT = """
completions:
  - id: quiz
    when: {{verb: completed, activity.type: attempt, result.success: true}}
    outcome: passed
    activity: {{from: parent, type: assessment}}
    attempt: object
    score: raw/max
    tests:
      - {{name: case, statement: {statement}, expect: {expect}}}
  - {{id: any-completed, when: {{verb: completed}}, outcome: completed}}
  - {{id: noise, when: {{verb: viewed}}, outcome: ignore}}
"""
ATTEMPT = (
    "{verb: completed, activity: {id: 'urn:attempt', type: attempt}, parent: {id: 'urn:quiz', type: assessment},"
    " success: true, score: {raw: 3, max: 4}}"
)


def ran(statement: str, expect: str) -> TestResult:
    [result] = run(load_texts({"pack.yaml": TEXT.format(statement=statement, expect=expect)}))
    return result


def test_all_that_is_read_can_be_expected() -> None:
    result = ran(
        ATTEMPT,
        "{match: true, by: quiz, outcome: passed, activity: 'urn:quiz', attempt: 'urn:attempt', score: 75,"
        " success: true}",
    )

    assert (result.passed, result.kind, result.where) == (True, "completion", "pack.yaml:10:9"), result.details


def test_each_difference_is_told() -> None:
    result = ran(ATTEMPT, "{outcome: failed, activity: 'urn:attempt', attempt: none, score: none, success: false}")

    assert [line for line in result.details if "got" in line] == [
        "     got outcome: passed",
        "     got activity: urn:quiz",
        "     got attempt: urn:attempt",
        "     got score: 75",
        "     got success: True",
    ]


def test_a_definition_that_misses_says_which_clause_and_who_reads_it_instead() -> None:
    result = ran(ATTEMPT.replace("success: true", "success: false"), "match")

    assert result.details == (
        "expected match",
        "     got no-match",
        "  missed: result.success is true (found false)",
        "  the definition any-completed reads it",
    )


def test_a_definition_whose_activity_is_missing_says_so() -> None:
    result = ran("{verb: completed, activity: {id: 'urn:attempt', type: attempt}, success: true}", "{by: quiz}")

    assert result.details[2:] == (
        "  its activity is not where this definition looks for it",
        "  the definition any-completed reads it",
    )


def test_a_definition_that_stands_behind_another_is_told_so() -> None:
    text = """
completions:
  - {id: first, when: {verb: passed}, outcome: passed}
  - id: second
    when: {verb: passed}
    outcome: passed
    tests: {name: case, statement: {verb: passed, activity: A}, expect: match}
"""
    [result] = run(load_texts({"pack.yaml": text}))

    assert result.details[2] == "  the definition first reads it, as it stands before this one"


def test_a_statement_that_another_definition_reads_is_no_match() -> None:
    assert ran("{verb: completed, activity: Course}", "{match: false, by: any-completed, outcome: completed}").passed
    assert ran("{verb: viewed, activity: Course}", "{by: noise, outcome: none}").passed
    assert ran("{verb: answered, activity: Course}", "{match: false, by: none}").passed
