from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from lrs_bridge.domain.notice import NoticeKind
from lrs_bridge.store import contracts, outbox
from lrs_bridge.store.apply import apply_all
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import NotFound
from lrs_bridge.store.outbox import Message, OutboxState
from lrs_bridge.store.tables import OutboxRow
from support.builders import NOON, a_contract, a_statement, day
from support.store import a_voider, enrol, loaded, make_all_due, planned, reconcile, take_in, wanted

SAID = a_statement("passed")
LEASE = timedelta(minutes=5)


@pytest.fixture
def told(engine: Engine) -> Engine:
    """Ada's completion was planned, and two messages wait."""
    enrol(engine)
    with write(engine) as connection:
        contracts.save_contracts(connection, [a_contract()], NOON)
    take_in(engine, wanted(SAID))
    reconcile(engine, NOON)
    return engine


def _take(engine: Engine, now: datetime = NOON) -> list[Message]:
    return outbox.take(engine, now=now, limit=9, lease=LEASE)


def _counts(engine: Engine) -> dict[OutboxState, int]:
    with read(engine) as connection:
        return outbox.counts(connection)


def _void_and_plan(engine: Engine) -> None:
    take_in(engine, wanted(a_voider(SAID.id)))
    reconcile(engine, NOON)


def test_a_message_is_taken_once_and_sent_once(told: Engine) -> None:
    messages = _take(told)
    assert [NoticeKind.FOLLOW_UP_OPENED] * 2 == [each.kind for each in messages]
    assert [1, 1] == [each.attempts for each in messages]
    assert _take(told) == []

    with write(told) as connection:
        assert all(outbox.sent(connection, each, NOON) for each in messages)
    assert _take(told, day(100)) == []
    assert _counts(told) == {OutboxState.SENT: 2}


def test_a_message_that_failed_is_tried_again_at_its_time(told: Engine) -> None:
    first, second = _take(told)
    with write(told) as connection:
        outbox.failed(connection, first, reason="the mail server is down", retry_at=day(1), now=NOON)
        outbox.sent(connection, second, NOON)

    assert _take(told, day(0.9)) == []
    [again] = _take(told, day(1))
    assert (again.key, again.attempts) == (first.key, 2)


def test_a_message_that_is_given_up_is_dead_until_revived(told: Engine) -> None:
    first, _ = _take(told)
    with write(told) as connection:
        outbox.failed(connection, first, reason="no such mailbox", retry_at=None, now=NOON)
        assert outbox.counts(connection)[OutboxState.DEAD] == 1
        assert outbox.revive(connection, first.key, day(2))
        assert not outbox.revive(connection, first.key, day(2))

    assert first.key in {each.key for each in _take(told, day(2))}


def test_reviving_what_is_not_there_says_so(engine: Engine) -> None:
    with pytest.raises(NotFound), write(engine) as connection:
        outbox.revive(connection, "nothing", NOON)


def test_what_a_crashed_sender_left_is_taken_again_after_its_lease(told: Engine) -> None:
    first = _take(told)

    assert {each.key for each in first} == {each.key for each in _take(told, NOON + LEASE)}
    with write(told) as connection:
        assert not outbox.sent(connection, first[0], NOON + LEASE)


def test_planning_again_sends_nothing_twice(told: Engine) -> None:
    for each in _take(told):
        with write(told) as connection:
            outbox.sent(connection, each, NOON)
    make_all_due(told, NOON)
    reconcile(told, NOON)

    assert _counts(told) == {OutboxState.SENT: 2}


def test_a_waiting_message_whose_reason_goes_is_withdrawn_and_never_sent(told: Engine) -> None:
    _void_and_plan(told)

    assert _counts(told) == {OutboxState.WITHDRAWN: 2}
    assert _take(told, day(9)) == []


def test_a_message_that_is_being_sent_when_its_reason_goes_is_not_tried_again(told: Engine) -> None:
    first, second = _take(told)
    _void_and_plan(told)
    with write(told) as connection:
        outbox.failed(connection, first, reason="down", retry_at=day(1), now=NOON)
        outbox.sent(connection, second, NOON)

    assert _counts(told) == {OutboxState.WITHDRAWN: 1, OutboxState.SENT: 1}


