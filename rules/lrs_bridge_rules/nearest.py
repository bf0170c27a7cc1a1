"""The nearest known word, for the end of an error: most mistakes are a slip of the finger.

The one home of this for the whole product: rule documents, import files and configuration ask here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rapidfuzz import fuzz, process

if TYPE_CHECKING:
    from collections.abc import Iterable

#: Below this percentage of common letters two words have nothing to do with each other.
_ALIKE: Final = 60
#: Nobody mistypes a word of this length; comparing long texts would only take time.
_LONGEST: Final = 80
#: Among more words than this nobody is helped: a file with thousands of slips would take minutes to be refused.
_MOST: Final = 2_000


def nearest_word(word: str, known: Iterable[str]) -> str | None:
    """Return the known word that was probably meant, or None when nothing is near.

    Slips of the finger (a letter lost, added, exchanged or swapped) first, whatever the case; then a word that is only
    a part of a dotted one: `name` is near `activity.name`.
    """
    if not word or len(word) > _LONGEST:
        return None
    words = sorted(set(map(str, known)))
    found = process.extractOne(word, words, scorer=fuzz.ratio, processor=str.casefold, score_cutoff=_ALIKE)
    if found is not None:
        return found[0]
    return next((each for each in words if word.casefold() in each.casefold().split(".")), None)


def nearest(word: str, known: Iterable[str]) -> str:
    """Return `, did you mean '…'?` with the nearest known word, or "" when none is near or far too many are known."""
    words = [*known]
    found = nearest_word(word, words) if len(words) <= _MOST else None
    return f", did you mean {found!r}?" if found is not None else ""


def nearest_or_all(word: str, known: Iterable[str], *, most: int = 8) -> str:
    """Return the nearest known word as `nearest` does; when nothing is near, all of them if they are few."""
    words = [*map(str, known)]
    return nearest(word, words) or (f" (known: {', '.join(sorted(words))})" if 0 < len(words) <= most else "")
