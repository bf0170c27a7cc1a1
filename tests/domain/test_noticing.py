"""Who is told what, and that nobody is told what no longer holds."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from lrs_bridge.domain.contract import Support
from lrs_bridge.domain.facts import Decision, DecisionKind, Facts
from lrs_bridge.domain.follow_up import FollowUpAct, FollowUpActKind
from lrs_bridge.domain.notice import NoticeKind
from lrs_bridge.domain.plan import Plan, plan
from support.builders import (
    a_contract,
    a_goal,
    a_learner,
    a_ruleset,
    a_statement,
    an_activity,
    an_organisation,
    day,
    facts,
)


def planned(given: Facts, at: float = 0) -> Plan:
    return plan(given, a_ruleset(), day(at))


def told(given: Facts, at: float, kind: NoticeKind) -> list[tuple[str, str]]:
    return [(each.recipient_id, each.key.rsplit("|", 1)[1]) for each in planned(given, at).notices if each.kind is kind]


def opened() -> Facts:
    first = planned(facts(a_statement()))
    return facts(a_statement(), previous=first.as_previous())


def test_the_learner_hears_of_a_new_task() -> None:
    assert told(facts(a_statement()), 0, NoticeKind.FOLLOW_UP_OPENED) == [("ada", ""), ("ada", "")]


def test_reminders_come_ahead_of_the_due_date_and_only_the_latest_is_sent() -> None:
    given = opened()

    assert [told(given, at, NoticeKind.FOLLOW_UP_REMINDER) for at in (22, 23, 29)] == [
        [],
        [("ada", "7d")],
        [("ada", "1d")],
    ]


def test_the_manager_hears_of_a_task_that_is_overdue() -> None:
    given = opened()

    assert [told(given, at, NoticeKind.FOLLOW_UP_OVERDUE) for at in (36, 37)] == [[], [("max", "")]]


def test_the_manager_hears_of_what_waits_for_confirmation() -> None:
    first = planned(facts(a_statement()))
    apply = next(task for task in first.follow_ups if task.template == "apply")
    submitted = FollowUpAct("a1", apply.id, FollowUpActKind.SUBMIT, "ada", day(2))
    given = facts(a_statement(), follow_up_acts=(submitted,), previous=first.as_previous())

    assert told(given, 3, NoticeKind.CONFIRMATION_WAITING) == [("max", day(2).isoformat())]
    assert told(given, 29, NoticeKind.FOLLOW_UP_REMINDER) == []


def test_without_a_manager_nobody_is_written_to_in_vain() -> None:
    first = planned(facts(a_statement(), learner=a_learner(manager_id=None)))
    given = facts(a_statement(), learner=a_learner(manager_id=None), previous=first.as_previous())

    assert told(given, 50, NoticeKind.FOLLOW_UP_OVERDUE) == []


def test_who_owes_a_support_hears_when_it_is_late() -> None:
    goal = a_goal(supports=(Support("s1", "a licence", "ida", date(2026, 3, 10)),))
    given = facts(contracts=(a_contract(goal),))

    assert [told(given, at, NoticeKind.SUPPORT_LATE) for at in (9, 10)] == [[], [("ida", "")]]


def test_a_certificate_that_runs_out_is_announced_ahead() -> None:
    mandated = an_organisation(an_activity(mandated_by="the regulator", valid_for=timedelta(days=365)))
    given = facts(a_statement(), organisation=mandated)

    assert [told(given, at, NoticeKind.CERTIFICATE_EXPIRING) for at in (304, 305, 351, 366)] == [
        [],
        [("ada", "60d")],
        [("ada", "14d")],
        [],
    ]


def test_a_renewed_certificate_is_not_announced() -> None:
    mandated = an_organisation(an_activity(mandated_by="the regulator", valid_for=timedelta(days=365)))
    given = facts(a_statement(), a_statement(at=day(300)), organisation=mandated)

    assert told(given, 310, NoticeKind.CERTIFICATE_EXPIRING) == []


def test_a_renewal_that_does_not_count_renews_nothing() -> None:
    mandated = an_organisation(an_activity(mandated_by="the regulator", valid_for=timedelta(days=365)))
    given = facts(a_statement(), a_statement(at=day(300)), organisation=mandated)
    renewal = plan(given, a_ruleset(), day(310)).completions[-1]
    excluded = Decision("d1", DecisionKind.EXCLUDE, renewal.id, "another person's", "lea", day(301))

    assert told(replace(given, decisions=(excluded,)), 310, NoticeKind.CERTIFICATE_EXPIRING) == [("ada", "60d")]


def test_stagnation_is_long_in_the_job_and_nothing_learned_for_a_goal_lately() -> None:
    long_here = a_learner(hired_on=date(2023, 1, 1))
    given = facts(a_statement(), learner=long_here)

    assert [planned(given, at).growth.stagnant_since for at in (179, 180)] == [None, day(180)]
    assert told(given, 180, NoticeKind.STAGNATION) == [("max", day(180).date().isoformat())]


def test_someone_new_does_not_stagnate() -> None:
    assert planned(facts(), at=200).growth.stagnant_since is None


def test_a_new_job_starts_the_clock_again() -> None:
    moved = a_learner(hired_on=date(2020, 1, 1), job_since=date(2026, 1, 1))

    assert planned(facts(learner=moved), at=0).growth.stagnant_since is None


def returned() -> Facts:
    """A task that was handed in after its due date and given back on day 70."""
    first = planned(facts(a_statement()))
    apply = next(task for task in first.follow_ups if task.template == "apply")
    acts = (
        FollowUpAct("a1", apply.id, FollowUpActKind.SUBMIT, "ada", day(50)),
        FollowUpAct("a2", apply.id, FollowUpActKind.RETURN, "max", day(70)),
    )
    return facts(a_statement(), follow_up_acts=acts, previous=first.as_previous())


def test_the_learner_hears_of_a_task_that_was_returned() -> None:
    assert told(returned(), 70, NoticeKind.FOLLOW_UP_RETURNED) == [("ada", day(70).isoformat())]


def test_a_task_returned_after_its_day_is_neither_overdue_at_once_nor_called_to_mind_for_that_day() -> None:
    given = returned()

    assert told(given, 71, NoticeKind.FOLLOW_UP_REMINDER) == []
    assert [told(given, at, NoticeKind.FOLLOW_UP_OVERDUE) for at in (76, 77)] == [[], [("max", "")]]
