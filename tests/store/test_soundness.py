"""A sound database is called sound; each promise that is broken is named, with what to do. On both databases."""

from collections.abc import Callable

import pytest
from sqlalchemy import Connection, Engine, delete, insert, text, update

from lrs_bridge.domain.waste import FindingStatus, WasteReason
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.soundness import PROMISES, troubles
from lrs_bridge.store.tables import (
    CompletionLinkRow,
    CompletionRow,
    DueRow,
    FindingRow,
    LearnerRow,
    LinkKind,
    OutboxRow,
    OutboxState,
)
from support.builders import EXCEL, UNKNOWN, a_contract, a_statement, day
from support.store import enrol, reconcile, take_in, wanted


@pytest.fixture
def filled(engine: Engine) -> Engine:
    """Ada has completed two things, one of them for a goal of hers."""
    enrol(engine)
    with write(engine) as connection:
        save_contracts(connection, [a_contract()], day(-60))
    take_in(engine, wanted(a_statement("completed", EXCEL)), wanted(a_statement("completed", UNKNOWN)))
    reconcile(engine, day(1))
    return engine


def found(engine: Engine) -> list[str]:
    with read(engine) as connection:
        return [trouble.what for trouble in troubles(connection)]


def test_what_the_product_wrote_is_sound(filled: Engine) -> None:
    assert found(filled) == []


def without_due(connection: Connection) -> None:
    connection.execute(delete(DueRow))


def without_completion(connection: Connection) -> None:
    connection.execute(delete(CompletionRow).where(CompletionRow.activity_id == EXCEL))


def with_a_finding_about_nothing(connection: Connection) -> None:
    values: dict[str, object] = {
        "learner_id": "ada",
        "id": "f1",
        "reason": WasteReason.NO_CONTRACT,
        "status": FindingStatus.OPEN,
        "since": day(1),
        "completion_id": "no such completion",
        "activity_id": EXCEL,
        "provider": "",
        "hours": 1.0,
        "money": 0,
        "counted": True,
    }
    connection.execute(insert(FindingRow), [values])


def with_a_link_too_many(connection: Connection) -> None:
    key = connection.execute(text("SELECT learner_id, id FROM completion")).first()
    assert key is not None
    values = {"learner_id": key[0], "completion_id": key[1], "kind": LinkKind.RULE, "value": "no such rule"}
    connection.execute(insert(CompletionLinkRow), [values])


def without_links(connection: Connection) -> None:
    connection.execute(delete(CompletionLinkRow))


def sent_by_nobody(connection: Connection) -> None:
    connection.execute(update(OutboxRow).values(state=OutboxState.SENDING, leased_until=None))


BREAKS: dict[str, Callable[[Connection], None]] = {
    "learners are never planned: nothing says when they are due": without_due,
    "evidence speaks of a completion that is not there": without_completion,
    "application tasks hang on a completion that is not there, and do not say so": without_completion,
    "findings speak of a completion that is not there": with_a_finding_about_nothing,
    "completions are looked up by other things than they list": with_a_link_too_many,
    "messages are being sent by nobody": sent_by_nobody,
}


@pytest.mark.parametrize("broken", BREAKS)
def test_each_broken_promise_is_found(filled: Engine, broken: str) -> None:
    with write(filled) as connection:
        BREAKS[broken](connection)

    assert broken in found(filled)


def test_every_promise_is_broken_here() -> None:
    assert list(BREAKS) == [promise.broken for promise in PROMISES]


def test_links_that_are_missing_are_found(filled: Engine) -> None:
    with write(filled) as connection:
        without_links(connection)

    assert found(filled) == ["completions are looked up by other things than they list"]


def test_every_trouble_says_what_to_do(filled: Engine) -> None:
    assert all(promise.advice for promise in PROMISES)


def test_rows_without_their_owner_are_found(sqlite_engine: Engine) -> None:
    enrol(sqlite_engine)
    with sqlite_engine.connect() as connection:
        connection.exec_driver_sql("ROLLBACK")
        connection.exec_driver_sql("PRAGMA foreign_keys = OFF")
        connection.exec_driver_sql("BEGIN IMMEDIATE")
        connection.execute(delete(LearnerRow).where(LearnerRow.id == "ada"))
        connection.commit()

    assert "rows of identity belong to no row of learner" in found(sqlite_engine)
