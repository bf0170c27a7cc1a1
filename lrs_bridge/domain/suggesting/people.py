"""Whether an activity names somebody: "1:1 with Jo Doe" is nothing to write into a rule, or to show around."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping

from lrs_bridge.domain.suggesting.material import UnmatchedActivity
from lrs_bridge.domain.suggesting.words import fold

_ADDRESS = re.compile(r"[^\s@/:?=&]{1,64}@[^\s@/]{1,64}\.[^\s@/]")
#: More than any condition, title or test of a draft holds.
_MOST_CHARACTERS = 4000
_WORD = re.compile(r"[^\W\d_]+")


def names_somebody(people: Iterable[str]) -> Callable[[Iterable[str]], bool]:
    """A test for texts: whether they hold a mail address, or all words of a person's name.

    A name of a single word is passed over: Grace and Will are words, too.
    """
    by_word: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for person in people:
        words = _folded(person)
        if len(words) > 1:
            by_word[max(words, key=lambda word: (len(word), word))].append(words)

    def names_one(texts: Iterable[str]) -> bool:
        seen = (text[:_MOST_CHARACTERS] for text in texts)
        return any(("@" in text and _ADDRESS.search(text)) or _holds(by_word, text) for text in seen)

    return names_one


def texts_of(activity: UnmatchedActivity) -> tuple[str, ...]:
    """Everything of an activity that a draft may show."""
    sent = () if activity.sample is None else (activity.sample.object,)
    near = (*activity.parents, *activity.groupings, *sent)
    return (activity.id, *activity.names, *(each.id for each in near), *(each.name for each in near))


def _holds(by_word: Mapping[str, list[frozenset[str]]], text: str) -> bool:
    words = _folded(text) if by_word else frozenset[str]()
    return any(person <= words for word in words if word in by_word for person in by_word[word])


def _folded(text: str) -> frozenset[str]:
    return frozenset(fold(word) for word in _WORD.findall(text))
