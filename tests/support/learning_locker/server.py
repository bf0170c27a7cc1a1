"""Learning Locker's statement service as a real LRS for the tests: a fast, mostly conformant server from npm.

`make real-servers` installs it from the lock file beside this one. It keeps everything in memory, accepts any
credentials, and is reached on loopback only.
"""

import os
import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
import requests

from support.cache import installed
from support.parts import require_part
from support.process import LOOPBACK, free_port, running
from support.statements import Json

_HERE = Path(__file__).parent
_PROGRAM = Path("node_modules/@learninglocker/xapi-statements/dist/server.js")
USER, PASSWORD = "lrs", "secret"
#: After how many statements the ids of the truncating one start again.
WRAP_AFTER = 600


@dataclass(frozen=True)
class LearningLocker:
    """A running service."""

    endpoint: str

    def store(self, statements: Sequence[Json]) -> None:
        """Send statements in one request, as any activity provider would."""
        answer = requests.post(
            f"{self.endpoint}/statements",
            data=msgspec.json.encode(statements),
            auth=(USER, PASSWORD),
            headers={"X-Experience-API-Version": "1.0.3", "Content-Type": "application/json"},
            timeout=30,
        )
        assert answer.status_code == 200, answer.text


@pytest.fixture
def learning_locker(tmp_path: Path) -> Iterator[LearningLocker]:
    """An empty Learning Locker that belongs to this test alone."""
    with _serving(tmp_path, "monotonic-uuid.js") as server:
        yield server


@pytest.fixture
def truncating_learning_locker(tmp_path: Path) -> Iterator[LearningLocker]:
    """The same as it is: its paging loses what was stored after `WRAP_AFTER` statements, with HTTP 200."""
    with _serving(tmp_path, "wrapping-uuid.js") as server:
        yield server


@contextmanager
def _serving(folder: Path, ids: str) -> Iterator[LearningLocker]:
    home = installed("learning-locker", _HERE / "package-lock.json")
    node = shutil.which("node")
    require_part("Learning Locker", home is not None and node is not None, "make real-servers (needs node and npm)")
    assert home is not None
    assert node is not None
    port = free_port()
    preloads = [part for name in ("bind-loopback.js", ids) for part in ("-r", _HERE / name)]
    command: list[str | Path] = [node, *preloads, home / _PROGRAM]
    with running(
        "learning-locker", command, log=folder / "learning-locker.log", cwd=home, env=_env(port, folder)
    ) as it:
        it.wait_for_port(port)
        yield LearningLocker(f"http://{LOOPBACK}:{port}/xAPI")


def _env(port: int, folder: Path) -> dict[str, str]:
    return {
        "WRAP_AFTER": str(WRAP_AFTER),
        "PATH": os.environ["PATH"],
        "EXPRESS_PORT": str(port),
        "EXPRESS_MORGAN_DIRECTORY": str(folder / "access"),
        "EXPRESS_BODY_PARSER_LIMIT": "50mb",
        "AUTH_REPO": "test",
        "EVENTS_REPO": "test",
        "MODELS_REPO": "memory",
        "STORAGE_REPO": "local",
        "FS_LOCAL_STORAGE_DIR": str(folder / "storage"),
        "SERVICE_AWAIT_UPDATES": "true",
    }
