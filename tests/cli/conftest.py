"""A small installation, and the program run on it: in this process for breadth, as a child where it counts."""

import io
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.program import run
from lrs_bridge.cli.session import Session
from lrs_bridge.settings import load_settings
from support.builders import NOON
from support.installation import fill, write_files

NOW = NOON + timedelta(days=1)


@dataclass(frozen=True)
class Answer:
    """What a run of the program came to."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


@dataclass(frozen=True)
class Installation:
    """A folder with a configuration, and the program run on it."""

    folder: Path
    now: datetime = NOW

    @property
    def config(self) -> Path:
        return self.folder / "lrs_bridge.toml"

    def __call__(self, *arguments: str, stdin: str = "") -> Answer:
        """Run a command in this process, at a moment of its own."""
        out, err = io.StringIO(), io.StringIO()
        with redirect_stdout(out), redirect_stderr(err), patch("sys.stdin", io.StringIO(stdin)):
            code = run(list(arguments), Session(self.config, debug=False, clock=lambda: self.now))
        return Answer(code, out.getvalue(), err.getvalue())

    def child(self, *arguments: str, stdin: str = "", env: Mapping[str, str] | None = None) -> Answer:
        """Run the real program as a process of its own."""
        done = subprocess.run(
            [Path(sys.executable).with_name("lrs-bridge"), "--config", self.config, *arguments],
            input=stdin,
            capture_output=True,
            text=True,
            cwd=self.folder,
            env={**os.environ, "LRS_BRIDGE_DEBUG": "", **(env or {})},
            timeout=60,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)


@pytest.fixture(scope="session")
def filled_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The database of a filled installation, to copy."""
    folder = tmp_path_factory.mktemp("installation")
    with Bridge.open(load_settings(write_files(folder), {}), clock=lambda: NOW) as bridge:
        fill(bridge, folder, NOW)
    return folder / "lrs_bridge.db"


@pytest.fixture
def bridge_in(tmp_path: Path) -> Callable[..., Installation]:
    """Installations whose database is still to be made."""

    def make(**options: Any) -> Installation:
        write_files(tmp_path, **options)
        return Installation(tmp_path)

    return make


@pytest.fixture
def installation(bridge_in: Callable[..., Installation], filled_template: Path) -> Installation:
    """A filled installation: see `support.installation`."""
    made = bridge_in()
    shutil.copy(filled_template, made.folder / "lrs_bridge.db")
    return made
