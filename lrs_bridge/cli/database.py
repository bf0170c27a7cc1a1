"""`db upgrade`: lays the database out as this version needs it."""

from __future__ import annotations

import click

from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store import schema
from lrs_bridge.store.trouble import masked


@click.group("db")
def database() -> None:
    """The database's layout."""


@database.command()
@pass_session
def upgrade(session: Session) -> None:
    """Make the database, or bring it to the layout of this version. Harmless to repeat; back it up before."""
    with session.bridge(check_schema=False) as bridge:
        schema.upgrade(bridge.engine)
        click.echo(f"{masked(bridge.engine)} is laid out for this version.")
