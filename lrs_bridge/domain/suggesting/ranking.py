"""From everything that is known to the suggestions, those with most hours at stake first."""

from __future__ import annotations

from collections.abc import Iterator

from lrs_bridge.domain.suggesting.clusters import Cluster, Gathered, gather, words_met
from lrs_bridge.domain.suggesting.comparing import Comparison
from lrs_bridge.domain.suggesting.drafting import clean, drafts, rule_id
from lrs_bridge.domain.suggesting.material import Condition, Kind, Left, Material, Met, Suggestion
from lrs_bridge.domain.suggesting.narrowing import Surroundings
from lrs_bridge.domain.suggesting.stakes import Stake, Stakes


def suggest(material: Material, limit: int) -> tuple[tuple[Suggestion, ...], Left]:
    """The suggestions with most at stake, at most `limit`, and what nothing is suggested for.

    What is at stake are the hours, weighed by how likely it is that the suggestion is right.
    """
    gathered = gather(material, Comparison(material))
    stakes = Stakes(material.unmatched)
    weighed = [(stakes.of(cluster.members), cluster) for cluster in gathered.clusters]
    weighed.sort(key=lambda each: (-each[0].hours * each[1].likelihood, each[1].target, each[1].members[0].id))
    found: list[Suggestion] = []
    for suggestion in _drafted(weighed, material, stakes):
        found.append(suggestion)
        if len(found) == limit:
            break
    return tuple(found), _left(gathered, stakes)


def _drafted(weighed: list[tuple[Stake, Cluster]], material: Material, stakes: Stakes) -> Iterator[Suggestion]:
    surroundings = Surroundings(material)
    taken = set(material.rule_ids)
    for _, cluster in weighed:
        condition = surroundings.condition(cluster)
        if condition is None:
            continue
        words = tuple(dict.fromkeys(word for word, _, _ in words_met(cluster)))
        own_id = rule_id(cluster.target, words, taken)
        taken.add(own_id)
        yield _suggestion(own_id, cluster, condition, material, stakes)


def _suggestion(own_id: str, cluster: Cluster, condition: Condition, material: Material, stakes: Stakes) -> Suggestion:
    members, stake = condition.taken, stakes.of(condition.taken)
    return Suggestion(
        target=cluster.target,
        activities=members,
        completions=sum(each.completions for each in members),
        learners=max(each.learners for each in members),
        hours=stake.hours,
        estimated=stake.estimated,
        likelihood=round(cluster.likelihood, 2),
        met=tuple(Met(*each) for each in words_met(cluster)),
        why=tuple(_why(cluster, condition)),
        others=condition.others,
        variants=drafts(own_id, cluster.target, condition, material),
    )


_BECAUSE = {
    Kind.EVIDENCE: "“{word}” met “{met}” ({where} of {title})",
    Kind.ALIAS: "the names are the same but for small things: “{title}” stands in the catalogue",
    Kind.EXCLUDE: "“{word}” stands in the {where}",
}


def _why(cluster: Cluster, condition: Condition) -> Iterator[str]:
    """Sentences for people: which words met what, what speaks for those that say nothing, and what else is taken."""
    template = _BECAUSE[cluster.target.kind]
    said = (
        template.format(word=clean(word), met=clean(met), where=where, title=clean(cluster.target.title))
        for word, met, where in words_met(cluster)
    )
    yield from dict.fromkeys(said)
    missing = len(cluster.members) - len(condition.taken)
    if missing:
        yield f"{missing} more of the cluster are left for a later rule"
    if condition.others:
        names = ", ".join(f"“{clean(each.name or each.id, 40)}”" for each in condition.others[:3])
        yield f"the rule also takes {len(condition.others)} that were not recognised: {names}"


def _left(gathered: Gathered, stakes: Stakes) -> Left:
    return Left(
        found=len(gathered.clusters),
        unlike=len(gathered.unlike),
        unlike_hours=stakes.of(gathered.unlike).hours,
        personal=len(gathered.personal),
    )
