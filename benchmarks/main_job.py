"""The main job from the wire to the follow-up, beside programs that only read: ratios, and what a quiet run costs."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks import lrs, readers, world
from benchmarks.table import Line
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.pull import pull_all
from lrs_bridge.jobs.reconcile import ReconcileReport, reconcile
from lrs_bridge.settings import Settings
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.engine import write
from lrs_bridge.store.known_plans import forget
from lrs_bridge.store.people import save_learners
from lrs_bridge.store.rulesets import RulesetVersion, activate, publish
from lrs_bridge.store.schema import upgrade
from lrs_bridge_rules.documents.loader import load_texts

LEARNERS = 1000
RULES = 1000
#: Everything is measured against reading, so a reading that was disturbed would flatter every other line.
ROUNDS = 3


def measure(count: int) -> Iterator[Line]:
    """Read, pull, plan and plan again: `count` statements of 1,000 learners under 1,000 rules, on SQLite."""
    for wanted, limit in ((0.2, 2.5), (1.0, 6.0)):
        with lrs.running(count, LEARNERS, wanted) as endpoint:
            yield from _measure_one(endpoint, count, wanted, limit)


def _measure_one(endpoint: str, count: int, wanted: float, limit: float) -> Iterator[Line]:
    reading = min(timed(lambda: check(readers.with_orjson(endpoint), count)) for _ in range(ROUNDS))
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder), endpoint) as bridge:
        pulling = timed(lambda: check(pull_all(bridge, world.NOW)[0].read, count))
        planning = timed(lambda: reconcile(bridge, world.NOW))
        share = f"{wanted:.0%} of {count:,} wanted"
        yield Line(f"pull + store + plan, {share}", (pulling + planning) / reading, "× reading", limit)
        yield Line("  of which pulling and storing", pulling / reading, "× reading")
        if wanted < 1.0:
            yield from again(bridge, round(count * wanted))
            yield beside_tincan(endpoint, count, pulling + planning)
            yield beside_ralph(endpoint, count, pulling + planning)


def again(bridge: Bridge, kept: int) -> Iterator[Line]:
    """Everybody once more, with nothing changed: as it is done, and with every plan made anew all the same."""
    reports, taken = best_of(lambda: everybody(bridge, anew=False))
    yield Line("reconciling again: rows written", reports.writes, "rows", 0)
    yield Line("reconciling again: statements a second", kept / taken, "/s", 30_000, at_least=True)
    reports, taken = best_of(lambda: everybody(bridge, anew=True))
    yield Line("planning everybody anew: rows written", reports.writes, "rows", 0)
    yield Line("planning everybody anew: statements a second", kept / taken, "/s")


def everybody(bridge: Bridge, *, anew: bool) -> tuple[ReconcileReport, float]:
    """Reconcile everybody; `anew`: also those for whom nothing changed. With the seconds that it took."""
    with write(bridge.engine) as connection:
        mark_due(connection, None, world.NOW)
        if anew:
            forget(connection)
    reports: list[ReconcileReport] = []
    taken = timed(lambda: reports.append(reconcile(bridge, world.NOW)))
    check(reports[0].spared, 0 if anew else LEARNERS)
    return reports[0], taken


def best_of(job: Callable[[], tuple[ReconcileReport, float]]) -> tuple[ReconcileReport, float]:
    return min((job() for _ in range(ROUNDS)), key=lambda done: done[1])


def beside_ralph(endpoint: str, count: int, taken: float) -> Line:
    """Ralph's reader reads a tenth; the rest is multiplication."""
    pages = max(1, count // 10 // readers.PAGE)
    what, unit = "pull + store + plan, beside Ralph", "× Ralph's reading"
    try:
        alone = readers.with_ralph(endpoint, pages) * count / (pages * readers.PAGE)
    except (FileNotFoundError, RuntimeError) as problem:
        return Line(what, 0.0, unit, absent=f"as Ralph's reader does not run here: {problem}")
    return Line(what, taken / alone, unit)


def beside_tincan(endpoint: str, count: int, taken: float) -> Line:
    """A tincan-based reader reads a tenth; the rest is multiplication."""
    pages = max(1, count // 10 // readers.PAGE)
    seconds = timed(lambda: check(readers.with_tincan(endpoint, pages), pages * readers.PAGE))
    alone = seconds * count / (pages * readers.PAGE)
    return Line("pull + store + plan, beside tincan", taken / alone, "× tincan's reading", 1 / 3)


def installed(folder: Path, endpoint: str) -> Bridge:
    """A new installation on SQLite with people, contracts and rules."""
    source = {"kind": "xapi", "name": "lms", "endpoint": endpoint, "page_limit": readers.PAGE}
    source |= {"username": lrs.CREDENTIALS[0], "password": lrs.CREDENTIALS[1]}
    database = {"url": f"sqlite:///{folder / 'bench.db'}"}
    bridge = Bridge.open(Settings.model_validate({"database": database, "sources": [source]}), clock=lambda: world.NOW)
    furnish(bridge, RULES, LEARNERS)
    bridge.ruleset()  # compiled once an installation, not once a pull
    return bridge


def furnish(bridge: Bridge, rules: int, learners: int) -> None:
    """Rules in force, learners and their contracts."""
    upgrade(bridge.engine)
    ruleset = load_texts(world.rules(rules))
    version = RulesetVersion(1, "bench", "for measuring", ruleset.digest, ruleset.documents, world.SIGNED)
    with write(bridge.engine) as connection:
        publish(connection, version)
        activate(connection, 1, by="bench", now=world.SIGNED)
        save_learners(connection, *world.people(learners), world.SIGNED)
        save_contracts(connection, world.contracts(learners), world.SIGNED)


def timed(job: Callable[[], object]) -> float:
    """Seconds by the wall."""
    begun = time.perf_counter()
    job()
    return time.perf_counter() - begun


def check(found: int, expected: int) -> None:
    """A benchmark that lost something measured something else."""
    if found != expected:
        raise RuntimeError(f"{found:,} statements came instead of {expected:,}")
