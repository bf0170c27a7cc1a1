"""Whether an unmatched activity is no topic's, but something else that is known: a catalogue entry, or no learning.

Both are said only where a name leaves little doubt: what is mapped or excluded wrongly is not looked at again.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from rapidfuzz import fuzz

from lrs_bridge.domain.suggesting.comparing import Opinion
from lrs_bridge.domain.suggesting.languages import NO_LEARNING
from lrs_bridge.domain.suggesting.material import Kind, KnownActivity, Met, Target, UnmatchedActivity
from lrs_bridge.domain.suggesting.topics import Rarity
from lrs_bridge.domain.suggesting.words import Word, fold, says_little, words_of
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES

#: Names so alike (of 100, whatever the order of their words) are one activity's.
_ALIKE = 93
_CERTAIN, _NEARLY = 0.95, 0.85
_CONVINCING = 0.8
#: Where it is seen that something is no learning.
TYPE, NAME = "type", "name"
#: Of a word that more entries bear, no more are looked at.
_TOO_COMMON = 200
_SHORTEST = 8


class Entries:
    """The catalogue's entries, to be found by the rarest word of a name."""

    def __init__(self, known: Iterable[KnownActivity], rarity: Rarity) -> None:
        self._rarity = rarity
        self._by_word: defaultdict[str, list[tuple[str, tuple[Word, ...], KnownActivity]]] = defaultdict(list)
        for entry in sorted((each for each in known if each.entry), key=lambda each: each.ids):
            for name in entry.names:
                words = words_of(name)
                for key in {_joined(words), *(word.key for word in words if not says_little(word.key))}:
                    self._by_word[key].append((name, words, entry))

    def same_as(self, activity: UnmatchedActivity) -> Opinion | None:
        """The entry of the same name; None if there is none, or more than one."""
        found = {entry.entry: opinion for name in activity.names for entry, opinion in self._alike(words_of(name))}
        return next(iter(found.values())) if len(found) == 1 else None

    def _alike(self, words: tuple[Word, ...]) -> Iterable[tuple[KnownActivity, Opinion]]:
        telling = [word.key for word in words if not says_little(word.key)]
        if not telling or len(_joined(words)) < _SHORTEST:
            return
        rarest = max(telling, key=lambda key: (self._rarity.of(key), key))
        near = [*self._by_word.get(rarest, ())[:_TOO_COMMON], *self._by_word.get(_joined(words), ())]
        for name, others, entry in near:
            alike = _likeness(words, others)
            if alike >= _ALIKE:
                target = Target(Kind.ALIAS, entry.entry, name)
                met = tuple(Met(word.text, word.text, "catalogue") for word in words if not word.is_number)
                yield entry, Opinion(target, _CERTAIN if alike == 100 else _NEARLY, met)


def _likeness(words: tuple[Word, ...], others: tuple[Word, ...]) -> float:
    """0 to 100; names whose numbers differ are of two parts or levels."""
    one_numbers, other_numbers = ([each.key for each in some if _is_part(each)] for some in (words, others))
    if one_numbers != other_numbers:
        return 0.0
    if _joined(words) == _joined(others):
        return 100.0
    one, other = (" ".join(sorted(each.key for each in some)) for some in (words, others))
    return fuzz.ratio(one, other)


def _joined(words: tuple[Word, ...]) -> str:
    """Written in one, as compounds may be; without years, as those are editions."""
    return "".join(word.key for word in words if not _is_year(word))


def _is_part(word: Word) -> bool:
    """Whether it may say which of several parts or levels it is."""
    return (word.is_number and not _is_year(word)) or (len(word.key) <= 2 and any(map(str.isdigit, word.key)))


def _is_year(word: Word) -> bool:
    return word.is_number and len(word.key) == 4 and word.key[:2] in {"19", "20"}


_PHRASES = tuple((tuple(fold(word) for word in phrase.split()), where, why) for phrase, where, why in NO_LEARNING)
_SURVEYS = frozenset(ACTIVITY_TYPES["survey"])


def no_learning(activity: UnmatchedActivity) -> Opinion | None:
    """Why it is no learning, if its type or a phrase of its name says so."""
    if activity.type in _SURVEYS:
        return _excluded("a survey, not learning", "survey", TYPE)
    for name in activity.names:
        words = [word for word in words_of(name) if not word.is_number]
        keys = tuple(word.key for word in words)
        for phrase, where, why in _PHRASES:
            if _stands(phrase, keys, where):
                return _excluded(why, " ".join(word.text for word in words if word.key in phrase), NAME)
    return None


def _stands(phrase: tuple[str, ...], keys: tuple[str, ...], where: str) -> bool:
    length = len(phrase)
    if where == "end":
        return keys[-length:] == phrase and len(keys) > length
    starts = (0,) if where == "start" else range(len(keys) - length + 1)
    return any(keys[start : start + length] == phrase for start in starts)


def _excluded(why: str, word: str, where: str) -> Opinion:
    return Opinion(Target(Kind.EXCLUDE, why, why), _CONVINCING, (Met(word, word, where),))
