"""Many at once: pages come in, rules change, workers plan; nothing is lost and nobody waits for ever."""

import threading
from collections.abc import Callable

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from lrs_bridge.domain.learner import Identity
from lrs_bridge.store import due, people
from lrs_bridge.store.apply import apply_all
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import save_page
from support.builders import EXCEL, NOON, a_learner
from support.store import enrol, loaded, make_all_due, planned, reconcile, take_in, wanted

LEARNERS = [f"l{number}" for number in range(12)]
ROUNDS = 6


def _said(learner: int, number: int) -> dict[str, object]:
    return {
        "id": f"00000000-0000-4000-8000-{learner:06}{number:06}",
        "actor": {"mbox": f"mailto:l{learner}@example.org"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
        "object": {"id": f"{EXCEL}&part={number}"},
        "timestamp": NOON.isoformat(),
    }


def _at_once(*jobs: Callable[[], None]) -> list[BaseException]:
    """Run these side by side; what any of them raised."""
    raised: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as error:  # noqa: BLE001  # handed to the test, which fails by it
            raised.append(error)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    return raised


def test_nothing_is_lost_while_pages_come_in_rules_change_and_workers_plan(engine: Engine) -> None:
    enrol(engine, *(a_learner(id=each) for each in LEARNERS))

    def pull() -> None:
        for number in range(ROUNDS):
            take_in(engine, *(wanted(_said(learner, number)) for learner in range(len(LEARNERS))))

    def work() -> None:
        for _ in range(ROUNDS):
            reconcile(engine, NOON)

    def change_rules() -> None:
        for _ in range(ROUNDS):
            make_all_due(engine, NOON)

    assert _at_once(pull, work, work, change_rules) == []
    while planned_now := planned(engine, NOON):
        with write(engine) as connection:
            apply_all(connection, planned_now, NOON)

    assert {ROUNDS} == {len(loaded(engine, each).stored.completions) for each in LEARNERS}
    with read(engine) as connection:
        assert due.count_due(connection, NOON) == 0


def test_a_statement_and_the_identity_of_its_actor_cannot_pass_each_other_unseen(postgres_engine: Engine) -> None:
    """Each must see the other, or nobody becomes due; so the one that comes second waits. (SQLite has one writer.)"""
    enrol(postgres_engine, a_learner(id="ben"))
    adas = Identity("mbox:l1@example.org", "ben", NOON)

    def link_meanwhile() -> None:
        with write(postgres_engine) as connection:
            connection.execute(text("SET LOCAL lock_timeout = '50ms'"))
            people.link(connection, adas, NOON)

    with write(postgres_engine) as connection:
        save_page(
            connection,
            source="lms",
            wanted=[wanted(_said(1, 0))],
            rejected=[],
            noise={},
            cursor=None,
            latest=None,
            now=NOON,
        )
        with pytest.raises(OperationalError, match="lock timeout"):
            link_meanwhile()

    link_meanwhile()
    reconcile(postgres_engine, NOON)
    assert len(loaded(postgres_engine, "ben").stored.completions) == 1
