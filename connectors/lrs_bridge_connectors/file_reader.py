"""Reads one file: what kind it is, whether it changed, and its pieces from a position on.

Where it stands: all of `FileSource` that touches the disk. Nothing is held but one chunk and one statement.
"""

import gzip
import io
import re
import zlib
from collections.abc import Iterator, Mapping
from hashlib import blake2b
from pathlib import Path

from lrs_bridge_connectors.file_state import FileState, Kind, Mark, Reading, next_reading
from lrs_bridge_connectors.record import head_of
from lrs_bridge_connectors.split import ArraySplitter, LineSplitter, Splitter
from lrs_bridge_connectors.xapi.envelope import ARRAY_START, BOM, RESULT_START

CHUNK = 256 * 1024
HEAD = 4096  # bytes whose digest tells a file from another one of the same name
GZIP = b"\x1f\x8b"
# One object over several lines: a single statement that somebody saved for reading.
INDENTED = re.compile(rb"(?=\s*\{\s*\n)")
ARRAYS = (RESULT_START, ARRAY_START, INDENTED)
SPLITTERS: Mapping[Kind, type[Splitter]] = {"lines": LineSplitter, "array": ArraySplitter}
Stream = gzip.GzipFile | io.BufferedReader
DAMAGED = (EOFError, zlib.error, gzip.BadGzipFile)


def reading_of(path: Path, old: FileState | None) -> Reading | None:
    """What is to be read of the file now; None if nothing is new. Raises OSError."""
    with path.open("rb") as file:
        status = path.stat()
        head = file.read(HEAD)
    mark = Mark(status.st_size, status.st_mtime_ns, _digest(head), len(head))
    return next_reading(old, mark, _digest(head[: old.mark.head_size]) if old else "")


def pieces(path: Path, reading: Reading, cap: int) -> Iterator[tuple[bytes | None, FileState]]:
    """Each statement's bytes with the state to save after it; at the end None with the last state.

    Raises OSError, and one of `DAMAGED` where a gzip file breaks off.
    """
    with _opened(path) as stream:
        kind, position = reading.state.kind, reading.state.position
        if position == 0:
            kind, position = _sniffed(stream)
        stream.seek(position)
        splitter = SPLITTERS[kind](position, cap)
        while not splitter.closed and (chunk := stream.read1(CHUNK)):
            for piece in splitter.feed(chunk):
                yield piece, FileState(reading.state.mark, kind, splitter.position)
        yield _last(splitter, reading, kind)


def _last(splitter: Splitter, reading: Reading, kind: Kind) -> tuple[bytes | None, FileState]:
    """What stands after the last separator.

    A last line without a line break may still be in the making: if it cannot be decoded it is left for the next time,
    and given as it is when the file has not changed until then. Arrays are written at one go, so they do not wait.
    """
    rest, mark = splitter.rest(), reading.state.mark
    if rest and kind == "lines" and not reading.final and head_of(rest) is None:
        return None, FileState(mark, kind, splitter.position)
    return rest or None, FileState(mark, kind, splitter.end, done=True)


def _sniffed(stream: Stream) -> tuple[Kind, int]:
    """The kind, and where the first statement begins: after a byte order mark, and inside of an array."""
    start = stream.read(CHUNK)
    bom = len(BOM) if start.startswith(BOM) else 0
    for pattern in ARRAYS:
        if found := pattern.match(start, bom):
            return "array", found.end()
    return "lines", bom


def _opened(path: Path) -> Stream:
    with path.open("rb") as file:
        zipped = file.read(len(GZIP)) == GZIP
    return gzip.open(path, "rb") if zipped else path.open("rb")


def _digest(head: bytes) -> str:
    return blake2b(head, digest_size=8).hexdigest()
