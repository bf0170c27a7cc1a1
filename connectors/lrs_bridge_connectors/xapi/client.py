"""XapiSource: the statements of one LRS."""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import requests

from lrs_bridge_connectors.source import Health, Page, Window
from lrs_bridge_connectors.xapi.config import XapiConfig


def utc_now() -> datetime:
    return datetime.now(UTC)


class XapiSource:
    """Pulls the statements of one LRS over HTTP (implements `Source`)."""

    def __init__(
        self,
        config: XapiConfig,
        *,
        session_factory: Callable[[], requests.Session] = requests.Session,
        now: Callable[[], datetime] = utc_now,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.config = config

    @property
    def name(self) -> str:
        return self.config.name

    def pages(self, cursor: str | None) -> Iterator[Page]:
        raise NotImplementedError

    def window(self, window: Window) -> Iterator[Page]:
        raise NotImplementedError

    def check(self) -> Health:
        raise NotImplementedError
