"""A draft tried on one learner: what it would change, found without doing what cannot differ.

Statements are read, and attempts put together, once for both sides wherever no definition that differs fits any of
the learner's statements. Then only rules that differ are asked, and only a learner on whom one of them hits is planned,
under both. `exactly` takes none of these short cuts; that both tell the same is a law that tests hold them to.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from lrs_bridge.domain.activity import Catalogue
from lrs_bridge.domain.backtesting.altering import (
    AFTER,
    BEFORE,
    BOTH,
    Alteration,
    Watched,
    probe,
    reads_otherwise,
    watched,
)
from lrs_bridge.domain.backtesting.comparing import compare
from lrs_bridge.domain.backtesting.screening import Screen, screen
from lrs_bridge.domain.backtesting.tally import Example, Hits, Tally, latest
from lrs_bridge.domain.facts import Facts
from lrs_bridge.domain.plan import Plan, conclude, derive, plan
from lrs_bridge.domain.planning.completing import Scores, complete
from lrs_bridge.domain.planning.context import Context
from lrs_bridge.domain.planning.matching import match
from lrs_bridge.domain.planning.seeing import Seen, see
from lrs_bridge_rules.ruleset import Ruleset

_BEFORE: Final[tuple[str, ...]] = (BEFORE, BOTH)
_AFTER: Final[tuple[str, ...]] = (AFTER, BOTH)
_BOTH_SIDES: Final[tuple[str, ...]] = (BEFORE, AFTER, BOTH)

#: Rule, tagged with its side → the completions that it fits, by id.
_Hitting = Mapping[str, Mapping[str, Seen]]


def attempts_under(ruleset: Ruleset, facts: Facts, now: datetime) -> tuple[Seen, ...]:
    """The attempts of a learner as the definitions of a ruleset make them, judged by no rule."""
    return see(Context(facts, Ruleset({}, ruleset.definitions), now))


@dataclass(frozen=True, slots=True)
class _Sight:
    """The attempts on one side, with the hits of the rules that are watched."""

    seen: Sequence[Seen]
    hitting: _Hitting


class Trial:
    """The rules in force against a draft, at one moment; for any number of learners.

    With `since` only completions are counted that ended from then on; plans see everything.
    """

    def __init__(self, before: Ruleset, after: Ruleset, now: datetime, since: datetime | None = None) -> None:
        self.alteration = Alteration.between(before, after)
        self.now = now
        self.since = since
        self._watched = watched(self.alteration)
        self._reads_otherwise = reads_otherwise(self.alteration)
        self._bare_before, self._bare_after = (Ruleset({}, each.definitions) for each in (before, after))
        self._probes = {tags: probe(self._watched, tags) for tags in (_BOTH_SIDES, _BEFORE, _AFTER)}

    def screen(self, catalogue: Catalogue) -> Screen | None:
        """Which statements can matter; None where all can. Nothing moves, and no rule hits, for whom it has none of."""
        if self.alteration.tasks_and_waste:
            return None
        rules = (side.condition for each in self._watched.values() for side in (each.before, each.after) if side)
        return screen(rules, (each.condition for each in self.alteration.definitions), catalogue)

    def of(self, facts: Facts, seen: Sequence[Seen] | None = None) -> Tally:
        """What the draft would do to one learner; `seen`: `attempts_under` the rules in force, if they are at hand."""
        if self._reads_otherwise(facts):
            before, after = self._sights(facts)
            return self._tally(facts, before, after, self._plans(facts, before, after))
        shared = self._sight(seen if seen is not None else self._see(facts, self._bare_before), _BOTH_SIDES)
        concerned = self.alteration.tasks_and_waste or self._hit(shared.hitting)
        return self._tally(facts, shared, shared, self._plans(facts, shared, shared) if concerned else None)

    def exactly(self, facts: Facts) -> Tally:
        """The same, from two whole plans."""
        plans = plan(facts, self.alteration.before, self.now), plan(facts, self.alteration.after, self.now)
        return self._tally(facts, *self._sights(facts), plans)

    def _sights(self, facts: Facts) -> tuple[_Sight, _Sight]:
        before = self._sight(self._see(facts, self._bare_before), _BEFORE)
        return before, self._sight(self._see(facts, self._bare_after), _AFTER)

    def _see(self, facts: Facts, ruleset: Ruleset) -> Sequence[Seen]:
        return see(Context(facts, ruleset, self.now))

    def _sight(self, seen: Sequence[Seen], tags: tuple[str, ...]) -> _Sight:
        asked = self._probes[tags]
        hitting: defaultdict[str, dict[str, Seen]] = defaultdict(dict)
        for each in seen if asked.rules else ():
            if each.attestation is None:
                for match in asked.evaluate(each.subject, now=self.now).shadow:
                    hitting[match.rule][each.id] = each
        return _Sight(seen, hitting)

    def _plans(self, facts: Facts, before: _Sight, after: _Sight) -> tuple[Plan, Plan]:
        if before is after and not self.alteration.tasks_and_waste:
            return self._shared_plans(facts, before)
        rulesets = self.alteration.before, self.alteration.after
        one, other = (
            derive(Context(facts, ruleset, self.now), [self._judged(each, ruleset) for each in sight.seen])
            for ruleset, sight in zip(rulesets, (before, after), strict=True)
        )
        return one, other

    def _shared_plans(self, facts: Facts, sight: _Sight) -> tuple[Plan, Plan]:
        """Both plans of the same attempts: on which no rule hits that differs, each is matched and completed once."""
        contexts = [Context(facts, each, self.now) for each in (self.alteration.before, self.alteration.after)]
        scores = Scores(sight.seen)
        before = [match(contexts[0], self._judged(each, self.alteration.before)) for each in sight.seen]
        completions = [complete(contexts[0], each, scores) for each in before]
        after, others = list(before), list(completions)
        hit = self._hit(sight.hitting)
        for place, each in enumerate(sight.seen):
            if each.id in hit:
                after[place] = match(contexts[1], self._judged(each, self.alteration.after))
                others[place] = complete(contexts[1], after[place], scores)
        return conclude(contexts[0], before, tuple(completions)), conclude(contexts[1], after, tuple(others))

    def _hit(self, hitting: _Hitting) -> frozenset[str]:
        """The completions for which rules that can change a plan fit, on one side or both."""
        return frozenset(
            own_id
            for rule, completions in hitting.items()
            if self._watched[rule[1:]].effective
            for own_id in completions
        )

    def _judged(self, seen: Seen, ruleset: Ruleset) -> Seen:
        if seen.attestation is not None:
            return seen
        return replace(seen, verdict=ruleset.evaluate(seen.subject, now=self.now))

    def _tally(self, facts: Facts, before: _Sight, after: _Sight, plans: tuple[Plan, Plan] | None) -> Tally:
        moves = () if plans is None else compare(*plans, self.since)
        return Tally(
            learners=1,
            affected=int(bool(moves)),
            statements=len(facts.statements),
            completions_before=sum(self._counts(each) for each in before.seen),
            completions_after=sum(self._counts(each) for each in after.seen),
            moves=moves,
            hits=tuple(self._hits(before.hitting, after.hitting)),
        )

    def _counts(self, seen: Seen) -> bool:
        return self.since is None or _when(seen) >= self.since

    def _hits(self, before: _Hitting, after: _Hitting) -> Iterable[Hits]:
        """Of each watched rule that hits anything that counts, in order."""
        for rule in sorted({each[1:] for each in (*before, *after)}):
            old, new = self._of_rule(before, rule, _BEFORE), self._of_rule(after, rule, _AFTER)
            if old or new:
                yield _hits(self._watched[rule], old, new)

    def _of_rule(self, hitting: _Hitting, rule: str, tags: tuple[str, ...]) -> Mapping[str, Seen]:
        found = (hitting[tag + rule] for tag in tags if tag + rule in hitting)
        return {own_id: seen for each in found for own_id, seen in each.items() if self._counts(seen)}

    def nobody(self) -> Tally:
        """The tally of no learner: every rule that is watched stands in it, so that those that never hit are told."""
        return Tally(hits=tuple(_hits(each, {}, {}) for each in self._watched.values()))


def _when(seen: Seen) -> datetime:
    return seen.conclusion.ended_at or seen.conclusion.started_at


def _hits(rule: Watched, before: Mapping[str, Seen], after: Mapping[str, Seen]) -> Hits:
    one_sided = [(before.get(each) or after[each]) for each in before.keys() ^ after.keys()]
    return Hits(
        rule.id,
        rule.before.status if rule.before is not None else "",
        rule.after.status if rule.after is not None else "",
        not rule.same,
        len(before),
        len(after),
        latest(_example(each) for each in one_sided),
    )


def _example(seen: Seen) -> Example:
    return Example(seen.id, _when(seen), seen.activity.id, seen.activity.name)
