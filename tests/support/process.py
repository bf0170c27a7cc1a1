"""Child processes of tests: started, waited for with a deadline, and ended by their own id, whatever happens."""

import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
_POLL = 0.02


class ProcessError(AssertionError):
    """A child process did not come up, did not answer in time, or ended too early; carries the end of its output."""


@dataclass(frozen=True)
class Child:
    """A running child process, and the file that collects what it prints."""

    name: str
    process: "subprocess.Popen[bytes]"
    log: Path

    def output(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_for_port(self, port: int, *, seconds: float = 30) -> None:
        self._wait_until(lambda: _answers(port), f"port {port} to answer", seconds)

    def wait_for_line(self, text: str, *, seconds: float = 30) -> None:
        self._wait_until(lambda: text in self.output(), f"the line {text!r}", seconds)

    def wait_for_end(self, *, seconds: float = 30) -> int:
        """The exit status, once the process has ended by itself."""
        try:
            return self.process.wait(timeout=seconds)
        except subprocess.TimeoutExpired as late:
            raise ProcessError(f"{self.name} still runs after {seconds:g} s:\n{self._tail()}") from late

    def kill(self) -> None:
        """End it at once, as a power cut would."""
        self.process.kill()
        self.process.wait()

    def _wait_until(self, condition: Callable[[], bool], what: str, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while not condition():
            if self.process.poll() is not None:
                raise ProcessError(f"{self.name} ended with status {self.process.returncode}:\n{self._tail()}")
            if time.monotonic() > deadline:
                raise ProcessError(f"{self.name}: waited {seconds:g} s for {what}:\n{self._tail()}")
            time.sleep(_POLL)  # a poll with a deadline: the process tells nobody when it is ready

    def _tail(self) -> str:
        return "\n".join(self.output().splitlines()[-30:])


@contextmanager
def running(
    name: str,
    command: Sequence[str | Path],
    *,
    log: Path,
    cwd: Path | None = None,
    env: Mapping[str, str] | None = None,
    user: int | None = None,
    end_with: signal.Signals = signal.SIGTERM,
) -> Iterator[Child]:
    """A child process for as long as the block lasts. It is ended by its id, politely first, and waited for."""
    with log.open("ab") as sink:
        process = subprocess.Popen(
            [*_dies_with_its_parent(), *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=sink,
            stderr=subprocess.STDOUT,
            cwd=cwd,
            env=env,
            user=user,
            group=user,
            extra_groups=None if user is None else [],
        )
    try:
        yield Child(name, process, log)
    finally:
        _end(process, end_with)


def free_port() -> int:
    """A port of the loopback address that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port


def _dies_with_its_parent() -> list[str]:
    # A test run that is killed cannot clean up; the kernel does it then, where util-linux has the tool to ask it to.
    setpriv = shutil.which("setpriv")
    return [setpriv, "--pdeathsig", "KILL"] if setpriv else []


def _answers(port: int) -> bool:
    try:
        with socket.create_connection((LOOPBACK, port), timeout=1):
            return True
    except OSError:
        return False


def _end(process: "subprocess.Popen[bytes]", end_with: signal.Signals) -> None:
    if process.poll() is None:
        process.send_signal(end_with)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
