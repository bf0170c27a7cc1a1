"""Celery over the jobs: a task for each, and beat, which says when.

Tasks carry no data worth losing: they say "sweep", "pull this source", "deliver". A task that is lost is sent again at
the next tick, one that comes twice finds nothing left to do, and a second beat does no harm.
"""

from __future__ import annotations

import signal
from datetime import datetime, timedelta
from functools import wraps
from types import FrameType
from typing import TYPE_CHECKING, Any

import structlog
from celery import Celery, signals
from celery.beat import Scheduler, SchedulingError, Service
from celery.schedules import schedule
from kombu.exceptions import OperationalError

from lrs_bridge.bridge import Bridge
from lrs_bridge.broker import find_transport, transport_options
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.jobs import deliver, reconcile, rescan, retain, scheduled_pull, verify
from lrs_bridge.jobs.backfill import is_open, readers_wanted, work
from lrs_bridge.jobs.backtest.sharing import Worker as BacktestWorker
from lrs_bridge.log import configure_logging
from lrs_bridge.store.errors import Unreachable
from lrs_bridge.store.schema import check
from lrs_bridge_connectors.source import Window

if TYPE_CHECKING:
    from collections.abc import Callable

logger = structlog.stdlib.get_logger(__name__)

QUEUE = "lrs_bridge"
SWEEP, PULL, DELIVER = "lrs_bridge.sweep", "lrs_bridge.pull", "lrs_bridge.deliver"
RESCAN, VERIFY, RETAIN = "lrs_bridge.rescan", "lrs_bridge.verify", "lrs_bridge.retain"
BACKFILL, WINDOW = "lrs_bridge.backfill", "lrs_bridge.window"
BACKTEST = "lrs_bridge.backtest"
#: What has time, and so waits for its turn even when everything else is started at once.
LONG = frozenset({RESCAN, VERIFY, RETAIN})
#: With a host, which means nothing, because its absence is warned about.
IN_MEMORY = "memory://localhost/"
#: Seconds that beat sleeps at most: how fast it notices that it is to stop.
_LONGEST_NAP = 1.0
#: How long those who read a history go on before beat sends them out again: so there are never more than wanted.
_SHIFT = timedelta(seconds=30)


class AlignedSchedule(schedule):  # type: ignore[misc]  # Celery is not annotated
    """An interval whose moments are those of the calendar (midnight for a day), whenever beat was started.

    Without that, a beat that is restarted every day would never come to a task that is due once a day.
    """

    def __init__(self, every: timedelta, **options: Any) -> None:  # noqa: ANN401 - Celery passes its own options on
        super().__init__(every, relative=True, **{name: options[name] for name in options if name != "relative"})


def make_app(bridge: Bridge, broker: str | None = None) -> Celery:
    """The Celery application of an installation; `broker` overrides the configured one."""
    broker = broker or bridge.settings.celery.secret("broker")
    app = Celery("lrs_bridge", set_as_current=False, broker=broker)
    app.conf.update(_options(bridge, broker), beat_schedule=beat_schedule(bridge))
    for name, job in _tasks(bridge, app).items():
        # Not shared: Celery would hand this bridge's tasks to the application of every other one in the process.
        app.task(_guarded(name, job), name=name, shared=False, acks_late=True, reject_on_worker_lost=True)
    app.finalize()  # here, where there is one thread: those of `up` would look for tasks while others register them
    return app


def _guarded(name: str, job: Callable[..., None]) -> Callable[..., None]:
    """The job, its failure logged in our words: Celery would log the text of any error, and with it perhaps data."""

    @wraps(job)
    def run(*arguments: Any) -> None:  # noqa: ANN401 - what the job takes
        try:
            job(*arguments)
        except Unreachable as gone:  # the operator's business, said in a sentence; the next tick goes on
            logger.error("task put off", task=name, reason=str(gone))  # noqa: TRY400 - the places would say nothing more
        except Exception:  # the edge of a task: the next tick tries again, and until then the log says why
            logger.exception("task failed", task=name)

    return run


