"""`python -m trials.crash [KILLS [SEED]]`: the trial on each database, and its figures. Ends with 0 if all hold."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from trials.crash.databases import Server, postgres
from trials.crash.trial import Figures, kill_it, kill_the_server, two_lives
from trials.crash.world import World

KILLS = 200
SEED = 1
TURNS = 16
#: Of kills of the program, so many come as kills of its database server on top.
SERVER_KILLS = 0.1


def main(arguments: list[str]) -> int:
    """Live, compare, print."""
    kills = int(arguments[0]) if arguments else KILLS
    world = World(int(arguments[1]) if len(arguments) > 1 else SEED, TURNS)
    holds = True
    for what, found in _trials(world, kills):
        _say(table(what, found))
        holds = holds and found.holds
    return 0 if holds else 1


def _trials(world: World, kills: int) -> Iterator[tuple[str, Figures]]:
    with tempfile.TemporaryDirectory(prefix="lrs-bridge-crash-") as folder:
        yield "SQLite", on_sqlite(Path(folder), world, kills)
    with postgres() as server:
        yield "PostgreSQL", on_postgres(server, world, kills)
        yield "PostgreSQL, its server killed", on_postgres(server, world, int(kills * SERVER_KILLS), of_server=True)


def on_sqlite(folder: Path, world: World, kills: int) -> Figures:
    """The program is killed; the database is a file."""
    urls = (f"sqlite:///{folder}/disturbed.db", f"sqlite:///{folder}/undisturbed.db")
    return two_lives(folder, urls, world, kill_it, kills)


def on_postgres(server: Server, world: World, kills: int, *, of_server: bool = False) -> Figures:
    """The program is killed, or (`of_server`) PostgreSQL below it."""
    disturb = kill_the_server(server) if of_server else kill_it
    with tempfile.TemporaryDirectory() as folder, server.database() as one, server.database() as other:
        return two_lives(Path(folder), (one, other), world, disturb, kills)


def table(what: str, found: Figures) -> str:
    """The figures as lines to read."""
    stages = ", ".join(f"{stage.label} {count}" for stage, count in sorted(found.stages.items()))
    rows = (
        ("kills", f"{found.kills} ({stages})"),
        ("rows compared", f"{found.rows:,}, different: {len(found.different)}"),
        ("letters", f"{found.letters:,}, lost: {found.lost}"),
        ("in flight when killed", f"{found.in_flight}, of these sent twice: {found.twice}"),
        ("sent twice otherwise", f"{len(found.unexplained)}"),
        ("failures", f"{len(found.failures)}"),
    )
    trouble = (*found.different, *found.unexplained, *found.failures)[:20]
    return "\n".join([what, *(f"  {name:<24}{value}" for name, value in rows), *(f"  ! {each}" for each in trouble)])


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
