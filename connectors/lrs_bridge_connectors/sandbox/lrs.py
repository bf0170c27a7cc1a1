"""SandboxLrs: the sandbox as tests and the demo hold it in their hands.

Where it stands: wires the store to the application and, if asked, to a port of 127.0.0.1.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from threading import Event, Thread
from typing import Any

from waitress import create_server
from waitress.wasyncore import close_all, loop

from lrs_bridge_connectors.sandbox.app import MOUNT, create_app
from lrs_bridge_connectors.sandbox.store import StatementStore
from lrs_bridge_connectors.times import utc_now

HOST = "127.0.0.1"
LARGEST_PAGE = 256 * 1024 * 1024  # bytes that waitress may hold before it writes to a temporary file


@dataclass(frozen=True, slots=True)
class Serving:
    """Where the sandbox can be reached: `endpoint` is what an `XapiConfig` wants."""

    endpoint: str
    port: int


class SandboxLrs:
    """An LRS in memory. `clock` gives `stored`, `Date` and Consistent-Through; `app` can be tested without a port."""

    def __init__(
        self,
        clock: Callable[[], datetime] = utc_now,
        *,
        credentials: tuple[str, str] | None = ("sandbox", "sandbox"),
        max_limit: int = 1000,
    ) -> None:
        self.store = StatementStore(clock)
        self.app = create_app(self.store, clock, credentials=credentials, max_limit=max_limit)

    def __len__(self) -> int:
        """How many statements there are, voided ones included."""
        return len(self.store)

    def load(
        self,
        statements: Iterable[Mapping[str, Any] | bytes],
        stored: Callable[[Mapping[str, Any]], datetime] | None = None,
    ) -> int:
        """Take statements in, in bulk and in any order; the number of them.

        `stored` gives each one's time (default: its own `stored`, else the clock). Bytes that have an id and keep
        their `stored` are sent out exactly as they came in. Raises `ValueError` for what is no statement.
        """
        return self.store.load(statements, stored)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[Serving]:
        """Serve on 127.0.0.1 (port 0: a free one) until the block ends."""
        server = create_server(self.app, host=HOST, port=port, threads=4, outbuf_overflow=LARGEST_PAGE)
        ended = Event()
        thread = Thread(target=_run, args=(server, ended), name="sandbox-lrs", daemon=True)
        thread.start()
        try:
            yield Serving(f"http://{HOST}:{server.effective_port}{MOUNT}", server.effective_port)
        finally:
            ended.set()
            server.pull_trigger()
            thread.join()
            server.task_dispatcher.shutdown()
            close_all(server._map)  # kept-alive connections, too


def _run(server: Any, ended: Event) -> None:  # noqa: ANN401 - waitress has no types
    """The loop of waitress itself ends only with the last open socket, and nobody may close those but this loop."""
    while not ended.is_set():
        loop(timeout=1, use_poll=True, map=server._map, count=1)
