"""FileSource: statements out of files, through the same protocol as an LRS."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from lrs_bridge_connectors.source import Health, Page, Window


class FileSource:
    """Reads one file, all files of a folder, or those that fit a glob pattern (implements `Source`)."""

    def __init__(
        self, name: str, path: str | Path, *, page_records: int = 500, statement_cap: int = 4 * 1024 * 1024
    ) -> None:
        self.name = name
        self.path = Path(path)

    def pages(self, cursor: str | None) -> Iterator[Page]:
        raise NotImplementedError

    def window(self, window: Window) -> Iterator[Page]:
        raise NotImplementedError

    def check(self) -> Health:
        raise NotImplementedError
