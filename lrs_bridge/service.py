"""`lrs-bridge up`: pages, worker and schedule in one process, without a broker; and `web`, the pages alone.

The tasks are those of production, over a transport in memory. What is lost when the process dies is only that
something was due: the database knows it, and the next start finds it.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from threading import Event, Thread
from types import FrameType
from typing import TYPE_CHECKING, Any

import structlog
from celery import Celery
from celery.worker import WorkController
from celery.worker import state as worker_state
from waitress import create_server
from waitress.wasyncore import close_all

from lrs_bridge.bridge import Bridge
from lrs_bridge.errors import BridgeError, ConfigurationError
from lrs_bridge.settings import WebSettings
from lrs_bridge.store.schema import check
from lrs_bridge.worker import IN_MEMORY, keep_our_logging, kick, make_app, make_beat

if TYPE_CHECKING:
    from flask import Flask

logger = structlog.stdlib.get_logger(__name__)

_STOPS = (signal.SIGTERM, signal.SIGINT)
#: Seconds between two looks at whether every part is still alive.
_GLANCE = 1.0
#: Seconds that a part may take to end: the task at hand comes to its end, if it can.
_PATIENCE = 30.0
STOPPING = "Stopping; what is being done comes to its end."


def say(line: str) -> None:
    """Tell the person at the terminal."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def run(bridge: Bridge, stop: Event | None = None, announce: Callable[[str], None] = say) -> int:
    """Run everything until SIGTERM, SIGINT or `stop`; then end it in order. Returns the exit status.

    Raises ConfigurationError or StoreError if it cannot start, and BridgeError if a part ended by itself.
    """
    check(bridge.engine)
    bridge.ruleset()
    stop = stop or Event()
    app = make_app(bridge, IN_MEMORY)
    with ExitStack() as running:
        running.enter_context(_stopped_by_signals(stop))
        parts = [
            running.enter_context(_serving(bridge, announce)),
            running.enter_context(_working(app)),
            running.enter_context(_ticking(app)),
        ]
        kick(app)
        _wait(parts, stop)
        say(STOPPING)
        logger.info("stopping")
    return 0


def run_web(bridge: Bridge, stop: Event | None = None, announce: Callable[[str], None] = say) -> int:
    """Serve the pages alone until SIGTERM, SIGINT or `stop`. Returns the exit status; raises as `run` does."""
    check(bridge.engine)
    stop = stop or Event()
    with _stopped_by_signals(stop), _serving(bridge, announce) as part:
        _wait([part], stop)
        say(STOPPING)
    return 0


def _wait(parts: list[Thread], stop: Event) -> None:
    while not stop.wait(_GLANCE):
        dead = [part.name for part in parts if not part.is_alive()]
        if dead:
            raise BridgeError(f"{' and '.join(dead)} ended unexpectedly.", "The log says why; start it again.")


@contextmanager
def _stopped_by_signals(stop: Event) -> Iterator[None]:
    def tell(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    before = {each: signal.signal(each, tell) for each in _STOPS}
    try:
        yield
    finally:
        for each, handler in before.items():
            signal.signal(each, handler)


@contextmanager
def _serving(bridge: Bridge, announce: Callable[[str], None]) -> Iterator[Thread]:
    web = bridge.settings.web
    try:
        server = create_server(_web_app(bridge), **_listening(web))
    except OSError as error:
        raise ConfigurationError(
            f"{web.host}:{web.port} cannot be listened on ({error.strerror}).",
            "Is it running already? Otherwise set another [web] host or port.",
        ) from None
    thread = Thread(target=server.run, name="web", daemon=True)
    thread.start()
    announce(f"Listening on http://{_in_url(web.host)}:{server.effective_port}")
    try:
        yield thread
    finally:
        # In the server's own thread: its sockets belong to its loop.
        server.trigger.pull_trigger(lambda: close_all(server._map))
        thread.join(_PATIENCE)
        server.task_dispatcher.shutdown()


def _listening(web: WebSettings) -> dict[str, Any]:
    """How waitress serves. Only from the trusted proxy does it take the address of whoever asks out of a header."""
    options: dict[str, Any] = {"host": web.host, "port": web.port, "threads": web.threads, "ident": None}
    if not web.trusted_proxy:
        return options
    return options | {
        "trusted_proxy": web.trusted_proxy,
        "trusted_proxy_count": web.trusted_proxy_count,
        "trusted_proxy_headers": {web.trusted_proxy_header},
    }


@contextmanager
def _working(app: Celery) -> Iterator[Thread]:
    keep_our_logging()
    worker = WorkController(
        app=app, pool_cls="solo", concurrency=1, without_gossip=True, without_mingle=True, without_heartbeat=True
    )

    def work() -> None:
        app.set_current()  # for this thread: the worker looks its tasks up there
        worker.start()

    thread = Thread(target=work, name="worker", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        # The loop looks at this flag between two tasks; it is Celery's own way to end a worker from outside.
        worker_state.should_stop = 0
        thread.join(_PATIENCE)
        worker_state.should_stop = None


@contextmanager
def _ticking(app: Celery) -> Iterator[Thread]:
    beat = make_beat(app)
    thread = Thread(target=beat.start, name="beat", daemon=True)
    thread.start()
    try:
        yield thread
    finally:
        beat.stop()
        thread.join(_PATIENCE)


def _web_app(bridge: Bridge) -> Flask:
    from lrs_bridge.web import create_app  # a worker needs no pages

    return create_app(bridge)


def _in_url(host: str) -> str:
    return f"[{host}]" if ":" in host else host
