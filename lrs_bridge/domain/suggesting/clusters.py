"""Unmatched activities gathered to clusters: what the same words say that it is about, or where it stands.

An activity whose own words say nothing ("Lesson 3") is taken along by those that it stands together with: under one
parent or grouping, or in one folder of addresses, if those that speak agree and are not outnumbered.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from lrs_bridge.domain.suggesting.comparing import Comparison, Opinion
from lrs_bridge.domain.suggesting.material import Kind, Material, Met, Target, UnmatchedActivity
from lrs_bridge.domain.suggesting.people import names_somebody, texts_of
from lrs_bridge.domain.suggesting.sameness import Entries, no_learning

#: From this likelihood on all activities of a topic make one cluster; below, each word that was met makes its own.
STRONG = 0.5
#: So many must speak before they take others along, and as this part of all that stand together.
_FEWEST_SPEAKERS, _LEAST_SHARE = 2, 0.5
_TAKEN_ALONG = 0.8


@dataclass(frozen=True, slots=True)
class Cluster:
    """Activities of one target, each with what was thought of it; in order of what is at stake, then of their ids."""

    target: Target
    members: tuple[UnmatchedActivity, ...]
    opinions: tuple[Opinion, ...]

    @property
    def likelihood(self) -> float:
        """The mean of its members, weighed by their completions."""
        whole = sum(each.completions for each in self.members)
        pairs = zip(self.members, self.opinions, strict=True)
        return sum(each.completions * opinion.likelihood for each, opinion in pairs) / max(whole, 1)


@dataclass(frozen=True, slots=True)
class Gathered:
    """All clusters, and what went into none: what resembles nothing known, and what names people."""

    clusters: tuple[Cluster, ...]
    unlike: tuple[UnmatchedActivity, ...]
    personal: tuple[UnmatchedActivity, ...]


def gather(material: Material, comparison: Comparison) -> Gathered:
    """Every activity goes into one cluster, or is left; whatever the order in which they come."""
    names_a_person = names_somebody(material.people)
    ordered = sorted(material.unmatched, key=lambda each: (-each.completions, each.id))
    personal = tuple(each for each in ordered if names_a_person(texts_of(each)))
    left_out = {each.id for each in personal}
    activities = [each for each in ordered if each.id not in left_out]
    entries = Entries(material.known, comparison.rarity)
    opinions = {each.id: _opinion(each, comparison, entries) for each in activities}
    opinions |= _taken_along(activities, opinions)
    return Gathered(
        tuple(_clusters(activities, opinions)), tuple(each for each in activities if not opinions[each.id]), personal
    )


def _opinion(activity: UnmatchedActivity, comparison: Comparison, entries: Entries) -> Opinion | None:
    return entries.same_as(activity) or comparison.opinion(activity) or no_learning(activity)


def _taken_along(
    activities: Sequence[UnmatchedActivity], opinions: Mapping[str, Opinion | None]
) -> dict[str, Opinion | None]:
    """Opinions for those that have none, from those around them that agree."""
    found: dict[str, Opinion | None] = {}
    for members in families(activities):
        speaking = [each for each in (opinions[member.id] for member in members) if each is not None]
        targets = {each.target for each in speaking if each.target.kind is Kind.EVIDENCE}
        if len(targets) != 1 or len(speaking) < max(_FEWEST_SPEAKERS, _LEAST_SHARE * len(members)):
            continue
        best = max(speaking, key=lambda each: (each.likelihood, each.met[:1] and each.met[0].word))
        for member in members:
            if opinions[member.id] is None:
                found.setdefault(member.id, replace(best, likelihood=_TAKEN_ALONG * best.likelihood))
    return found


def families(activities: Iterable[UnmatchedActivity]) -> Iterator[list[UnmatchedActivity]]:
    """Activities that stand together: by parent, by grouping, by folder; the smallest families first."""
    found: defaultdict[tuple[str, str], list[UnmatchedActivity]] = defaultdict(list)
    for activity in activities:
        for place in _places(activity):
            found[place].append(activity)
    for _, members in sorted(found.items(), key=lambda each: (len(each[1]), each[0])):
        if len(members) > _FEWEST_SPEAKERS:
            yield members


def _places(activity: UnmatchedActivity) -> Iterator[tuple[str, str]]:
    yield from (("parent", near.id) for near in activity.parents)
    yield from (("grouping", near.id) for near in activity.groupings)
    folder = activity.id.rpartition("/")[0]
    if folder.count("/") > 2:  # scheme://host is no folder
        yield "folder", folder


def _clusters(activities: Sequence[UnmatchedActivity], opinions: Mapping[str, Opinion | None]) -> Iterator[Cluster]:
    found: defaultdict[tuple[Target, str], list[tuple[UnmatchedActivity, Opinion]]] = defaultdict(list)
    for activity in activities:
        opinion = opinions[activity.id]
        if opinion is not None:
            found[opinion.target, _anchor(opinion)].append((activity, opinion))
    for (target, _), pairs in sorted(found.items()):
        members, thought = zip(*pairs, strict=True)
        yield Cluster(target, members, thought)


def _anchor(opinion: Opinion) -> str:
    """What besides the target holds a cluster together."""
    strong = opinion.likelihood >= STRONG or not opinion.met
    return "" if strong else opinion.met[0].met


def words_met(cluster: Cluster, most: int = 6) -> tuple[Met, ...]:
    """The words that speak for the target, the most frequent first."""
    count = Counter(met for opinion in cluster.opinions for met in opinion.met)
    return tuple(sorted(count, key=lambda each: (-count[each], each.word, each.met))[:most])
