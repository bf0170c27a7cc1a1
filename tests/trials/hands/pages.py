"""Somebody signs in to the real pages over HTTP, and goes on looking at them while everybody else is at work."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Thread

import requests
from waitress import create_server
from waitress.wasyncore import close_all

from lrs_bridge.bridge import Bridge
from lrs_bridge.web import create_app
from support.process import LOOPBACK
from support.web import PAGES
from trials.hands.world import PASSWORD

_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')
_PATIENCE = 60


@contextmanager
def served(bridge: Bridge) -> Iterator[str]:
    """The address of the pages, for as long as the block lasts."""
    server = create_server(create_app(bridge), host=LOOPBACK, port=0, threads=2)
    thread = Thread(target=server.run, name="pages", daemon=True)
    thread.start()
    try:
        yield f"http://{LOOPBACK}:{server.effective_port}"
    finally:
        server.trigger.pull_trigger(lambda: close_all(server._map))
        thread.join(_PATIENCE)
        server.task_dispatcher.shutdown()


class Reader:
    """An administrator with a browser; `answers` counts pages by their status."""

    def __init__(self, address: str) -> None:
        self.answers: dict[int, int] = {}
        self._address = address
        self._browser = requests.Session()

    def sign_in(self) -> None:
        form = self._browser.get(f"{self._address}/sign-in", timeout=_PATIENCE)
        found = _TOKEN.search(form.text)
        assert found is not None
        sent = {"csrf_token": found[1], "login": "admin", "password": PASSWORD}
        answer = self._browser.post(f"{self._address}/sign-in", sent, timeout=_PATIENCE, allow_redirects=False)
        assert answer.status_code == 303, answer.status_code

    def look_while(self, going_on: Callable[[], bool]) -> None:
        """One page after the other, and all of them again."""
        while going_on():
            for page in PAGES:
                status = self._browser.get(self._address + page, timeout=_PATIENCE).status_code
                self.answers[status] = self.answers.get(status, 0) + 1

    def close(self) -> None:
        self._browser.close()


@contextmanager
def looking(bridge: Bridge) -> Iterator[Reader]:
    """A reader who signs in and looks at pages until the block ends."""
    with served(bridge) as address:
        reader, over = Reader(address), Event()
        reader.sign_in()
        thread = Thread(target=lambda: reader.look_while(lambda: not over.is_set()), name="reader", daemon=True)
        thread.start()
        try:
            yield reader
        finally:
            over.set()
            thread.join(_PATIENCE)
            reader.close()
