"""Whether the database is laid out as this version needs it, and how it becomes so."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import SchemaForeign, SchemaMissing, SchemaNewer, SchemaOlder, Unreachable
from lrs_bridge.store.locks import lock_facts
from lrs_bridge.store.trouble import masked, unreachable_text

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_UPGRADE: Final = "Run `lrs-bridge db upgrade`."


def upgrade(engine: Engine) -> None:
    """Bring the database to the layout of this version; make it if there is none. Harmless to repeat.

    Raises Unreachable, SchemaForeign, and SchemaNewer for a database that a later version has been at.
    """
    file = _sqlite_file(engine)
    if file is not None:
        _make_folder(engine, file)
    with write(engine) as connection:
        lock_facts(connection)  # two processes that start at once lay out one after the other
        revision = _revision(connection)
        _refuse_foreign(engine, connection, revision)
        _refuse_newer(engine, revision)
        command.upgrade(configuration(connection), "head")


def check(engine: Engine) -> None:
    """Return if the database is laid out as this version needs it.

    Raises SchemaMissing, SchemaOlder, SchemaNewer, SchemaForeign or Unreachable, with what to do. Makes no file.
    """
    file = _sqlite_file(engine)
    if file is not None and not file.exists():
        raise SchemaMissing(
            f"There is no database file {file}. {_UPGRADE} In a new folder, begin with `lrs-bridge init`."
        )
    with read(engine) as connection:
        revision = _revision(connection)
        _refuse_foreign(engine, connection, revision)
    if revision is None:
        raise SchemaMissing(f"The database at {masked(engine)} is empty. {_UPGRADE}")
    _refuse_newer(engine, revision)
    if revision != head():
        raise SchemaOlder(f"The database at {masked(engine)} was laid out by an earlier version. {_UPGRADE}")


def head() -> str:
    """The revision that this version needs."""
    return ScriptDirectory.from_config(configuration()).get_current_head() or ""


def _make_folder(engine: Engine, file: Path) -> None:
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise Unreachable(unreachable_text(engine)) from error


def _refuse_foreign(engine: Engine, connection: Connection, revision: str | None) -> None:
    if revision is None and inspect(connection).get_table_names():
        raise SchemaForeign(
            f"The database at {masked(engine)} holds the tables of something else. Correct [database] url, or give "
            "lrs-bridge a database of its own."
        )


def _refuse_newer(engine: Engine, revision: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(configuration()).walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaNewer(
            f"The database at {masked(engine)} was laid out by a later version of lrs-bridge. Install that version, or "
            "restore the backup from before its upgrade."
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration, for its commands to run over this connection."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def _sqlite_file(engine: Engine) -> Path | None:
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name)
