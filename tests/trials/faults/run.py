"""Runs one row of the fault table over real HTTP and a real database, and says what did not come out as it should.

Pulled before (but where a row says otherwise): half of what is in the LRS. Then the fault begins, with the other half
new; it is pulled, looked at with the eyes of an operator, and ends; it is pulled once more, and reconciled.
"""

from __future__ import annotations

import socket
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import PullReport, pull, reconcile, rescan
from lrs_bridge.store import quarantine
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.sources import Freshness, ListedSource, source_states
from lrs_bridge.store.tables import StatementRow
from lrs_bridge_connectors.sandbox import MisbehavingLrs, SandboxLrs
from lrs_bridge_connectors.source import Window
from lrs_bridge_connectors.xapi import XapiConfig, XapiSource
from lrs_bridge_connectors.xapi.auth import Basic
from support.bridges import an_lrs, settings_for
from trials.faults.row import Expected, Patience, Rescan
from trials.faults.snapshot import Snapshot, snapshot
from trials.faults.world import NOW, PRIVATE, World, fill

#: Gives the address of a laid-out database with everybody in it, for as long as the block lasts.
Fresh = Callable[[], AbstractContextManager[str]]


_CONFIG: Mapping[str, Any] = {"page_limit": 8, "overlap": timedelta(minutes=10), "settle": timedelta(0)}


@dataclass(frozen=True)
class Pace:
    """How long things take, in seconds: the short time-outs, and a byte of a server that drips.

    `sleep` is what waits between two tries.
    """

    sleep: Callable[[float], None]
    read_timeout: float
    deadline: float
    drip: float

    def changes(self, patience: Patience) -> dict[str, float]:
        """What is set for a source that waits as impatiently as this."""
        return {patience: getattr(self, patience)} if patience else {}


@dataclass
class Trial:
    """One row being tried: the LRS, the source that reads it, the bridge, and what was wrong so far.

    `impatient` is the source as it reads while the fault lasts.
    """

    row: Expected
    lrs: MisbehavingLrs
    source: XapiSource
    impatient: XapiSource
    bridge: Bridge
    origin: str
    world: World
    wrong: list[str] = field(default_factory=list)

    def expect(self, what: str, expected: object, actual: object) -> None:
        if expected != actual:
            self.wrong.append(f"{what}: expected {expected!r}, not {actual!r}")

    def pull(self, source: XapiSource | None = None) -> PullReport:
        return pull(self.bridge, source or self.source, NOW)

    def words(self, text: str) -> str:
        """A text as the table has it."""
        text = text.replace(self.lrs.elsewhere, "{other}").replace(self.origin, "{lrs}")
        return text.replace(f"than {self.impatient.config.deadline:g} s", "than {deadline} s")

    def state(self) -> ListedSource:
        """How `status` shows the source."""
        with read(self.bridge.engine) as connection:
            [state] = source_states(connection, NOW, stale_after=self.bridge.settings.schedule.stale_after)
        return state


def run(row: Expected, fresh: Fresh, pace: Pace, baselines: dict[object, Snapshot]) -> tuple[str, ...]:
    """What did not come out as the row says; nothing, if all did. `baselines` keeps runs without a fault for later."""
    world = row.world()
    sleeps: list[float] = []
    with _nobody_comes() as (elsewhere, came), _trial(row, world, fresh, pace, sleeps, elsewhere) as trial:
        _before(trial)
        sleeps.clear()
        _during(trial, sleeps)
        _after(trial)
        result = snapshot(trial.bridge.engine)
        trial.expect("connections to another host", False, came())
        expected = _baseline(row, world, fresh, pace, baselines)
        trial.wrong += result.differences(expected, victims=row.victims or world.ids, columns=row.differs)
        return tuple(trial.wrong)


def _before(trial: Trial) -> None:
    fill(trial.lrs.lrs, trial.world.early)
    if not trial.row.fresh:
        trial.expect("the pull before the fault", "", trial.pull().error)
    fill(trial.lrs.lrs, trial.world.late)