def _tasks(bridge: Bridge, app: Celery) -> dict[str, Callable[..., None]]:
    """Task name → what it does. `now` is asked for here, once for each task."""

    def run_pull(source: str) -> None:
        report, begun = scheduled_pull(bridge, bridge.source(source), bridge.clock())
        if begun:
            _ask_for(app, BACKFILL)
        if report.new:
            _ask_for(app, SWEEP)

    def run_sweep() -> None:
        report = reconcile(bridge, bridge.clock())
        if report.notices:
            _ask_for(app, DELIVER)

    def run_deliver() -> None:
        deliver(bridge, bridge.clock())

    def run_retain() -> None:
        retain(bridge, bridge.clock())

    return {
        PULL: run_pull,
        SWEEP: run_sweep,
        DELIVER: run_deliver,
        RETAIN: run_retain,
        **_comparing_tasks(bridge, app),
        **_history_tasks(bridge, app),
        **_trying_tasks(bridge, app),
    }


def _comparing_tasks(bridge: Bridge, app: Celery) -> dict[str, Callable[..., None]]:
    """What reads a span again and tells what was missed."""

    def run_rescan(source: str) -> None:
        if is_open(bridge, source):
            return  # what is still to come is not missing
        report = rescan(bridge, bridge.source(source), *_span(bridge))
        if report.missed:
            _ask_for(app, SWEEP)

    def run_verify(source: str) -> None:
        if not is_open(bridge, source):
            verify(bridge, bridge.source(source), *_span(bridge))  # rescans take in what is missing; this only looks

    return {RESCAN: run_rescan, VERIFY: run_verify}


def _span(bridge: Bridge) -> tuple[Window, datetime]:
    """How far back a source is read again, and the present."""
    now = bridge.clock()
    return Window(since=now - bridge.settings.schedule.rescan_window, until=now), now


def _ask_for(app: Celery, task: str, *arguments: str, seconds: float | None = None) -> None:
    """Ask for the next step at once; it is dropped if nobody begins it for so many seconds.

    Where the broker is gone meanwhile, beat asks for it as soon as it is back.
    """
    try:
        app.send_task(task, arguments, expires=seconds)
    except OperationalError:
        logger.warning("the broker does not answer", task=task)


def _history_tasks(bridge: Bridge, app: Celery) -> dict[str, Callable[..., None]]:
    """Beat sends readers out for a shift; each reads a window after the other, as long as there are any."""

    def run_backfill() -> None:
        now = bridge.clock()
        for _ in range(readers_wanted(bridge, now)):
            _ask_for(app, WINDOW, (now + _SHIFT).isoformat(), seconds=_SHIFT.total_seconds())

    def run_window(until: str) -> None:
        report = work(bridge, bridge.clock())
        if report is None:
            return
        if report.ended:
            _ask_for(app, SWEEP)
        # To the end of the queue: between two windows everything else has its turn.
        left = (datetime.fromisoformat(until) - bridge.clock()).total_seconds()
        if left > 0:
            _ask_for(app, WINDOW, until, seconds=left)

    return {BACKFILL: run_backfill, WINDOW: run_window}


#: How many are asked to take part in a backtest, and how long (seconds) somebody has time to begin.
_HELPERS, _PATIENCE = 8, 60.0


def _trying_tasks(bridge: Bridge, app: Celery) -> dict[str, Callable[..., None]]:
    """A part of a backtest after the other; in between, everything else has its turn."""
    worker = BacktestWorker(bridge)

    def run_backtest() -> None:
        if worker.work(bridge.clock()):
            _ask_for(app, BACKTEST, seconds=_PATIENCE)

    return {BACKTEST: run_backtest}


def share_backtest(bridge: Bridge) -> None:
    """Ask workers to take part in the backtests that are open. Without a broker there is nobody to ask."""
    if not bridge.settings.celery.in_memory:
        app = make_app(bridge)
        for _ in range(_HELPERS):
            _ask_for(app, BACKTEST, seconds=_PATIENCE)


def beat_schedule(bridge: Bridge) -> dict[str, dict[str, Any]]:
    """What beat sends and how often. A task that was not begun before its next turn is dropped, not piled up."""
    times = bridge.settings.schedule
    names = bridge.settings.source_names
    entries = [
        ("sweep", SWEEP, (), times.reconcile),
        ("deliver", DELIVER, (), times.deliver),
        ("retain", RETAIN, (), times.retain),
        ("backfill", BACKFILL, (), _SHIFT),
        *((f"pull {name}", PULL, (name,), times.pull) for name in names),
        *((f"rescan {name}", RESCAN, (name,), times.rescan) for name in names),
        *((f"verify {name}", VERIFY, (name,), times.verify) for name in names),
    ]
    return {
        name: {
            "task": task,
            "args": arguments,
            "schedule": AlignedSchedule(every),
            "options": {"expires": every.total_seconds()},
        }
        for name, task, arguments, every in entries
    }


