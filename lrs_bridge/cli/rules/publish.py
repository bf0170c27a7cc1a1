"""`rules publish`: from files to what is in force."""

from __future__ import annotations

from pathlib import Path

import click

from lrs_bridge.acts import rules as acts
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.rules.paths import chosen, paths_argument
from lrs_bridge.cli.session import Session, pass_session


@click.command()
@paths_argument
@click.option("--note", default="", help="Why this version; kept with it.")
@json_option
@pass_session
def publish(session: Session, paths: tuple[Path, ...], note: str, as_json: bool) -> None:
    """Put rule documents in force as a new version. Their tests must pass; every learner is planned again."""
    with session.bridge() as bridge:
        done = acts.publish_files(bridge.engine, chosen(session, paths), note, OPERATOR, bridge.clock())
    if as_json:
        show_json(done)
    elif done.new:
        click.echo(f"Version {done.number} is in force ({done.tests} tests passed). Next: lrs-bridge reconcile")
    else:
        click.echo(f"Version {done.number} is in force already; nothing changed.")
