"""A copy of an SQLite database is whole, whoever writes meanwhile, and never replaces anything."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, func, insert, select

from lrs_bridge.store import backup
from lrs_bridge.store.engine import make_engine, read, write
from lrs_bridge.store.errors import Damaged, Refused, StoreError
from lrs_bridge.store.tables import UnitRow
from support.builders import NOON


def add_unit(connection: Any, name: str) -> None:
    connection.execute(insert(UnitRow), [{"name": name, "partner_id": None}])


def units(file: Path) -> int:
    engine = make_engine(f"sqlite:///{file}")
    with read(engine) as connection:
        found: int = connection.execute(select(func.count()).select_from(UnitRow)).scalar_one()
    engine.dispose()
    return found


def test_a_copy_holds_what_was_committed_and_needs_no_file_beside_it(sqlite_engine: Engine, tmp_path: Path) -> None:
    with write(sqlite_engine) as connection:
        add_unit(connection, "sales")

    done = backup.save(sqlite_engine, tmp_path / "copy.db", NOON)

    assert done == tmp_path / "copy.db"
    assert stat.S_IMODE(done.stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.glob("*copy*")] == ["copy.db"]
    assert units(done) == 1


def test_a_copy_is_made_while_somebody_writes(sqlite_engine: Engine, tmp_path: Path) -> None:
    with write(sqlite_engine) as connection:
        add_unit(connection, "half a transaction")
        done = backup.save(sqlite_engine, tmp_path / "copy.db", NOON)
        add_unit(connection, "the other half")

    assert units(done) == 0
    assert units(tmp_path / "store.db") == 2


def test_in_a_folder_a_copy_is_named_after_the_database_and_the_time(sqlite_engine: Engine, tmp_path: Path) -> None:
    folder = tmp_path / "backups"
    folder.mkdir()

    assert backup.save(sqlite_engine, folder, NOON) == folder / "store-20260301T120000Z.db"


def test_what_is_there_is_never_written_over(sqlite_engine: Engine, tmp_path: Path) -> None:
    there = tmp_path / "precious.db"
    there.write_text("precious")

    with pytest.raises(Refused, match="already"):
        backup.save(sqlite_engine, there, NOON)

    assert there.read_text() == "precious"


def test_what_appears_meanwhile_is_not_written_over_either(tmp_path: Path) -> None:
    part, there = tmp_path / "part", tmp_path / "there"
    part.write_text("new")
    there.write_text("precious")

    with pytest.raises(Refused, match="meanwhile"):
        backup.finish(part, there)

    assert there.read_text() == "precious"


def fill_up(part: Path) -> None:
    with closing(sqlite3.connect(part)) as connection:
        connection.execute("PRAGMA max_page_count = 2")
        connection.execute("CREATE TABLE large (text)")
        connection.execute("INSERT INTO large VALUES (zeroblob(1000000))")


def test_of_a_copy_that_fails_nothing_is_left(sqlite_engine: Engine, tmp_path: Path) -> None:
    target = tmp_path / "copy.db"

    with pytest.raises(StoreError, match="SQLITE_FULL"), backup.unfinished(target) as part:
        fill_up(part)

    assert list(tmp_path.glob("*copy*")) == []


def test_a_damaged_database_is_not_taken_for_a_backup(sqlite_engine: Engine, tmp_path: Path) -> None:
    with write(sqlite_engine) as connection:
        for number in range(3000):
            add_unit(connection, f"unit {number} " + "x" * 50)
    good = backup.save(sqlite_engine, tmp_path / "good.db", NOON)
    body = bytearray(good.read_bytes())
    body[-40_000:-20_000] = b"\x5a" * 20_000
    (tmp_path / "bad.db").write_bytes(body)
    damaged = make_engine(f"sqlite:///{tmp_path / 'bad.db'}")

    with pytest.raises(Damaged, match=r"bad\.db"):
        backup.save(damaged, tmp_path / "copy.db", NOON)

    damaged.dispose()
    assert not (tmp_path / "copy.db").exists()


def test_postgresql_is_told_its_own_tool_without_the_password() -> None:
    engine = make_engine("postgresql://bridge:sesame@db.example.org/learning")

    with pytest.raises(Refused) as refused:
        backup.file_of(engine)

    assert "pg_dump --format=custom" in str(refused.value)
    assert "postgresql://bridge@db.example.org/learning" in str(refused.value)
    assert "sesame" not in str(refused.value)


def test_a_database_in_memory_has_no_file_to_copy() -> None:
    with pytest.raises(Refused, match="in memory"):
        backup.file_of(make_engine("sqlite://"))
