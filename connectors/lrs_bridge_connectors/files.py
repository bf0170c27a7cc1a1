"""FileSource: statements out of files, through the same protocol as an LRS.

Where it stands: the first step on the way of a statement that was exported, logged or archived. Understood are JSON
lines, a JSON array, and an xAPI result object ({"statements": [...]}), each plain or gzipped; the file's first bytes
tell which. Files of any size are read in a bounded amount of memory.
"""

import glob
import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from lrs_bridge_connectors.errors import ConnectorError, Misbehaving, Unusable
from lrs_bridge_connectors.file_reader import DAMAGED, pieces, reading_of
from lrs_bridge_connectors.file_state import FileState, States, cursor_of, states_of
from lrs_bridge_connectors.record import head_of, record_of, when
from lrs_bridge_connectors.source import Health, Page, Record, Window

PAGE_BYTES = 8 * 1024 * 1024  # a page ends here even if it has few records
READABLE = re.compile(r"[^.].*\.(json|jsonl|ndjson|log)(\.gz)?", re.IGNORECASE)


class FileSource:
    """Reads one file, the statement files of a folder, or those that fit a glob pattern (implements `Source`).

    Its cursor remembers of each file what was read: JSON lines that grow are continued; a file that was replaced,
    truncated or changed otherwise is read again whole. A statement longer than `statement_cap` bytes is cut off there
    (and will not decode); a broken one is delivered with id None.
    """

    def __init__(
        self, name: str, path: str | Path, *, page_records: int = 500, statement_cap: int = 4 * 1024 * 1024
    ) -> None:
        self._name = name
        self.path = Path(path)
        self._page_records = page_records
        self._statement_cap = statement_cap

    @property
    def name(self) -> str:
        """The name of the source."""
        return self._name

    def pages(self, cursor: str | None) -> Iterator[Page]:
        """What is new in the files since `cursor`. Damaged files are told at the end, after all others were read."""
        before = self._states(cursor)
        paths = self._paths()
        states = {str(path): before[str(path)] for path in paths if str(path) in before}
        batch, problems = _Batch(self._page_records), list[str]()
        for path in paths:
            for record, at, state in self._records(path, before.get(str(path)), problems):
                states[str(path)] = state
                if record and batch.add(record, at):
                    yield batch.page(cursor_of(states))
        if batch or states != before:
            yield batch.page(cursor_of(states))
        self._tell(problems)

    def window(self, window: Window) -> Iterator[Page]:
        """All files from the beginning; of their records those in the span, and those that name no time."""
        batch, problems = _Batch(self._page_records), list[str]()
        for path in self._paths():
            for record, at, _ in self._records(path, None, problems):
                if record and _within(at, window) and batch.add(record, at):
                    yield batch.page(None)
        if batch:
            yield batch.page(None)
        self._tell(problems)

    def check(self) -> Health:
        """Whether the files can be opened, and whether the first statement in each of them can be decoded."""
        try:
            paths = self._paths()
            problems = list[str]()
            odd = [path.name for path in paths if not self._begins_well(path, problems)]
            self._tell(problems)
        except ConnectorError as problem:
            return Health(False, problem.message, problem.advice)
        detail = {"files": str(len(paths))}
        if odd:
            return Health(
                False,
                f"no statement at the beginning of {_named(odd)}",
                "Understood are JSON lines, a JSON array, and a result object with statements, plain or gzipped.",
                detail=detail,
            )
        return Health(True, "the files can be read" if paths else "there is no file yet", detail=detail)

    def _begins_well(self, path: Path, problems: list[str]) -> bool:
        for record, _, _ in self._records(path, None, problems):
            return record is None or head_of(record.body) is not None
        return True

    def _records(
        self, path: Path, old: FileState | None, problems: list[str]
    ) -> Iterator[tuple[Record | None, datetime | None, FileState]]:
        """Each record with its time and the state after it; what stops the file goes to `problems`."""
        try:
            reading = reading_of(path, old)
            for body, state in pieces(path, reading, self._statement_cap) if reading else ():
                head = head_of(body) if body is not None else None
                record = record_of(body, head) if body is not None else None
                yield record, when(record, head) if record else None, state
        except DAMAGED:
            problems.append(f"{path.name} (damaged or not copied completely)")
        except FileNotFoundError:
            return  # rotated away since the folder was listed
        except OSError as problem:
            problems.append(f"{path.name} ({problem.strerror})")

    def _paths(self) -> list[Path]:
        if self.path.is_dir():
            return sorted(path for path in self.path.iterdir() if READABLE.fullmatch(path.name) and path.is_file())
        if self.path.exists():
            return [self.path]
        if glob.has_magic(str(self.path)):
            found = glob.glob(str(self.path), recursive=True)  # noqa: PTH207 - Path.glob takes no absolute pattern
            return sorted(path for path in map(Path, found) if path.is_file())
        raise Unusable(
            f"there is no file or folder {self.path}",
            source=self.name,
            advice="Correct the path of this source, or mount what should be there.",
        )

    def _states(self, cursor: str | None) -> States:
        try:
            return states_of(cursor)
        except ValueError as problem:
            raise Unusable(str(problem), source=self.name, advice="Reset the cursor of this source.") from None

    def _tell(self, problems: list[str]) -> None:
        if problems:
            raise Misbehaving(
                f"could not be read to the end: {_named(problems)}",
                source=self.name,
                advice="Copy them again, or allow reading; all other files were read.",
            )


class _Batch:
    """Collects records until they are worth a page."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._size = 0
        self._records: list[Record] = []
        self._latest: datetime | None = None

    def __bool__(self) -> bool:
        return bool(self._records)

    def add(self, record: Record, at: datetime | None) -> bool:
        """True when the page is full."""
        self._records.append(record)
        self._size += len(record.body)
        if at is not None:
            self._latest = max(self._latest or at, at)
        return len(self._records) >= self._most or self._size >= PAGE_BYTES

    def page(self, cursor: str | None) -> Page:
        """The page, and an empty batch for the next one."""
        page = Page(tuple(self._records), cursor, self._latest)
        self._records, self._size = [], 0
        return page


def _within(at: datetime | None, window: Window) -> bool:
    after = at is None or window.since is None or at > window.since
    return after and (at is None or window.until is None or at <= window.until)


def _named(names: list[str]) -> str:
    return ", ".join(names[:5]) + (f" and {len(names) - 5} more" if len(names) > 5 else "")
