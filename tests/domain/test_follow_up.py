"""Application tasks: opened by evidence, moved by acts and by time, and never lost once somebody touched them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from itertools import product

import pytest

from lrs_bridge.domain.contract import Goal, GoalAct, GoalActKind
from lrs_bridge.domain.facts import Facts
from lrs_bridge.domain.follow_up import (
    TRANSITIONS,
    FollowUp,
    FollowUpAct,
    FollowUpActKind,
    FollowUpState,
    state_after,
)
from lrs_bridge.domain.plan import Plan, plan
from lrs_bridge.domain.planning.progressing import GoalState
from support.builders import RULES, a_contract, a_goal, a_ruleset, a_statement, day, facts


def act(kind: FollowUpActKind, at: datetime, task: str = "task", number: int = 1) -> FollowUpAct:
    return FollowUpAct(f"act-{number}", task, kind, "ada", at)


def planned(given: Facts, at: float = 1) -> Plan:
    return plan(given, a_ruleset(), day(at))


def task(done: Plan, template: str = "apply") -> FollowUp:
    (found,) = (each for each in done.follow_ups if each.template == template)
    return found


def test_evidence_opens_the_tasks_that_its_rule_names() -> None:
    done = planned(facts(a_statement()))

    assert [(each.template, each.title) for each in done.follow_ups] == [
        ("share", "Tell the team about Excel basics"),
        ("apply", "Use it: Excel basics"),
    ]


def test_a_goal_may_name_its_own_tasks() -> None:
    goal = a_goal(follow_ups=("reflect",))
    done = planned(facts(a_statement(), contracts=(a_contract(goal),)))

    assert [each.title for each in done.follow_ups] == ["What changed by Monthly report without help?"]


def test_two_goals_that_one_course_serves_share_its_tasks() -> None:
    goals: tuple[Goal, ...] = (a_goal(), a_goal(id="goal-2"))
    done = planned(facts(a_statement(), contracts=(a_contract(*goals),)))

    assert [each.goals for each in done.follow_ups] == [("goal-spreadsheets", "goal-2")] * 2


def test_the_time_allowed_counts_from_when_the_task_was_first_asked_for() -> None:
    done = planned(facts(a_statement()), at=20)

    assert (task(done).opened_at, task(done).due_at) == (day(20), day(50))


def test_planning_again_does_not_move_the_time_allowed() -> None:
    first = planned(facts(a_statement()), at=1)

    again = planned(facts(a_statement(), previous=first.as_previous()), at=5)

    assert task(again) == task(first)


def test_a_completion_long_past_when_first_seen_opens_nothing() -> None:
    done = planned(facts(a_statement()), at=91)

    assert (len(done.evidence), done.follow_ups) == (1, ())


def test_a_task_that_is_open_stays_when_its_completion_grows_old() -> None:
    first = planned(facts(a_statement()), at=1)

    later = planned(facts(a_statement(), previous=first.as_previous()), at=120)

    assert {each.state for each in later.follow_ups} == {FollowUpState.EXPIRED}


def test_an_earlier_completion_that_arrives_late_opens_no_second_task() -> None:
    first = planned(facts(a_statement()), at=1)

    second = planned(facts(a_statement(), a_statement(at=day(-40)), previous=first.as_previous()), at=2)

    assert second.follow_ups == first.follow_ups


def test_doing_the_course_again_opens_no_second_task() -> None:
    done = planned(facts(a_statement(), a_statement(at=day(40))), at=41)

    assert len(done.follow_ups) == 2


@pytest.mark.parametrize(("state", "kind"), list(product(FollowUpState, FollowUpActKind)))
def test_only_the_transitions_of_the_table_happen(state: FollowUpState, kind: FollowUpActKind) -> None:
    path = {
        FollowUpState.OPEN: (),
        FollowUpState.SUBMITTED: (FollowUpActKind.SUBMIT,),
        FollowUpState.DONE: (FollowUpActKind.SUBMIT, FollowUpActKind.CONFIRM),
        FollowUpState.DECLINED: (FollowUpActKind.DECLINE,),
        FollowUpState.EXPIRED: (),
    }
    if state is FollowUpState.EXPIRED:
        allowed = (FollowUpState.OPEN, kind) in TRANSITIONS
        assert ((state, kind) in TRANSITIONS) is allowed
        return
    acts = [act(each, day(number), number=number) for number, each in enumerate((*path[state], kind))]

    after, _ = state_after(acts, confirm=True, opened_at=day(-1))

    assert after is TRANSITIONS.get((state, kind), state)


def test_without_a_manager_to_confirm_a_submission_is_done() -> None:
    after, since = state_after([act(FollowUpActKind.SUBMIT, day(2))], confirm=False, opened_at=day(0))

    assert (after, since) == (FollowUpState.DONE, day(2))


def test_a_task_runs_out_after_its_grace() -> None:
    first = planned(facts(a_statement()), at=0)
    end = task(first).expires_at
    again = facts(a_statement(), previous=first.as_previous())
    moments = (end - timedelta(seconds=1), end)

    assert [task(plan(again, a_ruleset(), moment)).state for moment in moments] == [
        FollowUpState.OPEN,
        FollowUpState.EXPIRED,
    ]


def test_a_task_that_ran_out_may_still_be_submitted() -> None:
    first = planned(facts(a_statement()), at=0)
    late = act(FollowUpActKind.SUBMIT, day(100), task(first).id)

    done = planned(facts(a_statement(), follow_up_acts=(late,), previous=first.as_previous()), at=101)

    assert task(done).state is FollowUpState.SUBMITTED


def test_a_task_returned_late_gets_its_grace_again() -> None:
    first = planned(facts(a_statement()), at=0)
    own_id = task(first).id
    acts = (act(FollowUpActKind.SUBMIT, day(59), own_id), act(FollowUpActKind.RETURN, day(70), own_id, 2))
    given = facts(a_statement(), follow_up_acts=acts, previous=first.as_previous())

    assert [task(planned(given, at=number)).state for number in (71, 101)] == [
        FollowUpState.OPEN,
        FollowUpState.EXPIRED,
    ]


def test_a_confirmed_application_moves_the_goal_to_applied() -> None:
    first = planned(facts(a_statement()), at=0)
    own_id = task(first).id
    acts = (act(FollowUpActKind.SUBMIT, day(3), own_id), act(FollowUpActKind.CONFIRM, day(4), own_id, 2))

    done = planned(facts(a_statement(), follow_up_acts=acts, previous=first.as_previous()), at=5)

    assert [(goal.state, goal.since) for goal in done.goals] == [(GoalState.APPLIED, day(4))]


def test_an_untouched_task_goes_with_its_reason() -> None:
    first = planned(facts(a_statement()), at=0)

    assert planned(facts(previous=first.as_previous())).follow_ups == ()


def test_a_touched_task_stays_when_its_reason_goes_and_says_so() -> None:
    first = planned(facts(a_statement()), at=0)
    touched = act(FollowUpActKind.SUBMIT, day(3), task(first).id)

    done = planned(facts(follow_up_acts=(touched,), previous=first.as_previous()), at=4)

    expected = replace(task(first), state=FollowUpState.SUBMITTED, since=day(3), reason_gone=True)
    assert done.follow_ups == (expected,)


def test_a_touched_task_whose_reason_came_back_is_an_ordinary_task_again() -> None:
    first = planned(facts(a_statement()), at=0)
    touched = (act(FollowUpActKind.SUBMIT, day(3), task(first).id),)
    gone = planned(facts(follow_up_acts=touched, previous=first.as_previous()), at=4)

    back = planned(facts(a_statement(), follow_up_acts=touched, previous=gone.as_previous()), at=5)

    assert (task(back).reason_gone, task(back).opened_at) == (False, day(0))


def test_words_in_the_name_of_an_activity_are_not_filled_in() -> None:
    done = planned(facts(a_statement(name="Excel for {learner}"), organisation=facts().organisation.__class__()))

    assert task(done).title == "Use it: Excel for {learner}"


def test_tasks_that_were_done_stay_done_when_two_completions_turn_out_to_be_one() -> None:
    first, second = a_statement(), (a_statement("progressed", at=day(1.5)), a_statement(at=day(1.6)))
    opened = planned(facts(first, *second), at=2)
    acts = tuple(act(FollowUpActKind.SUBMIT, day(3), each.id, number) for number, each in enumerate(opened.follow_ups))
    submitted = planned(facts(first, *second, follow_up_acts=acts, previous=opened.as_previous()), at=4)
    late = a_statement(at=day(0.8))

    joined = planned(
        facts(first, late, *second, follow_up_acts=acts, previous=submitted.as_previous()),
        at=5,
    )

    assert len(joined.completions) == 1
    assert joined.follow_ups == submitted.follow_ups


def test_each_goal_gets_the_tasks_that_it_asks_for_itself() -> None:
    goals = (a_goal(), a_goal(id="goal-2", follow_ups=("reflect",)))
    done = planned(facts(a_statement(), contracts=(a_contract(*goals),)))

    assert {each.template: each.goals for each in done.follow_ups} == {
        "apply": ("goal-spreadsheets",),
        "share": ("goal-spreadsheets",),
        "reflect": ("goal-2",),
    }


def test_what_was_applied_stays_applied_when_the_rules_ask_for_another_task() -> None:
    first = planned(facts(a_statement()), at=0)
    own_id = task(first).id
    acts = (act(FollowUpActKind.SUBMIT, day(3), own_id), act(FollowUpActKind.CONFIRM, day(4), own_id, 2))
    other = a_ruleset(RULES.replace("follow_up: [apply, share]", "follow_up: [share]"))

    done = plan(facts(a_statement(), follow_up_acts=acts, previous=first.as_previous()), other, day(5))

    assert task(done).reason_gone
    assert [(goal.state, goal.since) for goal in done.goals] == [(GoalState.APPLIED, day(4))]


def test_a_goal_that_is_given_up_asks_for_nothing_any_more() -> None:
    first = planned(facts(a_statement()), at=0)
    dropped = GoalAct("goal-spreadsheets", GoalActKind.DROPPED, day(2), "max", reason="another job")

    done = planned(facts(a_statement(), goal_acts=(dropped,), previous=first.as_previous()), at=3)

    assert (done.follow_ups, [goal.state for goal in done.goals]) == ((), [GoalState.DROPPED])


def test_a_contract_that_is_withdrawn_takes_its_goals_along() -> None:
    withdrawn = a_contract(withdrawn_at=day(10))
    moments = (plan(facts(a_statement(), contracts=(withdrawn,)), a_ruleset(), day(at)) for at in (9, 10))

    assert [([goal.state for goal in done.goals], len(done.follow_ups)) for done in moments] == [
        ([GoalState.LEARNED], 2),
        ([GoalState.DROPPED], 0),
    ]
