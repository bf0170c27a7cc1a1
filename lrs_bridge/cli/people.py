"""`people export`, `people erase`, `people readmit`: what is known of somebody, handed out or erased for good."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from lrs_bridge.acts import privacy
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store.erasing import Erased, scrub
from lrs_bridge_rules.wording import counted

_reason_option = click.option("--reason", default="", help="Why, for the audit: without a name, it is kept for good.")


@click.group()
def people() -> None:
    """Personal data. Hand out what is known of somebody, or erase it so that it stays so."""


@people.command()
@click.argument("learner")
@click.option(
    "--to",
    "file",
    required=True,
    type=click.Path(dir_okay=False, path_type=Path),
    help="A new file: .json, or .zip with each statement as it was received.",
)
@pass_session
def export(session: Session, learner: str, file: Path) -> None:
    """Write everything about a learner into a file.

    The file is new, and only you can read it. LEARNER is an id, a mail address or an identifier such as
    account:HOMEPAGE|NAME.
    """
    with session.bridge() as bridge:
        document = privacy.export(bridge, OPERATOR, learner, bridge.clock())
    content = privacy.as_archive(document) if file.suffix.lower() == ".zip" else privacy.as_json(document)
    with os.fdopen(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as target:
        target.write(content)
    rows = sum(len(each) for each in document["records"].values())
    click.echo(f"{counted(rows, 'record')} out of {counted(len(document['records']), 'table')} written to {file}")


@people.command()
@click.argument("learner", required=False)
@_reason_option
@click.option("--yes", is_flag=True, help="Do not ask first.")
@click.option("--again", is_flag=True, help="Erase whom a restored backup brought back, as the erasures file says.")
@json_option
@pass_session
def erase(session: Session, learner: str | None, reason: str, yes: bool, again: bool, as_json: bool) -> int:
    """Erase a learner, or an identifier that is linked to nobody. It cannot be undone.

    What was learned goes on counting, for nobody. What sources deliver of the person again is not kept.
    """
    if again == bool(learner):
        raise click.UsageError("Give a LEARNER, or --again.")
    with session.bridge() as bridge:
        if again:
            return _erase_again(bridge, as_json=as_json)
        if not yes:
            _ask()
        done = privacy.erase(bridge, OPERATOR, learner or "", reason, bridge.clock())
        scrubbed = scrub(bridge.engine)
    _tell(done, scrubbed=scrubbed, as_json=as_json)
    return DONE if scrubbed else PROBLEMS


def _ask() -> None:
    if not sys.stdin.isatty():
        raise click.UsageError("There is no terminal to ask whether you are sure; use --yes.")
    click.confirm("This cannot be undone. Erase everything that is known of this person?", abort=True, err=True)


def _tell(done: Erased, *, scrubbed: bool, as_json: bool) -> None:
    if as_json:
        show_json({
            "ghost": done.ghost_id,
            "identifiers": done.identifiers,
            "statements": done.statements,
            "mentions": done.mentions,
            "quarantined": done.quarantined,
            "kept": [".".join(each) for each in sorted(done.kept)],
            "same": done.same,
            "scrubbed": scrubbed,
        })  # fmt: skip
        return
    left = f"; what counts stays as {done.ghost_id}" if done.ghost_id else ""
    click.echo(
        f"Erased: {counted(done.identifiers, 'identifier')}, {counted(done.statements, 'statement')} reduced, "
        f"{counted(done.mentions, 'statement')} of others rewritten, {counted(done.quarantined, 'record')} "
        f"in quarantine thrown away{left}."
    )
    if done.kept:
        click.echo(f"Kept because results depend on it: {', '.join('.'.join(each) for each in sorted(done.kept))}.")
    if not done.same:
        click.echo("Some results depended on what the person had said, and changed.", err=True)
    if not scrubbed:
        click.echo(
            "The database was too busy to be written anew: what was deleted may still be found in its file. Stop "
            "lrs-bridge for a moment and run `lrs-bridge people erase --again`.",
            err=True,
        )


def _erase_again(bridge: Bridge, *, as_json: bool) -> int:
    done = privacy.erase_again(bridge, OPERATOR, bridge.clock())
    scrubbed = scrub(bridge.engine)
    if as_json:
        show_json({
            "people": done.people,
            "identifiers": done.identifiers,
            "learned": done.to_database,
            "written": done.to_file,
            "scrubbed": scrubbed,
        })  # fmt: skip
    else:
        erased = "person" if done.people == 1 else "people"
        others = f", {counted(done.identifiers, 'identifier')} of nobody who is known" if done.identifiers else ""
        known = counted(done.to_database, "hash", "hashes")
        click.echo(f"{done.people:,} {erased}{others} erased again; {known} learned from the erasures file.")
    return DONE if scrubbed else PROBLEMS


@people.command()
@click.argument("identifiers", metavar="IDENTIFIER…", nargs=-1, required=True)
@_reason_option
@json_option
@pass_session
def readmit(session: Session, identifiers: tuple[str, ...], reason: str, as_json: bool) -> int:
    """Let somebody come back who was erased. What was erased stays so; only what comes from now on is kept.

    IDENTIFIER is the learner's id, or one such as mailto:NAME@DOMAIN; give all that are to be taken in again.
    """
    with session.bridge() as bridge:
        lifted = privacy.readmit(bridge, OPERATOR, identifiers, reason, bridge.clock())
    if as_json:
        show_json({"lifted": lifted})
    else:
        taken = f"Of those given, {counted(lifted, 'identifier')} will be taken in again."
        click.echo(taken if lifted else "None of these was erased.")
    return DONE if lifted else PROBLEMS
