"""Installations that run as processes of their own: a configuration, a database of today, and children to start."""

from __future__ import annotations

import logging
import os
import shutil
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TextIO
from uuid import uuid4

import pytest
import structlog
from sqlalchemy import Engine, select

from lrs_bridge.domain.contract import Revision
from lrs_bridge.log import configure_logging
from lrs_bridge.settings import LogSettings
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.engine import make_engine, read, write
from lrs_bridge.store.tables import FollowUpRow
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import a_body
from support.builders import a_contract, a_goal, signatures
from support.process import Child, running

_POLL = 0.05
PASSWORD = "sandbox"


@dataclass(frozen=True)
class Installation:
    """A folder with lrs_bridge.toml and lrs_bridge.db, whose only source is a sandbox."""

    folder: Path
    engine: Engine
    sandbox: SandboxLrs

    def configure(self, endpoint: str, *more: str) -> None:
        """One source; `more` are further keys of its table."""
        (self.folder / "lrs_bridge.toml").write_text(f"""
[web]
port = 0
[schedule]
pull = "1s"
reconcile = "1s"
deliver = "1s"
[[sources]]
name = "lms"
endpoint = "{endpoint}"
username = "sandbox"
password_env = "LRS_PASSWORD"
settle = "0s"
{chr(10).join(more)}
""")

    @contextmanager
    def start(self, *arguments: str) -> Iterator[Child]:
        """`lrs-bridge …` as a process of its own, in this folder."""
        command = [sys.executable, "-c", "import sys; from lrs_bridge.cli import main; sys.exit(main())", *arguments]
        env = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "LRS_PASSWORD": PASSWORD}
        log = self.folder / f"{arguments[0]}-{uuid4()}.log"
        with running(arguments[0], command, log=log, cwd=self.folder, env=env) as child:
            yield child

    def learn(self) -> None:
        """Ada finishes the Excel course now, and the LRS hears of it."""
        self.sandbox.load([{"id": str(uuid4()), **a_body(at=datetime.now(UTC))}])

    def tasks(self) -> int:
        """How many application tasks Ada has."""
        with read(self.engine) as connection:
            return len(connection.execute(select(FollowUpRow.id)).all())


@pytest.fixture
def installation(furnished_sqlite: Path, tmp_path: Path) -> Iterator[Installation]:
    """Ada's contract is in force today, and the sandbox is served."""
    shutil.copy(furnished_sqlite, tmp_path / "lrs_bridge.db")
    engine = make_engine(f"sqlite:///{tmp_path / 'lrs_bridge.db'}")
    now = datetime.now(UTC)
    signed = now - timedelta(days=20)
    revision = Revision(
        number=1,
        starts_on=(now - timedelta(days=30)).date(),
        ends_on=(now + timedelta(days=30)).date(),
        goals=(a_goal(),),
        signatures=signatures(signed),
    )
    with write(engine) as connection:
        save_contracts(connection, [a_contract(revisions=(revision,))], now)
    sandbox = SandboxLrs()
    with sandbox.serve() as serving:
        installed = Installation(tmp_path, engine, sandbox)
        installed.configure(serving.endpoint)
        yield installed
    engine.dispose()


@contextmanager
def logging_to(stream: TextIO, **given: Any) -> Iterator[None]:
    """Everything that is logged goes to a stream, as in a process that was started; then all is as before."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure_logging(LogSettings(**given), stream)
    try:
        yield
    finally:
        root.handlers[:] = handlers
        root.setLevel(level)
        structlog.reset_defaults()


def eventually(condition: Callable[[], bool], *children: Child, seconds: float = 30) -> None:
    """Wait until something is so; fail with what the children wrote if it does not come, or if one of them ends."""
    deadline = time.monotonic() + seconds
    while not condition():
        wrote = "\n".join(f"--- {child.name}\n{child.output()[-4000:]}" for child in children)
        assert all(child.process.poll() is None for child in children), f"a process ended:\n{wrote}"
        assert time.monotonic() < deadline, f"waited {seconds:g} s:\n{wrote}"
        time.sleep(_POLL)  # a poll with a deadline: nobody tells us when a row appears
