"""Texts as words: folded, so that case, accents and plurals do not matter, and related where they are of one family.

No word is cut down to a stem. Two words are held against each other instead, and how they are related is a number
between 0 and 1: the same, of one family, a part of the other (as in German compounds), or the same but for a slip.
"""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from rapidfuzz.distance import OSA, Prefix

from lrs_bridge.domain.suggesting.languages import ASIDES, ENDINGS, STOP_WORDS, WORDS_OF_TRAINING

#: No more of a text is looked at: names come from outside, and one of a megabyte is no name.
MOST_CHARACTERS: Final = 400
MOST_WORDS: Final = 40

#: How much it says when words are the same, of one family, one a part of the other, a letter apart, or begin alike.
SAME, FAMILY, PART, SLIP, BEGINNING = 1.0, 0.9, 0.8, 0.75, 0.65

_SHORTEST_ROOT = 4
_LONGEST_SHARED_ENDING = 2  # manag-er, manag-ement
_SHORTEST_PART = 4
_SHORTEST_COMPOUND = 8
_SHORTEST_BEGINNING = 7
_SHORTEST_FOR_SLIPS = 7
_LINKS = ("", "s", "n", "en", "es", "er", "e")
_WORD = re.compile(r"[^\W_]+")
_DOUBLED = re.compile(r"(?<!q)(ae|oe|ue)")


@dataclass(frozen=True, slots=True)
class Word:
    """A word as it stands in a text (`text`, without regard to case) and as it is compared (`key`)."""

    text: str
    key: str

    @property
    def is_number(self) -> bool:
        return self.key.isdecimal()


@lru_cache(maxsize=1 << 17)
def fold(word: str) -> str:
    """A word without case, accents, written-out umlauts and plural s, in whichever language."""
    plain = unicodedata.normalize("NFKD", word.casefold())
    letters = "".join(letter for letter in plain if not unicodedata.combining(letter))
    bare = _DOUBLED.sub(lambda found: found[0][0], letters)
    if len(bare) > 4 and bare.endswith("ies"):
        return bare[:-3] + "y"
    if len(bare) > 3 and bare.endswith("s") and bare[-2] not in "sui":
        return bare[:-1]
    return bare


def words_of(text: str) -> tuple[Word, ...]:
    """The words of a text in their order; stop words and words of one letter are left out, numbers stay."""
    found = _WORD.findall(text[:MOST_CHARACTERS].casefold())[:MOST_WORDS]
    words = [Word(each, fold(each)) for each in found]
    return tuple(each for each in words if each.is_number or (len(each.key) > 1 and each.key not in _STOP))


def subject_and_aside(text: str) -> tuple[tuple[Word, ...], tuple[Word, ...]]:
    """The words of a name up to the first that says for whom or where (`for`, `im`, `chez`), and those behind it."""
    found = _ASIDE.search(text[:MOST_CHARACTERS])
    if found is None or not any(not says_little(word.key) for word in words_of(text[: found.start()])):
        return words_of(text), ()
    return words_of(text[: found.start()]), words_of(text[found.end() :])


def _folded(tables: Mapping[str, str]) -> frozenset[str]:
    return frozenset(fold(word) for word in chain.from_iterable(words.split() for words in tables.values()))


_STOP: Final = _folded(STOP_WORDS)
_OF_TRAINING: Final = _folded(WORDS_OF_TRAINING)
_ASIDE: Final = re.compile(rf"\b(?:{'|'.join(dict.fromkeys(ASIDES.split()))})\b", re.IGNORECASE)
_ENDINGS: Final = frozenset(("", *ENDINGS.split()))


def says_little(key: str) -> bool:
    """Whether any training may use this word; numbers say little as well."""
    return key in _OF_TRAINING or key.isdecimal()


