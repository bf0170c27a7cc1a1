"""All tables of two databases, column by column, as the driver gives them: what differs though it should not.

A program that was down for some turns does in the evening what it would have done in the morning. So moments that were
taken from the clock are compared by their day; every other column has to be equal to the last byte.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

from sqlalchemy import Engine, Table

from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import Base

#: Clock columns, compared by day: table.column → why they hold the moment at which the program did something.
BY_DAY: Mapping[str, str] = {
    "statement.received_at": "when the page was taken in",
    "quarantine.at": "when the record was put aside",
    "source.last_started_at": "when the last pull began",
    "source.last_ok_at": "when the last pull ended",
    "due.due_at": "counted from when tasks were opened",
    "due.wake_at": "counted from when tasks were opened",
    "due.planned_at": "when the learner was planned last",
    "follow_up.opened_at": "when the learner was planned first with this completion",
    "follow_up.since": "for an open task, when it was opened; for one that ran out, counted from there",
    "follow_up.due_at": "counted from when the task was opened",
    "follow_up.expires_at": "counted from when the task was opened",
    "finding.since": "of a task that ran out, counted from when it was opened",
    "outbox.due_at": "counted from when the task was opened",
    "outbox.created_at": "when the learner was planned",
    "outbox.next_attempt_at": "when the message could leave for the first time",
    "summary.at": "when the figures were counted",
    "summary_state.at": "when the figures were counted",
    "outbox.settled_at": "when the message left, or was given up",
}

#: Columns that count the work and not its result, or stand for clock columns: table.column → why they may differ.
NOT_COMPARED: Mapping[str, str] = {
    "source.duplicates": "what was read again after a crash is counted again, as what it is: a repeat",
    "due.revision": "goes up with each page that speaks of the learner, and pages are cut differently after a crash",
    "due.fingerprint": "covers the moments at which tasks were opened",
    "summary_state.seconds": "how long counting the figures took",
    "outbox.attempts": "the attempt that a crash ended is counted",
}

Rows = Mapping[str, Mapping[str, object]]


def tables_of(engine: Engine) -> Mapping[str, Rows]:
    """Table → primary key → column → value, of everything that is kept."""
    with read(engine) as connection:
        return {
            table.name: _rows(table, connection.exec_driver_sql(_select(table)).mappings().all())  # type: ignore[arg-type]  # a row is a mapping
            for table in Base.metadata.sorted_tables
        }


def differences(one: Mapping[str, Rows], other: Mapping[str, Rows]) -> list[str]:
    """Each row or value that differs, one line each."""
    found = []
    for table, rows in one.items():
        found += [f"{table} {key}: only in the first" for key in rows.keys() - other[table].keys()]
        found += [f"{table} {key}: only in the second" for key in other[table].keys() - rows.keys()]
        for key in rows.keys() & other[table].keys():
            first, second = rows[key], other[table][key]
            found += [
                f"{table} {key}: {name}: {first[name]!r}, {second[name]!r}"
                for name in first
                if first[name] != second[name]
            ]
    return found


def _select(table: Table) -> str:
    columns = ", ".join(f'"{column.name}"' for column in table.columns)
    return f'SELECT {columns} FROM "{table.name}"'  # noqa: S608 - names of our own tables


def _rows(table: Table, rows: list[Mapping[str, object]]) -> Rows:
    keys = [column.name for column in table.primary_key]
    return {" ".join(str(row[key]) for key in keys): _comparable(table.name, row) for row in rows}


def _comparable(table: str, row: Mapping[str, object]) -> Mapping[str, object]:
    return {
        name: _day(value) if f"{table}.{name}" in BY_DAY else value
        for name, value in row.items()
        if f"{table}.{name}" not in NOT_COMPARED
    }


def _day(value: object) -> object:
    """The day of a moment, in UTC: SQLite keeps text, PostgreSQL gives a time in some zone."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).date().isoformat()
    return value[:10] if isinstance(value, str) else value
