"""The databases of the trial: an SQLite file, and a PostgreSQL server that can be killed and started again."""

from __future__ import annotations

import os
import signal
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import psycopg

from support.postgres import Cluster, PostgresServer, make_cluster
from support.process import LOOPBACK, Child, ProcessError

_PATIENCE = 30.0
_POLL = 0.05


class Server:
    """A PostgreSQL of our own. What it says to have committed it has written: nothing is put off for speed."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster
        self._up = ExitStack()
        self._server, self._process = self._start()

    def close(self) -> None:
        self._up.close()

    @contextmanager
    def database(self) -> Iterator[str]:
        """The address of an empty database."""
        with self._server.database() as name:
            yield self._server.url(name)

    def kill(self) -> None:
        """kill -9 of the server itself; its sessions notice, and end."""
        self._process.kill()

    def start_again(self) -> None:
        """After `kill`: it recovers from its log. The sessions of before have to be gone."""
        self._up.close()
        self._server, self._process = self._start()

    def kill_a_session(self) -> None:
        """kill -9 of the process of one session; the server then ends all of them, and recovers by itself."""
        query = "SELECT pid FROM pg_stat_activity WHERE backend_type = 'client backend' AND datname LIKE 'test%'"
        query += " ORDER BY backend_start"
        with psycopg.connect(host=LOOPBACK, port=self._cluster.port, user="postgres", dbname="postgres") as connection:
            found = connection.execute(query).fetchall()
        for (pid,) in found[:1]:
            os.kill(pid, signal.SIGKILL)

    def is_up(self) -> bool:
        return self._process.process.poll() is None

    def wait(self) -> None:
        """Wait until it takes connections again."""
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                psycopg.connect(host=LOOPBACK, port=self._cluster.port, user="postgres", dbname="postgres").close()
            except psycopg.OperationalError:
                assert time.monotonic() < deadline, "PostgreSQL does not come back"
                time.sleep(_POLL)  # a poll with a deadline: it tells nobody when it has recovered
            else:
                return

    def _start(self) -> tuple[PostgresServer, Child]:
        deadline = time.monotonic() + _PATIENCE
        while True:
            try:
                # A commit is in the log before it is told. (A process dies here, no machine: the disk may be late.)
                return self._up.enter_context(self._cluster.running(synchronous_commit="on"))
            except ProcessError:  # a session of before is still there
                assert time.monotonic() < deadline, "PostgreSQL does not start again"


@contextmanager
def postgres() -> Iterator[Server]:
    """A server in a folder that is gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="lrs-bridge-crash-") as folder:
        server = Server(make_cluster(Path(folder)))
        try:
            yield server
        finally:
            server.close()
