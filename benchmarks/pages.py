"""The pages of an installation that has grown: how long each takes to answer, as the server sees it."""

from __future__ import annotations

import logging
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from urllib.parse import urlencode

import structlog
from flask.testing import FlaskClient

from benchmarks.grown import activity_id, grow, learner_id
from benchmarks.table import Line
from benchmarks.world import NOW
from lrs_bridge.acts import users
from lrs_bridge.acts.actor import OPERATOR, AccountRole
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.summarise import summarise
from lrs_bridge.settings import Settings
from lrs_bridge.store.schema import upgrade
from lrs_bridge.web import create_app

COMPLETIONS = 1_000_000
ROUNDS = 5
_PASSWORD = "only for measuring"  # noqa: S105  # of an account in a folder that is deleted right after


def addresses() -> Iterator[str]:
    """What people open: each list as it comes, each way that a number or a name leads there, other orders, searches."""
    for period in ("quarter", "year", "all"):
        yield f"/?period={period}"
    narrowed = {
        "unmatched": ({"unit": "Unit 7"}, {"q": "Course 12"}, {"sort": "-hours"}, {"page": "3"}),
        "off-contract": ({"quadrant": "waste"}, {"provider": "Provider 3"}, {"unit": "Unit 7"}, {"sort": "-cost"}),
        "completions": (
            {"standing": "matched"},
            {"standing": "unmatched", "activity": activity_id(5)},
            {"quadrant": "sweet-spot", "from": "2026-08-20T00:00:00+00:00"},
            {"step": "followed-up", "from": "2026-08-20T00:00:00+00:00"},
            {"step": "achieved"},
            {"learner": learner_id(11)},
            {"unit": "Unit 7"},
            {"provider": "Provider 3"},
            {"q": "Course 77"},
            {"sort": "-hours"},
            {"sort": "learner"},
            {"page": "40"},
        ),
        "follow-ups": ({"look": "overdue"}, {"look": "waiting"}, {"state": "done"}, {"unit": "Unit 7"}, {"q": "job"}),
        "waste": ({"rescuable": "yes"}, {"reason": "repeat"}, {"activity": activity_id(5)}, {"sort": "-hours"}),
        "waste/by/activity": ({"reason": "repeat"},),
        "waste/by/provider": (),
        "waste/by/unit": (),
        "sources": (),
        "sources/quarantine": (),
        "sources/unknown-actors": (),
        "sources/noise": (),
    }
    for room, ways in narrowed.items():
        yield f"/{room}"
        yield from (f"/{room}?{urlencode(way)}" for way in ways)


@dataclass(frozen=True, slots=True)
class Timed:
    """One address with the seconds of each of its answers."""

    address: str
    seconds: tuple[float, ...]


def measure(completions: int = COMPLETIONS) -> Iterator[Line]:
    """The pages of an installation on SQLite; a request is one that somebody who is signed in makes."""
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder), completions) as bridge:
        yield from lines(list(ask_all(bridge)), completions)


def lines(answers: list[Timed], completions: int) -> Iterator[Line]:
    """95 of 100 requests, whichever page they are for, answer within this time."""
    every = sorted(second for timed in answers for second in timed.seconds)
    yield Line(f"pages over {completions:,} completions, 95th percentile", _at(every, 0.95) * 1000, "ms", 100)
    yield Line("  of which the median", median(every) * 1000, "ms")
    yield Line("  of which the slowest page, its median", max(median(each.seconds) for each in answers) * 1000, "ms")


def _at(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]


@contextmanager
def installed(folder: Path, completions: int) -> Iterator[Bridge]:
    """A new installation that has grown, with somebody who may sign in."""
    settings = {"database": {"url": f"sqlite:///{folder / 'grown.db'}"}, "web": {"secret_key": "0" * 64}}
    with Bridge.open(Settings.model_validate(settings), clock=lambda: NOW) as bridge:
        upgrade(bridge.engine)
        grow(bridge.engine, completions)
        bridge.engine.dispose()  # the pages begin with connections as they always have
        summarise(bridge, NOW)
        users.add(bridge.engine, OPERATOR, "admin", _PASSWORD, AccountRole.ADMINISTRATOR, NOW)
        yield bridge


def ask_all(bridge: Bridge) -> Iterator[Timed]:
    """Every address some times, each time after all the others, so that none is always warm."""
    client = create_app(bridge).test_client()
    _sign_in(client)
    taken: dict[str, list[float]] = {address: [] for address in addresses()}
    for _ in range(ROUNDS):
        for address, seconds in taken.items():
            begun = time.perf_counter()
            answer = client.get(address)
            seconds.append(time.perf_counter() - begun)
            if answer.status_code != 200:
                raise RuntimeError(f"{address} answered {answer.status_code}")
    yield from (Timed(address, tuple(seconds)) for address, seconds in taken.items())


def _sign_in(client: FlaskClient) -> None:
    found = re.search(r'name="csrf_token" value="([^"]+)"', client.get("/sign-in").text)
    token = found[1] if found else ""
    client.post("/sign-in", data={"csrf_token": token, "login": "admin", "password": _PASSWORD})


def main() -> None:
    """Print each address with its median, the slowest first: `python -m benchmarks.pages [COMPLETIONS] [FOLDER]`."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COMPLETIONS
    with tempfile.TemporaryDirectory() as folder, installed(Path(folder), count) as bridge:
        answers = list(ask_all(bridge))
    for each in sorted(answers, key=lambda timed: median(timed.seconds), reverse=True):
        sys.stdout.write(f"{median(each.seconds) * 1000:8.1f} ms  {each.address}\n")
    for line in lines(answers, count):
        sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main()