def test_one_that_a_crashed_sender_left_and_whose_reason_has_gone_is_withdrawn(told: Engine) -> None:
    _take(told)
    _void_and_plan(told)

    assert _take(told, NOON + LEASE) == []
    assert _counts(told) == {OutboxState.WITHDRAWN: 2}


def test_a_dead_message_whose_reason_has_gone_is_not_revived(told: Engine) -> None:
    first, _ = _take(told)
    with write(told) as connection:
        outbox.failed(connection, first, reason="no such mailbox", retry_at=None, now=NOON)
    _void_and_plan(told)

    with write(told) as connection:
        assert not outbox.revive(connection, first.key, NOON)
        assert outbox.given_up(connection) == []
    assert _counts(told) == {OutboxState.WITHDRAWN: 1, OutboxState.SENDING: 1}


def test_what_was_given_up_is_told_with_its_reason_and_without_naming_anybody(told: Engine) -> None:
    first, _ = _take(told)
    with write(told) as connection:
        outbox.failed(connection, first, reason="no such mailbox", retry_at=None, now=day(1))
        [given_up] = outbox.given_up(connection)

    assert (given_up.id, given_up.key) == (outbox.letter_id(first.key), first.key)
    assert (given_up.at, given_up.attempts, given_up.reason) == (day(1), 1, "no such mailbox")


def test_a_revived_message_is_tried_as_often_as_a_new_one(told: Engine) -> None:
    first, _ = _take(told)
    with write(told) as connection:
        outbox.failed(connection, first, reason="no such mailbox", retry_at=None, now=NOON)
        outbox.revive(connection, first.key, day(2))

    assert [each.attempts for each in _take(told, day(2)) if each.key == first.key] == [1]


def test_a_withdrawn_message_keeps_no_lease(told: Engine) -> None:
    _take(told)
    _void_and_plan(told)
    _take(told, NOON + LEASE)

    with read(told) as connection:
        leases = connection.execute(select(OutboxRow.lease, OutboxRow.leased_until)).all()
    assert {tuple(each) for each in leases} == {(None, None)}


def test_a_withdrawn_message_comes_back_with_its_reason(engine: Engine) -> None:
    enrol(engine)
    with write(engine) as connection:
        contracts.save_contracts(connection, [a_contract()], NOON)
    take_in(engine, wanted(SAID))
    reconcile(engine, NOON)
    with write(engine) as connection:
        contracts.save_contracts(connection, [a_contract(withdrawn_at=day(-90))], NOON)
    reconcile(engine, NOON)
    assert _take(engine) == []
    with write(engine) as connection:
        contracts.save_contracts(connection, [a_contract()], NOON)
    reconcile(engine, NOON)

    assert len(_take(engine)) == 2


def test_a_message_sent_while_its_learner_is_planned_stays_sent(told: Engine) -> None:
    take_in(told, wanted(a_voider(SAID.id)))
    under_way = planned(told, NOON)
    for each in _take(told):
        with write(told) as connection:
            outbox.sent(connection, each, NOON)
    with write(told) as connection:
        apply_all(connection, under_way, NOON)

    assert _counts(told) == {OutboxState.SENT: 2}


def test_a_waiting_messages_text_follows_the_plan(engine: Engine) -> None:
    enrol(engine)
    with write(engine) as connection:
        contracts.save_contracts(connection, [a_contract()], NOON)
    take_in(engine, wanted(SAID))
    [done] = planned(engine, NOON)
    with write(engine) as connection:
        apply_all(connection, [done], NOON)
    first = done.plan.notices[0]
    make_all_due(engine, NOON)
    [again] = planned(engine, NOON)
    other = replace(first, details={"title": "Another title ✍️"})
    with write(engine) as connection:
        apply_all(connection, [replace(again, plan=replace(again.plan, notices=(other, *done.plan.notices[1:])))], NOON)

    assert loaded(engine).stored.messages[first.key].notice == other
    assert {"title": "Another title ✍️"} in [dict(each.details) for each in _take(engine)]
