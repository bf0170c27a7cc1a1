"""Where the program stands, written where kill -9 cannot take it away: in a page of memory shared through a file.

A mark is one write to memory, so that watching changes nothing about the timing of what is watched.
"""

from __future__ import annotations

import mmap
from enum import IntEnum
from pathlib import Path

_SIZE = 64
_LETTER = slice(1, 37)  # the text of a UUID
_NO_LETTER = b"\0" * 36


class Stage(IntEnum):
    """What the program does, as far as a crash could find a difference."""

    STARTING = 0
    READING_A_PAGE = 1
    TAKING_A_PAGE_IN = 2
    COMMITTING_A_PAGE = 3
    LOADING_LEARNERS = 4
    PLANNING = 5
    WRITING_PLANS = 6
    COMMITTING_PLANS = 7
    LOOKING_UP_A_LETTER = 8
    WRITING_A_LETTER = 9
    HANDING_A_LETTER_OVER = 10
    HANDED_OVER_NOT_SETTLED = 11
    SETTLING_MESSAGES = 12
    COMMITTING_MESSAGES = 13
    ENDING = 14

    @property
    def label(self) -> str:
        """In words."""
        return self.name.lower().replace("_", " ")


class Marker:
    """The shared page: the stage, and the letter that has left without its leaving being known yet."""

    def __init__(self, file: Path) -> None:
        if not file.exists():
            file.write_bytes(b"\0" * _SIZE)
        with file.open("r+b") as opened:
            self._page = mmap.mmap(opened.fileno(), _SIZE)

    def close(self) -> None:
        self._page.close()

    def clear(self) -> None:
        """Before a new start."""
        self._page[:] = b"\0" * _SIZE

    @property
    def stage(self) -> Stage:
        return Stage(self._page[0])

    @stage.setter
    def stage(self, stage: Stage) -> None:
        self._page[0] = stage

    @property
    def in_flight(self) -> str:
        """The id of a letter that was being handed over, and is not known to be settled; "" if there is none."""
        return bytes(self._page[_LETTER]).rstrip(b"\0").decode()

    @in_flight.setter
    def in_flight(self, letter: str) -> None:
        self._page[_LETTER] = letter.encode() if letter else _NO_LETTER
