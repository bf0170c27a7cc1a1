"""A long history in windows: two Celery workers on PostgreSQL, one killed in the middle, while live pulling goes on.

`python -m benchmarks.history [STATEMENTS]` measures this alone.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path

import requests
import structlog
from sqlalchemy import func, select, text

from benchmarks import long_lrs, lrs
from benchmarks.long_lrs import SPAN
from benchmarks.main_job import LEARNERS, RULES, furnish
from benchmarks.table import Line
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.backfill import begin
from lrs_bridge.jobs.reconcile import reconcile
from lrs_bridge.settings import load_settings
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.histories import History, histories
from lrs_bridge.store.tables import BackfillState, NoiseRow, StatementRow
from support.postgres import make_cluster
from support.process import Child, running
from support.valkey import valkey_running

PAGE = 1000
LIVE = 10
_TICKS = os.sysconf("SC_CLK_TCK")
_POLL = 0.5
_PATIENCE = 3600.0


@dataclass(frozen=True)
class Site:
    """An installation on PostgreSQL and Valkey, its source, and the processes that belong to it."""

    folder: Path
    bridge: Bridge
    endpoint: str
    postgres: int

    @contextmanager
    def start(self, *arguments: str) -> Iterator[Child]:
        """`lrs-bridge …` as a process of its own."""
        command = [sys.executable, "-c", "import sys; from lrs_bridge.cli import main; sys.exit(main())", *arguments]
        log = self.folder / f"{arguments[0]}-{time.monotonic_ns()}.log"
        env = {
            **os.environ,
            "LRS_BRIDGE_CONFIG": str(self.folder / "lrs_bridge.toml"),
            "LRS_PASSWORD": lrs.CREDENTIALS[1],
        }
        with running(arguments[0], command, log=log, cwd=self.folder, env=env) as child:
            yield child

    def history(self) -> History | None:
        """How far it is."""
        with read(self.bridge.engine) as connection:
            return next(iter(histories(connection, datetime.now(UTC))), None)


@contextmanager
def site(count: int) -> Iterator[Site]:
    """A new installation beside an LRS that holds so many statements."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="lrs-bridge-history-")))
        endpoint = stack.enter_context(lrs.serving("benchmarks.long_lrs", str(count), str(LEARNERS)))
        server, postgres = stack.enter_context(make_cluster(folder).running())
        valkey, _ = stack.enter_context(valkey_running(folder))
        name = stack.enter_context(server.database())
        (folder / "lrs_bridge.toml").write_text(
            _CONFIGURATION.format(
                database=server.url(name).replace("+psycopg", ""),
                valkey=valkey,
                endpoint=endpoint,
                page=PAGE,
                user=lrs.CREDENTIALS[0],
            )
        )
        settings = load_settings(folder / "lrs_bridge.toml", {"LRS_PASSWORD": lrs.CREDENTIALS[1]})
        with Bridge.open(settings) as bridge:
            furnish(bridge, RULES, LEARNERS)
            reconcile(bridge, bridge.clock())
            yield Site(folder, bridge, endpoint, postgres.process.pid)


_CONFIGURATION = """
[database]
url = "{database}"
[celery]
broker = "{valkey}"
[schedule]
pull = "10s"
reconcile = "10s"
[log]
format = "json"
[[sources]]
name = "lms"
endpoint = "{endpoint}"
username = "{user}"
password_env = "LRS_PASSWORD"
page_limit = {page}
deadline = "20s"
settle = "0s"
"""


def measure(count: int) -> Iterator[Line]:
    """The whole, with a kill and live statements in the middle."""
    with site(count) as here, here.start("beat"), here.start("worker", "--pool", "solo") as one:
        begun, usage = time.perf_counter(), _Usage(here, one)
        with here.start("worker", "--pool", "solo") as killed:
            until(lambda: _share(here) > 0.3, one)
            usage.see(killed)
            killed.kill()
        live = _speak(here, count)
        with here.start("worker", "--pool", "solo") as other:
            until(lambda: live <= _kept_ids(here, live), one, other)
            live_after = _share(here)
            until(lambda: _is_complete(here) or usage.watch(one, other), one, other)
            seconds = time.perf_counter() - begun
            usage.see(one, other)
            yield from _lines(here, count, live, seconds, live_after, usage)


def scaling(count: int) -> Iterator[Line]:
    """What a second process is worth, for pulling a history and for planning it: how many times as fast."""
    seconds = {number: _with_processes(number, count) for number in (1, 2)}
    for place, what in enumerate(("pulling a history", "planning it")):
        ratio = seconds[1][place] / seconds[2][place]
        yield Line(f"{what}, {count:,} statements: a second process", ratio, "× as fast as one")


def _with_processes(number: int, count: int) -> tuple[float, float]:
    """Seconds for pulling and for planning."""
    with site(count) as here:
        begin(here.bridge, here.bridge.source("lms"), here.bridge.clock(), width=SPAN / 40)
        return _timed(here, number, "backfill", "lms"), _timed(here, number, "reconcile")


