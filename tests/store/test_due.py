from datetime import timedelta

from sqlalchemy import Engine

from lrs_bridge.store import due
from lrs_bridge.store.apply import apply_all
from lrs_bridge.store.engine import read, write
from support.builders import NOON, a_learner, day
from support.store import enrol, planned, reconcile

LEASE = timedelta(minutes=5)


def test_a_due_learner_is_claimed_once(engine: Engine) -> None:
    enrol(engine)

    assert [("ada", 1)] == [(each.learner_id, each.revision) for each in due.claim(engine, now=NOON, limit=9)]
    assert due.claim(engine, now=NOON, limit=9) == []


def test_no_more_are_claimed_than_asked_for_and_the_longest_due_come_first(engine: Engine) -> None:
    enrol(engine, a_learner(id="late"), now=day(1))
    enrol(engine, a_learner(id="early"), now=day(0))

    assert ["early"] == [each.learner_id for each in due.claim(engine, now=day(2), limit=1)]


def test_nobody_is_claimed_before_being_due(engine: Engine) -> None:
    enrol(engine, now=day(1))

    assert due.claim(engine, now=NOON, limit=9) == []


def test_a_lease_that_ran_out_is_taken_over_and_the_first_plan_is_thrown_away(engine: Engine) -> None:
    enrol(engine)
    slow = planned(engine, NOON)
    later = NOON + LEASE
    [taken_over] = due.claim(engine, now=later, limit=9, lease=LEASE)

    with write(engine) as connection:
        [applied] = apply_all(connection, slow, later)

    assert applied.superseded
    assert taken_over.learner_id == "ada"
    assert due.claim(engine, now=later, limit=9) == []


def test_a_worker_that_stops_gives_its_learners_back(engine: Engine) -> None:
    enrol(engine)
    claims = due.claim(engine, now=NOON, limit=9)
    with write(engine) as connection:
        due.release(connection, claims)

    assert len(due.claim(engine, now=NOON, limit=9)) == 1


def test_a_learner_who_could_not_be_planned_is_tried_again_later(engine: Engine) -> None:
    enrol(engine)
    claims = due.claim(engine, now=NOON, limit=9)
    with write(engine) as connection:
        due.postpone(connection, claims, reason="a rule is broken", retry_at=day(1))

    assert due.claim(engine, now=NOON, limit=9) == []
    with read(engine) as connection:
        assert [("ada", 1, "a rule is broken")] == due.failing(connection)
    reconcile(engine, day(1))
    with read(engine) as connection:
        assert due.failing(connection) == []


def test_what_was_taken_over_cannot_be_given_back_by_its_first_owner(engine: Engine) -> None:
    enrol(engine)
    first = due.claim(engine, now=NOON, limit=9, lease=LEASE)
    due.claim(engine, now=NOON + LEASE, limit=9, lease=LEASE)
    with write(engine) as connection:
        due.release(connection, first)

    assert due.claim(engine, now=NOON + LEASE, limit=9) == []


def test_marking_makes_due_sooner_and_never_later(engine: Engine) -> None:
    enrol(engine, now=day(-1))
    with write(engine) as connection:
        assert due.mark_due(connection, ["ada", "nobody"], NOON) == 1
        assert due.count_due(connection, day(-1)) == 1


def test_marking_everybody_makes_everybody_due(engine: Engine) -> None:
    enrol(engine, a_learner(), a_learner(id="ben"))
    reconcile(engine, NOON)
    with write(engine) as connection:
        assert due.mark_due(connection, None, day(1)) == 2
        assert due.count_due(connection, day(1)) == 2
