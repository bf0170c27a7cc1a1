"""An explanation tells the same story as the plan: which rules, which goals, and why not the others."""

from dataclasses import replace
from datetime import date

import pytest

from lrs_bridge.domain.contract import ContractState, GoalAct, GoalActKind
from lrs_bridge.domain.examine import Examination, NoSuchCompletionError, examine
from lrs_bridge.domain.facts import Decision, DecisionKind, Facts
from lrs_bridge.domain.plan import plan
from support.builders import (
    EXCEL,
    NOON,
    PAINTING,
    a_contract,
    a_goal,
    a_ruleset,
    a_statement,
    an_activity,
    an_organisation,
    day,
    facts,
)


def examined(given: Facts) -> Examination:
    """The examination of the only completion."""
    (completion,) = plan(given, a_ruleset(), day(1)).completions
    return examine(given, a_ruleset(), completion.id, day(1))


def test_a_match_names_its_rule_its_clauses_and_the_goal() -> None:
    found = examined(facts(a_statement("passed")))

    assert found.rules[0].rule == "excel-courses"
    assert [clause.met for clause in found.rules[0].clauses] == [True]
    assert [(goal.goal_id, goal.by) for goal in found.goals] == [("goal-spreadsheets", ("excel-courses",))]


def test_the_goals_that_took_it_are_those_that_the_plan_gives_evidence_for() -> None:
    given = facts(
        a_statement(),
        contracts=(a_contract(a_goal(), a_goal(id="other", title="Other", competencies=frozenset({"law"}))),),
    )
    evidence = plan(given, a_ruleset(), day(1)).evidence

    found = examined(given)

    assert [(goal.goal_id, goal.by, goal.weight) for goal in found.goals if goal.taken] == [
        (each.goal_id, each.by, each.weight) for each in evidence
    ]
    assert [goal.goal_id for goal in found.goals] == ["goal-spreadsheets", "other"]


def test_a_goal_that_asks_for_something_else_says_what_it_asked_for_and_what_there_was() -> None:
    found = examined(facts(a_statement(activity=PAINTING), organisation=an_organisation()))
    (clause,) = found.goals[0].clauses

    assert not found.goals[0].taken
    assert (clause.asks_for, clause.asked, clause.found, clause.met) == ("competencies", ("spreadsheets",), (), False)


def test_near_misses_stand_before_those_further_away() -> None:
    found = examined(facts(a_statement(activity=PAINTING), organisation=an_organisation()))

    assert {trace.matched for trace in found.rules} == {False}
    assert len(found.rules) == len(a_ruleset().rules)


def test_a_contract_that_nobody_signed_was_not_in_force() -> None:
    found = examined(facts(a_statement(), contracts=(a_contract(signed=None),)))

    assert (found.goals[0].in_force, found.goals[0].contract_state) == (False, ContractState.DRAFT)


def test_a_contract_that_was_signed_later_was_not_in_force_then() -> None:
    found = examined(facts(a_statement(at=NOON), contracts=(a_contract(signed=day(0.5)),)))

    assert not found.goals[0].in_force
    assert not found.goals[0].taken


def test_a_goal_that_was_dropped_before_says_so() -> None:
    dropped = GoalAct("goal-spreadsheets", GoalActKind.DROPPED, day(-1), "max")

    assert examined(facts(a_statement(), goal_acts=(dropped,))).goals[0].dropped


def test_an_exclusion_gives_its_reason() -> None:
    decision = Decision("1", DecisionKind.EXCLUDE, EXCEL, "a trial run", "admin", day(-1))

    assert examined(facts(a_statement(), decisions=(decision,))).excluded_because == "a trial run"


@pytest.mark.parametrize("organisation", [an_organisation(an_activity()), an_organisation()])
def test_what_it_is_about_is_what_the_plan_keeps_when_no_goal_adds_to_it(organisation: object) -> None:
    given = facts(a_statement(), contracts=(), organisation=organisation)
    (completion,) = plan(given, a_ruleset(), day(1)).completions

    assert examined(given).about == completion.competencies


def test_a_decision_that_maps_the_activity_is_part_of_what_it_is_about() -> None:
    decision = Decision("1", DecisionKind.MAP_ACTIVITY, PAINTING, "why not", "admin", day(-1), "colour")

    assert examined(facts(a_statement(activity=PAINTING), decisions=(decision,))).about == ("colour",)


def test_every_statement_of_the_attempt_is_read_with_its_definition() -> None:
    started, passed = a_statement("initialized", at=day(-0.2)), a_statement("passed", score=(80, 100))

    found = examined(facts(started, passed))

    assert [reading.definition for reading in found.readings] == ["started", "passed"]
    assert found.subject.percent == 80


def test_a_planned_activity_is_a_ground_of_its_own() -> None:
    goal = a_goal(competencies=frozenset(), activities=frozenset({PAINTING}))

    found = examined(facts(a_statement(activity=PAINTING), contracts=(a_contract(goal),)))

    assert found.goals[0].by == ("contract",)
    assert [(clause.asks_for, clause.met) for clause in found.goals[0].clauses] == [("activities", True)]


def test_a_completion_that_the_facts_no_longer_hold_is_refused() -> None:
    given = facts(a_statement())

    with pytest.raises(NoSuchCompletionError, match="reconcile, then look again"):
        examine(given, a_ruleset(), "gone", day(1))


def test_the_goals_of_a_contract_that_has_ended_are_told_of_last() -> None:
    last_year = replace(a_contract().revisions[0], starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    ended = a_contract(id="contract-2025", revisions=(replace(last_year, goals=(a_goal(id="before", title="A"),)),))

    found = examined(facts(a_statement(), contracts=(ended, a_contract())))

    assert [(goal.goal_id, goal.contract_state) for goal in found.goals] == [
        ("goal-spreadsheets", ContractState.IN_FORCE),
        ("before", ContractState.ENDED),
    ]
