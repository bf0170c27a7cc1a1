"""`rules check`: everything that is wrong in rule documents, each with its place."""

from __future__ import annotations

from pathlib import Path

import click

from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.rules.paths import chosen, paths_argument
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge_rules.documents.loader import load
from lrs_bridge_rules.errors import DocumentError


@click.command()
@paths_argument
@json_option
@pass_session
def check(session: Session, paths: tuple[Path, ...], as_json: bool) -> int:
    """Check rule documents, and show every mistake with its place. Those of the configuration, or PATHs."""
    try:
        ruleset = load(chosen(session, paths))
    except DocumentError as error:
        if as_json:
            show_json({"ok": False, "problems": error.problems})
            return PROBLEMS
        raise
    if as_json:
        show_json({"ok": True, "problems": [], "digest": ruleset.digest, "documents": sorted(ruleset.documents)})
    else:
        click.echo(f"{len(ruleset.rules)} rules in {len(ruleset.documents)} documents: all well-formed")
    return DONE
