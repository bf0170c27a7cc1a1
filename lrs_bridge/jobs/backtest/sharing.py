"""A backtest that any number of processes share: its parts are rows, claimed under leases that run out.

`begin` records the run, `work` tries one part of it, and `Following` adds up what was found so far, wherever it was
found. A process that is killed loses nothing but its part's minute. As parts name no learner, whoever is there when a
part is tried belongs to it.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from os import getpid
from socket import gethostname
from typing import Final
from uuid import uuid4

import msgspec

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.backtesting.tally import Tally, total
from lrs_bridge.domain.backtesting.trial import Trial
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.jobs.backtest.report import BacktestReport
from lrs_bridge.jobs.backtest.running import Tested, everybody, members_of, parts_in
from lrs_bridge.jobs.backtest.trying import Attempt
from lrs_bridge.store import backtests, rulesets
from lrs_bridge.store.backtests import Run
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.tables import BacktestState
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.ruleset import Ruleset

#: A part takes about a second; who holds one for longer than this is dead.
LEASE: Final = timedelta(minutes=1)

_encode: Final = msgspec.json.Encoder().encode
_tally: Final = msgspec.json.Decoder(Tally).decode
_report: Final = msgspec.json.Decoder(BacktestReport).decode


@dataclass(frozen=True, slots=True)
class Begun:
    """A run, with what is compiled for it already."""

    run: Run
    trial: Trial


def begin(bridge: Bridge, documents: Mapping[str, str], now: datetime, *, since: timedelta | None = None) -> Begun:
    """Record a run over everybody. Raises DocumentError, and ConfigurationError if no rules are in force."""
    tested = Tested.now_in_force(bridge)
    cutoff = None if since is None else now - since
    draft = load_texts(documents)
    trial = Trial(tested.ruleset, draft, now, cutoff)
    report = tested.opening(bridge, trial, len(everybody(bridge)))
    run = Run(
        id=str(uuid4()),
        version=tested.version,
        documents=draft.documents,
        planned_at=now,
        since=cutoff,
        parts=parts_in(report.learners),
        state=BacktestState.OPEN,
        begun_at=now,
        report=_encode(report),
    )
    with write(bridge.engine) as connection:
        backtests.record(connection, run)
    return Begun(run, trial)


class Worker:
    """Tries parts, of one run or of whichever is open; keeps the compiled rules of the last one for the next part."""

    def __init__(self, bridge: Bridge, only: Begun | None = None) -> None:
        self._bridge = bridge
        self._only = None if only is None else only.run.id
        self._attempt = None if only is None else (only.run.id, Attempt.of(bridge, only.trial))

    def work(self, now: datetime) -> bool:
        """Try one part; False if none is left to be claimed now. Raises StoreError if the database fails."""
        owner = f"{gethostname()}:{getpid()}"
        part = backtests.claim(self._bridge.engine, now=now, lease=LEASE, only=self._only, owner=owner)
        if part is None:
            return False
        members = members_of(everybody(self._bridge), part.number, part.run.parts)
        tally = self._attempt_of(part.run).on(members)
        with write(self._bridge.engine) as connection:
            backtests.keep(connection, part, _encode(tally))
        return True

    def _attempt_of(self, run: Run) -> Attempt:
        if self._attempt is None or self._attempt[0] != run.id:
            active = _published(self._bridge, run.version)
            trial = Trial(active, load_texts(run.documents), run.planned_at, run.since)
            self._attempt = run.id, Attempt.of(self._bridge, trial)
        return self._attempt[1]


def _published(bridge: Bridge, number: int) -> Ruleset:
    """One version of the rules, compiled; that in force is compiled already."""
    with read(bridge.engine) as connection:
        version = rulesets.get(connection, number)
    if version is None:
        raise ConfigurationError(f"There is no version {number} of the rules.", "Repeat the backtest.")
    active = bridge.ruleset()
    return active if active.digest == version.digest else load_texts(version.documents)


class Following:
    """The figures of a run, added up as they come in."""

    def __init__(self, bridge: Bridge, run: Run) -> None:
        self._bridge = bridge
        self._run = run
        self._known: set[int] = set()
        self._begun = time.monotonic()
        #: As far as it has come.
        self.report = _report(run.report)
        #: Whether it goes on: not all parts were tried, and nobody put a stop to it.
        self.goes_on = True

    def look(self) -> BacktestReport:
        """Add up what came meanwhile."""
        with read(self._bridge.engine) as connection:
            run = backtests.get(connection, self._run.id)
            fresh = backtests.tallies(connection, self._run.id, self._known)
        if run is None or run.state is not BacktestState.OPEN:
            self.goes_on = False
            self.report = self.report if run is None or run.report == self._run.report else _report(run.report)
            return self.report
        self._known |= fresh.keys()
        tally = total((self.report.tally, *map(_tally, fresh.values())))
        self.report = replace(self.report, tally=tally, seconds=time.monotonic() - self._begun)
        self.goes_on = len(self._known) < self._run.parts
        if not self.goes_on:  # who has come or gone meanwhile was looked at, or not
            self.report = replace(self.report, learners=tally.learners)
        return self.report

    def end(self, now: datetime) -> None:
        """Keep the report in the place of its parts; what has not ended is cancelled, and workers let go of it."""
        state = BacktestState.CANCELLED if self.goes_on else BacktestState.DONE
        with write(self._bridge.engine) as connection:
            backtests.end(connection, self._run.id, state, _encode(self.report), now)
