"""`make hands`: every trial of many hands, with its figures. Ends with 0 only if all of them hold."""

from __future__ import annotations

import argparse
import logging
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import structlog

from support.postgres import postgres_cluster
from support.rabbitmq import rabbitmq_running
from support.valkey import valkey_running
from trials.hands.celery_workers import CeleryTrial, a_world_of_today
from trials.hands.databases import two_databases, two_files
from trials.hands.time_lapse import MOST_ROUNDS
from trials.hands.together import Trial, a_world

#: Differences that are shown in full; the others are counted.
_SHOWN = 10
Broker = Callable[[Path], AbstractContextManager[str]]


def main() -> int:
    asked = _arguments()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.basicConfig(handlers=[logging.NullHandler()])
    begun, hold = time.monotonic(), []
    with postgres_cluster() as server:
        world = a_world(asked.learners, asked.rounds, asked.seed)
        with two_files(world) as urls:
            figures = Trial(world, asked.processes, *urls).run()
            hold.append(_show("SQLite, people and processes", figures.rows(), figures.differences, figures.holds))
        with two_databases(server, world) as urls:
            figures = Trial(world, asked.processes, *urls).run()
            hold.append(_show("PostgreSQL, people and processes", figures.rows(), figures.differences, figures.holds))
        for name, broker in (("Valkey", _valkey), ("RabbitMQ", _rabbitmq)):
            today = a_world_of_today(asked.learners, asked.rounds, asked.seed)
            with tempfile.TemporaryDirectory(prefix="lrs-bridge-hands-") as folder, broker(Path(folder)) as url:
                with two_databases(server, today) as urls:
                    told = CeleryTrial(today, Path(folder), url, *urls, asked.kills).run()
                hold.append(_show(f"PostgreSQL, Celery on {name}", told.rows(), told.differences, told.holds))
    _say(f"{'All of it holds' if all(hold) else 'NOT ALL OF IT HOLDS'}, after {time.monotonic() - begun:.0f} s")
    return 0 if all(hold) else 1


def _show(title: str, rows: Sequence[tuple[str, str]], differences: Sequence[str], holds: bool) -> bool:
    _say(f"\n{title}\n{'-' * len(title)}")
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        _say(f"{name:<{width}}  {value:>9}")
    for each in differences[:_SHOWN]:
        _say(f"! {each}")
    _say("holds" if holds else "DOES NOT HOLD")
    return holds


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def _valkey(folder: Path) -> Iterator[str]:
    with valkey_running(folder) as (url, _):
        yield url


@contextmanager
def _rabbitmq(folder: Path) -> Iterator[str]:
    with rabbitmq_running(folder) as node:
        yield node.url


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m trials.hands", description=__doc__)
    parser.add_argument("--learners", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=7, choices=range(2, MOST_ROUNDS + 1), metavar="ROUNDS")
    parser.add_argument("--processes", type=int, default=4)
    parser.add_argument("--kills", type=int, default=8, help="workers killed over each broker")
    parser.add_argument("--seed", type=int, default=1)
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
