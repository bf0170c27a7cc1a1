"""The processes of the trial: started, told, counted, held up, killed and replaced, each by its own id."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from threading import Event, Thread
from typing import Any, Self

from sqlalchemy import Engine, func, select

from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import DueRow
from trials.hands.hand import Did, Order, run
from trials.hands.time_lapse import LEASE, Lapse, seconds_outside

_SPAWN = get_context("spawn")
_PATIENCE = 100
#: Seconds between two looks at who holds leases.
_GLANCE = 0.002
#: How long somebody is waited for who holds leases.
_LONGEST_WATCH = 4.0


@dataclass
class Hand:
    """One process, and what it told so far."""

    process: SpawnProcess
    orders: Connection
    did: Did = field(default_factory=Did)
    finished: Event = field(default_factory=Event)

    def listen(self) -> None:
        """Until it is gone; what a process that was killed has told counts."""
        while True:
            try:
                told = self.orders.recv()
            except (EOFError, OSError):
                self.finished.set()
                return
            if isinstance(told, Did):
                self.did += told
            else:
                self.finished.set()

    @property
    def pid(self) -> int:
        assert self.process.pid is not None
        return self.process.pid


class Crowd:
    """Some processes at the same database. Close it, or use it as a context manager."""

    def __init__(self, settings: Mapping[str, Any], many: int) -> None:
        self._settings = settings
        self._gone: list[Hand] = []
        self._lapse: Lapse | None = None
        self.hands = [self._start() for _ in range(many)]

    @property
    def did(self) -> Did:
        """What all of them did, those that were killed included."""
        return sum((each.did for each in (*self._gone, *self.hands)), Did())

    def begin(self, lapse: Lapse) -> None:
        self._lapse = lapse
        for each in self.hands:
            each.finished.clear()
            each.orders.send(lapse)

    def finish(self) -> None:
        """Return when every process says that nothing is left to do."""
        for each in self.hands:
            each.orders.send(Order.FINISH)
        for each in self.hands:
            assert each.finished.wait(_PATIENCE), f"process {each.pid} does not come to an end: {each.did}"
            assert each.process.is_alive(), f"process {each.pid} ended by itself: {each.did}"

    def kill_one(self, engine: Engine) -> int:
        """Kill a process that works on learners, and start another one; how many learners it held."""
        with self._stopped_at_work(engine) as (victim, held):
            if victim is not None:
                victim.process.kill()
                victim.process.join()
        if victim is None:
            return 0
        self.hands.remove(victim)
        self._gone.append(victim)
        self.hands.append(self._start())
        if self._lapse is not None:
            self.hands[-1].orders.send(self._lapse)
        return held

    def hold_up_one(self, engine: Engine) -> int:
        """Let a process that works on learners stand until its lease is over; how many learners it held."""
        with self._stopped_at_work(engine) as (_, held):
            if held:
                time.sleep(seconds_outside(LEASE) * 1.2)  # it is this that the trial is about
        return held

    def close(self) -> None:
        for each in self.hands:
            if each.process.is_alive():
                each.orders.send(Order.STOP)
            each.process.join(_PATIENCE)
            if each.process.is_alive():
                each.process.kill()
        for each in (*self.hands, *self._gone):
            each.orders.close()
            each.process.join()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _start(self) -> Hand:
        mine, theirs = _SPAWN.Pipe()
        process = _SPAWN.Process(target=run, args=(self._settings, theirs), daemon=True)
        process.start()
        theirs.close()
        hand = Hand(process, mine)
        Thread(target=hand.listen, name=f"hand {process.pid}", daemon=True).start()
        return hand

    @contextmanager
    def _stopped_at_work(self, engine: Engine) -> Iterator[tuple[Hand | None, int]]:
        """A process that is stopped while it holds leases, and how many; it goes on when the block ends, if it can."""
        deadline = time.monotonic() + _LONGEST_WATCH
        while time.monotonic() < deadline:
            for hand in self.hands:
                if not leases_of(engine, hand.pid):
                    continue
                os.kill(hand.pid, signal.SIGSTOP)
                # Looked at once more now that it cannot give them back.
                held = leases_of(engine, hand.pid)
                try:
                    if held:
                        yield hand, held
                        return
                finally:
                    if hand.process.is_alive():
                        os.kill(hand.pid, signal.SIGCONT)
            time.sleep(_GLANCE)  # a poll with a deadline
        yield None, 0


def leases_of(engine: Engine, pid: int) -> int:
    """How many learners this process has under a lease."""
    with read(engine) as connection:
        query = select(func.count()).where(DueRow.lease.contains(f":{pid}:", autoescape=True))
        return connection.execute(query).scalar_one()
