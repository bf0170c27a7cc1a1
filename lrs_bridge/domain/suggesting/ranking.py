"""From everything that is known to the suggestions, those with most hours at stake first."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

from lrs_bridge.domain.suggesting.clusters import Cluster, Gathered, gather, words_met
from lrs_bridge.domain.suggesting.comparing import Comparison
from lrs_bridge.domain.suggesting.drafting import CounterExamples, clean, drafts, rule_id
from lrs_bridge.domain.suggesting.material import Condition, Kind, Left, Material, Met, Suggestion
from lrs_bridge.domain.suggesting.narrowing import Surroundings
from lrs_bridge.domain.suggesting.sameness import NAME, TYPE
from lrs_bridge.domain.suggesting.stakes import Stakes
from lrs_bridge.domain.suggesting.topics import ACTIVITIES, ASIDE, GOALS, KEY, TITLE


class Ranking:
    """All clusters in the order of what is at stake: their hours, weighed by how likely it is that they are right."""

    def __init__(self, material: Material) -> None:
        self._material = material
        gathered = gather(material, Comparison(material))
        self._stakes = Stakes(material.unmatched)
        weighed = [
            (self._stakes.of(cluster.members).hours * cluster.likelihood, cluster) for cluster in gathered.clusters
        ]
        weighed.sort(key=lambda each: (-each[0], each[1].target, each[1].members[0].id))
        self._clusters = [cluster for _, cluster in weighed]
        self.left = _left(gathered, self._stakes)

    def drafted(self) -> Iterator[Suggestion]:
        """One suggestion after the other, drafted as it is asked for."""
        surroundings = Surroundings(self._material)
        examples = CounterExamples(self._material)
        taken = set(self._material.rule_ids)
        for cluster in self._clusters:
            condition = surroundings.condition(cluster)
            if condition is not None:
                words = tuple(dict.fromkeys(met.word for met in words_met(cluster)))
                own_id = rule_id(cluster.target, words, taken)
                taken.add(own_id)
                yield _suggestion(own_id, cluster, condition, examples, self._stakes)


def suggest(material: Material, limit: int) -> tuple[Suggestion, ...]:
    """The suggestions with most at stake, at most `limit`."""
    return tuple(islice(Ranking(material).drafted(), limit))


def _suggestion(
    own_id: str, cluster: Cluster, condition: Condition, examples: CounterExamples, stakes: Stakes
) -> Suggestion:
    members, stake = condition.taken, stakes.of(condition.taken)
    return Suggestion(
        target=cluster.target,
        activities=members,
        completions=sum(each.completions for each in members),
        learners=max(each.learners for each in members),
        hours=stake.hours,
        estimated=stake.estimated,
        likelihood=round(cluster.likelihood, 2),
        met=words_met(cluster),
        why=tuple(_why(cluster, condition)),
        variants=drafts(own_id, cluster.target, condition, examples),
    )


_PLACES = {
    TITLE: "in the title of the competency",
    KEY: "in the id of the competency",
    GOALS: "in goals that ask for it",
    ACTIVITIES: "in activities known to show it",
    ASIDE: "beside the point of activities known to show it",
    TYPE: "as the activity's type",
    NAME: "in the name",
}


def _why(cluster: Cluster, condition: Condition) -> Iterator[str]:
    """Sentences for people: which words were met and where, and what the rule does not take."""
    if cluster.target.kind is Kind.ALIAS:
        yield "but for small things the names are the same"
    else:
        by_place: dict[str, list[str]] = {}
        for met in words_met(cluster):
            by_place.setdefault(met.where, []).append(_told(met))
        for where, words in sorted(by_place.items(), key=lambda each: list(_PLACES).index(each[0])):
            yield f"{', '.join(dict.fromkeys(words))} {_PLACES[where]}"
    missing = len(cluster.members) - len(condition.taken)
    if missing:
        yield f"{missing} more of the cluster are left for a later rule"


def _told(met: Met) -> str:
    word = f"“{clean(met.word)}”"
    return word if met.word == met.met else f"{word} (like “{clean(met.met)}”)"


def _left(gathered: Gathered, stakes: Stakes) -> Left:
    return Left(
        found=len(gathered.clusters),
        unlike=len(gathered.unlike),
        unlike_hours=stakes.of(gathered.unlike).hours,
        personal=len(gathered.personal),
    )
