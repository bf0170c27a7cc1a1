"""The trial: hunts for some minutes, sends the giants, prints what was done and found, and fails if anything was.

    python -m trials.fuzz [--minutes 10] [--seed 1] [--folder FOLDER] [--giants | --documents]

Findings stay in the folder, each with the bytes that show it (default: a new one below the system's temporary folder).
"""

from __future__ import annotations

import argparse
import json
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from trials.fuzz.giants import GIANTS, SECONDS
from trials.fuzz.laws import MEMORY

_EDGES = re.compile(r"cov: (\d+) ft: (\d+)")
_GRACE = 300
#: Seconds of one process.
ROUND = 600


def hunt(folder: Path, seconds: float, seed: int, harness: str = "trials.fuzz.harness") -> Iterator[dict[str, Any]]:
    """The figures of each round. Each goes on with what the one before had collected, with another seed.

    A process of its own for each: libFuzzer's own notes grow with time, and the memory is to be the product's.
    """
    ends = time.monotonic() + seconds
    while (left := int(ends - time.monotonic())) > 0:
        told = folder / f"round-{seed}.json"
        folder.mkdir(parents=True, exist_ok=True)
        length = min(left, ROUND)
        command = [sys.executable, "-m", harness, str(folder), str(told), str(length), str(seed)]
        with told.with_suffix(".log").open("wb") as log:
            code = subprocess.run(command, check=False, stdout=log, stderr=log, timeout=length + _GRACE).returncode
        yield _figures(told, code)
        if code and not told.exists():
            return  # it did not even begin: the log says why
        seed += 1


def _figures(told: Path, code: int) -> dict[str, Any]:
    log = told.with_suffix(".log").read_text("utf-8", "replace")
    figures: dict[str, Any] = json.loads(told.read_text("utf-8")) if told.exists() else {}
    edges = _EDGES.findall(log)
    ended = [path.name for path in told.parent.glob("ended-by-*")]
    found = figures.get("found", {}) | ({f"the process ended with {code}: {ended or log[-300:]}": 1} if code else {})
    return figures | {"edges": int(edges[-1][0]) if edges else 0, "found": found}


def report(rounds: list[dict[str, Any]], seconds: float, sums: Mapping[str, str]) -> dict[str, int]:
    """Print the figures of the hunt; returns what was found, and how often."""
    total = {key: sum(each.get(key, 0) for each in rounds) for key in sums}
    most = {
        key: max((each.get(key, 0) for each in rounds), default=0) for key in ("edges", "ways", "slowest", "memory")
    }
    found: dict[str, int] = {}
    for each in rounds:
        for key, count in each["found"].items():
            found[key] = found.get(key, 0) + count
    rows = [
        ("time", f"{seconds / 60:,.1f} min"),
        *((words, f"{total[key]:,}") for key, words in sums.items()),
        ("inputs a second", f"{total['inputs'] / seconds:,.1f}"),
        *([("ways in which an input came out", f"{most['ways']:,}")] if most["ways"] else []),
        ("edges of the product's code reached", f"{most['edges']:,}"),
        ("slowest input", f"{most['slowest']:.2f} s of CPU time"),
        ("peak memory", f"{most['memory']:,.0f} MB (at most {MEMORY})"),
        ("distinct findings", f"{len(found):,}"),
    ]
    for words, figure in rows:
        print(f"  {words:<48}{figure:>24}")
    for key, count in sorted(found.items()):
        print(f"  FOUND {count} times: {key}")
    return found


_SUMS = {
    "inputs": "inputs that were cut, decoded and sorted",
    "journeys": "inputs that went the whole way",
    "pages": "pages opened",
    "records": "records on the whole way",
    "kept": "  of these kept",
    "noise": "  of these noise",
    "held": "  of these in quarantine",
    "repeated": "  of these repeats",
}
_DOCUMENTS = {
    "inputs": "sets of documents that were judged",
    "refused": "  of these refused, with places",
    "kept": "  of these loaded, printed, edited, asked",
}
_STATEMENTS = ("statements", "trials.fuzz.harness", _SUMS)


def giants() -> bool:
    """Print what each giant takes; whether all of them stay within their bounds."""
    print(f"\nGiants: the whole way twice, at most {SECONDS:.0f} s each way and {MEMORY} MB\n")
    fine = True
    for name in GIANTS:
        command = [sys.executable, "-m", "trials.fuzz.giants", name]
        done = subprocess.run(command, check=False, capture_output=True, text=True, timeout=_GRACE)
        size = json.loads(done.stdout) if done.returncode == 0 else {"broken": done.stderr.strip()[-300:] or "killed"}
        fine &= not size["broken"]
        figures = (
            f"{size['bytes']:>12,} B {size['seconds']:>7.1f} s {size['memory']:>6,.0f} MB" if "bytes" in size else ""
        )
        print(f"  {name:<36}{figures}  {size['broken'] or size['ended']}", flush=True)
    return fine


def main() -> int:
    """Runs the trial; 0 if everything holds."""
    parser = argparse.ArgumentParser(prog="trials.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--giants", action="store_true", help="the giants alone")
    parser.add_argument("--documents", action="store_true", help="hostile rule documents, no statements")
    given = parser.parse_args()
    what, harness, sums = ("rule documents", "trials.documents.harness", _DOCUMENTS) if given.documents else _STATEMENTS
    found: dict[str, int] = {}
    if not given.giants:
        folder = given.folder or Path(mkdtemp(prefix="lrs-bridge-fuzz-"))
        print(f"Hostile {what}: {given.minutes:g} minutes, seed {given.seed}, findings in {folder}\n", flush=True)
        begun = time.monotonic()
        rounds = list(hunt(folder, given.minutes * 60, given.seed, harness))
        found = report(rounds, time.monotonic() - begun, sums)
    fine = (given.documents or giants()) and not found
    print("\nEverything holds." if fine else "\nNOT everything holds.")
    return 0 if fine else 1


if __name__ == "__main__":
    raise SystemExit(main())
