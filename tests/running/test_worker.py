"""Workers and beat as processes of their own, over a real Valkey; and what the schedule says."""

import io
import signal
import sys
from contextlib import ExitStack
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from celery.utils.time import remaining
from sqlalchemy import func, select

from lrs_bridge.errors import ConfigurationError
from lrs_bridge.store.engine import read
from lrs_bridge.store.errors import Unreachable
from lrs_bridge.store.sources import get_state
from lrs_bridge.store.tables import StatementRow
from lrs_bridge.worker import PULL, SWEEP, VERIFY, AlignedSchedule, beat_schedule, make_app, run_beat, run_worker
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import OpenBridge, a_body, an_lrs
from support.builders import day
from support.process import free_port
from support.running import Installation, eventually, logging_to


@pytest.fixture
def production(installation: Installation, valkey_url: str) -> Installation:
    toml = installation.folder / "lrs_bridge.toml"
    toml.write_text(toml.read_text().replace("[[sources]]", f'[celery]\nbroker = "{valkey_url}"\n[[sources]]'))
    return installation


@pytest.mark.real_server
@pytest.mark.parametrize("pool", ["prefork", "solo"])
def test_a_statement_in_the_lrs_becomes_tasks(production: Installation, pool: str) -> None:
    with production.start("worker", "--pool", pool) as worker, production.start("beat") as beat:
        production.learn()
        eventually(lambda: production.tasks() == 2, worker, beat)
        for child in (beat, worker):
            child.process.send_signal(signal.SIGTERM)
            assert child.wait_for_end() == 0, child.output()[-4000:]


@pytest.mark.slow
@pytest.mark.real_server
def test_two_beats_and_two_workers_make_nothing_twice(production: Installation) -> None:
    with ExitStack() as stack:
        children = [
            stack.enter_context(production.start(*each)) for each in 2 * (("worker", "--pool", "solo"), ("beat",))
        ]
        production.learn()
        eventually(lambda: production.tasks() == 2, *children)
        production.learn()
        eventually(lambda: all("pulled" in child.output() for child in children if child.name == "worker"), *children)

    assert production.tasks() == 2, "the second statement speaks of the same attempt"


@pytest.mark.slow
@pytest.mark.real_server
def test_another_worker_goes_on_where_one_was_killed(production: Installation) -> None:
    with production.start("beat") as beat:
        with production.start("worker", "--pool", "solo") as killed:
            eventually(lambda: "pulled" in killed.output(), killed, beat)
            production.learn()
            killed.kill()
        with production.start("worker", "--pool", "solo") as worker:
            eventually(lambda: production.tasks() == 2, worker, beat)


def test_without_a_broker_a_worker_says_what_to_do(installation: Installation) -> None:
    for command in ("worker", "beat"):
        with installation.start(command) as child:
            assert child.wait_for_end() == 2
        assert "Name a broker such as redis://127.0.0.1:6379/0" in child.output()


def test_neither_runs_on_the_broker_in_memory(open_bridge: OpenBridge) -> None:
    bridge = open_bridge()
    for run in (run_worker, run_beat):
        with pytest.raises(ConfigurationError, match="memory://"):
            run(bridge)


