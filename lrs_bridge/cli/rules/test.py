"""`rules test`: whether rules do what their own tests say."""

from __future__ import annotations

from pathlib import Path

import click

from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, show_json, show_tables
from lrs_bridge.cli.rules.paths import chosen, paths_argument
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge_rules import selftest
from lrs_bridge_rules.documents.loader import load


@click.command()
@paths_argument
@json_option
@pass_session
def test(session: Session, paths: tuple[Path, ...], as_json: bool) -> int:
    """Run the tests that stand inside the rules. Ends with 1 if one fails."""
    results = selftest.run(load(chosen(session, paths)))
    failed = [each for each in results if not each.passed]
    if as_json:
        show_json({"passed": len(results) - len(failed), "failed": len(failed), "results": results})
    else:
        rows = [(each.where, each.rule, each.case, each.expected, each.actual) for each in failed]
        if rows:
            show_tables([Table("", ("where", "rule", "case", "expected", "got"), rows)])
        click.echo(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return PROBLEMS if failed else DONE
