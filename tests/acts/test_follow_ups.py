"""Application tasks: what is possible when, who may, and what an act leaves behind."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from lrs_bridge.acts import follow_ups
from lrs_bridge.acts.actor import AccountRole, Actor
from lrs_bridge.acts.errors import ActRefused, NotAllowed, NotFound
from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.jobs import reconcile
from lrs_bridge.store import acts_log, audit
from lrs_bridge.store.due import count_due
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.follow_ups import follow_ups as listed
from lrs_bridge.store.read_models.listing import Request
from support.builders import NOON

NOW = NOON + timedelta(days=3)
ALICE = Actor("alice", AccountRole.LEARNER, "al")
BEN = Actor("ben", AccountRole.LEARNER, "ben")
MONA = Actor("mona", AccountRole.MANAGER, "mo")


def the_task(engine: Engine, template: str = "apply") -> str:
    """The id of Alice's task by a template."""
    with read(engine) as connection:
        return next(task.id for task in listed(connection, Request(), NOW).rows if task.template == template)


def state(bridge: Bridge, task: str, now: datetime = NOW) -> FollowUpState:
    """Where a task stands once everything is planned."""
    reconcile(bridge, now)
    with read(bridge.engine) as connection:
        return next(each.state for each in listed(connection, Request(), now).rows if each.id == task)


def test_a_task_that_was_submitted_waits_for_the_manager(bridge: Bridge) -> None:
    task = the_task(bridge.engine)
    follow_ups.submit(bridge.engine, ALICE, task, "The report is built with it", NOW)

    assert state(bridge, task) is FollowUpState.SUBMITTED


def test_a_task_that_needs_no_confirmation_is_done_when_submitted(bridge: Bridge) -> None:
    task = the_task(bridge.engine, "share")
    follow_ups.submit(bridge.engine, ALICE, task, "Told the team", NOW)

    assert state(bridge, task) is FollowUpState.DONE


def test_a_confirmed_task_is_done(bridge: Bridge) -> None:
    task = the_task(bridge.engine)
    follow_ups.submit(bridge.engine, ALICE, task, "The report is built with it", NOW)
    follow_ups.confirm(bridge.engine, MONA, task, NOW)

    assert state(bridge, task) is FollowUpState.DONE


def test_a_returned_task_is_open_again(bridge: Bridge) -> None:
    task = the_task(bridge.engine)
    follow_ups.submit(bridge.engine, ALICE, task, "Nearly", NOW)
    follow_ups.return_(bridge.engine, MONA, task, "The pivot table is missing", NOW)

    assert state(bridge, task) is FollowUpState.OPEN


def test_a_declined_task_can_be_reopened(bridge: Bridge) -> None:
    task = the_task(bridge.engine)
    follow_ups.decline(bridge.engine, ALICE, task, "No licence", NOW)
    follow_ups.reopen(bridge.engine, MONA, task, NOW)

    assert state(bridge, task) is FollowUpState.OPEN


def test_acts_of_the_same_moment_keep_the_order_in_which_people_acted(bridge: Bridge) -> None:
    task = the_task(bridge.engine)
    for _ in range(5):
        follow_ups.submit(bridge.engine, ALICE, task, "Nearly", NOW)
        follow_ups.return_(bridge.engine, MONA, task, "Not yet", NOW)

    assert state(bridge, task) is FollowUpState.OPEN


def test_what_is_not_possible_is_refused_with_what_is(lived_in: Engine) -> None:
    with pytest.raises(ActRefused, match=r"is open since .*; that cannot be followed by confirm\..*submit or decline"):
        follow_ups.confirm(lived_in, MONA, the_task(lived_in), NOW)


def test_nothing_can_be_done_with_a_task_that_is_done(lived_in: Engine) -> None:
    task = the_task(lived_in, "share")
    follow_ups.submit(lived_in, ALICE, task, "Told the team", NOW)

    with pytest.raises(ActRefused, match="Nothing more can be done"):
        follow_ups.submit(lived_in, ALICE, task, "Again", NOW)


def test_two_acts_before_the_next_plan_see_each_other(lived_in: Engine) -> None:
    task = the_task(lived_in)
    follow_ups.submit(lived_in, ALICE, task, "Done", NOW)

    with pytest.raises(ActRefused, match="is submitted"):
        follow_ups.submit(lived_in, ALICE, task, "Done twice", NOW)


def test_a_task_that_ran_out_may_still_be_submitted(lived_in: Engine) -> None:
    task = the_task(lived_in)

    assert follow_ups.submit(lived_in, ALICE, task, "Late, but done", NOON + timedelta(days=400)).by == "al"


def test_a_task_that_ran_out_is_called_so(lived_in: Engine) -> None:
    with pytest.raises(ActRefused, match="is expired"):
        follow_ups.confirm(lived_in, MONA, the_task(lived_in), NOON + timedelta(days=400))


@pytest.mark.parametrize("text", ["", "   ", "\n\0"])
def test_a_submission_needs_words(lived_in: Engine, text: str) -> None:
    with pytest.raises(ActRefused, match="what was done"):
        follow_ups.submit(lived_in, ALICE, the_task(lived_in), text, NOW)


def test_words_without_end_are_refused(lived_in: Engine) -> None:
    with pytest.raises(ActRefused, match="Shorten"):
        follow_ups.submit(lived_in, ALICE, the_task(lived_in), "x" * 20_001, NOW)


def test_a_learner_cannot_confirm(lived_in: Engine) -> None:
    task = the_task(lived_in)
    follow_ups.submit(lived_in, ALICE, task, "Done", NOW)

    with pytest.raises(NotAllowed):
        follow_ups.confirm(lived_in, ALICE, task, NOW)


def test_a_colleague_cannot_submit(lived_in: Engine) -> None:
    with pytest.raises(NotAllowed):
        follow_ups.submit(lived_in, BEN, the_task(lived_in), "Done", NOW)


def test_a_task_that_does_not_exist_is_not_found(lived_in: Engine) -> None:
    with pytest.raises(NotFound, match="There is no application task"):
        follow_ups.submit(lived_in, ALICE, "nowhere", "Done", NOW)


def test_an_act_makes_the_learner_due(lived_in: Engine) -> None:
    with read(lived_in) as connection:
        before = count_due(connection, NOON + timedelta(days=1))
    follow_ups.submit(lived_in, ALICE, the_task(lived_in), "Done", NOON + timedelta(days=1))

    with read(lived_in) as connection:
        assert count_due(connection, NOON + timedelta(days=1)) == before + 1


def test_an_act_is_audited_without_what_was_written(lived_in: Engine) -> None:
    task = the_task(lived_in)
    follow_ups.submit(lived_in, ALICE, task, "Something private", NOW)

    with read(lived_in) as connection:
        [entry] = audit.entries(connection, subject=task)
    assert (entry.by, entry.act, entry.at) == ("alice", "follow-up.submit", NOW)
    assert "private" not in repr(entry)


def test_a_refused_act_leaves_nothing(lived_in: Engine) -> None:
    task = the_task(lived_in)
    with pytest.raises(ActRefused):
        follow_ups.confirm(lived_in, MONA, task, NOW)

    with read(lived_in) as connection:
        assert audit.entries(connection, subject=task) == []
        assert acts_log.load_follow_up_acts(connection, ["al"]) == {}
