"""The workers and beats of production, as processes of their own over a real broker, one worker killed ever again.

Two workers and two beats (so every task is sent twice) share a database while the LRS hears more and more. When
everything is in, the database must hold what one process alone makes of the same statements. These processes go by the
machine's clock, so moments at which some process looked are not compared.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from lrs_bridge.bridge import Bridge
from lrs_bridge.settings import Settings
from lrs_bridge.store.due import count_due
from lrs_bridge.store.engine import make_engine, read
from lrs_bridge.store.tables import DueRow, QuarantineRow, StatementRow
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import an_lrs
from support.process import Child, running
from trials.hands.alone import HandClock
from trials.hands.compare import Tables, differences, lost_updates, not_at_all, tables_of
from trials.hands.hand import at_rest, turn
from trials.hands.world import World

_POLL = 0.02
_PATIENCE = 60.0
#: Seconds that a worker lives until it is killed.
_LIFE = 1.5


@dataclass
class CeleryFigures:
    """What came of it."""

    broker: str
    workers: int = 2
    beats: int = 2
    killed: int = 0
    taken_over: int = 0
    statements: int = 0
    kept: int = 0
    planned: int = 0
    failed: int = 0
    seconds: float = 0.0
    lost: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return bool(self.killed and self.kept) and not (self.failed or self.lost or self.differences)

    def rows(self) -> list[tuple[str, str]]:
        """For people."""
        return [
            ("workers and beats", f"{self.workers} and {self.beats}"),
            ("workers killed", str(self.killed)),
            ("statements in the LRS", f"{self.statements:,}"),
            ("statements kept", f"{self.kept:,}"),
            ("plans of learners applied, as the log says", f"{self.planned:,}"),
            ("leases that killed workers left behind and others took over", str(self.taken_over)),
            ("tasks that failed", str(self.failed)),
            ("lost updates", str(self.lost)),
            ("rows that differ from one process alone", str(len(self.differences))),
        ]


@dataclass(frozen=True, slots=True)
class CeleryTrial:
    """One run over one broker. `many_url` and `alone_url` are two copies of one furnished database."""

    world: World
    folder: Path
    broker: str
    many_url: str
    alone_url: str
    kills: int

    def run(self) -> CeleryFigures:
        figures = CeleryFigures(self.broker.partition(":")[0], statements=self.world.statements())
        begun = time.monotonic()
        self._together(figures)
        figures.seconds = time.monotonic() - begun
        self._alone()
        many, alone = (_tables(url) for url in (self.many_url, self.alone_url))
        figures.differences, figures.lost = differences(many, alone), lost_updates(many, alone)
        return figures

    def _together(self, figures: CeleryFigures) -> None:
        """Bursts of statements come in while a worker is killed, again and again."""
        bursts = [each for number in range(self.world.rounds) for each in self.world.bursts(number)]
        with _lrs(self.world) as (sandbox, clock, endpoint), ExitStack() as stack:
            crew = Crew(self._configure(endpoint))
            stack.callback(crew.close)
            for command in ("beat", "beat", "worker", "worker"):
                crew.start(command)
            for number in range(max(self.kills, len(bursts))):
                if number < len(bursts):
                    moment, statements = bursts[number]
                    sandbox.load(statements)
                    clock.now = moment
                if number < self.kills:
                    figures.taken_over += self._kill_one(crew)
                    figures.killed += 1
            _eventually(lambda: self._all_in() and self._nobody_waits(), crew)
            crew.end()
            figures.planned, figures.failed = crew.logged("reconciled", "learners"), crew.count("task failed")
        figures.kept = self._kept()

    def _kill_one(self, crew: Crew) -> int:
        """The older of the workers, some time after it began to work, or while it holds learners; what it left."""
        victim = crew.workers[0]
        _eventually(lambda: '"event": "pulled"' in victim.output(), crew)
        deadline = time.monotonic() + _LIFE
        while time.monotonic() < deadline and not self._leases_of(victim):
            time.sleep(_POLL)  # a poll with a deadline
        victim.kill()
        crew.workers.remove(victim)
        crew.start("worker")
        return self._leases_of(victim)

    def _leases_of(self, worker: Child) -> int:
        """`setpriv` makes way for the worker, which keeps its id."""
        word = f":{worker.process.pid}:"
        return self._count(select(func.count()).where(DueRow.lease.contains(word, autoescape=True)))

    def _all_in(self) -> bool:
        """Whether the cursor is where the LRS ends: the world's clock stands there."""
        held = self._count(select(func.count()).select_from(StatementRow))
        aside = self._count(select(func.count()).select_from(QuarantineRow))
        return held + aside == self._wanted()

    def _wanted(self) -> int:
        wanted = ("initialized", "passed", "failed", "voided")
        return sum(
            each["verb"]["id"].rpartition("/")[2] in wanted
            for number in range(self.world.rounds)
            for _, statements in self.world.bursts(number)
            for each in statements
        )

    def _nobody_waits(self) -> bool:
        engine = make_engine(self.many_url)
        try:
            with read(engine) as connection:
                return count_due(connection, datetime.now(UTC)) == 0
        finally:
            engine.dispose()

    def _kept(self) -> int:
        return self._count(select(func.count()).select_from(StatementRow))

    def _count(self, query: Any) -> int:
        engine = make_engine(self.many_url)
        try:
            with read(engine) as connection:
                return int(connection.execute(query).scalar_one())
        finally:
            engine.dispose()

    def _alone(self) -> None:
        with _lrs(self.world) as (sandbox, clock, endpoint):
            settings = {"database": {"url": self.alone_url}, "sources": [_source(endpoint)]}
            with Bridge.open(Settings.model_validate(settings)) as bridge:
                for number in range(self.world.rounds):
                    for moment, statements in self.world.bursts(number):
                        sandbox.load(statements)
                        clock.now = moment
                        assert not turn(bridge).errors
                while not at_rest(bridge):
                    assert not turn(bridge).errors

    def _configure(self, endpoint: str) -> Path:
        """The folder of an installation. Messages wait: what becomes of those in flight is told in another trial."""
        source = _source(endpoint)
        keys = "\n".join(f"{name} = {json.dumps(value)}" for name, value in source.items() if name != "password")
        (self.folder / "lrs_bridge.toml").write_text(
            f"""
[celery]
visibility_timeout = "3s"
[schedule]
pull = "1s"
reconcile = "1s"
deliver = "1d"
lease = "3s"
[[sources]]
{keys}
password_env = "LRS_PASSWORD"
""",
            "utf-8",
        )
        environment = {"LRS_BRIDGE_DATABASE__URL": self.many_url, "LRS_BRIDGE_CELERY__BROKER": self.broker}
        (self.folder / "environment.json").write_text(json.dumps(environment), "utf-8")
        return self.folder


