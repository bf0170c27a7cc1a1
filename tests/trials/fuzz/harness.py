"""The hunt itself, in a process of its own: libFuzzer, through atheris, chooses what to change next.

It is led by the edges of the product's Python code that each input reaches. What is compiled (the JSON decoder of
msgspec, SQLite, the regular expressions' engine) is run but not instrumented: its edges do not lead.

    python -m trials.fuzz.harness FOLDER FIGURES SECONDS SEED [HOW MANY OF THE CORPUS]

The folder holds `corpus/` and `findings/`, and what was done is told in the file FIGURES. Memory and hanging beyond the
limits end the process, and libFuzzer leaves the input that did it in the folder.
"""

from __future__ import annotations

import json
import sys
import time
import zlib
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

import atheris

with atheris.instrument_imports(include=["lrs_bridge", "lrs_bridge_connectors", "lrs_bridge_rules", "isodate"]):
    from trials.fuzz.findings import Figures, Findings
    from trials.fuzz.glance import Signature, glance
    from trials.fuzz.ground import Ground, memory_folder
    from trials.fuzz.journey import source_of, travel
    from trials.fuzz.laws import MEMORY, SECONDS, judge
    from trials.fuzz.mutators import mutated
    from trials.fuzz.seeds import corpus

#: Bytes of an input; the giants, which come after the hunt, are larger.
LONGEST = 64 * 1024
#: Seconds of the clock after which an input counts as hanging: other processes want the machine as well.
HANGING = 120
#: Of the inputs that come out as others did before, one in so many goes the whole way.
SHARE = 25
_INSTRUMENTED = 4.0  # how many times longer instrumented code may take


#: Seconds between two times of writing the figures down. libFuzzer ends the process itself, so there is no last time.
TOLD_EVERY = 0.5


class Hunt:
    """One process's hunt: each input is glanced at, goes the whole way if it has something new, and is counted."""

    def __init__(self, ground: Ground, folder: Path, told: Path) -> None:
        self._ground, self._file = ground, told
        self._figures, self._seen = Figures(), set[Signature]()
        self._findings = Findings(folder / "findings")
        self._told = time.monotonic()

    def one(self, data: bytes) -> None:
        """What libFuzzer calls. A finding is kept, and the hunt goes on."""
        self._figures.inputs += 1
        try:
            signature = glance(self._ground, source_of(self._ground, data))
            if signature not in self._seen or zlib.crc32(data) % SHARE == 0:
                self._seen.add(signature)
                journey = travel(self._ground, data)
                self._figures.add(journey)
                judge(journey, SECONDS * _INSTRUMENTED)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what is looked for
            self._findings.add(data, error)
        if time.monotonic() - self._told > TOLD_EVERY:
            self.tell()

    def tell(self) -> None:
        """Write down the figures so far: the process may be ended at any moment."""
        self._told = time.monotonic()
        told = asdict(self._figures) | {"ways": len(self._seen), "found": dict(self._findings.seen)}
        self._file.write_text(json.dumps(told), "utf-8")


def change(data: bytes, longest: int, seed: int) -> bytes:
    """What libFuzzer calls for a new input: mostly a change that knows what it changes, sometimes one of its own."""
    chance = Random(seed)
    if chance.random() < 0.1:
        with suppress(ValueError):
            return bytes(atheris.Mutate(data, longest))
    return mutated(data, chance)[:longest]


def main(folder: Path, told: Path, seconds: int, seed: int, begin_with: int | None = None) -> None:
    """Hunt for so many seconds, from the corpus or the first of it on."""
    for name in ("corpus", "findings"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    for number, body in enumerate(corpus()[:begin_with]):
        (folder / "corpus" / f"seed-{number}").write_bytes(body)
    options = [
        f"-max_total_time={seconds}",
        f"-seed={seed}",
        f"-max_len={LONGEST}",
        f"-rss_limit_mb={MEMORY}",
        f"-timeout={HANGING}",
        f"-artifact_prefix={folder}/ended-by-",
        "-print_final_stats=1",
        "-len_control=0",
    ]
    with TemporaryDirectory(dir=memory_folder()) as inner, Ground(Path(inner)) as ground:
        hunt = Hunt(ground, folder, told)
        atheris.Setup([sys.argv[0], *options, str(folder / "corpus")], hunt.one, custom_mutator=change)
        atheris.Fuzz()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:]))