def _options(bridge: Bridge, broker: str) -> dict[str, Any]:
    return {
        "task_default_queue": QUEUE,
        "task_serializer": "json",
        "accept_content": ["json"],
        "timezone": "UTC",
        "task_ignore_result": True,
        "worker_prefetch_multiplier": 1,
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
        # Nobody steers a worker through the broker. And the queue for that bears the worker's name: of two workers of
        # one name RabbitMQ refuses the second, and a restarted one as long as it believes in the first.
        "worker_enable_remote_control": False,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,  # for ever: a worker that gives up would have to be started again
        "beat_max_loop_interval": _LONGEST_NAP,
        "broker_transport_options": transport_options(broker, bridge.settings.celery.visibility_timeout),
    }


class PatientScheduler(Scheduler):  # type: ignore[misc]  # Celery is not annotated
    """Celery's own, but for what it says when the broker is gone: a sentence a task, and no stack of calls."""

    def apply_entry(self, entry: Any, producer: Any = None) -> None:  # noqa: ANN401 - Celery is not annotated
        """Send one task that is due; if it cannot be sent, its next turn comes as always."""
        try:
            self.apply_async(entry, producer=producer, advance=False)
        except SchedulingError:
            logger.warning("the broker does not answer", task=entry.task)


def make_beat(app: Celery) -> Service:
    """The service that sends tasks when they are due; it keeps nothing on disk."""
    return Service(app, max_interval=_LONGEST_NAP, scheduler_cls=PatientScheduler)


def kick(app: Celery) -> None:
    """Send everything but what has time once, so that nobody waits for the first tick."""
    for name, entry in app.conf.beat_schedule.items():
        if entry["task"] not in LONG:
            logger.debug("sent", task=name)
            app.send_task(entry["task"], entry["args"], expires=entry["options"]["expires"])


def run_worker(bridge: Bridge, *, concurrency: int = 1, pool: str = "prefork") -> int:
    """Work until told to stop (SIGTERM lets the task at hand end). Returns the exit status.

    Raises ConfigurationError without a broker, and StoreError if the database is not ready.
    """
    _be_ready(bridge)
    keep_our_logging()
    # A connection must not be shared with the processes that are forked off.
    signals.worker_process_init.connect(lambda **_: _begin_anew(bridge), weak=False)
    app = make_app(bridge)
    worker = app.Worker(pool=pool, concurrency=concurrency, quiet=True, without_gossip=True, without_mingle=True)
    logger.info("worker starts", concurrency=concurrency, pool=pool)
    worker.start()
    logger.info("worker stopped")
    return int(worker.exitcode or 0)


def run_beat(bridge: Bridge) -> int:
    """Send tasks when they are due, until told to stop. Returns the exit status. Raises as `run_worker` does."""
    _be_ready(bridge)
    app = make_app(bridge)
    beat = make_beat(app)

    def stop(_signal: int, _frame: FrameType | None) -> None:
        beat.stop()

    for each in (signal.SIGTERM, signal.SIGINT):
        signal.signal(each, stop)
    try:
        kick(app)
    except OperationalError:  # as with a worker: either may be started before the broker
        logger.warning("the broker does not answer", broker=app.connection_for_write().as_uri())
    logger.info("beat starts", entries=len(app.conf.beat_schedule))
    beat.start()
    logger.info("beat stopped")
    return 0


def _be_ready(bridge: Bridge) -> None:
    if bridge.settings.celery.in_memory:
        raise ConfigurationError(
            "celery.broker is memory://, which reaches nobody outside this process.",
            "Name a broker such as redis://127.0.0.1:6379/0, or run everything in one process with `lrs-bridge up`.",
        )
    find_transport(bridge.settings.celery.secret("broker"))
    check(bridge.engine)


def _begin_anew(bridge: Bridge) -> None:
    bridge.engine.dispose(close=False)
    configure_logging(bridge.settings.log)


def keep_our_logging() -> None:
    """Celery sets up logging of its own unless somebody answers when it asks."""
    signals.setup_logging.connect(_answer, weak=False)


def _answer(**_: object) -> None:
    """Ours is set up already."""
