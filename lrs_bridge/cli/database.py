"""`db upgrade/check/backup/restore/hold-messages`: the database's layout, whether it is sound, and copies of it."""

from __future__ import annotations

from pathlib import Path

import click

from lrs_bridge.cli.edge import DONE, PROBLEMS
from lrs_bridge.cli.options import json_option
from lrs_bridge.cli.output import show_json
from lrs_bridge.cli.session import Session, pass_session
from lrs_bridge.store import backup as copies
from lrs_bridge.store import schema
from lrs_bridge.store.engine import read
from lrs_bridge.store.restoring import Restored, hold_back
from lrs_bridge.store.restoring import restore as put_back
from lrs_bridge.store.soundness import troubles
from lrs_bridge.store.trouble import masked

_PATH = click.Path(path_type=Path)


@click.group("db")
def database() -> None:
    """The database: its layout, its soundness, copies of it."""


@database.command(short_help="Make the database, or bring it to this version's layout.")
@pass_session
def upgrade(session: Session) -> None:
    """Make the database, or bring it to the layout of this version. Harmless to repeat; back it up before."""
    with session.bridge(check_schema=False) as bridge:
        schema.upgrade(bridge.engine)
        click.echo(f"{masked(bridge.engine)} is laid out for this version.")


@database.command()
@json_option
@pass_session
def check(session: Session, as_json: bool) -> int:
    """Read the whole database and say what is wrong in it. Changes nothing."""
    with session.bridge() as bridge, read(bridge.engine) as connection:
        found = troubles(connection)
        name = masked(bridge.engine)
    if as_json:
        rows = [{"what": each.what, "count": each.count, "advice": each.advice} for each in found]
        show_json({"sound": not found, "troubles": rows})
    else:
        for each in found:
            click.echo(f"{each.count:,} × {each.what}. {each.advice}")
        click.echo(f"{name}: {len(found)} kinds of trouble." if found else f"{name} is sound.")
    return PROBLEMS if found else DONE


@database.command()
@click.argument("target", metavar="FILE|FOLDER", type=_PATH)
@pass_session
def backup(session: Session, target: Path) -> None:
    """Copy an SQLite database while everything runs."""
    with session.bridge() as bridge:
        done = copies.save(bridge.engine, target, bridge.clock())
    click.echo(f"{done} is a checked copy ({done.stat().st_size:,} bytes).")


@database.command()
@click.argument("source", metavar="FILE", type=_PATH)
@click.option("--force", is_flag=True, help="Replace a database that is there; it is kept beside, under a dated name.")
@click.option("--upgrade", is_flag=True, help="Accept a backup that an earlier version made, and upgrade it.")
@click.option("--send-waiting", is_flag=True, help="Hold no messages back: they were certainly not sent meanwhile.")
@pass_session
def restore(session: Session, source: Path, force: bool, upgrade: bool, send_waiting: bool) -> None:
    """Put a backup in the place of an SQLite database. Stop lrs-bridge before."""
    with session.bridge(check_schema=False) as bridge:
        done = put_back(bridge.engine, source, bridge.clock(), force=force, upgrade=upgrade, send=send_waiting)
    for line in _told(done, send_waiting=send_waiting):
        click.echo(line)


@database.command("hold-messages")
@pass_session
def hold_messages(session: Session) -> None:
    """Hold back the messages that would go out now. Stop lrs-bridge before."""
    with session.bridge() as bridge:
        held = hold_back(bridge.engine, bridge.clock())
    click.echo(f"{held:,} messages are held back. {_LOOK}" if held else "No message waits to go out now.")


_LOOK = "Look at them with `lrs-bridge outbox list`; `lrs-bridge outbox retry` sends them."


def _told(done: Restored, *, send_waiting: bool) -> list[str]:
    brought = ", and was brought to the layout of this version" if done.upgraded else ""
    lines = [f"{done.file} is as it was when the backup was made{brought}."]
    if done.replaced is not None:
        lines.append(f"The database that was there is {done.replaced} now.")
    if done.held_back:
        lines.append(
            f"{done.held_back:,} messages that were waiting may have gone out since the backup was made: they are held "
            f"back. {_LOOK}"
        )
    lines.append(
        "Next: `lrs-bridge people erase --again`; then `lrs-bridge pull` and `lrs-bridge reconcile` bring back what "
        "came after the backup."
    )
    if not send_waiting:
        lines.append(
            "Before you start lrs-bridge, `lrs-bridge db hold-messages` keeps messages about that from going out a "
            "second time."
        )
    return lines
