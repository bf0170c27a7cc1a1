"""`python -m benchmarks [NAME…] [--statements N]`: what is measured, line by line. Exit code 1 if a line is missed.

What there is to measure stands in one table; without names, all of it runs.
"""

from __future__ import annotations

import argparse
import logging
import sys
from collections.abc import Callable, Iterable, Mapping

import structlog

from benchmarks import backtest, engines, history, main_job, pages, rule_index, suggestions
from benchmarks.table import Line

#: Each takes the number of statements that the main job is measured on.
MEASURES: Mapping[str, Callable[[int], Iterable[Line]]] = {
    "main_job": main_job.measure,
    "rule_index": lambda _: rule_index.measure(),
    "engines": lambda _: engines.measure(),
    "suggestions": lambda _: suggestions.measure(),
    "backtest": backtest.measure,
    "pages": lambda _: pages.measure(),
    "scaling": history.scaling,
    "history": lambda count: history.measure(10 * count),
}


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and say whether all of it holds."""
    asked = _asked(arguments)
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    lines: list[Line] = []
    for name in asked.names or MEASURES:
        for line in MEASURES[name](asked.statements):
            print(line, flush=True)
            lines.append(line)
    missed = [line for line in lines if line.holds is False]
    print(f"\n{len(lines) - len(missed)} of {len(lines)} lines hold." if not missed else f"\n{len(missed)} missed.")
    return 1 if missed else 0


def _asked(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"one of: {', '.join(MEASURES)}")
    parser.add_argument("--statements", type=int, default=100_000, help="for the main job (default: %(default)s)")
    asked = parser.parse_args(arguments)
    unknown = [name for name in asked.names if name not in MEASURES]
    if unknown:
        parser.error(f"there is no {unknown[0]!r} to measure, only {', '.join(MEASURES)}")
    return asked


if __name__ == "__main__":
    sys.exit(main())
