"""Processes that stay alive beside the one that is killed. They are asked with a JSON line, and answer with one."""

from __future__ import annotations

import json
import os
import select
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

TESTS = Path(__file__).resolve().parents[2]
_PATIENCE = 600.0


class Helper:
    """A process that was started here, and the pipes to it."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin is not None
        assert process.stdout is not None
        self._process, self._to, self._from = process, process.stdin, process.stdout

    def ask(self, **question: object) -> Any:
        """Tell it something, and wait for its word."""
        self._to.write(json.dumps(question).encode() + b"\n")
        self._to.flush()
        return self.answer()

    def answer(self) -> Any:
        """Its next word. Raises AssertionError if it has ended, or says nothing for long."""
        assert self.speaks_within(_PATIENCE), "a helper of the trial says nothing"
        line = self._from.readline()
        assert line, "a helper of the trial has ended"
        return json.loads(line)

    def speaks_within(self, seconds: float, *others: int) -> bool:
        """Whether it, or one of the other files, has something to say within so many seconds."""
        return bool(select.select([self._from.fileno(), *others], [], [], seconds)[0])


@contextmanager
def helping(module: str, *arguments: str, log: Path, inherits: Sequence[int] = ()) -> Iterator[Helper]:
    """Run a module of this package for as long as the block lasts; it ends when its input does."""
    environment = {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH")))),
    }
    command = [sys.executable, "-m", f"trials.crash.{module}", *arguments]
    with (
        log.open("ab") as errors,
        subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=errors,
            env=environment,
            pass_fds=inherits,
        ) as process,
    ):
        try:
            yield Helper(process)
        finally:
            assert process.stdin is not None
            process.stdin.close()
            process.wait(_PATIENCE)


def serve(answer: Callable[[Any], object]) -> None:
    """The helper's side: answer each line until there are no more. Nobody else may write to its output."""
    for line in sys.stdin:
        sys.stdout.write(json.dumps(answer(json.loads(line))) + "\n")
        sys.stdout.flush()
