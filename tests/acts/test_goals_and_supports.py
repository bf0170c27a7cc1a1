"""Readings, achievements, supports, attestations: facts that plans are made of."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, select

from lrs_bridge.acts import attestations, goals, supports
from lrs_bridge.acts.actor import OPERATOR, AccountRole, Actor
from lrs_bridge.acts.errors import ActRefused, NotAllowed, NotFound
from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.domain.waste import FindingStatus, WasteReason
from lrs_bridge.jobs import reconcile
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.listing import Request
from lrs_bridge.store.read_models.waste import waste_findings
from lrs_bridge.store.tables import GoalProgressRow
from support.builders import NOON

NOW = NOON + timedelta(days=3)
ALICE = Actor("alice", AccountRole.LEARNER, "al")
BEN = Actor("ben", AccountRole.LEARNER, "ben")
MONA = Actor("mona", AccountRole.MANAGER, "mo")
GOAL = "al-sheets"


def goal_state(bridge: Bridge) -> GoalState:
    reconcile(bridge, NOW)
    with read(bridge.engine) as connection:
        return connection.execute(select(GoalProgressRow.state)).scalar_one()


def test_a_reading_at_the_target_achieves_the_goal(bridge: Bridge) -> None:
    goals.measure(bridge.engine, ALICE, GOAL, 3.5, NOW)

    assert goal_state(bridge) is GoalState.ACHIEVED


def test_a_reading_short_of_the_target_does_not(bridge: Bridge) -> None:
    goals.measure(bridge.engine, ALICE, GOAL, 8, NOW)

    assert goal_state(bridge) is GoalState.LEARNED


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_what_is_no_number_is_no_reading(lived_in: Engine, value: float) -> None:
    with pytest.raises(ActRefused):
        goals.measure(lived_in, ALICE, GOAL, value, NOW)


def test_the_managers_word_achieves_a_goal(bridge: Bridge) -> None:
    goals.achieve(bridge.engine, MONA, GOAL, "She teaches it now", NOW)

    assert goal_state(bridge) is GoalState.ACHIEVED


def test_a_learner_cannot_declare_a_goal_achieved(lived_in: Engine) -> None:
    with pytest.raises(NotAllowed):
        goals.achieve(lived_in, ALICE, GOAL, "I think so", NOW)


def test_a_dropped_goal_is_dropped_for_good(bridge: Bridge) -> None:
    goals.drop(bridge.engine, MONA, GOAL, "The job changed", NOW)

    assert goal_state(bridge) is GoalState.DROPPED
    with pytest.raises(ActRefused, match="dropped"):
        goals.achieve(bridge.engine, MONA, GOAL, "After all", NOW)


def test_dropping_needs_a_reason(lived_in: Engine) -> None:
    with pytest.raises(ActRefused, match="a reason"):
        goals.drop(lived_in, MONA, GOAL, " ", NOW)


def test_a_goal_that_nobody_agreed_on_is_not_found(lived_in: Engine) -> None:
    with pytest.raises(NotFound, match="There is no goal 'nothing'"):
        goals.measure(lived_in, OPERATOR, "nothing", 1, NOW)


def test_a_support_that_is_there_rescues_the_finding(bridge: Bridge) -> None:
    supports.mark_ready(bridge.engine, MONA, "al-licence", NOW)
    reconcile(bridge, NOW)

    with read(bridge.engine) as connection:
        found = waste_findings(connection, Request(filters={"reason": "support-missing", "status": "rescued"})).rows
    assert [(each.reason, each.status) for each in found] == [(WasteReason.SUPPORT_MISSING, FindingStatus.RESCUED)]


def test_a_support_can_turn_out_to_be_missing(bridge: Bridge) -> None:
    supports.mark_ready(bridge.engine, MONA, "al-licence", NOW)
    supports.mark_missing(bridge.engine, MONA, "al-licence", NOW + timedelta(seconds=1))
    reconcile(bridge, NOW + timedelta(seconds=1))

    with read(bridge.engine) as connection:
        found = waste_findings(connection, Request(filters={"reason": "support-missing", "status": "open"})).rows
    assert len(found) == 1


def test_a_support_cannot_be_ready_in_the_future(lived_in: Engine) -> None:
    with pytest.raises(ActRefused, match="still to come"):
        supports.mark_ready(lived_in, MONA, "al-licence", NOW, ready_at=NOW + timedelta(days=1))


def test_whoever_owes_a_support_may_say_that_it_is_there(lived_in: Engine) -> None:
    provider = Actor("mona", AccountRole.LEARNER, "mo")

    assert supports.mark_ready(lived_in, provider, "al-licence", NOW).ready_at == NOW


def test_a_colleague_may_not(lived_in: Engine) -> None:
    with pytest.raises(NotAllowed):
        supports.mark_ready(lived_in, BEN, "al-licence", NOW)


def test_attested_learning_counts_as_evidence(bridge: Bridge) -> None:
    attestations.attest(bridge.engine, MONA, GOAL, "Coaching, six times", NOW, NOW, hours=6)
    reconcile(bridge, NOW)

    with read(bridge.engine) as connection:
        assert connection.execute(select(GoalProgressRow.learned)).scalar_one() == 2


@pytest.mark.parametrize(("days", "hours"), [(1, 0.0), (0, -1.0), (0, float("nan"))])
def test_what_cannot_have_happened_is_not_attested(lived_in: Engine, days: int, hours: float) -> None:
    with pytest.raises(ActRefused):
        attestations.attest(lived_in, MONA, GOAL, "Coaching", NOW + timedelta(days=days), NOW, hours=hours)