def test_neither_runs_on_a_broker_of_a_kind_that_is_not_known(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(celery={"broker": "nonsense://127.0.0.1/0"})
    for run in (run_worker, run_beat):
        with pytest.raises(ConfigurationError, match=r"of a kind that is not known.*redis://"):
            run(bridge)


def test_neither_runs_without_the_library_of_its_broker(
    open_bridge: OpenBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    bridge = open_bridge(celery={"broker": "redis://127.0.0.1:9/0"})
    monkeypatch.setitem(sys.modules, "redis", None)  # as where the wheel was installed without its extras
    monkeypatch.delitem(sys.modules, "kombu.transport.redis", raising=False)
    monkeypatch.setattr("kombu.transport._transport_cache", {})  # of tests before this one
    for run in (run_worker, run_beat):
        with pytest.raises(ConfigurationError, match=r'library is not installed.*pip install "celery\[redis\]"'):
            run(bridge)


def test_beat_may_be_started_before_the_broker(installation: Installation) -> None:
    toml = installation.folder / "lrs_bridge.toml"
    toml.write_text(toml.read_text() + f'[celery]\nbroker = "redis://127.0.0.1:{free_port()}/0"\n')
    with installation.start("beat") as child:
        eventually(lambda: "the broker does not answer" in child.output(), child)
        eventually(lambda: "beat starts" in child.output(), child)


def test_every_source_is_pulled_and_rescanned_on_schedule(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(an_lrs("http://127.0.0.1:9/a", name="a"), an_lrs("http://127.0.0.1:9/b", name="b"))

    entries = beat_schedule(bridge)

    sources = {f"{task} {name}" for task in ("pull", "rescan", "verify") for name in "ab"}
    assert set(entries) == {"sweep", "deliver", "backfill", "retain", *sources}
    assert entries["pull b"]["args"] == ("b",)
    assert entries["pull b"]["options"] == {"expires": 300.0}


def test_every_scheduled_task_exists(open_bridge: OpenBridge) -> None:
    app = make_app(open_bridge(an_lrs("http://127.0.0.1:9/xapi")))

    assert {entry["task"] for entry in app.conf.beat_schedule.values()} <= set(app.tasks)


def test_the_scheduled_comparison_only_looks(open_bridge: OpenBridge, lrs: str, sandbox: SandboxLrs) -> None:
    bridge = open_bridge(an_lrs(lrs), now=day(20))
    sandbox.load([{**a_body(), "stored": day(1).isoformat()}])

    make_app(bridge).tasks[VERIFY]("lms")

    with read(bridge.engine) as connection:
        assert get_state(connection, "lms").differences == 1
        assert connection.execute(select(func.count()).select_from(StatementRow)).scalar_one() == 0


def test_a_broker_of_redis_gets_a_short_visibility_timeout(open_bridge: OpenBridge) -> None:
    options = make_app(open_bridge(celery={"broker": "redis://127.0.0.1/0", "visibility_timeout": "2min"})).conf

    assert options.broker_transport_options == {
        "visibility_timeout": 120.0,
        "unacked_restore_interval": 10,
        "unacked_restore_throttle": 1,
    }


def test_two_installations_in_one_process_keep_their_tasks_apart(open_bridge: OpenBridge) -> None:
    one, other = (make_app(open_bridge(an_lrs("http://127.0.0.1:9/xapi", name=name))) for name in ("a", "b"))

    assert one.tasks[SWEEP].run is not other.tasks[SWEEP].run


def test_a_task_that_fails_is_logged_without_the_words_of_a_library(
    open_bridge: OpenBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()

    def fail(*_: object) -> None:
        raise ValueError("ada@example.org is not a number")

    monkeypatch.setattr("lrs_bridge.worker.reconcile", fail)
    with logging_to(stream):
        make_app(open_bridge()).tasks[SWEEP].apply()

    assert '"event": "task failed"' in stream.getvalue()
    assert "ValueError" in stream.getvalue()
    assert "ada@example.org" not in stream.getvalue()


def test_a_task_that_finds_the_database_gone_says_so_in_a_sentence(
    open_bridge: OpenBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = io.StringIO()

    def fail(*_: object) -> None:
        raise Unreachable("The database at postgresql://x does not answer. Start it.")

    monkeypatch.setattr("lrs_bridge.worker.reconcile", fail)
    with logging_to(stream):
        make_app(open_bridge()).tasks[SWEEP].apply()

    assert '"event": "task put off"' in stream.getvalue()
    assert '"reason": "The database at postgresql://x does not answer. Start it."' in stream.getvalue()
    assert "exception" not in stream.getvalue()


def test_what_was_pulled_is_kept_though_the_broker_is_gone_by_then(
    open_bridge: OpenBridge, sandbox: SandboxLrs, lrs: str
) -> None:
    stream = io.StringIO()
    sandbox.load([{"id": str(uuid4()), **a_body()}])
    bridge = open_bridge(an_lrs(lrs), celery={"broker": f"redis://127.0.0.1:{free_port()}/0"})

    with logging_to(stream):
        make_app(bridge).tasks[PULL].apply(["lms"])

    assert '"event": "pulled"' in stream.getvalue()
    assert '"event": "the broker does not answer"' in stream.getvalue()
    assert "task failed" not in stream.getvalue()


@pytest.mark.parametrize("started", [datetime(2026, 3, 1, 0, 1, tzinfo=UTC), datetime(2026, 3, 1, 23, 0, tzinfo=UTC)])
def test_a_daily_task_is_due_at_midnight_whenever_beat_was_started(started: datetime) -> None:
    daily = AlignedSchedule(timedelta(days=1), nowfun=lambda: started)

    assert started + daily.remaining_estimate(started) == datetime(2026, 3, 2, tzinfo=UTC)


def test_intervals_survive_a_copy(open_bridge: OpenBridge) -> None:
    bridge = open_bridge()
    entry = beat_schedule(bridge)["sweep"]["schedule"]

    assert entry.run_every == timedelta(minutes=1)
    assert entry.relative
    assert remaining(datetime.now(UTC), entry.run_every, relative=True) <= timedelta(minutes=1)
