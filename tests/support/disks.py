"""Disks that are full and files that can only be read, as far as the machine lets a test make them."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Engine, event

_NOBODY = 65534
_BLOCK = b"\0" * 4096


class Disk(Protocol):
    """Where a database file lies, and how its room runs out."""

    folder: Path

    def fill(self, engine: Engine) -> None:
        """From now on there is no room for what this engine writes."""

    def make_room(self, engine: Engine) -> None: ...


class SmallDisk:
    """A file system of its own in memory, of a few megabytes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, engine: Engine) -> None:
        del engine  # it has to find out by itself
        with (self.folder / "filler").open("ab", buffering=0) as filler, suppress(OSError):
            while True:
                filler.write(_BLOCK)

    def make_room(self, engine: Engine) -> None:
        del engine
        (self.folder / "filler").unlink()


class CappedFile:
    """Where nothing can be mounted: SQLite itself is told to let the file grow no further."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def fill(self, engine: Engine) -> None:
        event.listen(engine, "connect", self._cap)
        engine.dispose()

    def make_room(self, engine: Engine) -> None:
        event.remove(engine, "connect", self._cap)
        engine.dispose()

    def _cap(self, connection: Any, _: Any) -> None:
        connection.execute("PRAGMA max_page_count = 1")  # that is: as many as there are


@contextmanager
def small_disk() -> Iterator[Disk]:
    """A real disk of four megabytes where we may mount one, which takes root; else a file that cannot grow."""
    with tempfile.TemporaryDirectory(prefix="lrs-bridge-disk-") as folder:
        command = ["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", folder]
        if os.geteuid() != 0 or subprocess.run(command, check=False, capture_output=True).returncode != 0:
            yield CappedFile(Path(folder))
            return
        try:
            yield SmallDisk(Path(folder))
        finally:
            subprocess.run(["umount", "--lazy", folder], check=True)


@contextmanager
def without_privileges() -> Iterator[None]:
    """As a user to whom permissions apply: to root none does. Elsewhere we are such a user already."""
    if os.geteuid() != 0:
        yield
        return
    os.setegid(_NOBODY)
    os.seteuid(_NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)
        os.setegid(0)


@contextmanager
def open_folder() -> Iterator[Path]:
    """A folder that a user without privileges gets to, and owns."""
    with tempfile.TemporaryDirectory(prefix="lrs-bridge-files-") as name:
        folder = Path(name)
        give_away(folder)
        yield folder
        with suppress(FileNotFoundError):
            folder.chmod(0o755)


def give_away(path: Path) -> None:
    """To the user of `without_privileges`."""
    if os.geteuid() == 0:
        os.chown(path, _NOBODY, _NOBODY)
