"""Two copies of one furnished database, on SQLite and on PostgreSQL."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from support.postgres import PostgresServer
from trials.hands.world import World, furnish


@contextmanager
def two_files(world: World) -> Iterator[tuple[str, str]]:
    """On SQLite, for as long as the block lasts."""
    with tempfile.TemporaryDirectory(prefix="lrs-bridge-hands-") as folder:
        furnish(f"sqlite:///{folder}/many.db", world)
        shutil.copy(Path(folder) / "many.db", Path(folder) / "alone.db")
        yield f"sqlite:///{folder}/many.db", f"sqlite:///{folder}/alone.db"


@contextmanager
def two_databases(server: PostgresServer, world: World) -> Iterator[tuple[str, str]]:
    """On PostgreSQL, for as long as the block lasts."""
    with server.database() as template:
        furnish(server.url(template), world)
        with server.database(template=template) as many, server.database(template=template) as alone:
            yield server.url(many), server.url(alone)
