"""The hunt itself, in a process of its own: libFuzzer, through atheris, led by the edges of the rule engine's code.

python -m trials.documents.harness FOLDER FIGURES SECONDS SEED [HOW MANY OF THE CORPUS]
"""

from __future__ import annotations

import json
import sys
import time
from collections import Counter
from contextlib import suppress
from pathlib import Path
from random import Random

import atheris

with atheris.instrument_imports(include=["lrs_bridge_rules", "yaml"]):
    from trials.documents.laws import SECONDS, judge
    from trials.documents.mutators import mutated
    from trials.documents.seeds import corpus, parts_of
    from trials.fuzz.findings import Findings
    from trials.fuzz.laws import MEMORY, Broken, peak_memory

LONGEST = 32 * 1024
HANGING = 60
_INSTRUMENTED = 5.0
_TOLD_EVERY = 0.5


class Hunt:
    """One process's hunt: each input is judged and counted."""

    def __init__(self, folder: Path, told: Path) -> None:
        self._file = told
        self._figures: Counter[str] = Counter()
        self._findings = Findings(folder / "findings")
        self._slowest = 0.0
        self._told = time.monotonic()

    def one(self, data: bytes) -> None:
        """What libFuzzer calls. A finding is kept, and the hunt goes on."""
        self._figures["inputs"] += 1
        began = time.process_time()
        try:
            self._figures[judge(parts_of(data), SECONDS * _INSTRUMENTED)] += 1
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            self._findings.add(data, error)
        self._slowest = max(self._slowest, time.process_time() - began)
        if peak_memory() > MEMORY:
            self._findings.add(data, Broken("no documents take more than their memory", "more than is allowed"))
        if time.monotonic() - self._told > _TOLD_EVERY:
            self.tell()

    def tell(self) -> None:
        """Write down the figures so far: libFuzzer ends the process itself, so there is no last time."""
        self._told = time.monotonic()
        told = {"slowest": self._slowest, "memory": peak_memory(), "found": dict(self._findings.seen), **self._figures}
        self._file.write_text(json.dumps(told), "utf-8")


def change(data: bytes, longest: int, seed: int) -> bytes:
    """What libFuzzer calls for a new input: mostly a change that knows YAML, sometimes one of its own."""
    chance = Random(seed)
    if chance.random() < 0.15:
        with suppress(ValueError):
            return bytes(atheris.Mutate(data, longest))
    return mutated(data, chance)[:longest]


def main(folder: Path, told: Path, seconds: int, seed: int, begin_with: int | None = None) -> None:
    """Hunt for so many seconds, from the corpus or the first of it on."""
    for name in ("corpus", "findings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, text in enumerate(corpus()[:begin_with]):
        (folder / "corpus" / f"seed-{number}").write_bytes(text.encode("utf-8", "surrogateescape"))
    options = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-max_len={LONGEST}",
        f"-rss_limit_mb={2 * MEMORY}",
        f"-timeout={HANGING}",
        f"-artifact_prefix={folder}/ended-by-",
        "-print_final_stats=1",
        "-len_control=0",
    ]
    atheris.Setup([sys.argv[0], *options, str(folder / "corpus")], Hunt(folder, told).one, custom_mutator=change)
    atheris.Fuzz()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
