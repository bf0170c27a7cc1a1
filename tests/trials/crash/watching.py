"""Tells the marker where the program stands, from outside: by the events of the database's engine and of the mails.

Nothing of the program is changed for it. Whoever aims at a stage is told when it is reached for the n-th time, and the
program goes on meanwhile: what the kill finds is as random as if nobody had aimed.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Engine, event

from lrs_bridge.jobs.delivery import channels
from lrs_bridge.jobs.delivery.channels import MailChannel
from lrs_bridge.jobs.delivery.letters import Letter
from trials.crash.stages import Marker, Stage


@dataclass(frozen=True)
class Job:
    """The stages of one job: outside of transactions, in one that reads, in one that writes, and at its commit."""

    outside: Stage
    reading: Stage
    writing: Stage
    committing: Stage


JOBS: Mapping[str, Job] = {
    "pull": Job(Stage.READING_A_PAGE, Stage.TAKING_A_PAGE_IN, Stage.TAKING_A_PAGE_IN, Stage.COMMITTING_A_PAGE),
    "reconcile": Job(Stage.PLANNING, Stage.LOADING_LEARNERS, Stage.WRITING_PLANS, Stage.COMMITTING_PLANS),
    "deliver": Job(
        Stage.WRITING_A_LETTER, Stage.LOOKING_UP_A_LETTER, Stage.SETTLING_MESSAGES, Stage.COMMITTING_MESSAGES
    ),
}


class Watch:
    """Follows one run of the program. `aim`: which stage, and at which time of reaching it a byte goes to `alarm`."""

    def __init__(self, marker: Marker, alarm: int, aim: tuple[Stage, int] | None) -> None:
        self._marker, self._alarm, self._aim = marker, alarm, aim
        self._reached: Counter[Stage] = Counter()
        self._job = JOBS["pull"]
        self._committed = False

    def reach(self, stage: Stage) -> None:
        self._marker.stage = stage
        self._reached[stage] += 1
        if self._aim == (stage, self._reached[stage]):
            os.write(self._alarm, b".")
            os.sched_yield()

    def begin(self, job: str) -> None:
        """From here on the program does this job."""
        self._job = JOBS[job]
        self.reach(self._job.outside)

    def follow(self, engine: Engine) -> None:
        """Hear of every transaction."""
        event.listen(engine, "begin", self._begun)
        event.listen(engine, "commit", self._committing)
        event.listen(engine, "handle_error", self._failed)
        event.listen(engine, "checkin", self._given_back)

    def follow_mail(self) -> None:
        """Hear of every letter that is handed over."""
        watch = self

        class WatchedChannel(MailChannel):
            def send(self, letter: Letter) -> None:
                watch.hand_over(letter)
                super().send(letter)
                watch.reach(Stage.HANDED_OVER_NOT_SETTLED)

        channels.CHANNELS["mail"] = lambda settings: WatchedChannel(settings.mail)

    def hand_over(self, letter: Letter) -> None:
        self._marker.in_flight = letter.id
        self.reach(Stage.HANDING_A_LETTER_OVER)

    def _begun(self, connection: Connection) -> None:
        writes = connection.get_execution_options().get("lrs_bridge_writes", False)
        self.reach(self._job.writing if writes else self._job.reading)

    def _committing(self, _: Connection) -> None:
        self._committed = True
        self.reach(self._job.committing)

    def _failed(self, _: Any) -> None:
        self._committed = False

    def _given_back(self, *_: Any) -> None:
        if self._committed:  # the commit has come to its end
            self._marker.in_flight = ""
            self._committed = False
        self.reach(self._job.outside)
