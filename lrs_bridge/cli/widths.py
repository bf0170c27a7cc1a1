"""How wide the columns of a table may be on a terminal that is too narrow for it."""

from __future__ import annotations

from collections.abc import Sequence

from rich.cells import cell_len


def widths_that_fit(columns: Sequence[Sequence[str]], room: int) -> list[int]:
    """A width for each column of texts, together at most `room` cells where that is possible.

    The widest columns give way first, and no further than to their longest word. Only where words must be cut, the
    longest are, but those of the first column last: it names the row, and is what people copy.
    """
    natural = [max(map(cell_len, texts), default=0) for texts in columns]
    least = _least([_longest_word(texts) for texts in columns], room)
    for most in range(max(natural, default=0), 0, -1):
        widths = [max(low, min(high, most)) for low, high in zip(least, natural, strict=True)]
        if sum(widths) <= room:
            return widths
    return least


def _least(words: list[int], room: int) -> list[int]:
    for kept in (words[:1], []):
        for longest in range(max(words, default=0), 0, -1):
            least = [*kept, *(min(word, longest) for word in words[len(kept) :])]
            if sum(least) <= room:
                return least
    return [1] * len(words)


def _longest_word(texts: Sequence[str]) -> int:
    return max((cell_len(word) for text in texts for word in text.split()), default=1)
