"""The eight reasons, when each holds, and that hours and money are counted once."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from lrs_bridge.domain.alignment import ADVICE, Quadrant
from lrs_bridge.domain.contract import GoalAct, GoalActKind, Support
from lrs_bridge.domain.facts import Decision, DecisionKind, Facts
from lrs_bridge.domain.follow_up import FollowUpAct, FollowUpActKind
from lrs_bridge.domain.plan import Plan, plan
from lrs_bridge.domain.waste import REASONS, Finding, FindingStatus, WasteReason
from support.builders import (
    EXCEL,
    NOON,
    UNKNOWN,
    a_contract,
    a_goal,
    a_need,
    a_ruleset,
    a_statement,
    a_want,
    an_activity,
    an_organisation,
    day,
    facts,
)

PRE_TEST = "https://lms.example.org/mod/quiz/view.php?id=1"
TESTED = an_organisation(an_activity(pre_test=PRE_TEST), needs=[a_need()])


def planned(given: Facts, at: float = 1) -> Plan:
    return plan(given, a_ruleset(), day(at))


def reasons(given: Facts, at: float = 1) -> list[WasteReason]:
    return sorted(finding.reason for finding in planned(given, at).findings)


def finding(given: Facts, reason: WasteReason, at: float = 1) -> Finding:
    (found,) = (each for each in planned(given, at).findings if each.reason is reason)
    return found


@pytest.mark.parametrize(
    ("needed", "wanted", "expected"),
    [
        (True, True, Quadrant.SWEET_SPOT),
        (True, False, Quadrant.UPHILL),
        (False, True, Quadrant.GIFT),
        (False, False, Quadrant.WASTE),
    ],
)
def test_the_quadrant_answers_both_questions(needed: bool, wanted: bool, expected: Quadrant) -> None:
    organisation = an_organisation(an_activity(), needs=[a_need()] if needed else [])
    wants = (a_want(),) if wanted else ()
    given = facts(a_statement(), contracts=(), organisation=organisation, wants=wants)

    assert planned(given).completions[0].quadrant is expected
    assert ADVICE[expected]


def test_a_need_of_another_unit_is_not_this_learners() -> None:
    from lrs_bridge.domain.agenda import Scope, ScopeKind

    elsewhere = a_need(scope=Scope(ScopeKind.UNIT, "workshop"))
    given = facts(a_statement(), contracts=(), organisation=an_organisation(an_activity(), needs=[elsewhere]))

    assert planned(given).completions[0].quadrant is Quadrant.WASTE


def test_a_goal_says_itself_who_wants_it() -> None:
    assert planned(facts(a_statement())).completions[0].quadrant is Quadrant.SWEET_SPOT


def test_learning_that_was_agreed_and_is_under_way_is_no_waste() -> None:
    assert reasons(facts(a_statement())) == []


def test_neither_needed_nor_wanted_is_unaligned() -> None:
    assert WasteReason.UNALIGNED in reasons(facts(a_statement(), contracts=()))


def test_done_without_any_contract() -> None:
    given = facts(a_statement(), contracts=(), wants=(a_want(),))

    assert reasons(given) == [WasteReason.NO_CONTRACT]


def test_off_contract_under_a_contract_in_force_is_not_without_contract() -> None:
    given = facts(a_statement(), contracts=(a_contract(a_goal(competencies=frozenset())),), wants=(a_want(),))

    assert reasons(given) == []


def test_a_support_that_was_not_ready_names_who_can_rescue_it() -> None:
    goal = a_goal(supports=(Support("s1", "a licence", "ida", date(2026, 6, 1)),))
    found = finding(facts(a_statement(), contracts=(a_contract(goal),)), WasteReason.SUPPORT_MISSING)

    assert (found.status, found.rescuable, found.rescuer, found.goal_id) == (
        FindingStatus.OPEN,
        True,
        "ida",
        "goal-spreadsheets",
    )


def test_a_support_that_came_late_but_came_is_rescued_and_costs_nothing() -> None:
    goal = a_goal(supports=(Support("s1", "a licence", "ida", date(2026, 6, 1), ready_at=day(0.5)),))
    found = finding(facts(a_statement(), contracts=(a_contract(goal),)), WasteReason.SUPPORT_MISSING)

    assert (found.status, found.counted) == (FindingStatus.RESCUED, False)


def test_a_support_that_was_ready_in_time_is_none() -> None:
    goal = a_goal(supports=(Support("s1", "a licence", "ida", ready_at=day(-1)),))

    assert reasons(facts(a_statement(), contracts=(a_contract(goal),))) == []


def test_a_late_support_is_announced_before_any_training() -> None:
    goal = a_goal(supports=(Support("s1", "a licence", None, date(2026, 3, 10)),))
    given = facts(contracts=(a_contract(goal),))

    assert [reasons(given, at=number) for number in (9, 10)] == [[], [WasteReason.SUPPORT_MISSING]]
    assert finding(given, WasteReason.SUPPORT_MISSING, at=10).rescuer == "max"


def test_mastery_shown_before_the_training_began() -> None:
    given = facts(a_statement(activity=PRE_TEST, at=day(-3), score=(90, 100)), a_statement(), organisation=TESTED)

    assert reasons(given) == [WasteReason.ALREADY_KNOWN]


def test_mastery_shown_after_the_training_began_is_what_it_is_for() -> None:
    given = facts(a_statement(activity=PRE_TEST, at=day(0.4), score=(90, 100)), a_statement(), organisation=TESTED)

    assert reasons(given) == []


@pytest.mark.parametrize(("after", "expected"), [(60, [WasteReason.NO_GAIN]), (59, [WasteReason.NO_GAIN]), (61, [])])
def test_no_gain_when_the_score_after_is_not_better(after: float, expected: list[WasteReason]) -> None:
    pre_test = a_statement(activity=PRE_TEST, at=day(-3), score=(60, 100))
    given = facts(pre_test, a_statement(score=(after, 100)), organisation=TESTED)

    assert reasons(given) == expected


def test_a_post_test_counts_instead_of_the_trainings_own_score() -> None:
    tested = an_organisation(an_activity(pre_test=PRE_TEST, post_test=UNKNOWN), needs=[a_need()])
    given = facts(
        a_statement(activity=PRE_TEST, at=day(-3), score=(60, 100)),
        a_statement(score=(99, 100)),
        a_statement(activity=UNKNOWN, at=day(0.5), score=(55, 100)),
        organisation=tested,
    )

    assert reasons(given) == [WasteReason.NO_GAIN]


def test_done_again_while_the_earlier_one_was_valid() -> None:
    given = facts(a_statement(), a_statement(at=day(-40)))

    assert reasons(given) == [WasteReason.REPEAT]


def test_done_again_after_it_had_run_out_is_a_renewal() -> None:
    short = an_organisation(an_activity(valid_for=timedelta(days=30)))

    assert reasons(facts(a_statement(), a_statement(at=day(-40)), organisation=short)) == []


def test_started_and_never_finished() -> None:
    given = facts(a_statement("initialized"))

    assert [reasons(given, at=number) for number in (59, 60)] == [[], [WasteReason.ABANDONED]]


def test_what_was_started_and_finished_at_another_attempt_is_not_abandoned() -> None:
    given = facts(a_statement("initialized", registration="r1"), a_statement(at=day(20), registration="r2"))

    assert WasteReason.ABANDONED not in reasons(given, at=70)


def test_all_tasks_ran_out() -> None:
    first = planned(facts(a_statement()), at=0)
    given = facts(a_statement(), previous=first.as_previous())

    found = finding(given, WasteReason.NOT_APPLIED, at=61)

    assert (found.rescuable, found.rescuer) == (True, "max")


def test_declined_and_run_out_together_are_not_applied() -> None:
    first = planned(facts(a_statement()), at=0)
    declined = tuple(
        FollowUpAct(f"a{number}", each.id, FollowUpActKind.DECLINE, "ada", day(2))
        for number, each in enumerate(first.follow_ups)
    )
    given = facts(a_statement(), follow_up_acts=declined, previous=first.as_previous())

    assert reasons(given, at=3) == [WasteReason.NOT_APPLIED]


def test_one_task_done_is_an_application() -> None:
    first = planned(facts(a_statement()), at=0)
    share = next(each for each in first.follow_ups if each.template == "share")
    shared = FollowUpAct("a1", share.id, FollowUpActKind.SUBMIT, "ada", day(2))
    given = facts(a_statement(), follow_up_acts=(shared,), previous=first.as_previous())

    assert reasons(given, at=100) == []


def test_mandated_learning_is_never_called_waste() -> None:
    mandated = an_organisation(an_activity(mandated_by="the regulator"))
    given = facts(a_statement(), a_statement(at=day(-40)), contracts=(), organisation=mandated)

    assert reasons(given) == []


def test_what_no_rule_knows_is_a_gap_in_the_rules_and_no_waste() -> None:
    assert reasons(facts(a_statement(activity=UNKNOWN), contracts=())) == []


def test_the_price_is_the_fee_and_the_hours_at_the_learners_rate() -> None:
    (only,) = planned(facts(a_statement())).completions

    assert (only.hours, only.cost) == (8.0, 30000 + 8 * 5000)


def test_without_a_figure_in_the_catalogue_the_reported_duration_counts() -> None:
    (only,) = planned(facts(a_statement(duration="PT1H30M"), organisation=an_organisation())).completions

    assert (only.hours, only.cost) == (1.5, 1.5 * 5000)


def test_hours_and_money_are_counted_once_however_many_reasons_there_are() -> None:
    found = planned(facts(a_statement(), contracts=())).findings

    assert len(found) == 2
    assert [each.reason for each in found if each.counted] == [WasteReason.UNALIGNED]


def test_an_accepted_finding_hands_the_count_to_the_next_reason() -> None:
    given = facts(a_statement(), contracts=())
    first = next(each for each in planned(given).findings if each.counted)
    accepted = Decision("d1", DecisionKind.ACCEPT_FINDING, first.id, "agreed as a thank-you", "lena", NOON)

    found = planned(facts(a_statement(), contracts=(), decisions=(accepted,))).findings

    assert {each.reason: (each.status, each.counted) for each in found} == {
        WasteReason.UNALIGNED: (FindingStatus.ACCEPTED, False),
        WasteReason.NO_CONTRACT: (FindingStatus.OPEN, True),
    }


def test_every_reason_has_its_text() -> None:
    assert set(REASONS) == set(WasteReason)


def test_a_certificate_says_until_when_it_is_valid() -> None:
    mandated = an_organisation(an_activity(mandated_by="the regulator", valid_for=timedelta(days=365)))
    (only,) = planned(facts(a_statement(activity=EXCEL), organisation=mandated)).completions

    assert only.valid_until == day(365)


def test_looking_something_up_in_a_finished_course_abandons_nothing() -> None:
    given = facts(a_statement(), a_statement("initialized", at=day(10)))

    assert WasteReason.ABANDONED not in reasons(given, at=100)


def test_a_renewal_that_was_started_after_the_certificate_ran_out_can_be_abandoned() -> None:
    short = an_organisation(an_activity(valid_for=timedelta(days=30)), needs=[a_need()])
    given = facts(a_statement(), a_statement("initialized", at=day(40)), organisation=short)

    assert WasteReason.ABANDONED in reasons(given, at=150)


def test_what_does_not_count_makes_nothing_a_repeat() -> None:
    given = facts(a_statement(at=day(-20)), a_statement())
    (first, _) = planned(given).completions
    excluded = Decision("d1", DecisionKind.EXCLUDE, first.id, "sent by mistake", "lea", day(0.5))

    assert WasteReason.REPEAT in reasons(given)
    assert WasteReason.REPEAT not in reasons(replace(given, decisions=(excluded,)))


def test_a_contract_whose_goals_were_all_dropped_is_still_a_contract() -> None:
    dropped = GoalAct("goal-spreadsheets", GoalActKind.DROPPED, day(-1), "max")

    assert WasteReason.NO_CONTRACT not in reasons(facts(a_statement(), goal_acts=(dropped,)))


def test_one_score_is_never_the_one_before_and_the_one_after() -> None:
    tested = an_organisation(an_activity(pre_test=PRE_TEST, post_test=PRE_TEST), needs=[a_need()])
    given = facts(
        a_statement("failed", PRE_TEST, at=day(-10), registration="r1", score=(40, 100)),
        a_statement("passed", PRE_TEST, registration="r2", score=(90, 100)),
        a_statement(),
        organisation=tested,
    )
    (course,) = (each for each in planned(given).completions if each.activity_id == EXCEL)

    assert (course.before, course.after) == (40, 90)
