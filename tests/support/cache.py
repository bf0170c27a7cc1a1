"""Where `make real-servers` puts the servers that the tests talk to, and whether what lies there is what is pinned."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
CACHE = ROOT / os.environ.get("LRS_BRIDGE_CACHE", ".cache")


def installed(name: str, pins: Path) -> Path | None:
    """The folder of an installed server, if it was installed completely from these very pins."""
    home = CACHE / name
    stamp = home / "installed-from"  # a copy of the pins, written last
    return home if stamp.is_file() and stamp.read_bytes() == pins.read_bytes() else None