def kinship(one: str, other: str) -> float:
    """How two folded words are related, looked at as wholes; 0 if they are not."""
    if one == other:
        return SAME
    common = Prefix.similarity(one, other)
    roots = (one[:length] for length in range(common, max(_SHORTEST_ROOT, common - _LONGEST_SHARED_ENDING) - 1, -1))
    if any(_is_ending(root, one) and _is_ending(root, other) for root in roots):
        return FAMILY
    long_enough = min(len(one), len(other)) >= _SHORTEST_FOR_SLIPS
    return SLIP if long_enough and OSA.distance(one, other, score_cutoff=1) <= 1 else 0.0


def _is_ending(root: str, word: str) -> bool:
    tail = word[len(root) :]
    return tail in _ENDINGS or (tail[:1] == root[-1] and tail[1:] in _ENDINGS)


class Lexicon:
    """All words that occur anywhere, so that compounds can be taken apart, and those of topics, to be found."""

    def __init__(self, known: Iterable[str], wanted: Iterable[str]) -> None:
        """`known` are folded words that make parts of compounds; `wanted` are those that `related` finds."""
        self._wanted = frozenset(wanted)
        self._roots = frozenset(chain.from_iterable(map(_roots, self._wanted)))
        self._known = self._roots.union(*(_roots(each) for each in (*known, *_OF_TRAINING)))
        self._near: defaultdict[str, set[str]] = defaultdict(set)
        for each in self._wanted:
            for piece in (each, *self.parts(each)):
                self._near[piece[:_SHORTEST_ROOT]].add(each)
        self._found: dict[str, Mapping[str, float]] = {}

    def related(self, key: str) -> Mapping[str, float]:
        """The wanted words that this one is related to, and how much."""
        if key not in self._found:
            self._found[key] = self._look_up(key)
        return self._found[key]

    def _look_up(self, key: str) -> Mapping[str, float]:
        if key.isdecimal():
            return {}
        pieces = (key, *self.parts(key))
        near = {each for piece in pieces for each in self._near.get(piece[:_SHORTEST_ROOT], ())}
        strengths = {each: self._strength(pieces, each) for each in sorted(near)}
        return {each: strength for each, strength in strengths.items() if strength > 0}

    def _strength(self, pieces: tuple[str, ...], wanted: str) -> float:
        key, *parts = pieces
        others = self.parts(wanted)
        of_this = (kinship(one, wanted) for one in parts)
        of_that = (kinship(key, other) for other in others if not says_little(other))
        of_both = (PART * kinship(one, other) for one in parts for other in others if not says_little(one))
        partly = max((*of_this, *of_that, *of_both), default=0.0)
        return max(kinship(key, wanted), PART * partly, _beginning(key, wanted))

    def parts(self, key: str) -> tuple[str, ...]:
        """The two known words that a compound is made of, with what links them left out; nothing for other words."""
        if len(key) < _SHORTEST_COMPOUND:
            return ()
        for cut in range(len(key) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            head, rest = key[:cut], key[cut:]
            first = next((each for link in _LINKS if (each := _without(head, link)) in self._known), None)
            if first is not None and rest in self._known:
                return first, rest
        return tuple(self._only_part(key))

    def _only_part(self, key: str) -> Iterator[str]:
        """The longest wanted word that it ends or begins with, where the rest is unknown."""
        for cut in range(_SHORTEST_PART, len(key) - _SHORTEST_PART + 1):
            if key[cut:] in self._wanted:
                yield key[cut:]
                return
        for cut in range(len(key) - _SHORTEST_PART, _SHORTEST_PART - 1, -1):
            if key[:cut] in self._roots:
                yield key[:cut]
                return


def _roots(word: str) -> Iterator[str]:
    """A word, and what it may look like within a compound."""
    for ending in ("", "e", "n", "en", "er"):
        root = _without(word, ending)
        if len(root) >= _SHORTEST_PART:
            yield root


def _beginning(one: str, other: str) -> float:
    """Long words that begin alike are compounds with the same first part, should nobody know it as a word."""
    common = Prefix.similarity(one, other)
    return BEGINNING if common >= _SHORTEST_BEGINNING and 2 * common >= min(len(one), len(other)) else 0.0


def _without(word: str, ending: str) -> str:
    return word[: -len(ending)] if ending and word.endswith(ending) else word
