"""`rules list/rollback`: the published versions, and which of them is in force."""

from __future__ import annotations

import click

from lrs_bridge.acts import rules as acts
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, show_json, show_tables
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read

#: Far beyond any version there will be, and what a column of PostgreSQL holds.
_LARGEST_NUMBER = 2**31 - 1


@click.command("list")
@json_option
@pass_session
def list_versions(session: Session, as_json: bool) -> None:
    """List the published versions, the newest first."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        found, active = rulesets.versions(connection), rulesets.active_number(connection)
    if as_json:
        keys = ("number", "author", "note", "digest", "at")
        versions = [{key: getattr(each, key) for key in keys} | {"active": each.number == active} for each in found]
        show_json({"versions": versions})
        return
    rows = [
        (each.number, "in force" if each.number == active else "", each.at, each.author, each.note) for each in found
    ]
    show_tables([Table("", ("version", "", "published", "by", "note"), rows)])


@click.command()
@click.argument("number", type=click.IntRange(1, _LARGEST_NUMBER))
@pass_session
def rollback(session: Session, number: int) -> None:
    """Put an earlier version in force again. Every learner is planned again."""
    with session.bridge() as bridge:
        news = acts.roll_back(bridge.engine, number, OPERATOR, bridge.clock())
    click.echo(f"Version {number} is in force{'' if news else ' already'}.")
