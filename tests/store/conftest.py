"""The database that every test of the store runs on: SQLite and PostgreSQL, each laid out once and then copied."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lrs_bridge.store import schema
from lrs_bridge.store.engine import make_engine
from support.postgres import PostgresServer


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laid-out SQLite file to copy."""
    file = tmp_path_factory.mktemp("template") / "template.db"
    engine = make_engine(f"sqlite:///{file}")
    schema.upgrade(engine)
    engine.dispose()
    return file


@pytest.fixture(scope="session")
def postgres_template(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a laid-out PostgreSQL database to copy."""
    with postgres_server.database() as name:
        engine = make_engine(postgres_server.url(name))
        schema.upgrade(engine)
        engine.dispose()
        yield name


@pytest.fixture
def sqlite_engine(sqlite_template: Path, tmp_path: Path) -> Iterator[Engine]:
    """An empty, laid-out SQLite database that belongs to this test alone."""
    file = tmp_path / "store.db"
    shutil.copy(sqlite_template, file)
    yield from _open(f"sqlite:///{file}")


@pytest.fixture
def postgres_engine(postgres_server: PostgresServer, postgres_template: str) -> Iterator[Engine]:
    """The same on PostgreSQL."""
    with postgres_server.database(template=postgres_template) as name:
        yield from _open(postgres_server.url(name))


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real_server)])
def engine(request: pytest.FixtureRequest) -> Engine:
    """The same on both: each test runs once on either."""
    made: Engine = request.getfixturevalue(f"{request.param}_engine")
    return made


def _open(url: str) -> Iterator[Engine]:
    engine = make_engine(url)
    yield engine
    engine.dispose()
