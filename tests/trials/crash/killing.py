"""One start of the program, and its end: by itself, or by kill -9 at a moment that chance chose.

Half of the kills come at a random moment by the clock; the other half a hair's breadth after a stage, chosen in turn,
was reached for the n-th time, so that short stages are hit as well as long ones.
"""

from __future__ import annotations

import os
import random
import signal
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from trials.crash.child import DONE
from trials.crash.helper import Helper
from trials.crash.stages import Marker, Stage

_HAIRS_BREADTH = 0.002
_PATIENCE = 600.0


@dataclass(frozen=True, slots=True)
class Ending:
    """How a start of the program ended. `killed`: the strike came before its end. `in_flight`: the letter that was
    being handed over then."""

    killed: bool
    status: int
    stage: Stage
    in_flight: str


#: Given the process id of the program, does the damage.
Strike = Callable[[int], None]


def strike_dead(pid: int) -> None:
    """kill -9."""
    os.kill(pid, signal.SIGKILL)


@dataclass
class Program:
    """The program under trial, ready to be started again and again."""

    forks: Helper
    alarm: int
    marker: Marker
    marker_file: Path
    settings: Mapping[str, Any]
    chance: random.Random
    _typical: float = field(default=0.3, init=False)
    _next_stage: int = field(default=0, init=False)

    def run(self, now: datetime) -> Ending:
        """Let it come to its end."""
        return self._end(*self._start(now, None), killed=False)

    def kill(self, now: datetime, strike: Strike = strike_dead) -> Ending:
        """Start it, and strike if it has not ended by then: at the program itself, or at what it stands on."""
        by_the_clock = self.chance.random() < 0.5
        pid, began = self._start(now, None if by_the_clock else self._aim())
        if by_the_clock:
            ended = self.forks.speaks_within(self.chance.random() * self._typical)
        else:
            assert self.forks.speaks_within(_PATIENCE, self.alarm), "the program hangs"
            ended = self.forks.speaks_within(self.chance.choice((0, 0, self.chance.random())) * _HAIRS_BREADTH)
        if not ended:
            strike(pid)
        return self._end(pid, began, killed=not ended)

    def _aim(self) -> tuple[Stage, int]:
        """The next stage in turn; those that come once a letter or a page, at a later time as well."""
        stages = [stage for stage in Stage if stage is not Stage.ENDING]
        stage = stages[self._next_stage % len(stages)]
        self._next_stage += 1
        return stage, 1 if stage is Stage.STARTING else self.chance.randint(1, 4)

    def _start(self, now: datetime, aim: tuple[Stage, int] | None) -> tuple[int, float]:
        self.marker.clear()
        drain(self.alarm)
        began = time.monotonic()
        answer = self.forks.ask(now=now.isoformat(), aim=aim, settings=self.settings, marker=str(self.marker_file))
        return answer["pid"], began

    def _end(self, _: int, began: float, *, killed: bool) -> Ending:
        status = self.forks.answer()["status"]
        seconds = time.monotonic() - began
        if not killed:
            self._typical = 0.8 * self._typical + 0.2 * seconds
        return Ending(killed and status != DONE, status, self.marker.stage, self.marker.in_flight)


def drain(alarm: int) -> None:
    """Forget an alarm that came too late."""
    try:
        os.read(alarm, 100)
    except BlockingIOError:
        return
