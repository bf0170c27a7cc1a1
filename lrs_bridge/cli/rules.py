"""`rules check/test/publish/list/rollback`: the rules, from files to what is in force."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import click

from lrs_bridge.acts import rules as acts
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import Table, show_json, show_tables
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read
from lrs_bridge_rules import selftest
from lrs_bridge_rules.documents.loader import load
from lrs_bridge_rules.errors import DocumentError

_paths_argument = click.argument("paths", metavar="[PATH…]", nargs=-1, type=click.Path(exists=True, path_type=Path))
#: Far beyond any version there will be, and what a column of PostgreSQL holds.
_LARGEST_NUMBER = 2**31 - 1


@click.group()
def rules() -> None:
    """What statements mean, and what completions show. And which application tasks follow."""


@rules.command()
@_paths_argument
@json_option
@pass_session
def check(session: Session, paths: tuple[Path, ...], as_json: bool) -> int:
    """Check rule documents, and show every mistake with its place. Those of the configuration, or PATHs."""
    try:
        ruleset = load(_paths(session, paths))
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


@rules.command()
@_paths_argument
@json_option
@pass_session
def test(session: Session, paths: tuple[Path, ...], as_json: bool) -> int:
    """Run the tests that stand inside the rules. Ends with 1 if one fails."""
    results = selftest.run(load(_paths(session, paths)))
    failed = [each for each in results if not each.passed]
    if as_json:
        show_json({"passed": len(results) - len(failed), "failed": len(failed), "results": results})
    else:
        rows = [(each.where, each.rule, each.case, each.expected, each.actual) for each in failed]
        if rows:
            show_tables([Table("", ("where", "rule", "case", "expected", "got"), rows)])
        click.echo(f"{len(results) - len(failed)} passed, {len(failed)} failed")
    return PROBLEMS if failed else DONE


@rules.command()
@_paths_argument
@click.option("--note", default="", help="Why this version; kept with it.")
@json_option
@pass_session
def publish(session: Session, paths: tuple[Path, ...], note: str, as_json: bool) -> None:
    """Put rule documents in force as a new version. Their tests must pass; every learner is planned again."""
    with session.bridge() as bridge:
        done = acts.publish_files(bridge.engine, _paths(session, paths), note, OPERATOR, bridge.clock())
    if as_json:
        show_json(done)
    elif done.new:
        click.echo(f"Version {done.number} is in force ({done.tests} tests passed). Next: lrs-bridge reconcile")
    else:
        click.echo(f"Version {done.number} is in force already; nothing changed.")


@rules.command("list")
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


@rules.command()
@click.argument("number", type=click.IntRange(1, _LARGEST_NUMBER))
@pass_session
def rollback(session: Session, number: int) -> None:
    """Put an earlier version in force again. Every learner is planned again."""
    with session.bridge() as bridge:
        news = acts.roll_back(bridge.engine, number, OPERATOR, bridge.clock())
    click.echo(f"Version {number} is in force{'' if news else ' already'}.")


def _paths(session: Session, paths: Sequence[Path]) -> Sequence[Path]:
    if paths:
        return paths
    configured = session.settings.rules.path
    if not configured.exists():
        raise ConfigurationError(f"There is no {configured}.", "Name the rule documents, or correct [rules] path.")
    return [configured]
