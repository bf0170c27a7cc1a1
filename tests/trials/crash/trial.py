"""The trial itself: a world lived through under kill -9, the same world undisturbed, and what came of both."""

from __future__ import annotations

import itertools
import signal
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from sqlalchemy import Engine, select

from lrs_bridge.store.engine import make_engine, read
from lrs_bridge.store.outbox import letter_id
from lrs_bridge.store.tables import OutboxRow, OutboxState
from trials.crash.child import DATABASE_GONE, DONE
from trials.crash.compare import Rows, differences, tables_of
from trials.crash.databases import Server
from trials.crash.feeding import feed, furnish
from trials.crash.killing import Ending, Program
from trials.crash.stages import Stage
from trials.crash.surroundings import Surroundings, surroundings
from trials.crash.world import Turn, World

#: Given the program and the turn: starts it and says how that ended.
Disturb = Callable[[Program, Turn], Ending]


@dataclass
class Life:
    """What came of one life of the world: the tables at its end, the letters that arrived, and the kills."""

    days: int = 0
    kills: list[Ending] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    tables: Mapping[str, Rows] = field(default_factory=dict)
    letters: Counter[str] = field(default_factory=Counter)
    sent: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Figures:
    """What the trial shows about one kind of database."""

    kills: int
    stages: Mapping[Stage, int]
    rows: int
    letters: int
    different: tuple[str, ...]
    lost: int
    twice: int
    in_flight: int
    unexplained: tuple[str, ...]
    failures: tuple[str, ...]

    @property
    def holds(self) -> bool:
        """Whether nothing was lost, and nothing done twice but what was in flight."""
        return not (self.different or self.lost or self.unexplained or self.failures)


def live(
    around: Surroundings,
    folder: Path,
    url: str,
    world: World,
    disturb: Disturb | None,
    *,
    kills: int = 0,
    days: int = 0,
) -> Life:
    """Live through whole days: until there were so many kills, or (undisturbed) so many days."""
    engine = make_engine(url)
    life = Life()
    try:
        furnish(engine)
        with around.begin(folder, url, world) as running:
            while len(life.kills) < kills or life.days < days:
                for turn in world.day(life.days):
                    feed(world, turn, engine, around.lrs)
                    _take_turn(life, running, turn, disturb if len(life.kills) < kills else None)
                life.days += 1
        life.tables = tables_of(engine)
        life.letters = Counter((folder / "letters").read_text(encoding="utf-8").split())
        life.sent = _sent(engine)
    finally:
        engine.dispose()
    return life


def two_lives(folder: Path, urls: tuple[str, str], world: World, disturb: Disturb, kills: int) -> Figures:
    """Live through the same days twice, disturbed and not, on two empty databases; and compare."""
    one, other = folder / "disturbed", folder / "undisturbed"
    for each in (one, other):
        each.mkdir()
    with surroundings(folder) as around:
        disturbed = live(around, one, urls[0], world, disturb, kills=kills)
        return figures(disturbed, live(around, other, urls[1], world, None, days=disturbed.days))


def figures(disturbed: Life, undisturbed: Life) -> Figures:
    """Compare two lives of the same days."""
    in_flight = Counter(kill.in_flight for kill in disturbed.kills if kill.in_flight)
    repeats = {letter: count - 1 for letter, count in disturbed.letters.items() if count > 1}
    lost = (disturbed.sent | undisturbed.letters.keys()) - disturbed.letters.keys()
    unasked = disturbed.letters.keys() - undisturbed.letters.keys()
    return Figures(
        kills=len(disturbed.kills),
        stages=Counter(kill.stage for kill in disturbed.kills),
        rows=sum(len(rows) for rows in disturbed.tables.values()),
        letters=len(disturbed.letters),
        different=tuple(differences(disturbed.tables, undisturbed.tables)),
        lost=len(lost),
        twice=sum(repeats.values()),
        in_flight=in_flight.total(),
        unexplained=(
            *(f"{letter} came {count + 1} times" for letter, count in repeats.items() if count > in_flight[letter]),
            *(f"{letter} came without being asked for" for letter in unasked),
        ),
        failures=(*disturbed.failures, *undisturbed.failures),
    )


def kill_it(running: Program, turn: Turn) -> Ending:
    """The plain kill -9 of the program."""
    return running.kill(turn.now)


def kill_the_server(server: Server) -> Disturb:
    """PostgreSQL is killed, now as a whole, now one of its sessions; the program has to end in order by itself."""
    turns = itertools.count()

    def disturb(running: Program, turn: Turn) -> Ending:
        whole = next(turns) % 2 == 0
        ending = running.kill(turn.now, lambda _: server.kill() if whole else server.kill_a_session())
        if whole and not server.is_up():
            server.start_again()
        server.wait()
        return ending

    return disturb


#: How the program may end when it, or its database, was killed.
_EXPECTED = (-signal.SIGKILL, DATABASE_GONE)


def _take_turn(life: Life, running: Program, turn: Turn, disturb: Disturb | None) -> None:
    ending = running.run(turn.now) if disturb is None or turn.is_evening else disturb(running, turn)
    if ending.killed:
        life.kills.append(ending)
    if ending.status not in ((DONE, *_EXPECTED) if ending.killed else (DONE,)):
        life.failures.append(f"day {turn.day}, turn {turn.number}: status {ending.status} at {ending.stage.label}")


def _sent(engine: Engine) -> frozenset[str]:
    """The ids of the letters that the outbox says have left."""
    with read(engine) as connection:
        keys = connection.execute(select(OutboxRow.key).where(OutboxRow.state == OutboxState.SENT)).scalars()
        return frozenset(letter_id(key) for key in keys)
