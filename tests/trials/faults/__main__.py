"""Tries every row of the fault table and prints it, with what came out: `PYTHONPATH=tests python -m trials.faults`.

Time-outs are real, though short, and so are the pauses between tries. Ends with 0 only if every row holds. `--write`
makes docs/faults.md from the same rows, and tries nothing.
"""

from __future__ import annotations

import logging
import resource
import shutil
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import click
import structlog

from lrs_bridge.cli.output import Table, show_tables
from support.bridges import furnish
from trials.faults.document import FILE, document, told
from trials.faults.row import Expected
from trials.faults.run import Fresh, Pace, run
from trials.faults.snapshot import Snapshot
from trials.faults.table import TABLE

_SHORTENED = 0.05  # of a second: the pauses between tries double from there, as the real ones do from half a second
_PACE = Pace(sleep=lambda seconds: time.sleep(seconds * _SHORTENED), read_timeout=1.0, deadline=3.0, drip=1.0)
_MOST_MEMORY = 500_000_000  # bytes


@click.command()
@click.option("--write", is_flag=True, help="Write docs/faults.md.")
@click.argument("faults", nargs=-1)
def main(write: bool, faults: tuple[str, ...]) -> None:
    """Try all FAULTS, or those named."""
    if write:
        FILE.write_text(document())
        return
    logging.disable(logging.CRITICAL)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    rows = [row for row in TABLE if not faults or row.fault in faults]
    with tempfile.TemporaryDirectory(prefix="lrs-bridge-faults-") as folder:
        wrong = _try_all(rows, _databases(Path(folder)))
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    held = len(rows) - len(wrong)
    click.echo(
        f"{held} of {len(rows)} faults leave the store as it would be without them; {memory / 1e6:,.0f} MB at the peak"
    )
    sys.exit(0 if rows and not wrong and memory <= _MOST_MEMORY else 1)


def _try_all(rows: list[Expected], fresh: Fresh) -> dict[str, tuple[str, ...]]:
    """What was wrong, by fault; each is shown as it is done."""
    baselines: dict[object, Snapshot] = {}
    wrong: dict[str, tuple[str, ...]] = {}
    shown = []
    for row in rows:
        begun = time.monotonic()
        found = run(row, fresh, _PACE, baselines)
        if found:
            wrong[row.fault] = found
        read = next(told(row), "nothing: nothing is wrong")
        shown.append((row.fault, read, "no" if found else "yes", f"{time.monotonic() - begun:.1f} s"))
    show_tables([Table("A misbehaving LRS", ("fault", "told", "as without it?", "took"), shown)])
    for name, found in wrong.items():
        click.echo("\n".join((f"{name}:", *(f"  {each}" for each in found[:20]))), err=True)
    return wrong


def _databases(folder: Path) -> Fresh:
    """Laid-out SQLite databases with everybody in them."""
    template, numbers = folder / "template.db", count(1)
    furnish(f"sqlite:///{template}")

    @contextmanager
    def fresh() -> Iterator[str]:
        file = folder / f"{next(numbers)}.db"
        shutil.copy(template, file)
        yield f"sqlite:///{file}"

    return fresh


if __name__ == "__main__":
    main()
