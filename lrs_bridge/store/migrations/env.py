"""How Alembic runs here: always over a connection that the application gives, in that connection's transaction."""

from __future__ import annotations

from alembic import context
from sqlalchemy import Connection

from lrs_bridge.store.tables import Base


def run(connection: Connection) -> None:
    # SQLite changes most things by copying a table; `render_as_batch` writes migrations so that both databases can.
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        compare_server_default=True,
    )
    context.run_migrations()


run(context.config.attributes["connection"])
