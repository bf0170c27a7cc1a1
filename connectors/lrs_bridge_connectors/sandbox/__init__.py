"""An LRS in memory, for the demo and for tests: `SandboxLrs`."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from flask import Flask


@dataclass(frozen=True, slots=True)
class Serving:
    endpoint: str
    port: int


class SandboxLrs:
    app: Flask

    def __init__(
        self,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
        *,
        credentials: tuple[str, str] | None = ("sandbox", "sandbox"),
        max_limit: int = 1000,
    ) -> None:
        raise NotImplementedError

    def load(
        self,
        statements: Iterable[Mapping[str, Any] | bytes],
        stored: Callable[[Mapping[str, Any]], datetime] | None = None,
    ) -> int:
        """Number loaded; `stored` gives each statement's time (default: its own `stored`, else the clock)."""
        raise NotImplementedError

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[Serving]:
        """Serves on 127.0.0.1; `.endpoint` is e.g. http://127.0.0.1:40123/xapi."""
        raise NotImplementedError
        yield
