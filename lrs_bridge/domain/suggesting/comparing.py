"""Which topic an activity is about, by its words, and how likely that is.

Words are looked up, not compared with each other: the cost grows with the number of activities, not with its square.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from lrs_bridge.domain.suggesting.material import Material, Met, Target, UnmatchedActivity
from lrs_bridge.domain.suggesting.topics import Line, Rarity, Topic, topics_of
from lrs_bridge.domain.suggesting.words import Lexicon, Word, says_little, words_of

#: Nothing is said of what is less likely than this.
LIKELY_ENOUGH = 0.45
#: Where another topic comes this near, nobody can tell which of the two it is.
_TOO_CLOSE = 0.85

#: How much words weigh by where they stand: in the activity's own name, in those around it, in its address.
OWN, AROUND, ADDRESS = 1.0, 0.9, 0.7

#: How the parts of a likelihood weigh: how much of the topic's title is met
#: (or of the name of an activity that shows it), how much weight of words in all (up to
#: what one good word weighs), and how much of the activity's name that explains.
_OF_LINE, _OF_WEIGHT, _OF_NAME = 0.5, 0.3, 0.2
_ONE_GOOD_WORD = 0.85


@dataclass(frozen=True, slots=True)
class Opinion:
    """What an activity seems to be about, how likely, and which words say so."""

    target: Target
    likelihood: float
    met: tuple[Met, ...]


class Comparison:
    """All topics, ready to be asked about one activity after the other."""

    def __init__(self, material: Material) -> None:
        self.rarity = Rarity(material)
        self.topics = topics_of(material, self.rarity)
        self._lexicon = Lexicon(self.rarity.keys, (key for topic in self.topics for key in topic.words))
        self._bearers: defaultdict[str, list[int]] = defaultdict(list)
        for number, topic in enumerate(self.topics):
            for key in topic.words:
                if not self.rarity.says_little(key):
                    self._bearers[key].append(number)

    def opinion(self, activity: UnmatchedActivity) -> Opinion | None:
        """What it is about, by the name (of any language) that says most; None where nothing is likely enough."""
        best: dict[int, Opinion] = {}
        for words, weight in _readings(activity):
            for number, opinion in self._opinions(words, weight):
                if number not in best or best[number].likelihood < opinion.likelihood:
                    best[number] = opinion
        first, second = (*sorted(best.values(), key=lambda each: (-each.likelihood, each.target.id)), None, None)[:2]
        if first is None or first.likelihood < LIKELY_ENOUGH:
            return None
        return None if second is not None and second.likelihood > _TOO_CLOSE * first.likelihood else first

    def _opinions(self, words: tuple[Word, ...], weight: float) -> Iterator[tuple[int, Opinion]]:
        related = {word: self._lexicon.related(word.key) for word in words}
        numbers = {number for near in related.values() for key in near for number in self._bearers.get(key, ())}
        whole = sum(self.rarity.of(word.key) for word in related) or 1.0
        for number in sorted(numbers):
            topic = self.topics[number]
            likelihood = self._likelihood(topic, related, whole)
            yield number, Opinion(topic.target, weight * likelihood, _met(topic, related))

    def _likelihood(self, topic: Topic, related: Mapping[Word, Mapping[str, float]], whole: float) -> float:
        covered: dict[str, float] = {}
        weight = explained = 0.0
        for word, near in related.items():
            here = {key: strength for key, strength in near.items() if key in topic.words}
            if not here:
                continue
            weight += max(strength * topic.words[key].weight for key, strength in here.items())
            explained += max(here.values()) * self.rarity.of(word.key)
            for key, strength in here.items():
                covered[key] = max(covered.get(key, 0.0), strength)
        return (
            _OF_LINE * max((_covered(line, covered) for line in topic.lines), default=0.0)
            + _OF_WEIGHT * min(1.0, weight / _ONE_GOOD_WORD)
            + _OF_NAME * min(1.0, explained / whole)
        )


def _covered(line: Line, covered: Mapping[str, float]) -> float:
    """How much of a line is met, as far as it counts."""
    met = sum(strength * line.weights.get(key, 0.0) for key, strength in covered.items())
    return line.counts * met / line.whole


def _met(topic: Topic, related: Mapping[Word, Mapping[str, float]]) -> tuple[Met, ...]:
    """The word of the topic that each word met best, the weightiest first."""
    found: list[tuple[float, Met]] = []
    for word, near in related.items():
        here = [(strength * topic.words[key].weight, key) for key, strength in near.items() if key in topic.words]
        if here and (not says_little(word.key) or len(related) == 1):
            weight, key = max(here)
            found.append((weight, Met(word.text, topic.words[key].text, topic.words[key].where)))
    return tuple(met for _, met in sorted(found, key=lambda each: (-each[0], each[1].word)))


def _readings(activity: UnmatchedActivity) -> Iterator[tuple[tuple[Word, ...], float]]:
    """The texts that may tell what it is about: its names; names around it, if its own say nothing; its address."""
    own = [words_of(name) for name in activity.names]
    own += [words_of(name.replace("-", "")) for name in activity.names if "-" in name]
    yield from ((words, OWN) for words in own)
    if any(not says_little(word.key) for words in own for word in words):
        return
    for near in (*activity.parents, *activity.groupings):
        yield words_of(near.name), AROUND
    yield words_of(address(activity.id)), ADDRESS


def address(activity_id: str) -> str:
    """The part of an id that may be in words: what stands behind the host."""
    _, _, behind = activity_id.partition("://")
    return unquote((behind or activity_id).partition("/")[2]) if behind else unquote(activity_id)
