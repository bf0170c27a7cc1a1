"""The nearest known word, for the end of an error: most mistakes are a slip of the finger."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

_SHOWN = 8


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'x'?`, or the known words when they are few, or nothing."""
    words = sorted(set(known))
    close = difflib.get_close_matches(word, words, n=1, cutoff=0.6)
    if close:
        return f"; did you mean {close[0]!r}?"
    return f"; expected one of {', '.join(words)}" if 0 < len(words) <= _SHOWN else ""
