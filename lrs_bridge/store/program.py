"""Which program makes the plans: one text that changes when a line of it does (for `fingerprint`)."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from functools import cache
from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from importlib.resources.abc import Traversable
from typing import Final

#: Where facts are loaded, read, planned and compared; and what decodes them.
PACKAGES: Final = ("lrs_bridge.domain", "lrs_bridge.store", "lrs_bridge_rules")
_LIBRARIES: Final = ("msgspec", "isodate", "sqlalchemy")


@cache
def program() -> str:
    """The digest of the sources that a plan hangs on, and of the versions of what they run on."""
    digest = blake2b(sys.version.encode(), digest_size=16)
    for library in _LIBRARIES:
        digest.update(f"{library} {version(library)}\n".encode())
    for package in PACKAGES:
        for source in sources(files(package)):
            digest.update(f"{source.name}\n".encode())
            digest.update(source.read_bytes())
    return digest.hexdigest()


def sources(folder: Traversable) -> Iterator[Traversable]:
    """All Python files below a folder, in a fixed order."""
    for each in sorted(folder.iterdir(), key=lambda entry: entry.name):
        if each.is_dir():
            yield from sources(each)
        elif each.name.endswith(".py"):
            yield each
