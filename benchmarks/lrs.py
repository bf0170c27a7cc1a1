"""The sandbox LRS in a process of its own, so that serving does not compete with reading for one interpreter.

`python -m benchmarks.lrs COUNT LEARNERS WANTED` prints its endpoint and serves until its standard input ends.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from benchmarks.world import NOW, statements
from lrs_bridge_connectors.sandbox import SandboxLrs

CREDENTIALS = ("sandbox", "sandbox")


@contextmanager
def running(count: int, learners: int, wanted: float) -> Iterator[str]:
    """The endpoint of an LRS that holds so many statements."""
    with serving("benchmarks.lrs", str(count), str(learners), str(wanted)) as endpoint:
        yield endpoint


@contextmanager
def serving(module: str, *arguments: str) -> Iterator[str]:
    """The endpoint that a module prints; it serves while the block lasts."""
    command = [sys.executable, "-m", module, *arguments]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            yield process.stdout.readline().strip()
        finally:
            process.stdin.close()
            process.wait(timeout=30)


def main() -> None:
    count, learners, wanted = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    lrs = SandboxLrs(lambda: NOW, credentials=CREDENTIALS)
    lrs.load(statements(count, learners, wanted=wanted))
    with lrs.serve() as serving:
        print(serving.endpoint, flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
