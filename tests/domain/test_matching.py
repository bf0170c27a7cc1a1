"""Which goal takes a completion as evidence, and how a completion stands."""

from __future__ import annotations

from datetime import date

from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.contract import Attestation, ContractKind, GoalAct, GoalActKind
from lrs_bridge.domain.facts import Decision, DecisionKind, Facts
from lrs_bridge.domain.plan import Plan, plan
from lrs_bridge.domain.planning.progressing import GoalState
from support.builders import (
    EXCEL,
    NOON,
    PAINTING,
    UNKNOWN,
    a_contract,
    a_goal,
    a_ruleset,
    a_statement,
    an_activity,
    an_organisation,
    day,
    facts,
)

NOTHING_KNOWN = an_organisation()


def planned(given: Facts) -> Plan:
    return plan(given, a_ruleset(), day(1))


def standing(given: Facts) -> Standing:
    (only,) = planned(given).completions
    return only.standing


def test_a_rule_matches_a_completion_to_the_goal_that_asks_for_the_competency() -> None:
    done = planned(facts(a_statement(), organisation=NOTHING_KNOWN))

    assert done.completions[0].standing is Standing.MATCHED
    assert [(item.goal_id, item.by) for item in done.evidence] == [("goal-spreadsheets", ("excel-courses",))]


def test_the_catalogue_alone_matches_too() -> None:
    painting = an_activity(id=PAINTING, competencies=frozenset({"spreadsheets"}))
    done = planned(facts(a_statement(activity=PAINTING), organisation=an_organisation(painting)))

    assert [item.by for item in done.evidence] == [("catalogue",)]


def test_an_activity_planned_in_the_goal_needs_no_rule() -> None:
    goal = a_goal(competencies=frozenset(), activities=frozenset({UNKNOWN}))
    done = planned(facts(a_statement(activity=UNKNOWN), contracts=(a_contract(goal),)))

    assert [item.by for item in done.evidence] == [("contract",)]


def test_the_opportunity_of_an_experience_contract_needs_no_rule() -> None:
    contract = a_contract(a_goal(competencies=frozenset()), kind=ContractKind.EXPERIENCE, opportunity=UNKNOWN)

    assert standing(facts(a_statement(activity=UNKNOWN), contracts=(contract,))) is Standing.MATCHED


def test_what_the_rules_know_and_no_goal_asks_for_is_off_contract() -> None:
    assert standing(facts(a_statement(), contracts=())) is Standing.OFF_CONTRACT


def test_what_no_rule_knows_is_unmatched() -> None:
    assert standing(facts(a_statement(activity=UNKNOWN))) is Standing.UNMATCHED


def test_what_a_rule_says_does_not_count_is_excluded_with_its_reason() -> None:
    (only,) = planned(facts(a_statement(activity="https://lms.example.org/welcome"))).completions

    assert (only.standing, only.excluded_because) == (Standing.EXCLUDED, "everybody is sent through it")


def test_a_contract_that_nobody_signed_asks_for_nothing() -> None:
    assert standing(facts(a_statement(), contracts=(a_contract(signed=None),))) is Standing.OFF_CONTRACT


def test_a_contract_signed_after_the_training_does_not_reach_back() -> None:
    assert standing(facts(a_statement(), contracts=(a_contract(signed=day(0.5)),))) is Standing.OFF_CONTRACT


def test_the_period_is_in_the_time_zone_of_the_organisation() -> None:
    from zoneinfo import ZoneInfo

    evening = NOON.replace(year=2025, month=12, day=31, hour=23, minute=30)
    there = an_organisation(an_activity(), time_zone=ZoneInfo("Europe/Berlin"))

    assert standing(facts(a_statement(at=evening), organisation=there)) is Standing.MATCHED


def test_a_failed_attempt_is_no_evidence() -> None:
    done = planned(facts(a_statement("failed")))

    assert (done.completions[0].standing, done.evidence) == (Standing.NOT_COMPLETED, ())


def test_a_waived_course_is_evidence_without_hours_money_or_tasks() -> None:
    done = planned(facts(a_statement("waived")))

    assert [(each.hours, each.cost, each.finished) for each in done.completions] == [(0.0, 0, True)]
    assert (len(done.evidence), done.follow_ups, done.findings) == (1, (), ())


def test_a_dropped_goal_takes_no_evidence_from_then_on() -> None:
    dropped = GoalAct("goal-spreadsheets", GoalActKind.DROPPED, day(-1), "max", reason="other work")

    assert planned(facts(a_statement(), goal_acts=(dropped,))).evidence == ()


def test_a_manager_attests_what_has_no_statements() -> None:
    coaching = Attestation("att-1", "goal-spreadsheets", "Coaching, six hours", NOON, "max", hours=6)
    done = planned(facts(attestations=(coaching,)))

    assert [(each.standing, each.hours, each.attested) for each in done.completions] == [(Standing.MATCHED, 6.0, True)]
    assert [goal.state for goal in done.goals] == [GoalState.LEARNED]
    assert len(done.follow_ups) == 1


def test_a_decision_links_a_completion_to_a_goal() -> None:
    given = facts(a_statement(activity=UNKNOWN))
    (before,) = planned(given).completions
    link = Decision(
        "d1", DecisionKind.LINK_TO_GOAL, before.id, "it was about this", "lena", day(1), "goal-spreadsheets"
    )

    assert [item.by for item in planned(facts(a_statement(activity=UNKNOWN), decisions=(link,))).evidence] == [
        ("decision",)
    ]


def test_a_decision_maps_an_activity_to_a_competency() -> None:
    mapped = Decision("d1", DecisionKind.MAP_ACTIVITY, UNKNOWN, "the new Excel course", "lena", day(1), "spreadsheets")
    organisation = an_organisation(decisions=(mapped,))

    assert standing(facts(a_statement(activity=UNKNOWN), organisation=organisation)) is Standing.MATCHED


def test_a_decision_excludes_an_activity_with_its_reason() -> None:
    excluded = Decision("d1", DecisionKind.EXCLUDE, EXCEL, "a taster", "lena", day(1))
    (only,) = planned(facts(a_statement(), decisions=(excluded,))).completions

    assert (only.standing, only.excluded_because) == (Standing.EXCLUDED, "a taster")


def test_the_test_of_a_training_is_no_training() -> None:
    course = an_activity(pre_test=UNKNOWN)

    assert standing(facts(a_statement(activity=UNKNOWN), organisation=an_organisation(course))) is Standing.EXCLUDED


def test_goals_of_a_contract_that_ended_are_still_shown() -> None:
    (contract,) = facts().contracts
    long_after = plan(facts(a_statement()), a_ruleset(), day(600))

    assert contract.latest.ends_on < date(2027, 1, 1)
    assert [goal.state for goal in long_after.goals] == [GoalState.LEARNED]


def test_a_link_by_hand_counts_also_where_the_contract_was_signed_after_the_training() -> None:
    late = (a_contract(signed=day(0.5)),)
    (before,) = planned(facts(a_statement(), contracts=late)).completions
    link = Decision("d1", DecisionKind.LINK_TO_GOAL, before.id, "agreed by word", "lena", day(1), "goal-spreadsheets")

    done = planned(facts(a_statement(), contracts=late, decisions=(link,)))

    assert (before.standing, done.completions[0].standing) == (Standing.OFF_CONTRACT, Standing.MATCHED)
