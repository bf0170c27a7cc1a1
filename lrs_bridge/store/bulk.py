"""Many rows at once: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, insert

from lrs_bridge.store.engine import is_postgres
from lrs_bridge.store.tables import Base

#: From this many rows on, COPY is worth its round trips.
COPY_FROM = 50


def insert_many(connection: Connection, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Insert rows that all have the same columns."""
    if not rows:
        return
    names = list(rows[0])
    if is_postgres(connection) and len(rows) >= COPY_FROM:
        _copy(connection, table, names, rows)
    else:
        _execute(connection, table, names, rows)


def _execute(connection: Connection, table: type[Base], names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """One statement for all rows. SQLAlchemy would look each row's parameters up by name once more: that costs more
    than the inserting.
    """
    if is_postgres(connection):
        connection.execute(insert(table), rows)
        return
    quote = connection.dialect.identifier_preparer.quote
    columns, marks = ", ".join(map(quote, names)), ", ".join("?" * len(names))
    command = f"INSERT INTO {quote(table.__tablename__)} ({columns}) VALUES ({marks})"  # noqa: S608  # quoted names
    connection.exec_driver_sql(command, list(_prepared(connection, table, names, rows)))


def _prepared(
    connection: Connection, table: type[Base], names: Sequence[str], rows: Sequence[dict[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver takes them, each value prepared by its column's own type."""
    dialect, columns = connection.dialect, table.__table__.c
    processors = [(name, columns[name].type.dialect_impl(dialect).bind_processor(dialect)) for name in names]
    for row in rows:
        yield tuple([row[name] if process is None else process(row[name]) for name, process in processors])


def _copy(connection: Connection, table: type[Base], names: Sequence[str], rows: Sequence[dict[str, Any]]) -> None:
    """Stream rows through PostgreSQL's COPY."""
    from psycopg import sql  # installed wherever there is PostgreSQL, and only there

    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.__tablename__), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101  # an open connection has one; said for the type checker
    with driver.cursor() as cursor, cursor.copy(command) as copy:
        for row in _prepared(connection, table, names, rows):
            copy.write_row(row)
