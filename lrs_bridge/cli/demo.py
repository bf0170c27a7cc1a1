"""`lrs-bridge demo`: an invented organisation's year on the whole way, printed, and then served to look around in."""

from __future__ import annotations

import secrets
import signal
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from lrs_bridge.acts import users
from lrs_bridge.acts.actor import OPERATOR, AccountRole
from lrs_bridge.bridge import system_clock
from lrs_bridge.cli.output import show_tables
from lrs_bridge.cli.progress import progress
from lrs_bridge.demo import report
from lrs_bridge.demo.installation import prepare
from lrs_bridge.demo.organisation import PEOPLE, SEED, invent
from lrs_bridge.demo.times import start_of_day
from lrs_bridge.demo.year import Lived, lived
from lrs_bridge.log import configure_logging
from lrs_bridge.settings import LogSettings

_ACCOUNTS = (("admin", AccountRole.ADMINISTRATOR), ("auditor", AccountRole.AUDITOR))


@click.command(context_settings={"show_default": True})
@click.option("--serve/--no-serve", default=True, help="Serve the pages afterwards, until Ctrl-C.")
@click.option("--seed", default=SEED, type=int, help="Another seed, another organisation.")
@click.option("--people", default=PEOPLE, type=click.IntRange(20, 2000), help="How many people it has.")
@click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    help="An empty folder that keeps the installation. Without it a temporary one is used, and removed.",
)
@click.option(
    "--port", default=8080, type=click.IntRange(0, 65535), help="Where to serve; any free one if it is taken."
)
def demo(*, serve: bool, seed: int, people: int, folder: Path | None, port: int) -> None:
    """Live through the year of an invented organisation. Two LRSs, contracts, tasks, waste.

    It needs nothing and sends nothing: both LRSs run inside, and are pulled over HTTP as they would be in earnest.
    """
    configure_logging(LogSettings(level="error"))
    with ExitStack() as open_until_the_end:
        open_until_the_end.enter_context(_ended_by_termination())
        kept = open_until_the_end.enter_context(_kept(folder))
        now = system_clock()
        invention = invent(seed, people, now=start_of_day(now))
        with progress("Living through the year", "months") as told:
            life = open_until_the_end.enter_context(
                lived(invention, kept, until=now, port=_free(port) if serve else port, report=told)
            )
        _print(life, stays=serve or folder is not None)
        if serve:
            _serve(life)
    if serve:
        click.echo("Ended. Nothing is left behind." if folder is None else f"Ended. What it made is in {folder}.")


@contextmanager
def _ended_by_termination() -> Iterator[None]:
    """SIGTERM ends it as Ctrl-C does: in order, with the temporary folder removed."""
    before = signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _kept(folder: Path | None) -> Iterator[Path]:
    if folder is not None:
        yield prepare(folder)
        return
    with TemporaryDirectory(prefix="lrs-bridge-demo-") as temporary:
        yield prepare(Path(temporary))


def _free(port: int) -> int:
    """The port, if nobody has it; else 0, which takes any."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return 0
    return port


def _print(life: Lived, *, stays: bool) -> None:
    click.echo(report.headline(life.invention))
    click.echo()
    show_tables(report.tables(report.find(life.bridge, life.clock())))
    click.echo()
    click.echo(report.look_next(life.configuration if stays else None))


def _serve(life: Lived) -> None:
    """The pages, the worker and the schedule, against the two LRSs, from now on by the real clock."""
    from lrs_bridge.service import run

    life.clock.release()
    accounts = [(login, secrets.token_urlsafe(12), role) for login, role in _ACCOUNTS]
    for login, password, role in accounts:
        users.add(life.bridge.engine, OPERATOR, login, password, role, life.clock())

    def announce(line: str) -> None:
        click.echo()
        click.echo(line)
        for login, password, role in accounts:
            click.echo(f"  sign in as {login:<8} with {password}   ({role})")
        click.echo("Ctrl-C ends everything.")

    run(life.bridge, announce=announce)
