"""A deadline over a whole answer, headers included: no server can hold us by sending one byte now and then.

Where it stands: below `HttpClient`. A read time-out begins anew with every byte, and `requests` knows no other; so the
connections of a `WatchedAdapter` look, before each receive, how much time is left (`time_left`) and wait no longer.
"""

import io
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from http.client import HTTPResponse
from socket import SocketIO, socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

_NOBODY_WAITS = 0.0
_left: ContextVar[Callable[[], float] | None] = ContextVar("seconds_left", default=None)


@contextmanager
def time_left(seconds: Callable[[], float]) -> Iterator[None]:
    """In this block, `seconds()` is what an answer may still take; a receive beyond it raises TimeoutError."""
    token = _left.set(seconds)
    try:
        yield
    finally:
        _left.reset(token)


class _WatchedIO(io.RawIOBase):
    """What a socket receives, each time for as long as is left but no longer than its own time-out."""

    def __init__(self, sock: socket) -> None:
        self._sock = sock
        self._patience = sock.gettimeout()
        self._received: SocketIO = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:  # noqa: ANN401 - any writable buffer, as in the base
        seconds = _left.get()
        if seconds is not None:
            left = seconds()
            if left <= _NOBODY_WAITS:
                raise TimeoutError("the deadline has passed")
            self._sock.settimeout(left if self._patience is None else min(left, self._patience))
        return self._received.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._received.close()
        super().close()


class _WatchedFile:
    """Stands for the socket where `http.client` asks it for a file to read the answer from."""

    def __init__(self, sock: socket) -> None:
        self._sock = sock

    def makefile(self, *_mode: str) -> io.BufferedReader:
        return io.BufferedReader(_WatchedIO(self._sock))


class _WatchedResponse(HTTPResponse):
    def __init__(self, sock: socket, debuglevel: int = 0, method: str | None = None, url: str | None = None) -> None:
        super().__init__(_WatchedFile(sock), debuglevel, method, url)  # type: ignore[arg-type] # it only makes a file


class _WatchedConnection(HTTPConnection):
    response_class = _WatchedResponse


class _WatchedTlsConnection(HTTPSConnection):
    response_class = _WatchedResponse


class _Pool(HTTPConnectionPool):
    ConnectionCls = _WatchedConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _WatchedTlsConnection


class WatchedAdapter(HTTPAdapter):
    """Sends as the base does, over connections that keep to `time_left`; through a proxy as well."""

    def init_poolmanager(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - handed on as they are
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:  # noqa: ANN401 - as in the base
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):  # those have connections of their own kind
            manager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}
        return manager
