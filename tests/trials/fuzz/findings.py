"""What a hunt found, each once: the bytes that show it, what broke, and how often it came up."""

from __future__ import annotations

import re
import traceback
from collections import Counter
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path

from trials.fuzz.journey import Journey
from trials.fuzz.laws import Broken, peak_memory

_VARIABLE = re.compile(r"[0-9a-f]{8}-[0-9a-f-]{27}|…[\s\S]*…|\d+(?:\.\d+)?")
_PRODUCT = ("lrs_bridge/", "lrs_bridge_rules/", "lrs_bridge_connectors/")


@dataclass
class Findings:
    """Distinct findings in a folder: `NAME.input` holds the bytes, `NAME.txt` says what broke."""

    folder: Path
    seen: Counter[str] = field(default_factory=Counter)

    def add(self, data: bytes, error: Exception) -> None:
        """Keep it, if nothing like it was found before. The smallest input that shows it stays."""
        key = kind_of(error)
        self.seen[key] += 1
        name = self.folder / sha256(key.encode()).hexdigest()[:12]
        held = name.with_suffix(".input")
        if not held.exists() or len(data) < held.stat().st_size:
            held.write_bytes(data)
            name.with_suffix(".txt").write_text(f"{key}\n\n{''.join(traceback.format_exception(error))}", "utf-8")


def kind_of(error: Exception) -> str:
    """What makes two findings one: the law, or the error and the innermost place of the product."""
    if isinstance(error, Broken):
        return _VARIABLE.sub("…", str(error))[:200]
    places = [
        f"{frame.filename.rpartition('lrs_bridge')[0][-1:]}{frame.filename.rpartition('/')[2]}:{frame.name}"
        for frame in traceback.extract_tb(error.__traceback__)
        if any(room in frame.filename for room in _PRODUCT)
    ]
    return f"{type(error).__name__} in {places[-1] if places else 'no place of the product'}"


@dataclass
class Figures:
    """What was done: inputs looked at, those that went the whole way, and where their records ended."""

    inputs: int = 0
    journeys: int = 0
    pages: int = 0
    records: int = 0
    kept: int = 0
    noise: int = 0
    held: int = 0
    repeated: int = 0
    slowest: float = 0.0
    memory: float = 0.0

    def add(self, journey: Journey) -> None:
        """One more input has gone the whole way."""
        self.journeys += 1
        self.pages += len(journey.answers)
        self.records += len(journey.records)
        self.kept += len(journey.kept)
        self.noise += journey.noise
        self.held += len(journey.held)
        self.repeated += len(journey.records) - len(journey.kept) - journey.noise - len(journey.held)
        self.slowest = max(self.slowest, journey.seconds)
        self.memory = peak_memory()
