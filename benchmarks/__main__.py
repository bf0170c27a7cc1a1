"""`python -m benchmarks [STATEMENTS]`: everything that is measured, line by line. Exit code 1 if a line is missed."""

from __future__ import annotations

import logging
import sys
from itertools import chain

import structlog

from benchmarks import main_job, rule_index
from benchmarks.table import Line


def main() -> int:
    """Measure, print, and say whether all of it holds."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    lines: list[Line] = []
    for line in chain(main_job.measure(count), rule_index.measure()):
        print(line, flush=True)
        lines.append(line)
    missed = [line for line in lines if line.holds is False]
    print(f"\n{len(lines) - len(missed)} of {len(lines)} lines hold." if not missed else f"\n{len(missed)} missed.")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
