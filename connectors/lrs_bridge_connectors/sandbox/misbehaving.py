"""MisbehavingLrs: the sandbox behind a small server that lies, hangs or breaks off when it is told to.

Where it stands: at the far end of `XapiSource` in the fault trials. It asks the honest application in its own process
and sends the bytes by hand, since no web server would let one misbehave like that. One request a connection.
"""

import socket
import struct
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from http.client import responses
from http.server import BaseHTTPRequestHandler
from itertools import count
from socketserver import ThreadingTCPServer
from threading import Event, Lock, Thread
from urllib.parse import parse_qsl, urlsplit

from werkzeug.test import Client

from lrs_bridge_connectors.sandbox.app import MOUNT
from lrs_bridge_connectors.sandbox.faults import Asked, Fault, Reply, fault_named
from lrs_bridge_connectors.sandbox.faults.scene import at_once, honestly
from lrs_bridge_connectors.sandbox.lrs import HOST, SandboxLrs, Serving

HONEST = Fault("honest", "It keeps to the specification.", honestly, at_once)
_NO_LINGER = struct.pack("ii", 1, 0)  # closing then resets the connection


class MisbehavingLrs:
    """A sandbox that can be told to misbehave, and to stop it. `asked` keeps every request, the latest last."""

    def __init__(self, lrs: SandboxLrs, *, pace: float = 1.0, elsewhere: str = "http://elsewhere.invalid") -> None:
        self.lrs, self.pace, self.elsewhere = lrs, pace, elsewhere
        self.store = lrs.store
        self.fault = HONEST
        self.victims: frozenset[str] = frozenset()
        self.asked: list[Asked] = []
        self._turns = count(1)
        self._lock = Lock()
        self._client = Client(lrs.app)

    def misbehave(self, name: str, victims: Iterable[str] = ()) -> None:
        """From now on, have this fault; it befalls the statements with these ids, or all. Raises ValueError."""
        self.fault, self.victims, self._turns = fault_named(name), frozenset(victims), count(1)

    def behave(self) -> None:
        """The fault is over."""
        self.fault = HONEST

    def honest(self, asked: Asked) -> Reply:
        """What the sandbox itself answers."""
        with self._lock:
            answer = self._client.open(asked.target, method=asked.method, headers=dict(asked.headers), data=asked.body)
        kept = {name: text for name, text in answer.headers.items() if name.lower() != "content-length"}
        return Reply(answer.status_code, kept, answer.get_data())

    def reply(self, asked: Asked) -> Reply:
        """What comes back, the fault in it."""
        asked = replace(asked, turn=next(self._turns))
        self.asked.append(asked)
        return self.fault.answer(asked, self)

    @contextmanager
    def serve(self, port: int = 0) -> Iterator[Serving]:
        """Serve on 127.0.0.1 (port 0: a free one) until the block ends."""
        with _Server(self, port) as server:
            thread = Thread(target=server.serve_forever, args=(0.02,), name="misbehaving-lrs", daemon=True)
            thread.start()
            try:
                served = server.server_address[1]
                yield Serving(f"http://{HOST}:{served}{MOUNT}", served)
            finally:
                server.ended.set()
                server.shutdown()
                thread.join()


class _Server(ThreadingTCPServer):
    allow_reuse_address = True
    daemon_threads = False  # so that closing waits for those who still send

    def __init__(self, lrs: MisbehavingLrs, port: int) -> None:
        self.lrs, self.ended = lrs, Event()
        super().__init__((HOST, port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    """Reads one request, and sends what the fault makes of the answer."""

    server: _Server

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the name is the base's
        """Nothing: tests look at `MisbehavingLrs.asked`."""

    def _do(self) -> None:
        self.close_connection = True
        fault = self.server.lrs.fault
        reply = self.server.lrs.reply(self._asked())
        line = _Line(self.connection, self.server.lrs.pace, self.server.ended)
        with suppress(OSError):  # the client has seen enough and went away
            fault.send(line, _head(reply), reply.body)

    do_GET = do_POST = do_PUT = _do  # noqa: N815 - the names are the base's

    def _asked(self) -> Asked:
        parts = urlsplit(self.path)
        length = int(self.headers.get("Content-Length") or 0)
        headers: Mapping[str, str] = {name: text for name, text in self.headers.items() if name.lower() != "host"}
        query = dict(parse_qsl(parts.query, keep_blank_values=True))
        return Asked(self.command, parts.path, query, headers, self.rfile.read(length))


class _Line:
    """The connection as faults use it."""

    def __init__(self, connection: socket.socket, pace: float, ended: Event) -> None:
        self.pace = pace
        self._connection, self._ended = connection, ended

    def write(self, data: bytes) -> None:
        self._connection.sendall(data)

    def wait(self, seconds: float | None) -> bool:
        return self._ended.wait(seconds)

    def reset(self) -> None:
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._connection.close()


def _head(reply: Reply) -> bytes:
    headers = {"Content-Length": str(len(reply.body)), **reply.headers, "Connection": "close"}
    names = {name.title(): text for name, text in headers.items()}  # a fault may announce another length, or none
    told = (f"{name}: {text}" for name, text in names.items() if text)
    lines = [f"HTTP/1.1 {reply.status} {responses.get(reply.status, '')}", *told]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")
