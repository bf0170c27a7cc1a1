"""How long work shows that it goes on, on standard error: a bar on a terminal, now and then a plain line elsewhere."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

_SECONDS_BETWEEN_LINES = 5.0

#: Told how much is done, and of how much if that is known.
Report = Callable[[int, int | None], None]


@contextmanager
def progress(what: str, unit: str, clock: Callable[[], float] = time.monotonic) -> Iterator[Report]:
    """Show the progress of some work while the block lasts; the block calls what it is given."""
    if sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total: bar.update(task, completed=done, total=total)
        return
    yield _lines(what, unit, clock)


#: Told how much is done of how much, and the rest in words.
Described = Callable[[int, int, str], None]


@contextmanager
def described_progress(what: str, unit: str, clock: Callable[[], float] = time.monotonic) -> Iterator[Described]:
    """The same for work that has more to tell than a number."""
    if sys.stderr.isatty():
        with _bar() as bar:
            task = bar.add_task(what, total=None)
            yield lambda done, total, rest: bar.update(task, description=f"{what}: {rest}", completed=done, total=total)
        return
    last = clock()

    def report(done: int, total: int, rest: str) -> None:
        nonlocal last
        if (moment := clock()) - last >= _SECONDS_BETWEEN_LINES:
            last = moment
            click.echo(f"{what}: {done} of {total} {unit}, {rest}", err=True)

    yield report


def _bar() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
        transient=True,
    )


def _lines(what: str, unit: str, clock: Callable[[], float]) -> Report:
    last = clock()

    def report(done: int, total: int | None) -> None:
        nonlocal last
        if (moment := clock()) - last >= _SECONDS_BETWEEN_LINES:
            last = moment
            of_total = "" if total is None else f" of {total}"
            click.echo(f"{what}: {done}{of_total} {unit}", err=True)

    return report
