import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, inspect, text
from sqlalchemy.exc import OperationalError

from lrs_bridge.store import schema
from lrs_bridge.store.engine import make_engine, read, write
from lrs_bridge.store.errors import SchemaForeign, SchemaMissing, SchemaNewer, SchemaOlder, StoreError, Unreachable
from lrs_bridge.store.locks import lock_facts
from lrs_bridge.store.tables import Base
from support.postgres import PostgresServer
from support.process import free_port


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real_server)])
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """A database with nothing in it."""
    if request.param == "sqlite":
        (tmp_path / "empty.db").touch()
        engine = make_engine(f"sqlite:///{tmp_path / 'empty.db'}")
        yield engine
        engine.dispose()
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database() as name:
        engine = make_engine(server.url(name))
        yield engine
        engine.dispose()


def _stamp(engine: Engine, revision: str) -> None:
    with write(engine) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :revision"), {"revision": revision})


def test_a_laid_out_database_is_right(engine: Engine) -> None:
    schema.check(engine)


def test_models_and_migrations_agree(engine: Engine) -> None:
    with read(engine) as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Base.metadata) == []


def test_laying_out_again_changes_nothing(engine: Engine) -> None:
    schema.upgrade(engine)

    schema.check(engine)


def test_an_empty_database_says_how_to_lay_it_out(empty: Engine) -> None:
    with pytest.raises(SchemaMissing, match=r"is empty\. Run `lrs-bridge db upgrade`"):
        schema.check(empty)


def test_laying_out_makes_an_empty_database_right(empty: Engine) -> None:
    schema.upgrade(empty)

    schema.check(empty)


def test_a_failed_layout_leaves_nothing_behind(empty: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    lay_out = command.upgrade

    def crash(*args: object) -> None:
        lay_out(*args)  # type: ignore[arg-type]  # handed on as they came
        raise KeyboardInterrupt

    monkeypatch.setattr(command, "upgrade", crash)
    with pytest.raises(KeyboardInterrupt):
        schema.upgrade(empty)

    with read(empty) as connection:
        assert inspect(connection).get_table_names() == []


def test_the_database_of_another_program_is_left_alone(empty: Engine) -> None:
    with write(empty) as connection:
        connection.execute(text("CREATE TABLE theirs (id INTEGER)"))

    with pytest.raises(SchemaForeign, match="something else"):
        schema.check(empty)
    with pytest.raises(SchemaForeign, match="something else"):
        schema.upgrade(empty)


def test_a_later_layout_is_neither_used_nor_touched(engine: Engine) -> None:
    _stamp(engine, "9999")

    with pytest.raises(SchemaNewer, match="later version"):
        schema.check(engine)
    with pytest.raises(SchemaNewer, match="later version"):
        schema.upgrade(engine)


def test_an_earlier_layout_says_how_to_bring_it_up_and_can_be(
    empty: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    schema.upgrade(empty)
    monkeypatch.setattr(schema, "MIGRATIONS", _migrations_of_a_later_version(tmp_path / "later"))

    with pytest.raises(SchemaOlder, match=r"earlier version\. Run `lrs-bridge db upgrade`"):
        schema.check(empty)
    schema.upgrade(empty)
    schema.check(empty)
    with read(empty) as connection:
        assert "later" in inspect(connection).get_table_names()


@pytest.mark.real_server
def test_two_processes_that_start_at_once_lay_out_one_after_the_other(postgres_url: str) -> None:
    first, second = make_engine(postgres_url), make_engine(f"{postgres_url}?options=-c%20lock_timeout%3D50ms")
    with write(first) as connection:
        lock_facts(connection)  # as the first process does while it is at work
        with pytest.raises(OperationalError, match="lock timeout"):
            schema.upgrade(second)

    schema.upgrade(second)
    schema.check(first)
    first.dispose()
    second.dispose()


def test_a_layout_can_be_taken_back_to_nothing(engine: Engine) -> None:
    with write(engine) as connection:
        command.downgrade(schema.configuration(connection), "base")

    with read(engine) as connection:
        assert set(inspect(connection).get_table_names()) == {"alembic_version"}


def _migrations_of_a_later_version(folder: Path) -> Path:
    """The migrations as they are, and one more behind them."""
    shutil.copytree(schema.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions/9000_later.py").write_text(
        "from alembic import op\n"
        f"revision, down_revision = '9000', {schema.head()!r}\n"
        "def upgrade(): op.execute('CREATE TABLE later (id INTEGER)')\n"
    )
    return folder


def test_a_missing_file_is_named_and_not_made(tmp_path: Path) -> None:
    file = tmp_path / "absent.db"

    with pytest.raises(SchemaMissing, match=r"no database file .*absent\.db\. Run `lrs-bridge db upgrade`"):
        schema.check(make_engine(f"sqlite:///{file}"))
    assert not file.exists()


def test_laying_out_makes_the_folder_of_a_file(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'var' / 'lib' / 'store.db'}")
    schema.upgrade(engine)

    schema.check(engine)
    engine.dispose()


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    file = tmp_path / "letter.db"
    file.write_text("Dear Ada, this is a letter and no database.\n" * 100)

    with pytest.raises(Unreachable, match=r"letter\.db"):
        schema.check(make_engine(f"sqlite:///{file}"))


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    engine = make_engine(f"postgresql://bridge:s3cret@127.0.0.1:{free_port()}/bridge?password=hidden2")

    with pytest.raises(Unreachable) as caught:
        schema.check(engine)
    assert "does not answer" in str(caught.value)
    assert "bridge:***@127.0.0.1" in str(caught.value)
    assert not {"s3cret", "hidden2"} & set(str(caught.value).replace("=", ":").split(":"))


@pytest.mark.real_server
def test_a_database_that_does_not_exist_on_the_server_is_named(postgres_server: PostgresServer) -> None:
    with pytest.raises(Unreachable, match="nowhere"):
        schema.check(make_engine(postgres_server.url("nowhere")))


@pytest.mark.parametrize("url", ["", "hunter2", "mysql://root:hunter2@localhost/x", "oracle+nothing://hunter2"])
def test_an_address_that_cannot_be_used_is_refused_without_repeating_it(url: str) -> None:
    with pytest.raises(StoreError, match="Expected sqlite:///PATH or postgresql://") as caught:
        make_engine(url)
    assert "hunter2" not in str(caught.value)


@pytest.mark.skipif(os.name != "posix", reason="modes are POSIX's")
def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")

    with pytest.raises(Unreachable, match=r"file/store\.db"):
        schema.upgrade(make_engine(f"sqlite:///{tmp_path / 'file' / 'store.db'}"))
