"""Ralph as a real LRS for the tests: it pages in its own way and filters on `timestamp`, not on `stored`.

`make real-servers` installs it into an environment of its own from the pins beside this file. Its file backend reads
one file of JSON lines anew for every request, so that a test writes statements by appending to that file.
"""

import os
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest

from support.cache import installed
from support.parts import require_part
from support.process import LOOPBACK, free_port, running
from support.statements import Json

_PINS = Path(__file__).parent / "requirements.txt"
USER, PASSWORD = "lrs", "secret"


@dataclass(frozen=True)
class Ralph:
    """A running server, and the file that it serves."""

    endpoint: str
    file: Path

    def store(self, statements: Sequence[Json]) -> None:
        """Append statements in one write, so that no request sees half a line."""
        lines = b"".join(msgspec.json.encode(statement) + b"\n" for statement in statements)
        descriptor = os.open(self.file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        try:
            assert os.write(descriptor, lines) == len(lines)
        finally:
            os.close(descriptor)


@pytest.fixture(scope="session")
def ralph_programs() -> Path:
    """Where Ralph's programs are."""
    home = installed("ralph", _PINS)
    require_part("Ralph", home is not None, "make real-servers")
    assert home is not None
    return home / "bin"


@pytest.fixture(scope="session")
def ralph_credentials(ralph_programs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The file with the one account that may do everything; Ralph takes a second to write it."""
    folder = tmp_path_factory.mktemp("ralph")
    who = ["-u", USER, "-p", PASSWORD, "-s", "all", "-M", "mailto:lrs@example.org", "-N", "lrs", "-w"]
    command: list[str | Path] = [ralph_programs / "ralph", "auth", *who]
    subprocess.run(command, check=True, capture_output=True, env=_env(folder, folder / "auth.json"), cwd=folder)
    return folder / "auth.json"


@pytest.fixture
def ralph(ralph_programs: Path, ralph_credentials: Path, tmp_path: Path) -> Iterator[Ralph]:
    """An empty Ralph that belongs to this test alone."""
    with _serving(ralph_programs, ralph_credentials, tmp_path) as server:
        yield server


@contextmanager
def _serving(programs: Path, credentials: Path, folder: Path) -> Iterator[Ralph]:
    port = free_port()
    command: list[str | Path] = [programs / "uvicorn", "ralph.api:app", "--host", LOOPBACK, "--port", str(port)]
    file = folder / "fs_lrs.jsonl"
    file.touch()
    with running("ralph", command, log=folder / "ralph.log", cwd=folder, env=_env(folder, credentials)) as child:
        child.wait_for_port(port)
        yield Ralph(f"http://{LOOPBACK}:{port}/xAPI", file)


def _env(folder: Path, credentials: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "LC_ALL": "C.UTF-8",
        "RALPH_APP_DIR": str(folder),
        "RALPH_AUTH_FILE": str(credentials),
        "RALPH_HISTORY_FILE": str(folder / "history.json"),
        "RALPH_RUNSERVER_BACKEND": "fs",
        "RALPH_BACKENDS__LRS__FS__DEFAULT_DIRECTORY_PATH": str(folder),
        "RALPH_RUNSERVER_MAX_SEARCH_HITS_COUNT": "1000",
    }