def _during(trial: Trial, sleeps: list[float]) -> None:
    row = trial.row
    trial.lrs.misbehave(row.fault, row.victims)
    with _counted_memory(trial):
        reports = [trial.pull(trial.impatient) for _ in range(row.pulls)]
    trial.expect("told", row.told, trial.words(reports[0].error))
    if row.pauses is not None:
        trial.expect("pauses", row.pauses, tuple(sleeps))
    state = trial.state()
    trial.expect("told by status", row.told, trial.words(state.last_error))
    trial.expect("freshness", Freshness.FAILING if row.told else Freshness.FRESH, state.freshness)
    if row.doctor is not None:
        health = trial.impatient.check()
        trial.expect("told by doctor", row.doctor, trial.words(f"{health.message}. {health.advice}".strip()))
    if row.rescan is Rescan.WHILE_IT_LASTS:
        _rescan(trial)
    with read(trial.bridge.engine) as connection:
        kept = set(connection.execute(select(StatementRow.id)).scalars())
    trial.expect("kept without being in the LRS", set(), kept - trial.world.ids)


@contextmanager
def _counted_memory(trial: Trial) -> Iterator[None]:
    if not trial.row.peak:
        yield
        return
    tracemalloc.start()
    try:
        yield
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    trial.expect(f"{peak:,} bytes at the peak are too much", True, peak <= trial.row.peak)


def _after(trial: Trial) -> None:
    trial.lrs.behave()
    trial.expect("the pull afterwards", "", trial.pull().error)
    state = trial.state()
    trial.expect("status afterwards", ("", Freshness.FRESH), (state.last_error, state.freshness))
    if trial.row.rescan is Rescan.AFTERWARDS:
        _rescan(trial)
    trial.expect("not reconciled", (), reconcile(trial.bridge, NOW).failed)
    with read(trial.bridge.engine) as connection:
        reasons = sorted(each.reason for each in quarantine.find(connection, limit=2000))
    trial.expect("put aside", trial.row.aside, tuple(reasons))
    for text in (*reasons, trial.row.told):
        trial.expect(f"private in {text!r}", [], [each for each in PRIVATE if each in text])


def _rescan(trial: Trial) -> None:
    report = rescan(trial.bridge, trial.source, Window(NOW - timedelta(days=1), NOW), NOW)
    trial.expect("missed, as the rescan tells", ("", trial.row.missed), (report.error, report.missed))


def _baseline(row: Expected, world: World, fresh: Fresh, pace: Pace, baselines: dict[object, Snapshot]) -> Snapshot:
    """The same without the fault. Of how the source is read, only the field that it follows leaves traces."""
    key = (row.world, row.source.get("cursor_field"))
    if key not in baselines:
        with _trial(row, world, fresh, pace, [], "") as trial:
            fill(trial.lrs.lrs, world.early)
            trial.pull()
            fill(trial.lrs.lrs, world.late)
            assert not trial.pull().error
            reconcile(trial.bridge, NOW)
            baselines[key] = snapshot(trial.bridge.engine)
    return baselines[key]


@contextmanager
def _trial(
    row: Expected, world: World, fresh: Fresh, pace: Pace, sleeps: list[float], elsewhere: str
) -> Iterator[Trial]:
    def sleep(seconds: float) -> None:
        sleeps.append(seconds)
        pace.sleep(seconds)

    lrs = MisbehavingLrs(SandboxLrs(lambda: NOW), pace=pace.drip, elsewhere=elsewhere)
    with lrs.serve() as serving, fresh() as url:
        config = {**_CONFIG, **row.source}
        source = _source(serving.endpoint, config, sleep)
        impatient = _source(serving.endpoint, {**config, **pace.changes(row.patience)}, sleep)
        shown = {name: text for name, text in row.source.items() if name == "cursor_field"}
        with Bridge.open(settings_for(url, an_lrs(serving.endpoint, **shown)), clock=lambda: NOW) as bridge:
            try:
                yield Trial(row, lrs, source, impatient, bridge, serving.endpoint.removesuffix("/xapi"), world)
            finally:
                source.close()
                impatient.close()


def _source(endpoint: str, config: Mapping[str, Any], sleep: Callable[[float], None]) -> XapiSource:
    given = XapiConfig(name="lms", endpoint=endpoint, auth=Basic("sandbox", "sandbox"), **config)
    return XapiSource(given, now=lambda: NOW, sleep=sleep, jitter=lambda: 1.0)


@contextmanager
def _nobody_comes() -> Iterator[tuple[str, Callable[[], bool]]]:
    """The address of another server, and whether anybody ever connected to it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        listener.setblocking(False)

        def came() -> bool:
            try:
                listener.accept()[0].close()
            except BlockingIOError:
                return False
            return True

        yield f"http://127.0.0.1:{listener.getsockname()[1]}", came
