"""Partial evidence: weights add up, by activity, to what a goal requires."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge.domain.contract import Attestation, GoalAct, GoalActKind
from lrs_bridge.domain.examine import examine_all
from lrs_bridge.domain.examine_words import goal_text
from lrs_bridge.domain.facts import Facts, StatementFact
from lrs_bridge.domain.follow_up import FollowUpAct, FollowUpActKind
from lrs_bridge.domain.plan import Plan, plan
from lrs_bridge.domain.planning.progressing import GoalProgress, GoalState
from support.builders import a_contract, a_goal, a_ruleset, a_statement, an_activity, an_organisation, day, facts

_RULES = """
include: generic-adl
follow_ups: [{id: apply, kind: apply, title: "Use {activity}", due: 30d}]
rules:
- {id: half, status: active, when: {activity.id: {prefix: "https://half."}}, follow_up: apply,
   evidence: {competency: spreadsheets, weight: 0.5}}
- {id: most, status: active, when: {activity.id: {prefix: "https://half."}, score.percent: {gte: 90}},
   evidence: {competency: spreadsheets, weight: 0.8}}
- {id: third, status: active, when: {activity.id: {prefix: "https://third."}},
   evidence: {competency: spreadsheets, weight: 0.3333333}}
"""
_ONE, _OTHER = "https://half.example.org/one", "https://half.example.org/other"


def _goal(of: Facts, required: float = 1.0) -> GoalProgress:
    (goal,) = _plan(of, required).goals
    return goal


def _plan(of: Facts, required: float = 1.0) -> Plan:
    return plan(replace(of, contracts=(a_contract(a_goal(required=required)),)), a_ruleset(_RULES), day(1))


def test_a_part_is_evidence_and_the_goal_stays_planned() -> None:
    goal = _goal(facts(a_statement(activity=_ONE)))

    assert (goal.state, goal.learned, goal.required, goal.since) == (GoalState.PLANNED, 0.5, 1.0, None)


def test_two_parts_make_a_whole_from_the_end_of_the_second_on() -> None:
    goal = _goal(facts(a_statement(activity=_ONE, at=day(-9)), a_statement(activity=_OTHER, at=day(-5))))

    assert (goal.state, goal.learned, goal.since) == (GoalState.LEARNED, 1.0, day(-5))


def test_the_same_activity_done_again_adds_nothing() -> None:
    goal = _goal(facts(a_statement(activity=_ONE, at=day(-9)), a_statement(activity=_ONE, at=day(-5))))

    assert (goal.state, goal.learned) == (GoalState.PLANNED, 0.5)


def test_ids_that_the_catalogue_knows_as_one_activity_count_once() -> None:
    known = an_organisation(an_activity(id=_ONE, aliases=frozenset({_OTHER}), competencies=frozenset()))
    goal = _goal(
        facts(a_statement(activity=_ONE, at=day(-9)), a_statement(activity=_OTHER, at=day(-5)), organisation=known)
    )

    assert goal.learned == 0.5


def test_a_better_try_adds_what_it_is_better_by() -> None:
    better = facts(a_statement(activity=_ONE, at=day(-9)), a_statement(activity=_ONE, at=day(-5), score=(95, 100)))

    assert _goal(better).learned == 0.8
    assert (_goal(better, required=0.8).state, _goal(better, required=0.8).since) == (GoalState.LEARNED, day(-5))


def test_a_worse_try_takes_nothing_away() -> None:
    worse = facts(a_statement(activity=_ONE, at=day(-9), score=(95, 100)), a_statement(activity=_ONE, at=day(-5)))

    assert (_goal(worse, required=0.8).learned, _goal(worse, required=0.8).since) == (0.8, day(-9))


def test_thirds_make_a_whole_although_they_cannot_be_written_exactly() -> None:
    thirds = [a_statement(activity=f"https://third.example.org/{number}", at=day(-number - 1)) for number in range(3)]

    assert _goal(facts(*thirds), required=0.9999999).state is GoalState.LEARNED


def test_each_attested_session_counts() -> None:
    sessions = tuple(
        Attestation(f"s{number}", "goal-spreadsheets", "Coaching", day(-number - 1), "max") for number in range(3)
    )

    assert _goal(facts(attestations=sessions), required=3).state is GoalState.LEARNED
    assert _goal(facts(attestations=sessions), required=4).learned == 3.0


def _with_applied_task(*more: StatementFact) -> Facts:
    known = facts(a_statement(activity=_ONE, at=day(-9)), *more)
    first = _plan(known)
    own = next(each.id for each in first.completions if each.activity_id == _ONE)
    (task,) = (task for task in first.follow_ups if task.completion_id == own)
    return replace(known, follow_up_acts=(FollowUpAct("a", task.id, FollowUpActKind.SUBMIT, "ada", day(-1)),))


def test_the_explanation_says_how_much_of_what_is_required_there_is() -> None:
    known = replace(facts(a_statement(activity=_ONE)), contracts=(a_contract(a_goal(required=1.0)),))
    (found,) = examine_all(known, a_ruleset(_RULES), day(1))

    assert goal_text(found.goals[0], found) == "taken by rule half, weight 0.5; in all 0.5 of 1"


def test_a_part_opens_its_own_follow_up() -> None:
    assert [task.template for task in _plan(facts(a_statement(activity=_ONE))).follow_ups] == ["apply"]


def test_what_is_learned_in_part_is_not_applied_yet() -> None:
    assert _goal(_with_applied_task()).state is GoalState.PLANNED


def test_it_is_applied_once_the_rest_is_learned() -> None:
    goal = _goal(_with_applied_task(a_statement(activity=_OTHER, at=day(-0.5))))

    assert (goal.state, goal.since) == (GoalState.APPLIED, day(-0.5))


def test_the_manager_may_call_it_achieved_all_the_same() -> None:
    act = GoalAct("goal-spreadsheets", GoalActKind.ACHIEVED, day(-1), "max", reason="seen at work")

    assert _goal(facts(a_statement(activity=_ONE), goal_acts=(act,))).state is GoalState.ACHIEVED


_TRIES = st.lists(
    st.tuples(
        st.sampled_from([_ONE, _OTHER, "https://third.example.org/1"]), st.sampled_from([None, (50, 100), (95, 100)])
    ),
    max_size=4,
)


@given(_TRIES)
def test_more_evidence_never_makes_it_less(tries: list[tuple[str, tuple[int, int] | None]]) -> None:
    statements = [
        a_statement(activity=activity, score=score, at=day(-20 + 2 * number))
        for number, (activity, score) in enumerate(tries)
    ]
    sums = [_goal(facts(*statements[:count])).learned for count in range(len(statements) + 1)]

    assert sums == sorted(sums)


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_arrival_does_not_matter(order: tuple[int, ...]) -> None:
    known = [
        a_statement(activity=_ONE, at=day(-9)),
        a_statement(activity=_ONE, at=day(-5), score=(95, 100)),
        a_statement(activity=_OTHER, at=day(-3)),
    ]

    assert _goal(facts(*(known[index] for index in order))) == _goal(facts(*known))