class Crew:
    """Workers and beats of one installation, each a process of its own."""

    def __init__(self, folder: Path) -> None:
        self.workers: list[Child] = []
        self._folder = folder
        self._stack = ExitStack()
        self._started = 0
        self._all: list[Child] = []

    def start(self, command: str) -> None:
        self._started += 1
        code = "import sys; from lrs_bridge.cli import main; sys.exit(main())"
        arguments = [command] if command == "beat" else [command, "--pool", "solo"]
        log = self._folder / f"{command}-{self._started}.log"
        child = self._stack.enter_context(
            running(command, [sys.executable, "-c", code, *arguments], log=log, cwd=self._folder, env=self._env())
        )
        self._all.append(child)
        if command == "worker":
            self.workers.append(child)

    def end(self) -> None:
        """Politely: the task at hand comes to its end."""
        self._stack.close()

    def close(self) -> None:
        self._stack.close()

    def count(self, text: str) -> int:
        """How often something was logged by anybody."""
        return sum(f'"event": "{text}"' in line for line in self._lines())

    def logged(self, event: str, name: str) -> int:
        """The sum of a number in all log lines of a kind."""
        lines = (json.loads(line) for line in self._lines() if f'"event": "{event}"' in line)
        return sum(int(line[name]) for line in lines)

    def tail(self) -> str:
        return "\n".join(f"--- {each.name}\n{each.output()[-2000:]}" for each in self._all)

    def _lines(self) -> Iterator[str]:
        for each in self._all:
            yield from (line for line in each.output().splitlines() if line.startswith("{") and line.endswith("}"))

    def _env(self) -> Mapping[str, str]:
        own = json.loads((self._folder / "environment.json").read_text("utf-8"))
        return {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "LRS_PASSWORD": "sandbox", **own}


def _source(endpoint: str) -> dict[str, Any]:
    return an_lrs(endpoint, page_limit=20, overlap="2s")


@contextmanager
def _lrs(world: World) -> Iterator[tuple[SandboxLrs, HandClock, str]]:
    clock = HandClock(world.start)
    sandbox = SandboxLrs(clock=clock)
    with sandbox.serve() as serving:
        yield sandbox, clock, serving.endpoint


#: Whether and when a message left, which is another trial's business.
_LEFT_OUT = frozenset({"state", "lease", "leased_until", "settled_at", "last_error"})


def _tables(url: str) -> Tables:
    engine = make_engine(url)
    try:
        return tables_of(engine, clock=not_at_all, but={("outbox", name) for name in _LEFT_OUT})
    finally:
        engine.dispose()


def _eventually(condition: Callable[[], bool], crew: Crew) -> None:
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        assert time.monotonic() < deadline, f"waited {_PATIENCE:g} s:\n{crew.tail()}"
        time.sleep(_POLL)  # a poll with a deadline: nobody tells us when a row appears


def a_world_of_today(learners: int, rounds: int, seed: int = 1) -> World:
    """Rounds that follow one another closely, the last some hours ago, and in which nothing is taken back."""
    between = timedelta(hours=1)
    return World(
        learners, rounds, datetime.now(UTC).replace(microsecond=0) - (rounds + 5) * between, between, seed, 0.0
    )
