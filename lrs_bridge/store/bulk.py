"""Many rows at once: COPY on PostgreSQL, executemany on SQLite."""

from __future__ import annotations

from collections.abc import Sequence
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
    if is_postgres(connection) and len(rows) >= COPY_FROM:
        _copy(connection, table, rows)
    else:
        connection.execute(insert(table), rows)


def _copy(connection: Connection, table: type[Base], rows: Sequence[dict[str, Any]]) -> None:
    """Stream rows through PostgreSQL's COPY, each value prepared by its column's own type."""
    from psycopg import sql  # installed wherever there is PostgreSQL, and only there

    names = list(rows[0])
    columns = [table.__table__.c[name] for name in names]
    processors = [column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in columns]
    command = sql.SQL("COPY {} ({}) FROM STDIN").format(
        sql.Identifier(table.__tablename__), sql.SQL(", ").join(map(sql.Identifier, names))
    )
    driver = connection.connection.driver_connection
    assert driver is not None  # noqa: S101  # an open connection has one; said for the type checker
    with driver.cursor() as cursor, cursor.copy(command) as copy:
        for row in rows:
            copy.write_row(
                [
                    value if process is None else process(value)
                    for value, process in zip(row.values(), processors, strict=True)
                ]
            )
