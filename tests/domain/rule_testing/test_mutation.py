"""A clause that no test would miss is found, and the rules that are shipped have none."""

from pathlib import Path

import pytest

from lrs_bridge.domain.rule_testing.mutation import Mutated, mutants_of, mutate
from lrs_bridge_rules.documents.loader import load, load_texts

ROOT = Path(__file__).resolve().parents[3]
RULE = """
include: [generic-adl]
rules:
  - id: r
    status: draft
    when: %s
    unless: %s
    evidence: {competency: a}
    tests:
%s
"""


def mutated(when: str, *cases: tuple[str, str], unless: str = "[]") -> Mutated:
    """What is found of a rule; a case is the name of an activity that was passed with a score, and what is expected."""
    lines = (
        f"      - {{name: {number}., statements: {{verb: passed, activity: {said}}}, expect: {expect}}}"
        for number, (said, expect) in enumerate(cases)
    )
    return mutate(load_texts({"r.yaml": RULE % (when, unless, "\n".join(lines))}))


def found(result: Mutated) -> list[tuple[str, str]]:
    return [(each.clause, each.advice.partition(",")[0]) for each in result.weak]


KEEP_OUT = "add a case that expects no-match"
LET_IN = "add a case that expects match"
BOTH = "{activity.name: {contains: excel}, score.percent: {gte: 70}}"


def test_a_rule_whose_clauses_all_matter_to_some_case_is_strong() -> None:
    result = mutated(
        BOTH, ("Excel, score: 80", "match"), ("Excel, score: 60", "no-match"), ("Word, score: 80", "no-match")
    )

    assert (result.tried, result.weak, result.skipped) == (2, (), ())


def test_a_clause_that_no_case_would_miss_is_named_with_the_case_that_would() -> None:
    result = mutated(BOTH, ("Excel, score: 80", "match"), ("Excel, score: 60", "no-match"))

    assert found(result) == [("activity.name contains excel", KEEP_OUT)]
    assert (result.weak[0].where, result.weak[0].change) == ("r.yaml:4:5", "left out")


def test_a_branch_of_any_that_lets_nobody_in_asks_for_a_match() -> None:
    when = "{any: [{activity.name: Excel}, {activity.name: Word}]}"

    assert found(mutated(when, ("Excel", "match"), ("Other", "no-match"))) == [("activity.name is Word", LET_IN)]
    assert found(mutated(when, ("Excel", "match"), ("Word", "match"), ("Other", "no-match"))) == []


def test_under_not_it_is_the_other_way_round() -> None:
    when = "{activity.name: {contains: excel}, not: {any: [{score.percent: {lt: 60}}, {result.success: false}]}}"
    cases = (("Excel, score: 80", "match"), ("Word, score: 80", "no-match"), ("Excel, score: 50", "no-match"))

    assert found(mutated(when, *cases)) == [("result.success is false", KEEP_OUT)]
    assert found(mutated(when, *cases, ("Excel, success: false", "no-match"))) == []


def test_a_lone_clause_under_not_is_held_by_what_it_keeps_out() -> None:
    when = "{activity.name: {contains: excel}, not: {score.percent: {lt: 60}}}"

    assert found(mutated(when, ("Excel, score: 80", "match"), ("Word", "no-match"))) == [
        ("score.percent lt 60", KEEP_OUT)
    ]


def test_an_exception_is_held_by_a_case_that_it_holds_back() -> None:
    unless = "[{when: {activity.name: {contains: taster}}, reason: only a taster}]"
    cases = (("Excel, score: 80", "match"), ("Excel, score: 60", "no-match"), ("Word, score: 80", "no-match"))

    assert found(mutated(BOTH, *cases, unless=unless)) == [("unless: only a taster", KEEP_OUT)]
    assert found(mutated(BOTH, *cases, ("Excel taster, score: 80", "no-match"), unless=unless)) == []


def test_a_rule_whose_tests_fail_or_that_has_none_is_left_out() -> None:
    assert mutated(BOTH, ("Word, score: 80", "match")).skipped == ("r",)
    assert mutate(load_texts({"r.yaml": (RULE % (BOTH, "[]", "")).replace("tests:", "")})).skipped == ("r",)


def test_each_clause_is_left_out_and_turned_round_once() -> None:
    when = "{any: [{verb: passed, score.percent: {gte: 70}}, {not: {any: [{outcome: failed}, {outcome: revoked}]}}]}"
    [rule] = load_texts({"r.yaml": (RULE % (when, "[]", "")).replace("tests:", "")}).rules
    mutants = list(mutants_of(rule))

    assert sorted(mutant.change for _, mutant in mutants) == ["left out"] * 4 + ["turned round"] * 4
    assert len({mutant.rule.condition for _, mutant in mutants}) == 8
    assert rule.condition not in {mutant.rule.condition for _, mutant in mutants}


@pytest.mark.parametrize("folder", ["config/rules", "lrs_bridge/cli/starter", "lrs_bridge/demo/rules"])
def test_breaking_any_clause_of_the_rules_that_are_shipped_makes_a_case_fail(folder: str) -> None:
    result = mutate(load([ROOT / folder]))

    assert result.tried
    assert (result.weak, result.skipped) == ((), ())
