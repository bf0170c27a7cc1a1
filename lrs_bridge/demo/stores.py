"""The demo's two record stores, over real HTTP, and the clock that they share with the bridge."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime

from lrs_bridge.demo.sending import MOODLE_STORE, PLAYER_STORE, Sent, stamp
from lrs_bridge_connectors.sandbox import SandboxLrs

NAMES = (MOODLE_STORE, PLAYER_STORE)
USER = "bridge"


class Clock:
    """A clock that is set by hand while a year is lived through, and runs by itself afterwards."""

    def __init__(self, moment: datetime) -> None:
        self._moment: datetime | None = moment

    def __call__(self) -> datetime:
        return datetime.now(UTC) if self._moment is None else self._moment

    def set(self, moment: datetime) -> None:
        self._moment = moment

    def release(self) -> None:
        """From here on it is now."""
        self._moment = None


class Stores:
    """Both stores. `endpoints` says where they are served, by name."""

    def __init__(self, clock: Clock, password: str) -> None:
        self._stores = {name: SandboxLrs(clock, credentials=(USER, password)) for name in NAMES}
        self.endpoints: Mapping[str, str] = {}

    @contextmanager
    def served(self) -> Iterator[None]:
        """Serve both on free ports of 127.0.0.1 until the block ends."""
        with ExitStack() as serving:
            self.endpoints = {
                name: serving.enter_context(store.serve()).endpoint for name, store in self._stores.items()
            }
            yield

    def take(self, sent: Iterable[Sent]) -> int:
        """Let statements arrive, each `stored` when it was; how many there were."""
        arriving: dict[str, list[Mapping[str, object]]] = {name: [] for name in NAMES}
        for each in sent:
            arriving[each.store].append({**each.statement, "stored": stamp(each.stored)})
        return sum(self._stores[name].load(statements) for name, statements in arriving.items())
