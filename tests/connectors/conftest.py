"""The far end of a connector: a sandbox LRS on a port of this machine, and clocks that tests set."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from threading import Event, Thread
from typing import Any

import pytest

from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.xapi import XapiConfig, XapiSource
from lrs_bridge_connectors.xapi.auth import Basic

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@dataclass
class Clock:
    """Time as the test says it; `sleep` passes it and remembers for how long."""

    now: datetime = NOON
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> datetime:
        return self.now

    def monotonic(self) -> float:
        return (self.now - NOON).total_seconds()

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += timedelta(seconds=seconds)


@dataclass
class Served:
    """A sandbox and where it is served; `source` makes a source that reads it."""

    lrs: SandboxLrs
    endpoint: str
    clock: Clock

    def source(self, **settings: Any) -> XapiSource:
        given: dict[str, Any] = {"name": "lrs", "endpoint": self.endpoint, "auth": Basic("sandbox", "sandbox")}
        return XapiSource(
            XapiConfig(**{**given, **settings}),
            now=self.clock,
            monotonic=self.clock.monotonic,
            sleep=self.clock.sleep,
            jitter=lambda: 1.0,
        )


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def served(clock: Clock) -> Iterator[Served]:
    """A sandbox of its own for each test: what it announces depends on the test's clock."""
    lrs = SandboxLrs(clock)
    with lrs.serve() as serving:
        yield Served(lrs, serving.endpoint, clock)


@pytest.fixture
def a_statement() -> Callable[..., dict[str, Any]]:
    """A builder: `a_statement(3)` is the one about activity 3; keywords set further properties."""

    def build(number: int = 0, **more: Any) -> dict[str, Any]:
        return {
            "actor": {"mbox": "mailto:ada@example.org"},
            "verb": {"id": "http://adlnet.gov/expapi/verbs/completed"},
            "object": {"id": f"https://example.org/activity/{number}"},
            **more,
        }

    return build


@pytest.fixture
def raw_server() -> Iterator[Callable[..., str]]:
    """A builder: `raw_server(answer, …)` sends these bytes, one answer per connection, and gives the address."""
    listeners: list[socket.socket] = []

    def serve(*answers: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        Thread(target=_answer, args=(listener, answers), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/xapi"

    yield serve
    for listener in listeners:
        listener.close()


def _answer(listener: socket.socket, answers: tuple[bytes, ...]) -> None:
    for answer in answers:
        try:
            connection, _ = listener.accept()
            with closing(connection):
                connection.recv(65536)
                connection.sendall(answer)
        except OSError:
            return  # the test has seen enough and went away


@pytest.fixture
def dripping_server() -> Iterator[Callable[[bytes], str]]:
    """A builder: `dripping_server(start)` sends these bytes and then one after the other, for as long as it is let."""
    ended = Event()
    listeners: list[socket.socket] = []

    def serve(start: bytes) -> str:
        listener = socket.create_server(("127.0.0.1", 0))
        listeners.append(listener)
        Thread(target=_drip, args=(listener, start, ended), daemon=True).start()
        return f"http://127.0.0.1:{listener.getsockname()[1]}/xapi"

    yield serve
    ended.set()
    for listener in listeners:
        listener.close()


def _drip(listener: socket.socket, start: bytes, ended: Event) -> None:
    connection, _ = listener.accept()
    with closing(connection), suppress(OSError):
        connection.recv(65536)
        connection.sendall(start)
        while not ended.wait(0.02):
            connection.sendall(b"x")
