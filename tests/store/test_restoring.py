"""Restoring checks first, replaces nothing unasked, keeps what it replaces, and holds messages back."""

import sqlite3
import stat
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine, delete, insert, select

from lrs_bridge.domain.notice import NoticeKind
from lrs_bridge.store import backup, schema
from lrs_bridge.store.engine import make_engine, read, write
from lrs_bridge.store.errors import Damaged, Refused
from lrs_bridge.store.outbox import OutboxState, revive, take
from lrs_bridge.store.restoring import HELD_BACK, restore
from lrs_bridge.store.tables import LearnerRow, OutboxRow
from support.builders import EXCEL, a_statement, day
from support.store import enrol, reconcile, take_in, wanted

LATER = day(5)


@pytest.fixture
def filled(sqlite_engine: Engine) -> Engine:
    """Ada has completed something; what follows from that waits to be told."""
    enrol(sqlite_engine)
    take_in(sqlite_engine, wanted(a_statement("completed", EXCEL)))
    reconcile(sqlite_engine, day(1))
    return sqlite_engine


@pytest.fixture
def kept(filled: Engine, tmp_path: Path) -> Path:
    """A backup of it."""
    return backup.save(filled, tmp_path / "backup.db", day(1))


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Engine]:
    """Where there is no database yet."""
    engine = make_engine(f"sqlite:///{tmp_path / 'elsewhere.db'}")
    yield engine
    engine.dispose()


def learners(engine: Engine) -> list[str]:
    with read(engine) as connection:
        return list(connection.execute(select(LearnerRow.id)).scalars())


