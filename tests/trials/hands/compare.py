"""Two databases side by side, row by row: everything counts but what is listed here, each with its reason.

A fact that two wrote at once and one of them lost, a task that was opened twice, a message that was written twice, a
learner whom nobody made due: each is a difference.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, select

from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import Base

#: (table, column) → why it may differ between two runs of the same.
LEFT_OUT: Mapping[tuple[str, str], str] = {
    ("audit", "id"): "a number that the database draws; whose act came first is a matter of luck",
    ("ruleset_activation", "id"): "the same",
    ("due", "fingerprint"): "stands for rows with the moments in them that are compared to the day",
    ("source", "duplicates"): "how often an overlap was read again grows with every pull",
    ("outbox", "attempts"): "a message that its sender took to the grave is taken again",
    ("user_account", "last_sign_in_at"): "only who acts over the pages signs in",
}

#: Tables that are counted from the others whenever somebody asks: they say nothing of their own.
COUNTED = frozenset({"activity_summary", "summary", "summary_state"})

#: Columns that hold the moment at which some process looked: compared to the day, as rounds are a week apart.
CLOCK: frozenset[tuple[str, str]] = frozenset(
    {
        ("due", "due_at"),
        ("due", "planned_at"),
        ("due", "wake_at"),
        ("finding", "since"),
        ("follow_up", "due_at"),
        ("follow_up", "expires_at"),
        ("follow_up", "opened_at"),
        ("follow_up", "since"),
        ("goal_progress", "since"),
        ("outbox", "created_at"),
        ("outbox", "due_at"),
        ("outbox", "next_attempt_at"),
        ("outbox", "settled_at"),
        ("quarantine", "at"),
        ("source", "last_ok_at"),
        ("source", "last_started_at"),
        ("statement", "received_at"),
    }
)

Row = tuple[tuple[str, Any], ...]
Tables = Mapping[str, Counter[Row]]
#: What is made of a value that is a moment of some process.
ToClock = Callable[[datetime], Any]


def to_the_day(moment: datetime) -> Any:
    return moment.date()


def not_at_all(_: datetime) -> Any:
    """For runs on the machine's own clock, which are minutes apart and may have a midnight between them."""
    return "some moment"


def tables_of(
    engine: Engine,
    *,
    apart: Collection[str] = (),
    clock: ToClock = to_the_day,
    but: Collection[tuple[str, str]] = (),
) -> Tables:
    """Every row of every table; `apart` are learners whose revision follows from who was faster.

    `but` names columns that are left out besides those that always are.
    """
    with read(engine) as connection:
        return {
            table.name: Counter(
                _row(table.name, dict(row._mapping), apart, clock, but) for row in connection.execute(select(table))
            )
            for table in Base.metadata.sorted_tables
            if table.name not in COUNTED
        }


def differences(one: Tables, other: Tables) -> list[str]:
    """The rows that only one of both has, in words."""
    return [
        f"{name}: {side} only, {count} times: {dict(row)}"
        for name in one
        for side, rows in (("here", one[name] - other[name]), ("there", other[name] - one[name]))
        for row, count in sorted(rows.items(), key=repr)
    ]


def lost_updates(one: Tables, other: Tables) -> int:
    """Learners whose count of facts differs, and counters of sources that do."""
    return sum(len(one[name] - other[name]) for name in ("due", "source", "noise"))


def _row(
    table: str, row: dict[str, Any], apart: Collection[str], clock: ToClock, but: Collection[tuple[str, str]]
) -> Row:
    if table == "due" and row["learner_id"] in apart:
        row["revision"] = "told apart by who was faster"
    return tuple(
        (name, clock(value) if (table, name) in CLOCK and value is not None else _hashable(value))
        for name, value in sorted(row.items())
        if (table, name) not in LEFT_OUT and (table, name) not in but
    )


def _hashable(value: Any) -> Any:
    try:
        hash(value)
    except TypeError:
        return repr(sorted(value.items())) if isinstance(value, Mapping) else repr(value)
    return value
