"""The way to the database: one engine for a process, and the two kinds of transaction, `read` and `write`.

SQLite: write-ahead log, foreign keys on, and writers that begin with BEGIN IMMEDIATE: a transaction that reads first
and writes later would otherwise fail or lose what another one wrote in between. PostgreSQL: psycopg 3, sessions in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, NoSuchModuleError
from sqlalchemy.pool import ConnectionPoolEntry, StaticPool

from lrs_bridge.store.errors import ReadOnly, StoreError, Unreachable
from lrs_bridge.store.trouble import trouble_of, unreachable

BUSY_SECONDS: Final = 30
CONNECT_SECONDS: Final = 10
#: How PostgreSQL is missed where nothing says that it is gone (a cable, a firewall): in a minute and a half, not hours.
_PROBES: Final = {"keepalives_idle": 30, "keepalives_interval": 10, "keepalives_count": 6, "tcp_user_timeout": 90_000}
_WRITES: Final = "lrs_bridge_writes"
_NO_DRIVER: Final = (
    'PostgreSQL is reached with the package {package}, which is not installed. Run `pip install "psycopg[binary]"` '
    "where lrs_bridge is installed."
)
_POSTGRES_NAMES: Final = frozenset({"postgres", "postgresql", "postgresql+psycopg"})


def make_engine(url: str) -> Engine:
    """An engine for `sqlite:///PATH` or `postgresql://USER@HOST/NAME`. Connects only when it is used.

    Raises StoreError for an address that is neither, and where PostgreSQL's driver is not installed.
    """
    address = _address(url)
    return _sqlite(address) if address.get_backend_name() == "sqlite" else _postgres(address)


@contextmanager
def read(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that only reads; whatever it does is rolled back."""
    with _connected(engine) as connection:
        yield connection


@contextmanager
def write(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is committed if the block ends well, and rolled back if not."""
    with _connected(engine) as connection:
        connection.execution_options(**{_WRITES: True})
        with connection.begin():
            yield connection


def is_postgres(connection: Connection) -> bool:
    return connection.dialect.name == "postgresql"


def _address(url: str) -> URL:
    try:
        address = make_url(url)
        if address.drivername in _POSTGRES_NAMES:
            return address.set(drivername="postgresql+psycopg")
        if address.get_backend_name() == "sqlite":
            return address
    except (ArgumentError, NoSuchModuleError):
        pass
    # The address itself stays out of the text: what cannot be read may hold a password anywhere.
    raise StoreError(
        "The address of the database cannot be read. Expected sqlite:///PATH or postgresql://USER@HOST/NAME; "
        "look at [database] url."
    )


def _sqlite(address: URL) -> Engine:
    in_memory = address.database in (None, "", ":memory:")
    # A database in memory lives in one connection.
    pool: dict[str, Any] = {"poolclass": StaticPool} if in_memory else {}
    engine = create_engine(
        address, hide_parameters=True, connect_args={"timeout": BUSY_SECONDS, "check_same_thread": False}, **pool
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def _postgres(address: URL) -> Engine:
    try:
        engine = create_engine(
            address,
            hide_parameters=True,
            pool_pre_ping=True,
            connect_args={"connect_timeout": CONNECT_SECONDS, **_PROBES},
        )
    except ModuleNotFoundError as missing:  # it comes with the extra "postgres"
        raise Unreachable(_NO_DRIVER.format(package=missing.name)) from missing
    event.listen(engine, "connect", _set_up_postgres)
    return engine


def _set_up_sqlite(connection: Any, _: ConnectionPoolEntry) -> None:  # noqa: ANN401  # the driver's own connection
    connection.isolation_level = None  # the driver begins nothing by itself: `_begin_sqlite` does
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute("PRAGMA cache_size = -64000")
    connection.execute("PRAGMA temp_store = MEMORY")


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _set_up_postgres(connection: Any, _: ConnectionPoolEntry) -> None:  # noqa: ANN401  # the driver's own connection
    with connection.cursor() as cursor:
        cursor.execute("SET TIME ZONE 'UTC'")
    connection.commit()


@contextmanager
def _connected(engine: Engine) -> Iterator[Connection]:
    try:
        connection = engine.connect()
    except DBAPIError as error:
        raise unreachable(engine, error) from error
    try:
        with connection:  # its end is part of it: a server that has gone fails the roll-back of what only read
            yield connection
    except DBAPIError as error:
        trouble = trouble_of(engine, error)
        if trouble is None:
            raise
        if isinstance(trouble, ReadOnly):
            # What was opened for reading stays so, and what is opened beside it. Once all is closed, it may write.
            engine.dispose()
        raise trouble from error
