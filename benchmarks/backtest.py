"""Backtests beside merely reading and decoding the same statements, and what a second process is worth."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from collections.abc import Iterator, Mapping
from itertools import islice
from multiprocessing.synchronize import Barrier
from pathlib import Path

from sqlalchemy import select

from benchmarks import main_job, world
from benchmarks.main_job import check, timed
from benchmarks.table import Line
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.backtest import BacktestReport, backtest
from lrs_bridge.jobs.backtest.sharing import Worker, begin
from lrs_bridge.jobs.collector import collector_at_rest
from lrs_bridge.jobs.reconcile import reconcile
from lrs_bridge.jobs.sorting import wanted_of
from lrs_bridge.settings import Settings
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import save_page
from lrs_bridge.store.tables import StatementRow
from lrs_bridge_rules.statements.statement import decode_statement

ROUNDS = 3
_PAGE = 2000
_EDITED = (3, 33, 330, 600, 903)
_ADDED = (
    'rules:\n  - {id: added, status: active, when: {activity.name: "Quiz 1"}, evidence: {competency: competency-5}}\n'
)
_EVERYTHING = (
    "rules:\n  - {id: added, status: active, when: {score.percent: {gte: 10}}, evidence: {competency: competency-5}}\n"
)
_DEFINED = """
completions:
  - id: quick
    when: {verb: completed, activity.type: attempt, activity.name: {contains: "Quiz 77 "}}
    outcome: failed
    activity: {from: parent, type: assessment}
    attempt: object
"""


def drafts(rules: int) -> Mapping[str, Mapping[str, str]]:
    """What is tried, by how it differs from the rules in force."""
    active = world.rules(rules)
    edited = dict(active)
    for number in _EDITED:  # rules about an id: each of them fits another quiz from now on
        before, after = (f'view.php?id={quiz}"' for quiz in (number, number + 1))
        edited = {name: text.replace(before, after) for name, text in edited.items()}
    return {
        "five rules edited": edited,
        "a rule added": {**active, "draft.yaml": _ADDED},
        "a definition added": {**active, "draft.yaml": _DEFINED},
        "a rule that fits nearly everything": {**active, "draft.yaml": _EVERYTHING},
    }


#: What is asked of each draft, in times of reading; the last one concerns everybody, and each is planned twice.
_LIMITS = (5.0, 5.0, 5.0, None)


def measure(count: int) -> Iterator[Line]:
    """`count` kept statements of 1,000 learners under 1,000 rules, on SQLite."""
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder), count) as bridge:
        reading = min(timed(lambda: check(_read(bridge), count)) for _ in range(ROUNDS))
        for (what, documents), limit in zip(drafts(main_job.RULES).items(), _LIMITS, strict=True):
            yield from _measured(bridge, what, documents, reading, limit)
        yield _second(bridge)


def _measured(
    bridge: Bridge, what: str, documents: Mapping[str, str], reading: float, limit: float | None
) -> Iterator[Line]:
    rounds = ROUNDS if limit else 1
    yield Line(f"backtest, {what}", min(_whole(bridge, documents) for _ in range(rounds)) / reading, "× reading", limit)
    yield Line("  its first figures", min(_first(bridge, documents) for _ in range(ROUNDS)), "s", 2.0)


def _whole(bridge: Bridge, documents: Mapping[str, str]) -> float:
    """Seconds for everybody, compiling included."""
    return timed(lambda: check(backtest(bridge, documents, now=world.NOW).tally.learners, main_job.LEARNERS))


def _first(bridge: Bridge, documents: Mapping[str, str]) -> float:
    """Seconds to the first figures, compiling included."""
    seen: list[BacktestReport] = []
    begun = time.perf_counter()
    backtest(bridge, documents, now=world.NOW, progress=seen.append, cancelled=lambda: bool(seen))
    return time.perf_counter() - begun


def _read(bridge: Bridge) -> int:
    """Read and decode all that is kept, and nothing else."""
    with read(bridge.engine) as connection, collector_at_rest():
        count = 0
        for (body,) in connection.execute(select(StatementRow.body)):
            decode_statement(body)
            count += 1
    return count


def _second(bridge: Bridge) -> Line:
    """What a second process is worth, where there is most to do."""
    documents = drafts(main_job.RULES)["a rule that fits nearly everything"]
    seconds = [_with_processes(number, bridge, documents) for number in (1, 2)]
    return Line("backtest: a second process", seconds[0] / seconds[1], "× as fast as one")


def _with_processes(number: int, bridge: Bridge, documents: Mapping[str, str]) -> float:
    """Seconds from when all of them are ready."""
    begin(bridge, documents, world.NOW)
    context = multiprocessing.get_context("spawn")
    ready = context.Barrier(number + 1)
    arguments = (str(bridge.engine.url.database), ready)
    children = [context.Process(target=_work, args=arguments) for _ in range(number)]
    for child in children:
        child.start()
    ready.wait()
    begun = time.perf_counter()
    for child in children:
        child.join()
    return time.perf_counter() - begun


def _work(database: str, ready: Barrier) -> None:
    with _opened(Path(database)) as bridge:
        bridge.ruleset()
        ready.wait()
        worker = Worker(bridge)
        while worker.work(world.NOW):
            pass


def _opened(database: Path) -> Bridge:
    return Bridge.open(Settings.model_validate({"database": {"url": f"sqlite:///{database}"}}), clock=lambda: world.NOW)


def installed(folder: Path, count: int) -> Bridge:
    """An installation whose statements are all wanted, and planned."""
    bridge = _opened(folder / "bench.db")
    main_job.furnish(bridge, main_job.RULES, main_job.LEARNERS)
    bodies = world.statements(count, main_job.LEARNERS, wanted=1.0)
    while page := [wanted_of(decode_statement(body), body) for body in _some(bodies)]:
        with write(bridge.engine) as connection:
            save_page(
                connection, source="lms", wanted=page, rejected=(), noise={}, cursor=None, latest=None, now=world.NOW
            )
    reconcile(bridge, world.NOW)
    return bridge


def _some(bodies: Iterator[bytes]) -> list[bytes]:
    return list(islice(bodies, _PAGE))
