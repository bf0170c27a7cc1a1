"""`rules export`: a published version as files, from which the same version can be published."""

from __future__ import annotations

from pathlib import Path

import click

from lrs_bridge.acts import rule_files
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.rules.versioning import version_named
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store.engine import read


@click.command()
@click.argument("number", metavar="NUMBER")
@click.option("--into", type=click.Path(file_okay=False, path_type=Path), required=True, help="The folder to write to.")
@click.option("--force", is_flag=True, help="Overwrite files that are there.")
@json_option
@pass_session
def export(session: Session, number: str, into: Path, force: bool, as_json: bool) -> None:
    """Write a version (its number, or `active`) into a folder. Publishing it from there gives the same rules."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        version = version_named(connection, number)
    files = rule_files.export(version, into, force=force)
    if as_json:
        show_json({"number": version.number, "digest": version.digest, "files": [str(file) for file in files]})
        return
    for file in files:
        click.echo(file)
