"""Cuts a stream of bytes into the JSON texts that it holds, without decoding and without holding more than one.

Where it stands: `FileSource` reads files of any size with it; the xAPI page reader falls back on it when one statement
of a page is broken. No JSON library gives the *bytes* of each element back and survives a broken one, which is why this
is written out: it only follows strings and brackets, so an element with an error inside is cut out like any other. An
element whose brackets do not match swallows what follows it, up to the cap.
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterator

# Possessive, so that hostile input cannot make the matcher go back and try again.
INSIDE = re.compile(rb'(?:[^"{}\[\]]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
BETWEEN = re.compile(rb'(?:[^"{}\[\],]++|"(?:[^"\\]++|\\.)*+")*+', re.DOTALL)
STRING = re.compile(rb'(?:[^"\\]++|\\.)*+', re.DOTALL)
QUOTE, COMMA, OPENING, CLOSING = ord('"'), ord(","), b"{[", b"}]"


class Splitter(ABC):
    """Feed it chunks; it gives the pieces. `position` is the offset in the stream from which to go on later.

    A piece longer than `cap` bytes is cut off there: nobody will decode it, but its beginning helps to find it.
    """

    def __init__(self, position: int, cap: int) -> None:
        self.position = position
        self.closed = False
        self._cap = cap
        self._held = b""  # the bytes from the end of the last piece on
        self._base = position  # where they stand in the stream
        self._at = 0  # how far they have been looked through
        self._beginning: bytes | None = None  # of a piece that is too long to be held

    def feed(self, chunk: bytes) -> Iterator[bytes]:
        """The pieces that end in this chunk. Bytes after the end of an array are ignored."""
        held, start = self._held + chunk, 0
        while not self.closed:
            self._at, found = self._look(held, self._at)
            if not found:
                break
            piece = held[start : self._at] if self._beginning is None else self._beginning
            start = self._at = self._at + 1
            self._beginning = None
            self.position = self._base + start
            if piece := piece.strip():
                # The generator may rest here for long: everything above is already as the next piece needs it.
                yield piece[: self._cap]
        self._hold(held, start)

    @property
    def end(self) -> int:
        """The offset in the stream up to which it was fed."""
        return self._base + len(self._held)

    def rest(self) -> bytes:
        """What is left when the stream has ended in the middle of a piece."""
        rest = self._held if self._beginning is None else self._beginning
        return b"" if self.closed else rest.strip()[: self._cap]

    def _hold(self, held: bytes, start: int) -> None:
        if self._beginning is None and self._at - start > self._cap:
            self._beginning = held[start : start + self._cap]
        keep_from = start if self._beginning is None else self._at
        self._held, self._base, self._at = held[keep_from:], self._base + keep_from, self._at - keep_from

    @abstractmethod
    def _look(self, held: bytes, at: int) -> tuple[int, bool]:
        """(index of the next separator, True), or (index at which to look on when there are more bytes, False)."""


class LineSplitter(Splitter):
    """JSON lines: pieces end with a line break."""

    def _look(self, held: bytes, at: int) -> tuple[int, bool]:
        end = held.find(b"\n", at)
        return (end, True) if end >= 0 else (len(held), False)


class ArraySplitter(Splitter):
    """The elements of a JSON array whose opening bracket was read already; the closing one sets `closed`."""

    def __init__(self, position: int, cap: int) -> None:
        super().__init__(position, cap)
        self._depth = 0
        self._in_string = False

    def _look(self, held: bytes, at: int) -> tuple[int, bool]:
        while True:
            at = self._skip(held, at)
            if at >= len(held) or self._in_string:
                return at, False
            byte = held[at]
            if self._depth == 0 and (byte == COMMA or byte in CLOSING):
                self.closed = byte != COMMA
                return at, True
            self._depth += 1 if byte in OPENING else -1
            at += 1

    def _skip(self, held: bytes, at: int) -> int:
        """The next byte that matters: a bracket, or a comma between elements; whole strings are passed over."""
        if self._in_string:
            at = _end(STRING, held, at)
            if at >= len(held) or held[at] != QUOTE:
                return at
            self._in_string, at = False, at + 1
        at = _end(INSIDE if self._depth else BETWEEN, held, at)
        if at < len(held) and held[at] == QUOTE:  # a string that goes on in the next chunk
            self._in_string, at = True, _end(STRING, held, at + 1)
        return at


def _end(pattern: re.Pattern[bytes], held: bytes, at: int) -> int:
    match = pattern.match(held, at)
    return match.end() if match else at
