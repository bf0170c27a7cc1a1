"""The trial itself: many at once, then one alone on a copy of the same beginning, then both databases side by side."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, func, select, text

from lrs_bridge.acts.errors import ActError
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import reconcile
from lrs_bridge.settings import Settings
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.engine import make_engine, read, write
from lrs_bridge.store.known_plans import forget
from lrs_bridge.store.tables import AuditRow
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import an_lrs
from support.mail import Mailbox, mail_server
from support.process import LOOPBACK
from trials.hands.acts import Act, Done, Step, choose, do
from trials.hands.alone import HandClock, work_alone
from trials.hands.compare import Tables, differences, lost_updates, tables_of
from trials.hands.crowd import Crowd
from trials.hands.hand import Did
from trials.hands.pages import looking
from trials.hands.time_lapse import BETWEEN_ROUNDS, LEASE, LONGEST_ROUND, START, Lapse
from trials.hands.world import BURSTS, World

#: Fewer than learners, so that no page holds two statements of one learner.
PAGE = 20


@dataclass
class Figures:
    """What came of it."""

    processes: int = 0
    rounds: int = 0
    statements: int = 0
    did: Did = field(default_factory=Did)
    acts: int = 0
    told: int = 0
    killed: int = 0
    taken_over: int = 0
    held_up: int = 0
    pages: dict[int, int] = field(default_factory=dict)
    letters: int = 0
    letters_twice: int = 0
    deadlocks: int = 0
    in_the_audit: int = 0
    written_again: int = 0
    lost: int = 0
    differences: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        """Whether everything is as it should be. One letter may be repeated for each kill: the one in flight."""
        return not (self.did.errors or self.deadlocks or self.written_again or self.lost or self.differences) and (
            self.letters_twice <= self.killed
            and self.acts == self.in_the_audit
            and set(self.pages) == {200}
            and bool(self.acts and self.told)
        )

    def rows(self) -> list[tuple[str, str]]:
        """For people."""
        return [
            ("processes at once", str(self.processes)),
            ("rounds", str(self.rounds)),
            ("statements in the LRS", f"{self.statements:,}"),
            ("pulls", f"{self.did.pulls:,}"),
            ("plans of learners applied", f"{self.did.planned:,}"),
            ("acts of people done", str(self.acts)),
            ("acts told that somebody was faster, or that it cannot be done", str(self.told)),
            ("acts in the audit", str(self.in_the_audit)),
            ("pages read meanwhile", f"{sum(self.pages.values()):,}"),
            ("pages that failed", str(sum(count for status, count in self.pages.items() if status != 200))),
            ("processes killed while they held learners", str(self.killed)),
            ("learners taken over from them", str(self.taken_over)),
            ("learners held by processes that were stopped until the lease was over", str(self.held_up)),
            ("plans thrown away because the lease was over", str(self.did.superseded)),
            ("letters received", str(self.letters)),
            ("letters received twice (at most one a kill)", str(self.letters_twice)),
            ("deadlocks", str(self.deadlocks)),
            ("errors that surfaced", str(len(self.did.errors))),
            ("rows written when everybody is planned once more", str(self.written_again)),
            ("lost updates", str(self.lost)),
            ("rows that differ from one process alone", str(len(self.differences))),
        ]


@dataclass(frozen=True, slots=True)
class Trial:
    """One run. `many_url` and `alone_url` are two copies of one furnished database."""

    world: World
    processes: int
    many_url: str
    alone_url: str
    #: How many times in a round a process is killed or held up: after each burst, or only after the first.
    disturbances: int = BURSTS

    def run(self) -> Figures:
        """Both, and what differs."""
        figures = Figures(self.processes, self.world.rounds, self.world.statements())
        done = self._together(figures)
        with _lrs(self.world) as (sandbox, clock, endpoint):
            work_alone(self.world, self._settings(self.alone_url, endpoint), sandbox, clock, done)
        self._compare(figures)
        return figures

    def _settings(self, url: str, endpoint: str, port: int | None = None) -> dict[str, Any]:
        return {
            "database": {"url": url},
            "schedule": {"lease": f"{int(LEASE.total_seconds())}s"},
            "web": {"secret_key": "a key for the trial alone, long enough to sign"},
            "sources": [an_lrs(endpoint, page_limit=PAGE, overlap="2s")],
            **({"delivery": {"channel": "mail"}, "mail": _mail(port)} if port else {}),
        }

    def _together(self, figures: Figures) -> list[list[Done]]:
        """What people did, round by round."""
        box, engine = Mailbox(), make_engine(self.many_url)
        try:
            with mail_server(box) as port, _lrs(self.world) as (sandbox, clock, endpoint):
                settings = self._settings(self.many_url, endpoint, port)
                with Crowd(settings, self.processes) as crowd:
                    done = [
                        _Round(self, number, engine, settings, figures).run(crowd, sandbox, clock)
                        for number in range(self.world.rounds)
                    ]
                    figures.did = crowd.did
            figures.deadlocks = _deadlocks(engine)
            figures.in_the_audit = _in_the_audit(engine)
        finally:
            engine.dispose()
        seen = Counter(str(each["Message-ID"]) for each in box.mails)
        figures.letters, figures.letters_twice = seen.total(), sum(count - 1 for count in seen.values())
        return done

    def _compare(self, figures: Figures) -> None:
        many, alone = (self._settled(url, figures) for url in (self.many_url, self.alone_url))
        figures.differences, figures.lost = differences(many, alone), lost_updates(many, alone)

    def _settled(self, url: str, figures: Figures) -> Tables:
        """Everything, after everybody was planned once more, at the same moment: which must change nothing.

        But when a learner is due next: a plan that opens a task looks further ahead than one that finds it open.
        """
        now = self.world.begin_of(self.world.rounds - 1) + LONGEST_ROUND
        with Bridge.open(
            Settings.model_validate(self._settings(url, "http://localhost/")), clock=lambda: now
        ) as bridge:
            with write(bridge.engine) as connection:
                forget(connection)  # what is known to hold still would be spared
                mark_due(connection, None, now)
            figures.written_again += reconcile(bridge, now).writes
            return tables_of(bridge.engine, apart={*self.world.newcomers, self.world.neighbour})


@dataclass(frozen=True, slots=True)
class _Round:
    """One round of many at once."""

    trial: Trial
    number: int
    engine: Engine
    settings: dict[str, Any]
    figures: Figures

    def run(self, crowd: Crowd, sandbox: SandboxLrs, lrs_clock: HandClock) -> list[Done]:
        lapse = Lapse(self.trial.world.begin_of(self.number), time.monotonic())
        with Bridge.open(Settings.model_validate(self.settings), clock=lapse) as bridge:
            steps = choose(bridge, self.trial.world, self.number)
            with looking(bridge) as reader, ThreadPoolExecutor(1, "people") as people:
                crowd.begin(lapse)
                acting = people.submit(self._act, bridge, steps)
                for burst, (moment, statements) in enumerate(self.trial.world.bursts(self.number)):
                    sandbox.load(statements)
                    lrs_clock.now = moment
                    if burst < self.trial.disturbances:
                        self._disturb(crowd)
                wait([acting])
                crowd.finish()
            for status, count in reader.answers.items():
                self.figures.pages[status] = self.figures.pages.get(status, 0) + count
            assert lapse() - lapse.start < LONGEST_ROUND, "this machine is too slow for the trial's clock"
            return acting.result()

    def _disturb(self, crowd: Crowd) -> None:
        """One process is killed and another held up, in turn."""
        if self.number % 2:
            held = crowd.kill_one(self.engine)
            self.figures.killed += held > 0
            self.figures.taken_over += held
        else:
            self.figures.held_up += crowd.hold_up_one(self.engine)

    def _act(self, bridge: Bridge, steps: Sequence[Step]) -> list[Done]:
        """What was done, in order. Acts of one step are done at the same moment by as many people."""
        done: list[Done] = []
        told = 0
        now = self.trial.world.begin_of(self.number)
        for step in steps:
            together = threading.Barrier(len(step))
            with ThreadPoolExecutor(len(step)) as people:
                answers = list(people.map(lambda act, meet=together: _try(bridge, act, now, meet), step))
            done += [each for each in answers if isinstance(each, Done)]
            told += sum(isinstance(each, ActError) for each in answers)
        self.figures.acts += len(done)
        self.figures.told += told
        return done


def _try(bridge: Bridge, act: Act, now: Any, meet: threading.Barrier) -> Done | ActError | None:
    """What was done (None: it was so already), or what the person was told."""
    meet.wait()
    try:
        return do(bridge, act, now)
    except ActError as told:
        return told


@contextmanager
def _lrs(world: World) -> Iterator[tuple[SandboxLrs, HandClock, str]]:
    clock = HandClock(world.start)
    sandbox = SandboxLrs(clock=clock)
    with sandbox.serve() as serving:
        yield sandbox, clock, serving.endpoint


def _mail(port: int) -> dict[str, Any]:
    return {"host": LOOPBACK, "port": port, "sender": "learning@example.org", "tls": "none"}


def _deadlocks(engine: Engine) -> int:
    """As PostgreSQL counts them; SQLite has one writer, and so none."""
    if engine.dialect.name != "postgresql":
        return 0
    with read(engine) as connection:
        query = text("SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()")
        return int(connection.execute(query).scalar_one())


def _in_the_audit(engine: Engine) -> int:
    """The lines of the round's acts: those of furnishing are by the operator."""
    with read(engine) as connection:
        query = select(func.count()).select_from(AuditRow).where(AuditRow.by != "command-line")
        return connection.execute(query).scalar_one()


def a_world(learners: int, rounds: int, seed: int = 1) -> World:
    """The world of this trial, in its own time."""
    return World(learners, rounds, START, BETWEEN_ROUNDS, seed)