def forget_everybody(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(delete(LearnerRow))
    engine.dispose()


def test_a_backup_is_put_where_nothing_is(kept: Path, elsewhere: Engine) -> None:
    done = restore(elsewhere, kept, LATER)

    assert (done.replaced, done.upgraded) == (None, False)
    assert learners(elsewhere) == ["ada"]
    assert stat.S_IMODE(done.file.stat().st_mode) == 0o600


def test_a_database_that_is_there_is_replaced_only_by_force_and_kept(filled: Engine, kept: Path) -> None:
    forget_everybody(filled)

    with pytest.raises(Refused, match="--force"):
        restore(filled, kept, LATER)
    assert learners(filled) == []
    filled.dispose()
    done = restore(filled, kept, LATER, force=True)

    assert learners(filled) == ["ada"]
    assert done.replaced is not None
    assert done.replaced.name == "store.db.replaced-20260306T120000Z"
    before = make_engine(f"sqlite:///{done.replaced}")
    assert learners(before) == []
    before.dispose()


def test_whoever_could_read_the_database_can_read_the_restored_one(filled: Engine, kept: Path, tmp_path: Path) -> None:
    filled.dispose()
    (tmp_path / "store.db").chmod(0o640)

    restore(filled, kept, LATER, force=True)

    assert stat.S_IMODE((tmp_path / "store.db").stat().st_mode) == 0o640


def test_a_database_in_use_is_not_replaced(filled: Engine, kept: Path, tmp_path: Path) -> None:
    filled.dispose()
    with closing(sqlite3.connect(tmp_path / "store.db")) as somebody:
        somebody.execute("SELECT count(*) FROM learner").fetchall()

        with pytest.raises(Refused, match="in use"):
            restore(filled, kept, LATER, force=True)

    assert list(tmp_path.glob("*replaced*")) == []
    assert list(tmp_path.glob(".*part*")) == []


def test_a_damaged_database_can_be_replaced(filled: Engine, kept: Path, tmp_path: Path) -> None:
    filled.dispose()
    (tmp_path / "store.db").write_bytes(b"not a database any more" * 1000)

    restore(filled, kept, LATER, force=True)

    assert learners(filled) == ["ada"]
    assert (tmp_path / "store.db.replaced-20260306T120000Z").read_bytes().startswith(b"not a database")


def test_the_log_of_a_lost_database_is_not_taken_for_the_new_one_s(
    kept: Path, elsewhere: Engine, tmp_path: Path
) -> None:
    (tmp_path / "elsewhere.db-wal").write_bytes(b"what came last")

    restore(elsewhere, kept, LATER)

    assert learners(elsewhere) == ["ada"]
    assert (tmp_path / "elsewhere.db.replaced-20260306T120000Z-wal").read_bytes() == b"what came last"


@pytest.mark.parametrize("body", [b"", b"not a database", b"SQLite format 3\0" + b"\x5a" * 5000])
def test_what_is_no_backup_changes_nothing(elsewhere: Engine, tmp_path: Path, body: bytes) -> None:
    (tmp_path / "odd.db").write_bytes(body)

    with pytest.raises((Damaged, Refused), match=r"odd\.db"):
        restore(elsewhere, tmp_path / "odd.db", LATER)

    assert not (tmp_path / "elsewhere.db").exists()


def test_a_backup_that_is_not_there_is_named(elsewhere: Engine, tmp_path: Path) -> None:
    with pytest.raises(Damaged, match=r"nothing\.db"):
        restore(elsewhere, tmp_path / "nothing.db", LATER)


def test_rows_that_belong_to_nobody_are_found_before_anything_is_touched(kept: Path, elsewhere: Engine) -> None:
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("DELETE FROM learner")
        connection.commit()

    with pytest.raises(Damaged, match="belongs to none of learner"):
        restore(elsewhere, kept, LATER)


def stamped(kept: Path, revision: str) -> None:
    with closing(sqlite3.connect(kept)) as connection:
        connection.execute("UPDATE alembic_version SET version_num = ?", (revision,))
        connection.commit()


def test_a_backup_of_a_later_version_is_refused(kept: Path, elsewhere: Engine) -> None:
    stamped(kept, "9999")

    with pytest.raises(Refused, match="a later version"):
        restore(elsewhere, kept, LATER)


def test_a_backup_of_an_earlier_version_is_upgraded_when_told(elsewhere: Engine, tmp_path: Path) -> None:
    old = tmp_path / "old.db"
    engine = make_engine(f"sqlite:///{old}")
    with write(engine) as connection:
        command.upgrade(schema.configuration(connection), "0001")
    engine.dispose()

    if schema.head() != "0001":
        with pytest.raises(Refused, match="--upgrade"):
            restore(elsewhere, old, LATER)
    done = restore(elsewhere, old, LATER, upgrade=True)

    schema.check(elsewhere)
    assert done.upgraded == (schema.head() != "0001")


def messages(engine: Engine) -> dict[str, OutboxState]:
    with read(engine) as connection:
        return {row.key: row.state for row in connection.execute(select(OutboxRow.key, OutboxRow.state))}


def a_waiting_message(engine: Engine, key: str, state: OutboxState, at: float) -> None:
    row = {
        "key": key,
        "learner_id": "ada",
        "notice_key": key,
        "kind": NoticeKind.FOLLOW_UP_OPENED,
        "recipient_id": "ada",
        "due_at": day(at),
        "details": {},
        "state": state,
        "holds": True,
        "created_at": day(at),
        "next_attempt_at": day(at),
        "attempts": 0,
        "last_error": "",
    }
    with write(engine) as connection:
        connection.execute(insert(OutboxRow), [row])


def test_messages_that_may_have_gone_out_meanwhile_are_held_back(
    filled: Engine, elsewhere: Engine, tmp_path: Path
) -> None:
    for key, state, at in (
        ("waited", OutboxState.PENDING, 0),
        ("in flight", OutboxState.SENDING, 0),
        ("sent", OutboxState.SENT, 0),
        ("not due yet", OutboxState.PENDING, 9),
    ):
        a_waiting_message(filled, key, state, at)

    done = restore(elsewhere, backup.save(filled, tmp_path / "b.db", day(1)), LATER)

    states = messages(elsewhere)
    assert done.held_back == 2
    assert {states["waited"], states["in flight"]} == {OutboxState.DEAD}
    assert (states["sent"], states["not due yet"]) == (OutboxState.SENT, OutboxState.PENDING)
    assert take(elsewhere, now=LATER, limit=10) == []


def test_what_was_held_back_can_be_sent_after_all(filled: Engine, elsewhere: Engine, tmp_path: Path) -> None:
    a_waiting_message(filled, "waited", OutboxState.PENDING, 0)
    restore(elsewhere, backup.save(filled, tmp_path / "b.db", day(1)), LATER)

    with write(elsewhere) as connection:
        reason = connection.execute(select(OutboxRow.last_error).where(OutboxRow.key == "waited")).scalar_one()
        assert revive(connection, "waited", LATER)

    assert reason == HELD_BACK
    assert [each.key for each in take(elsewhere, now=LATER, limit=10)] == ["waited"]


def test_nothing_is_held_back_when_told_so(filled: Engine, elsewhere: Engine, tmp_path: Path) -> None:
    a_waiting_message(filled, "waited", OutboxState.PENDING, 0)

    done = restore(elsewhere, backup.save(filled, tmp_path / "b.db", day(1)), LATER, send=True)

    assert done.held_back == 0
    assert messages(elsewhere)["waited"] is OutboxState.PENDING