def _timed(here: Site, number: int, *arguments: str) -> float:
    begun = time.perf_counter()
    with ExitStack() as stack:
        children = [stack.enter_context(here.start(*arguments)) for _ in range(number)]
        for child in children:
            if child.wait_for_end(seconds=_PATIENCE):
                raise RuntimeError(child.output()[-2000:])
    return time.perf_counter() - begun


def _lines(here: Site, count: int, live: set[str], seconds: float, live_after: float, usage: _Usage) -> Iterator[Line]:
    title = f"{count:,} statements of history"
    found = here.history()
    assert found is not None
    wanted = set(long_lrs.wanted_ids(count)) | live
    with read(here.bridge.engine) as connection:
        kept = set(connection.execute(select(StatementRow.id)).scalars())
        noise = connection.execute(select(func.sum(NoiseRow.count))).scalar_one()
        size = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    yield Line(f"{title}: lost", len(wanted - kept), "statements", 0)
    yield Line(f"{title}: of others", len(kept - wanted), "statements", 0)
    yield Line(f"{title}: noise counted wrongly", abs(int(noise) - (count + LIVE - len(wanted))), "statements", 0)
    yield Line(f"{title}: live statements were there at", live_after * 100, "% of it", 99)
    yield Line(f"{title}: largest worker while pulling", usage.while_pulling, "MB", 200)
    yield Line(f"{title}: largest worker, planning included", usage.largest, "MB")
    yield Line(f"{title}: two workers, one killed", count / seconds, "/s")
    yield Line(f"{title}: workers' CPU", usage.workers / count * 1e6, "µs a statement")
    yield Line(f"{title}: PostgreSQL's CPU", usage.postgres() / count * 1e6, "µs a statement")
    yield Line(f"{title}: database", size / len(kept), "bytes a kept one")


class _Usage:
    """What processes took, seen before they end."""

    def __init__(self, here: Site, *_: Child) -> None:
        self._here = here
        self._before = _family_cpu(here.postgres)
        self.workers = 0.0
        self.largest = 0.0
        self.while_pulling = 0.0

    def watch(self, *children: Child) -> bool:
        """Workers that are still pulling; never true, as they are not done."""
        self.while_pulling = max(self.while_pulling, *(_peak(child.process.pid) for child in children))
        return False

    def see(self, *children: Child) -> None:
        """Workers that are about to end."""
        for child in children:
            self.largest = max(self.largest, _peak(child.process.pid))
            self.workers += _cpu(child.process.pid)

    def postgres(self) -> float:
        """CPU seconds of PostgreSQL since the beginning."""
        return _family_cpu(self._here.postgres) - self._before


def _peak(pid: int) -> float:
    """The most memory that a process has held so far, in MB."""
    status = Path(f"/proc/{pid}/status").read_text()
    line = next(line for line in status.splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def _cpu(pid: int, *, children: bool = False) -> float:
    """CPU seconds of a process (with those of its children that have ended)."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return sum(map(int, fields[11:15] if children else fields[11:13])) / _TICKS


def _family_cpu(pid: int) -> float:
    """CPU seconds of a process, of its children, and of those that have ended."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return _cpu(pid, children=True) + sum(_cpu(int(child)) for child in children)


def _speak(here: Site, count: int) -> set[str]:
    """Statements that arrive while the history is read."""
    bodies = [long_lrs.a_live_one(count + number, datetime.now(UTC)) for number in range(LIVE)]
    url = f"{here.endpoint}/statements"
    headers = {"X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"}
    answer = requests.post(url, data=b"[" + b",".join(bodies) + b"]", headers=headers, auth=lrs.CREDENTIALS, timeout=60)
    answer.raise_for_status()
    return set(answer.json())


def _kept_ids(here: Site, ids: set[str]) -> set[str]:
    with read(here.bridge.engine) as connection:
        return set(connection.execute(select(StatementRow.id).where(StatementRow.id.in_(ids))).scalars())


def _share(here: Site) -> float:
    found = here.history()
    return 0.0 if found is None else found.share


def _is_complete(here: Site) -> bool:
    found = here.history()
    return found is not None and found.state is BackfillState.DONE


def until(condition: Callable[[], bool], *children: Child) -> None:
    """Wait until something is so; fail if a process ends before."""
    deadline = time.monotonic() + _PATIENCE
    while not condition():
        for child in children:
            if child.process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"{child.name}: {child.output()[-2000:]}")
        time.sleep(_POLL)


def main() -> None:
    """Measure and print."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    lines: list[Line] = []
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    for line in chain(scaling(count // 10), measure(count)):
        print(line, flush=True)
        lines.append(line)
    sys.exit(any(line.holds is False for line in lines))


if __name__ == "__main__":
    main()
