"""Nothing that a plan hangs on is left out of its fingerprint: every table, every column, the rules, the settings."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC
from importlib.resources import files
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Column, Connection, Engine, Select, Table, create_engine, event, text
from sqlalchemy.pool import StaticPool
from sqlalchemy.sql import visitors

from lrs_bridge.store import fingerprint, program
from lrs_bridge.store.engine import read
from lrs_bridge.store.fingerprint import COMMON, FACTS, PLANS, UNSEEN, UNSEEN_COLUMNS, of_everybody, of_facts, of_plans
from lrs_bridge.store.tables import Base, DueRow, IdentityRow, StatementRow
from support.builders import a_statement
from support.store import a_voider, enrol, loaded, take_in, wanted

SIGHTS = (*FACTS, *COMMON, *PLANS)
SEEN = {(sight.table.__tablename__, name) for sight in SIGHTS for name in sight.columns}
#: Through these a statement is found.
LEADING = {"identity", "statement_member"}
UNSEEN_NAMES = {table.__tablename__ for table in UNSEEN}
UNSEEN_PLACES = {(column.parent.local_table.name, column.key) for column in UNSEEN_COLUMNS}  # type: ignore[attr-defined]  # a mapped class has one


def test_every_table_is_seen_or_left_out_for_a_reason() -> None:
    """A new table: does `plan` see it? Then it belongs into FACTS or COMMON; else into UNSEEN, with the reason."""
    seen = {table for table, _ in SEEN}

    assert seen | UNSEEN_NAMES == set(Base.metadata.tables)
    assert not seen & UNSEEN_NAMES


def test_every_column_of_a_table_that_is_seen_is_seen_or_left_out_for_a_reason() -> None:
    tables = {table for table, _ in SEEN}
    everything = {(name, column.name) for name in tables for column in Base.metadata.tables[name].columns}

    assert everything == SEEN | UNSEEN_PLACES
    assert not SEEN & UNSEEN_PLACES


def test_what_is_loaded_is_what_is_seen(engine: Engine) -> None:
    """Whatever `load` selects stands in the fingerprint; or its digest does, or it only leads to a statement."""
    enrol(engine)
    selected: set[tuple[str, str]] = set()

    def note(_connection: Any, element: Any, *_rest: Any) -> None:
        if isinstance(element, Select):
            for each in element.selected_columns:
                selected.update(_columns_in(each))

    event.listen(engine, "before_execute", note)
    loaded(engine)
    event.remove(engine, "before_execute", note)

    beside = {(DueRow, "due_at"), (IdentityRow, "learner_id"), (StatementRow, "body")}
    assert selected - SEEN == {(table.__tablename__, name) for table, name in beside}


def _columns_in(element: Any) -> Iterator[tuple[str, str]]:
    for each in visitors.iterate(element):
        if isinstance(each, Column) and isinstance(each.table, Table):
            yield each.table.name, each.name


@pytest.fixture(scope="module")
def rows() -> Iterator[Engine]:
    """One row in every table that is seen, all of them Ada's or everybody's; nothing refers to anything by force."""
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        Base.metadata.create_all(connection)
        for name in sorted({table for table, _ in SEEN} | LEADING):
            _put(connection, Base.metadata.tables[name])
        _put(connection, Base.metadata.tables["decision"], id="for-everybody", learner_id=None)
    yield engine
    engine.dispose()


@pytest.fixture
def furnished(rows: Engine) -> Iterator[Connection]:
    """A transaction over them that is rolled back."""
    with read(rows) as connection:
        yield connection


#: Where rows hang together; whatever else a column holds is its own name.
_KEYS = {
    "learner_id": "ada",
    "contract_id": "contract",
    "number": 1,
    "ifi": "mbox:ada@example.org",
    "statement_id": "s",
}
_OWN_IDS = {"learner": "ada", "contract": "contract", "statement": "s"}


def _put(connection: Any, table: Table, **changes: Any) -> None:
    row = {column.name: _KEYS.get(column.name, column.name) for column in table.columns}
    if "id" in row:
        row["id"] = _OWN_IDS.get(table.name, "id")
    row |= changes
    names, marks = ", ".join(f'"{name}"' for name in row), ", ".join(f":{name}" for name in row)
    connection.execute(text(f"INSERT INTO {table.name} ({names}) VALUES ({marks})"), row)  # noqa: S608  # our own tables


def _marks(connection: Connection, **changes: Any) -> tuple[str, str]:
    given: dict[str, Any] = {"rules": "digest", "zone": UTC, "hourly_rate": 4000, "locale": "en", "source_kinds": {}}
    common = of_everybody(connection, **(given | changes))
    return of_facts(connection, ["ada"], common)["ada"], of_plans(connection, ["ada"])["ada"]


def _kept(engine: Engine) -> tuple[str, str]:
    with read(engine) as connection:
        return _marks(connection)


@pytest.mark.parametrize("place", sorted(SEEN), ids=".".join)
def test_whatever_changes_in_a_row_changes_the_fingerprint(furnished: Connection, place: tuple[str, str]) -> None:
    before = _marks(furnished)
    table, column = place
    other = f"'other ' || ifnull(\"{column}\", '')"
    furnished.execute(text(f'UPDATE {table} SET "{column}" = {other}'))  # noqa: S608  # our own tables

    changed = [one != other for one, other in zip(before, _marks(furnished), strict=True)]

    derived = table in {sight.table.__tablename__ for sight in PLANS}
    assert changed == [not derived, derived]


@pytest.mark.parametrize("table", sorted({table for table, _ in SEEN} | LEADING))
def test_a_row_that_goes_changes_the_fingerprint(furnished: Connection, table: str) -> None:
    before = _marks(furnished)
    furnished.execute(text(f"DELETE FROM {table}"))  # noqa: S608  # our own tables

    assert _marks(furnished) != before


@pytest.mark.parametrize("place", sorted(UNSEEN_PLACES - {("statement", "ifi")}), ids=".".join)
def test_what_no_plan_sees_changes_nothing(furnished: Connection, place: tuple[str, str]) -> None:
    before = _marks(furnished)
    furnished.execute(text(f"UPDATE {place[0]} SET \"{place[1]}\" = 'other'"))  # noqa: S608  # our own tables

    assert _marks(furnished) == before


@pytest.mark.parametrize(
    "changes",
    [
        {"rules": "another"},
        {"zone": ZoneInfo("Europe/Berlin")},
        {"hourly_rate": 1},
        {"locale": "de"},
        {"source_kinds": {"lms": "xapi"}},
    ],
    ids=lambda changes: next(iter(changes)),
)
def test_rules_and_settings_are_in_it(furnished: Connection, changes: dict[str, Any]) -> None:
    assert _marks(furnished, **changes)[0] != _marks(furnished)[0]


def test_two_names_of_one_time_zone_are_one(furnished: Connection) -> None:
    assert _marks(furnished, zone=UTC)[0] == _marks(furnished, zone=ZoneInfo("Etc/UTC"))[0]


def test_the_program_is_in_it(furnished: Connection, monkeypatch: pytest.MonkeyPatch) -> None:
    before = _marks(furnished)
    monkeypatch.setattr(fingerprint, "program", lambda: "another")

    assert _marks(furnished)[0] != before[0]


def test_the_program_is_its_sources_and_the_libraries_below(monkeypatch: pytest.MonkeyPatch) -> None:
    found = program.program.__wrapped__()
    monkeypatch.setattr(program, "version", lambda _library: "0")

    assert program.program.__wrapped__() != found
    names = {source.name for package in program.PACKAGES for source in program.sources(files(package))}
    assert {"plan.py", "seeing.py", "load.py", "ruleset.py"} <= names


def test_a_voider_changes_the_fingerprint_of_whom_it_concerns(engine: Engine) -> None:
    enrol(engine)
    said = wanted(a_statement())
    take_in(engine, said)
    before = _kept(engine)
    take_in(engine, wanted(a_voider(said.id)))

    assert _kept(engine)[0] != before[0]


def test_who_was_never_heard_of_has_a_fingerprint_as_well(engine: Engine) -> None:
    enrol(engine)

    assert [len(mark) for mark in _kept(engine)] == [32, 32]
