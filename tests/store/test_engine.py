import sys
import threading
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, insert, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

from lrs_bridge.store.engine import make_engine, read, write
from lrs_bridge.store.errors import Unreachable
from lrs_bridge.store.tables import DueRow, IdentityRow, LearnerRow, UnitRow

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_what_a_block_wrote_is_kept_when_it_ends_well(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(insert(UnitRow).values(name="Sales"))

    with read(engine) as connection:
        assert connection.execute(select(UnitRow.name)).scalars().all() == ["Sales"]


def test_what_a_block_wrote_is_rolled_back_when_it_fails(engine: Engine) -> None:
    def fail() -> None:
        with write(engine) as connection:
            connection.execute(insert(UnitRow).values(name="Sales"))
            raise LookupError

    with pytest.raises(LookupError):
        fail()

    with read(engine) as connection:
        assert connection.execute(select(UnitRow.name)).all() == []


def test_reading_keeps_nothing(engine: Engine) -> None:
    with read(engine) as connection:
        connection.execute(insert(UnitRow).values(name="Sales"))

    with read(engine) as connection:
        assert connection.execute(select(UnitRow.name)).all() == []


def test_a_connection_that_wrote_is_an_ordinary_one_again(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(select(UnitRow.name))
    with read(engine), read(engine):
        pass  # two readers side by side: neither asks for the writer's place

    with read(engine) as reader, write(engine) as writer:
        writer.execute(insert(UnitRow).values(name="Sales"))
        assert reader.execute(select(UnitRow.name)).all() == []


def test_writers_that_read_first_lose_nothing(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(insert(LearnerRow).values(id="ada", name="", email="", unit="", job=""))
        connection.execute(insert(DueRow).values(learner_id="ada", revision=0, failures=0, last_error=""))

    def count() -> None:
        for _ in range(25):
            with write(engine) as connection:
                seen = connection.execute(select(DueRow.revision).with_for_update()).scalar_one()
                connection.execute(update(DueRow).values(revision=seen + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()

    with read(engine) as connection:
        assert connection.execute(select(DueRow.revision)).scalar_one() == 100


def test_what_refers_to_nothing_is_refused(engine: Engine) -> None:
    with pytest.raises(IntegrityError), write(engine) as connection:
        connection.execute(insert(IdentityRow).values(ifi="x", learner_id="nobody", linked_at=AT, origin=""))


def test_an_error_of_the_database_quotes_nothing_of_what_was_to_be_written(engine: Engine) -> None:
    stranger = {
        "ifi": "mbox:ada@example.org",
        "learner_id": "nobody",
        "linked_at": datetime(2026, 3, 1, tzinfo=UTC),
        "origin": "import",
    }

    with pytest.raises(IntegrityError) as refused, write(engine) as connection:
        connection.execute(insert(IdentityRow).values(**stranger))

    assert "ada@example.org" not in str(refused.value)


def test_a_time_without_a_zone_is_refused(engine: Engine) -> None:
    naive = AT.replace(tzinfo=None)

    with pytest.raises(StatementError, match="without a zone"), write(engine) as connection:
        connection.execute(insert(IdentityRow).values(ifi="x", learner_id="nobody", linked_at=naive, origin=""))


def test_times_compare_as_moments_whatever_their_zone(engine: Engine) -> None:
    with write(engine) as connection:
        connection.execute(insert(LearnerRow).values(id="ada", name="", email="", unit="", job=""))
        connection.execute(insert(IdentityRow).values(ifi="x", learner_id="ada", linked_at=AT, origin=""))

    kathmandu = timezone(timedelta(hours=5, minutes=45))
    with read(engine) as connection:
        asked = select(IdentityRow.linked_at).where(IdentityRow.linked_at == AT.astimezone(kathmandu))
        assert AT == connection.execute(asked).scalar_one()


def test_sqlite_writes_ahead(engine: Engine) -> None:
    if engine.dialect.name == "sqlite":
        with read(engine) as connection:
            assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    else:
        with read(engine) as connection:
            assert connection.execute(text("SHOW timezone")).scalar_one() == "UTC"


def test_a_file_that_another_process_keeps_busy_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrs_bridge.store.engine.BUSY_SECONDS", 0.05)
    url = f"sqlite:///{tmp_path / 'store.db'}"
    first, second = make_engine(url), make_engine(url)

    with write(first), pytest.raises(Unreachable, match=r"store\.db .*busy"), write(second):
        pass
    first.dispose()
    second.dispose()


@pytest.mark.real_server
def test_a_server_that_goes_away_without_a_word_is_missed_soon(postgres_url: str) -> None:
    engine = make_engine(postgres_url)
    with read(engine) as connection:
        asked: Any = connection.connection.dbapi_connection
        parameters = asked.info.get_parameters()
    engine.dispose()

    unanswered = int(parameters["keepalives_idle"]) + int(parameters["keepalives_interval"]) * int(
        parameters["keepalives_count"]
    )
    assert unanswered == int(parameters["tcp_user_timeout"]) / 1000 == 90


@pytest.mark.real_server
def test_a_server_that_goes_away_is_named(postgres_url: str) -> None:
    engine, other = make_engine(postgres_url), make_engine(postgres_url)

    def lose_it() -> None:
        with read(engine) as connection:
            own = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            with write(other) as somebody:
                somebody.execute(text("SELECT pg_terminate_backend(:own)"), {"own": own})
            connection.execute(text("SELECT 1"))

    with pytest.raises(Unreachable, match="stopped answering"):
        lose_it()
    with read(engine) as connection:
        assert connection.execute(text("SELECT 1")).scalar_one() == 1
    engine.dispose()
    other.dispose()


@pytest.mark.parametrize("moment", [datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)])
def test_the_first_and_the_last_moment_can_be_kept(engine: Engine, moment: datetime) -> None:
    with write(engine) as connection:
        connection.execute(insert(LearnerRow).values(id="ada", name="", email="", unit="", job=""))
        connection.execute(insert(IdentityRow).values(ifi="x", learner_id="ada", linked_at=moment, origin=""))

    with read(engine) as connection:
        assert moment == connection.execute(select(IdentityRow.linked_at)).scalar_one()


def test_a_full_disk_is_named(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'store.db'}")
    with write(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE kept (body TEXT)")
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
        connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")

    with pytest.raises(Unreachable, match=r"no room left .*store\.db\. .*make room"), write(engine) as connection:
        connection.exec_driver_sql("INSERT INTO kept VALUES (?)", ("x" * 100_000,))
    engine.dispose()


def test_a_file_that_can_only_be_read_is_named(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'store.db'}")
    with write(engine) as connection:
        connection.exec_driver_sql("CREATE TABLE kept (body TEXT)")
    with read(engine) as connection:
        connection.exec_driver_sql("PRAGMA query_only = ON")  # holds for the connection, which the pool gives again

    with pytest.raises(Unreachable, match=r"store\.db .*this user may write"), write(engine) as connection:
        connection.exec_driver_sql("INSERT INTO kept VALUES ('x')")
    engine.dispose()


def test_an_address_whose_driver_is_not_installed_names_the_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)  # as where the wheel was installed without its extras

    with pytest.raises(Unreachable, match=r'psycopg, which is not installed.*pip install "psycopg\[binary\]"'):
        make_engine("postgresql://lrs_bridge@127.0.0.1/lrs_bridge")
