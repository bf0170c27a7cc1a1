"""What stays alive while the program is killed: the LRS, the mail server, and the process that forks the program."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from trials.crash.helper import Helper, helping
from trials.crash.killing import Program
from trials.crash.stages import Marker
from trials.crash.world import World


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The helpers, for as many lives as one likes. `alarm`: where the program says that it reached a stage."""

    lrs: Helper
    mail: Helper
    forks: Helper
    alarm: int

    @contextmanager
    def begin(self, folder: Path, url: str, world: World) -> Iterator[Program]:
        """A new life on an empty database: an empty LRS, letters in `folder/letters`, and the program for it."""
        endpoint = self.lrs.ask(begin=True, now=next(world.day(0)).now.isoformat(), statements=[])["endpoint"]
        settings = _settings(url, endpoint, self.mail.ask(letters=str(folder / "letters"))["port"])
        file = folder / "marker"
        with closing(Marker(file)) as marker:
            yield Program(self.forks, self.alarm, marker, file, settings, Random(world.seed))


@contextmanager
def surroundings(logs: Path) -> Iterator[Surroundings]:
    """All of them, for as long as the block lasts."""
    listens, speaks = os.pipe()
    os.set_blocking(listens, False)
    try:
        with (
            helping("lrs", log=logs / "lrs.log") as lrs,
            helping("mail", log=logs / "mail.log") as mail,
            helping("forks", str(speaks), log=logs / "program.log", inherits=[speaks]) as forks,
        ):
            yield Surroundings(lrs, mail, forks, listens)
    finally:
        os.close(listens)
        os.close(speaks)


def _settings(url: str, endpoint: str, port: int) -> Mapping[str, Any]:
    """As a configuration file would give them. Pages are small, so that there are many; and little is read twice, so
    that what was left out does not come again by chance.
    """
    return {
        "database": {"url": url},
        "sources": [
            {
                "kind": "xapi",
                "name": "lms",
                "endpoint": endpoint,
                "username": "sandbox",
                "password": "sandbox",
                "page_limit": 5,
                "settle": "0s",
                "overlap": "2s",
            }
        ],
        "delivery": {"channel": "mail"},
        "mail": {"host": "127.0.0.1", "port": port, "sender": "learning@example.org", "tls": "none"},
        "web": {"public_url": "https://learning.example.org/"},
    }
