"""`rules publish`: from files to what is in force."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import click

from lrs_bridge.acts import rule_files
from lrs_bridge.acts import rules as acts
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.rules.differences import show_changes
from lrs_bridge.cli.rules.paths import chosen, paths_argument
from lrs_bridge.cli.rules.versioning import drawn_from_option, note_option, required_note
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read
from lrs_bridge_rules.wording import counted


@click.command()
@paths_argument
@note_option
@drawn_from_option
@json_option
@pass_session
def publish(session: Session, paths: tuple[Path, ...], note: str, drawn_from: int | None, as_json: bool) -> None:
    """Put rule documents in force as a new version. Their tests must pass; every learner is planned again.

    A file `.lrs-bridge-version` beside the documents says which version they were drawn up from; publishing writes it.
    """
    why, files = required_note(note), chosen(session, paths)
    with session.bridge() as bridge:
        before = _active(bridge)
        done = acts.publish_files(bridge.engine, files, why, OPERATOR, bridge.clock(), drawn_from=drawn_from)
        after = _active(bridge)
    if as_json:
        show_json(done)
        return
    if done.new:
        passed = counted(done.tests, "test")
        click.echo(f"Version {done.number} is in force ({passed} passed). Next: lrs-bridge reconcile")
        show_changes(before, after)
    else:
        click.echo(f"Version {done.number} is in force already; nothing changed.")
    _tell_marks(files, done)


def _active(bridge: Bridge) -> Mapping[str, str]:
    with read(bridge.engine) as connection:
        version = rulesets.active(connection)
    return version.documents if version is not None else {}


def _tell_marks(files: Sequence[Path], done: acts.Published) -> None:
    """A mark that could not be written: whoever publishes from there next is warned less well."""
    for file in rule_files.unmarked(files, done.number):
        click.echo(f"{file} could not be written; the next time say --drawn-from {done.number}.", err=True)
