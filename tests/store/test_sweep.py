"""How far planning under the rules in force is: whoever is still due since they came into force is not done."""

from datetime import timedelta

import pytest
from sqlalchemy import Engine, insert, update

from lrs_bridge.store.engine import read, write
from lrs_bridge.store.read_models.sweep import Sweep, sweep
from lrs_bridge.store.rulesets import RulesetVersion, activate, publish
from lrs_bridge.store.tables import DueRow, LearnerRow
from support.builders import NOON, day

LEARNERS = 100


@pytest.fixture
def store(engine: Engine) -> Engine:
    """A hundred learners, planned some days ago, and rules that came into force at noon."""
    person = {"email": "", "manager_id": None, "unit": "", "job": ""}
    ids = [f"learner-{number:03}" for number in range(LEARNERS)]
    with write(engine) as connection:
        connection.execute(insert(LearnerRow), [{"id": each, "name": each, **person} for each in ids])
        due = {"due_at": None, "revision": 1, "failures": 0, "last_error": ""}
        connection.execute(insert(DueRow), [{"learner_id": each, **due} for each in ids])
        publish(connection, RulesetVersion(1, "ida", "the first", "digest", {}, NOON))
    return engine


def plan(engine: Engine, number: int, **values: object) -> None:
    """So many learners are done with, as planning leaves them."""
    ids = [f"learner-{each:03}" for each in range(number)]
    with write(engine) as connection:
        connection.execute(update(DueRow).where(DueRow.learner_id.in_(ids)).values(**{"due_at": None, **values}))


def how_far(engine: Engine, minutes: float = 10) -> Sweep:
    with read(engine) as connection:
        found = sweep(connection, NOON + timedelta(minutes=minutes))
    assert found is not None
    return found


def test_without_rules_there_is_nothing_to_plan_under(engine: Engine) -> None:
    with read(engine) as connection:
        assert sweep(connection, NOON) is None


def test_everybody_is_still_to_be_planned_when_rules_come_into_force(store: Engine) -> None:
    found = how_far(store)

    assert (found.version, found.since, found.by, found.note) == (1, NOON, "ida", "the first")
    assert (found.learners, found.planned, found.left, found.done) == (LEARNERS, 0, None, False)


def test_what_is_left_is_guessed_at_the_rate_so_far(store: Engine) -> None:
    plan(store, 40)
    found = how_far(store, minutes=10)

    assert (found.planned, found.left) == (40, timedelta(minutes=15))


def test_too_few_say_nothing_about_the_rate(store: Engine) -> None:
    plan(store, 5)

    assert how_far(store).left is None


def test_who_is_due_for_a_later_reason_was_planned_under_these_rules(store: Engine) -> None:
    plan(store, LEARNERS, due_at=NOON + timedelta(minutes=5))
    found = how_far(store)

    assert (found.planned, found.left, found.done) == (LEARNERS, None, True)


def test_who_cannot_be_planned_is_counted_apart(store: Engine) -> None:
    plan(store, LEARNERS)
    plan(store, 3, due_at=day(1), failures=1)
    found = how_far(store)

    assert (found.planned, found.failing, found.done) == (LEARNERS - 3, 3, True)


def test_going_back_begins_anew(store: Engine) -> None:
    plan(store, LEARNERS)
    with write(store) as connection:
        publish(connection, RulesetVersion(2, "ida", "stricter", "other", {}, NOON + timedelta(minutes=1)))
        activate(connection, 1, by="max", now=NOON + timedelta(minutes=2), note="too strict")
    found = how_far(store)

    assert (found.version, found.by, found.note, found.planned) == (1, "max", "too strict", 0)
