"""The erasures beside the database: hashes alone, one line an erasure, so that a restored backup learns of them.

A backup from before an erasure holds the person again, and knows nothing of it. This file does; it belongs into no
backup of the database, but beside it, and is only ever added to.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from lrs_bridge.errors import ConfigurationError


def read(file: Path) -> frozenset[str]:
    """The hashes of all identifiers that are erased and were not readmitted. Raises ConfigurationError."""
    if not file.exists():
        return frozenset()
    marks: set[str] = set()
    try:
        for line in file.read_text("utf-8").splitlines():
            entry = json.loads(line)
            marks |= set(entry.get("erased", ()))
            marks -= set(entry.get("readmitted", ()))
    except (OSError, ValueError, AttributeError, TypeError):
        raise ConfigurationError(
            f"privacy.erasures_file: {file} cannot be read.", "Put it back from its own backup, or name another file."
        ) from None
    return frozenset(marks)


def add(file: Path, *, erased: Iterable[str] = (), readmitted: Iterable[str] = (), now: datetime) -> None:
    """Add a line, and see that it is on the disk. Raises ConfigurationError."""
    entry = {"at": now.isoformat(), "erased": sorted(erased), "readmitted": sorted(readmitted)}
    try:
        with os.fdopen(os.open(file, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a", encoding="utf-8") as journal:
            journal.write(json.dumps({key: value for key, value in entry.items() if value}) + "\n")
            journal.flush()
            os.fsync(journal.fileno())
    except OSError as error:
        raise ConfigurationError(
            f"privacy.erasures_file: {file} cannot be written ({error.strerror}). Nothing was done.",
            "Make its folder writable, or name another file.",
        ) from None
