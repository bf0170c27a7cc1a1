"""What unmatched activities may be about: each competency, with all the words by which the organisation speaks of it.

Its title counts most. Then come its key, the goals that ask for it, and the activities that are known to be about it.
A word that several topics share says less of each of them, and a word that half of all activities bear says little.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import log, sqrt

from lrs_bridge.domain.suggesting.material import Kind, Material, Target
from lrs_bridge.domain.suggesting.words import Word, says_little, subject_and_aside, words_of

#: Where a word of a topic comes from, and how much it weighs there. The first place in which it is found counts.
#: ASIDE is what names of activities say behind `for` or `in`.
TITLE, KEY, GOALS, ACTIVITIES, ASIDE = "title", "id", "goals", "activities", "asides"
_WEIGHTS: Mapping[str, float] = {TITLE: 1.0, KEY: 0.9, GOALS: 0.5, ACTIVITIES: 0.8, ASIDE: 0.4}

#: How much words weigh that any training may use.
LITTLE = 0.12

#: A word of goals or known activities must stand in this part of them to belong to the topic: jobs and places do not.
_SHARE_OF_GOALS = 0.34
#: So many names of known activities are held against as a whole; the words of all of them count.
_MOST_LINES = 300
#: Among fewer texts than these a word may stand in most of them and still say much: they may all be of one topic.
_FEWEST = 200
#: What is said aside, for whom or where, counts half.
_HALF = 0.5


@dataclass(frozen=True, slots=True)
class TopicWord:
    """A word of one topic: as people wrote it, how much it weighs for this topic, and where it was found."""

    text: str
    weight: float
    where: str


@dataclass(frozen=True, slots=True)
class Line:
    """A text that speaks of a topic: the keys of its words with their weights, and how much of it counts."""

    weights: Mapping[str, float]
    counts: float

    @property
    def whole(self) -> float:
        return sum(self.weights.values())


@dataclass(frozen=True, slots=True)
class Topic:
    """A competency in words, by their keys, and in lines: its title, goals that ask for it, activities that show it."""

    target: Target
    words: Mapping[str, TopicWord]
    lines: tuple[Line, ...]


class Rarity:
    """How much a word says, between 0 and 1: the less, the more different texts use it, or any training may use it.

    Where an organisation declares a competency of such words alone (Management), they say as much there as others do.
    """

    def __init__(self, material: Material) -> None:
        titles = [_keys((each.title,)) for each in material.competencies]
        self._declared = frozenset(key for title in titles if all(map(says_little, title)) for key in title)
        names = [*(each.names for each in material.unmatched), *(each.names for each in material.known)]
        different = {*map(_keys, names), *titles}  # texts of the same words are counted once, as editions of one thing
        self._count = Counter(key for text in different for key in text)
        self._whole = max(len(different), _FEWEST)

    def of(self, key: str) -> float:
        if self.says_little(key):
            return LITTLE
        share = log(self._whole / max(self._count[key], 1)) / log(self._whole)
        return sqrt(max(share, LITTLE**2))

    def says_little(self, key: str) -> bool:
        return key not in self._declared and says_little(key)

    @property
    def keys(self) -> Iterable[str]:
        return self._count


def _keys(texts: Iterable[str]) -> frozenset[str]:
    return frozenset(key for text in texts for key in _of(words_of(text)))


def _of(words: Iterable[Word]) -> frozenset[str]:
    return frozenset(word.key for word in words if not word.is_number)


_NOTHING: frozenset[str] = frozenset()


def topics_of(material: Material, rarity: Rarity) -> tuple[Topic, ...]:
    """All competencies that are declared, asked for by goals, or shown by known activities; in order of their ids."""
    titles = {each.id: each.title for each in material.competencies}
    goals = _by_competency((each.competencies, (each.title,)) for each in material.goals)
    activities = _by_competency((each.competencies, each.names) for each in material.known)
    told = [
        _Told(own_id, titles.get(own_id) or own_id, goals.get(own_id, ()), activities.get(own_id, ()))
        for own_id in sorted(titles.keys() | goals.keys() | activities.keys())
    ]
    shares = Counter(key for each in told for key in each.words)
    return tuple(each.weighed(lambda key: rarity.of(key) / sqrt(shares[key])) for each in told)


def _by_competency(given: Iterable[tuple[frozenset[str], Sequence[str]]]) -> Mapping[str, tuple[str, ...]]:
    """All texts by the competency that they speak of, each once and in order."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for competencies, texts in given:
        for each in competencies:
            found[each].update(texts)
    return {each: tuple(sorted(texts)) for each, texts in found.items()}


class _Told:
    """All that is told of one topic, before its words are weighed against those of the others."""

    def __init__(self, own_id: str, title: str, goals: Sequence[str], activities: Sequence[str]) -> None:
        self._target = Target(Kind.EVIDENCE, own_id, title)
        halves = [subject_and_aside(name) for name in activities]
        named, keyed = _keys((title,)), _keys((own_id,))
        self._lines = [(named, _NOTHING, 1.0)]
        self._lines += [(keyed, _NOTHING, _WEIGHTS[KEY])] if not keyed <= named else []
        self._lines += [(_of(each), _of(aside), _WEIGHTS[ACTIVITIES]) for each, aside in halves[:_MOST_LINES]]
        self.words: dict[str, tuple[str, str]] = {}
        self._take([words_of(title)], TITLE)
        self._take([words_of(own_id)], KEY)
        self._take([words_of(goal) for goal in goals], GOALS, share=_SHARE_OF_GOALS)
        self._take([each for each, _ in halves], ACTIVITIES)
        self._take([aside for _, aside in halves], ASIDE)

    def _take(self, texts: Sequence[Sequence[Word]], where: str, share: float = 0.0) -> None:
        """The words that stand in at least this share of the texts, if they were not found in a weightier place."""
        count = Counter(key for text in texts for key in _of(text))
        surface = {word.key: word.text for text in texts for word in text}
        for key in sorted(count):
            if count[key] >= share * len(texts):
                self.words.setdefault(key, (surface[key], where))

    def weighed(self, weight: Callable[[str], float]) -> Topic:
        words = {
            key: TopicWord(text, _WEIGHTS[where] * weight(key), where) for key, (text, where) in self.words.items()
        }
        lines = tuple(
            Line({key: weight(key) * (1.0 if key in keys else _HALF) for key in sorted(keys | aside)}, counts)
            for keys, aside, counts in self._lines
            if keys
        )
        return Topic(self._target, words, lines)
