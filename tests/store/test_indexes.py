"""The questions that are asked all the time are answered by indexes, however large the tables grow."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, Engine, event

from lrs_bridge.store import contracts, drift, outbox, quarantine
from lrs_bridge.store.apply import apply_all
from lrs_bridge.store.engine import read, write
from support.builders import NOON, a_contract, a_learner, a_statement
from support.store import a_voider, enrol, loaded, planned, reconcile, take_in, wanted

#: Tables that are read whole on purpose: they are small, or asked for whole.
WHOLE = frozenset({"activity", "need", "decision", "ruleset", "source", "summary_state"})


@contextmanager
def _asked(engine: Engine) -> Iterator[list[tuple[str, Any]]]:
    """The statements that reach the database, with their values."""
    found: list[tuple[str, Any]] = []

    def note(_c: Connection, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        if statement.split(maxsplit=1)[0] in {"SELECT", "UPDATE", "DELETE"}:
            found.append((statement, parameters[0] if many else parameters))

    event.listen(engine, "before_cursor_execute", note)
    yield found
    event.remove(engine, "before_cursor_execute", note)


def _scans(engine: Engine, asked: list[tuple[str, Any]]) -> list[str]:
    """What SQLite would read from beginning to end to answer."""
    scans = []
    with read(engine) as connection:
        for statement, parameters in asked:
            plan = connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", parameters).all()
            details = [str(row[-1]) for row in plan]
            scans += [
                f"{detail}: {statement}"
                for detail in details
                if detail.startswith("SCAN ") and "INDEX" not in detail and detail.split()[1] not in WHOLE
            ]
    return scans


@pytest.fixture
def busy(sqlite_engine: Engine) -> Engine:
    """Some people with some history. PostgreSQL has the same indexes, but small tables make it scan all the same."""
    engine = sqlite_engine
    enrol(engine, a_learner(), *(a_learner(id=f"l{number}") for number in range(20)))
    with write(engine) as connection:
        contracts.save_contracts(connection, [a_contract()], NOON)
    take_in(engine, wanted(a_statement("passed")))
    reconcile(engine, NOON)
    return engine


def test_taking_in_a_page_scans_nothing(busy: Engine) -> None:
    with _asked(busy) as asked:
        take_in(busy, wanted(a_statement("completed")), wanted(a_voider(a_statement("passed").id)))

    assert len(asked) >= 5
    assert _scans(busy, asked) == []


def test_claiming_loading_and_applying_scan_nothing(busy: Engine) -> None:
    take_in(busy, wanted(a_voider(a_statement("passed").id)))
    with _asked(busy) as asked:
        chunk = planned(busy, NOON)
        with write(busy) as connection:
            apply_all(connection, chunk, NOON)

    assert len(asked) >= 20
    assert _scans(busy, asked) == []


def test_sending_and_looking_into_quarantine_scan_nothing(busy: Engine) -> None:
    with _asked(busy) as asked:
        for message in outbox.take(busy, now=NOON, limit=5):
            with write(busy) as connection:
                outbox.sent(connection, message, NOON)
        with read(busy) as connection:
            quarantine.find(connection)
            quarantine.count(connection)

    assert len(asked) >= 5
    assert _scans(busy, asked) == []


def test_finding_what_people_ask_for_scans_nothing(busy: Engine) -> None:
    with _asked(busy) as asked, read(busy) as connection:
        contracts.find_goal(connection, "goal-spreadsheets")
        contracts.find_support(connection, "s1")
        contracts.get_contract(connection, "contract-2026")

    assert _scans(busy, asked) == []
    assert loaded(busy).stored.completions != ()


@pytest.mark.parametrize("field", ["stored", "timestamp"])
def test_comparing_a_span_with_its_source_reads_no_table_from_end_to_end(busy: Engine, field: drift.TimeField) -> None:
    with _asked(busy) as asked:
        list(drift.kept_between(busy, "lms", field, NOON, NOON))
        with read(busy) as connection:
            drift.compare(connection, "lms", [wanted(a_statement("passed"))], [])
            drift.voided_among(connection, ["a"])

    assert asked
    assert [] == _scans(busy, asked)
