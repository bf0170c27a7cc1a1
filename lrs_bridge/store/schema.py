"""Whether the database is laid out as this version needs it, and how it becomes so."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, inspect

from lrs_bridge.store.engine import masked, read, write
from lrs_bridge.store.errors import SchemaMissing, SchemaNewer, SchemaOlder

MIGRATIONS: Final = Path(__file__).parent / "migrations"
_UPGRADE: Final = "Run `lrs-bridge db upgrade`."


def upgrade(engine: Engine) -> None:
    """Bring the database to the layout of this version; make it if there is none. Harmless to repeat.

    Raises Unreachable, and SchemaNewer for a database that a later version has been at.
    """
    file = _sqlite_file(engine)
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)
    with write(engine) as connection:
        _refuse_newer(engine, _revision(connection))
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "head")


def check(engine: Engine) -> None:
    """Return if the database is laid out as this version needs it.

    Raises SchemaMissing, SchemaOlder, SchemaNewer or Unreachable, with what to do. Makes no file.
    """
    file = _sqlite_file(engine)
    if file is not None and not file.exists():
        raise SchemaMissing(f"There is no database file {file}. {_UPGRADE}")
    with read(engine) as connection:
        revision = _revision(connection)
        foreign = revision is None and bool(inspect(connection).get_table_names())
    if revision is None:
        content = "holds tables of something else" if foreign else "is empty"
        remedy = "Correct [database] url." if foreign else _UPGRADE
        raise SchemaMissing(f"The database at {masked(engine)} {content}. {remedy}")
    _refuse_newer(engine, revision)
    if revision != head():
        raise SchemaOlder(f"The database at {masked(engine)} was laid out by an earlier version. {_UPGRADE}")


def head() -> str:
    """The revision that this version needs."""
    return ScriptDirectory.from_config(_config()).get_current_head() or ""


def _refuse_newer(engine: Engine, revision: str | None) -> None:
    known = {script.revision for script in ScriptDirectory.from_config(_config()).walk_revisions()}
    if revision is not None and revision not in known:
        raise SchemaNewer(
            f"The database at {masked(engine)} was laid out by a later version of lrs-bridge. Install that version, or "
            "restore the backup from before its upgrade."
        )


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    return config


def _sqlite_file(engine: Engine) -> Path | None:
    name = engine.url.database
    if engine.dialect.name != "sqlite" or not name or name == ":memory:":
        return None
    return Path(name)
