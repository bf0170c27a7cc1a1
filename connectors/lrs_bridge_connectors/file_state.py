"""How far each file has been read, and whether what was read is still what stands in it.

Where it stands: the arithmetic of `FileSource`'s cursor, without any I/O.
"""

from collections.abc import Mapping
from typing import Literal

import msgspec

Kind = Literal["lines", "array"]


class Mark(msgspec.Struct, frozen=True):
    """What tells that a file has changed: size in bytes, time of change in ns, and a digest of its first bytes."""

    size: int
    changed: int
    head: str
    head_size: int

    def grown_from(self, old: "Mark", old_head_now: str) -> bool:
        """Whether this is the file of `old` with something added; `old_head_now`: its head as long as it was then."""
        return self.size >= old.size and old_head_now == old.head


class FileState(msgspec.Struct, frozen=True):
    """`position` is the offset, in the decompressed text, after the last record that was delivered."""

    mark: Mark
    kind: Kind = "lines"
    position: int = 0
    done: bool = False


States = dict[str, FileState]


class Reading(msgspec.Struct, frozen=True):
    """What is to be read of a file: from `state` on; `final` means that nothing will be added to a last half line."""

    state: FileState
    final: bool


def next_reading(old: FileState | None, mark: Mark, old_head_now: str) -> Reading | None:
    """None: nothing is new. A file that only grew is continued, any other that changed is read again whole."""
    if old is None or not mark.grown_from(old.mark, old_head_now):
        return Reading(FileState(mark), final=False)
    if mark == old.mark:
        return None if old.done else Reading(old, final=True)
    if old.kind == "lines":
        return Reading(FileState(mark, "lines", old.position), final=False)
    return Reading(FileState(mark), final=False)


def cursor_of(states: Mapping[str, FileState]) -> str:
    """The cursor as text."""
    return msgspec.json.encode(states, order="sorted").decode()


def states_of(cursor: str | None) -> States:
    """Raises ValueError for a cursor that was not made here."""
    if cursor is None:
        return {}
    try:
        return msgspec.json.decode(cursor, type=States)
    except msgspec.DecodeError:
        raise ValueError("the saved cursor is not one of a file source") from None
