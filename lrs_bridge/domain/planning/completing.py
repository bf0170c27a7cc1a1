"""Third step: matched attempts become completions, with cost, gain, validity and quadrant."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from lrs_bridge.domain.agenda import needs_met, wants_met
from lrs_bridge.domain.alignment import Quadrant, quadrant
from lrs_bridge.domain.completion import Completion, Standing
from lrs_bridge.domain.moments import shifted
from lrs_bridge.domain.planning.context import Context
from lrs_bridge.domain.planning.matching import Matched
from lrs_bridge.domain.planning.seeing import Seen
from lrs_bridge_rules.completions.outcome import Outcome

ALIGNED = frozenset({Standing.MATCHED, Standing.OFF_CONTRACT})


class Scores:
    """The scores of all attempts of one learner, to find those before and after a training."""

    def __init__(self, seen: Iterable[Seen]) -> None:
        self._scores: dict[str, list[tuple[datetime, float]]] = {}
        for each in seen:
            if each.conclusion.percent is not None:
                for activity_id in each.subject.activity_ids:
                    self._scores.setdefault(activity_id, []).append((each.ended_at, each.conclusion.percent))

    def before(self, each: Seen) -> float | None:
        """The last score of the pre-test from before the training began.

        Where one test is both, a score from the moment in which the training ended is the one after it.
        """
        if each.catalogue is None or not each.catalogue.pre_test:
            return None
        started = each.conclusion.started_at
        both = each.catalogue.pre_test == each.catalogue.post_test
        earlier = [
            score
            for score in self._scores.get(each.catalogue.pre_test, ())
            if score[0] <= started and not (both and score[0] == each.ended_at)
        ]
        return max(earlier)[1] if earlier else None

    def after(self, each: Seen) -> float | None:
        """The last score of the post-test since the training ended; without a post-test, the training's own."""
        if each.catalogue is None or not each.catalogue.pre_test:
            return None
        if not each.catalogue.post_test:
            return each.conclusion.percent
        later = [score for score in self._scores.get(each.catalogue.post_test, ()) if score[0] >= each.ended_at]
        return max(later)[1] if later else None


def complete(context: Context, matched: Matched, scores: Scores) -> Completion:
    """One completion, as it will be stored."""
    seen = matched.seen
    hours = _hours(seen)
    aligned = alignment_of(context, matched)
    return Completion(
        id=seen.id,
        activity_id=seen.activity.id,
        activity_name=seen.activity.name,
        activity_type=seen.activity.type,
        outcome=seen.conclusion.outcome,
        standing=matched.standing,
        started_at=seen.conclusion.started_at,
        ended_at=seen.conclusion.ended_at,
        percent=seen.conclusion.percent,
        hours=hours,
        cost=_cost(context, seen, hours),
        provider=seen.catalogue.provider if seen.catalogue is not None else "",
        statements=seen.statements,
        sources=seen.subject.sources,
        rules=tuple(found.rule for found in seen.verdict.matches),
        shadow_rules=tuple(found.rule for found in seen.verdict.shadow),
        competencies=tuple(sorted(matched.competencies)),
        needs=aligned.needs if aligned is not None else (),
        excluded_because=matched.excluded_because,
        quadrant=aligned.quadrant if aligned is not None else None,
        before=scores.before(seen),
        after=scores.after(seen),
        valid_until=_valid_until(seen),
        attested=seen.attestation is not None,
    )


@dataclass(frozen=True, slots=True)
class Alignment:
    """Why the organisation needs it, and why the learner wants it: needs and goals by id, wants by competency."""

    needs: tuple[str, ...] = ()
    mandated: bool = False
    needed_by_goals: tuple[str, ...] = ()
    wants: tuple[str, ...] = ()
    wanted_by_goals: tuple[str, ...] = ()

    @property
    def quadrant(self) -> Quadrant:
        needed = bool(self.needs or self.mandated or self.needed_by_goals)
        return quadrant(needed=needed, wanted=bool(self.wants or self.wanted_by_goals))


def alignment_of(context: Context, matched: Matched) -> Alignment | None:
    """What speaks for it on both sides; None where nobody knows what it is about."""
    if matched.standing not in ALIGNED:
        return None
    facts, day = context.facts, context.day_of(matched.seen.ended_at)
    goals = [agreed.goal for agreed in matched.goals]
    return Alignment(
        needs=tuple(each.id for each in needs_met(facts.organisation.needs, matched.competencies, facts.learner, day)),
        mandated=matched.seen.mandated,
        needed_by_goals=tuple(goal.id for goal in goals if goal.wanted_by.organisation),
        wants=tuple(want.competency for want in wants_met(facts.wants, matched.competencies, day)),
        wanted_by_goals=tuple(goal.id for goal in goals if goal.wanted_by.learner),
    )


def _hours(seen: Seen) -> float:
    """Hours spent: the catalogue's figure for what was finished, else the duration that statements report."""
    outcome, duration = seen.conclusion.outcome, seen.conclusion.duration or timedelta(0)
    if outcome in (Outcome.WAIVED, Outcome.SATISFIED, Outcome.REVOKED):
        return 0.0
    planned = seen.catalogue.hours if seen.catalogue is not None else None
    if planned is not None and (seen.finished or outcome is Outcome.FAILED):
        return planned
    return round(duration.total_seconds() / 3600, 2)


def _cost(context: Context, seen: Seen, hours: float) -> int:
    """Fee + hours × rate, in hundredths of the currency."""
    if seen.conclusion.outcome in (Outcome.WAIVED, Outcome.SATISFIED, Outcome.REVOKED):
        return 0
    fee = seen.catalogue.fee if seen.catalogue is not None else 0
    rate = context.facts.learner.hourly_rate
    return fee + round(hours * (context.facts.organisation.hourly_rate if rate is None else rate))


def _valid_until(seen: Seen) -> datetime | None:
    if not seen.finished or seen.catalogue is None or seen.catalogue.valid_for is None:
        return None
    return shifted(seen.ended_at, seen.catalogue.valid_for)


def counts(completion: Completion) -> bool:
    """Whether it was finished, and nobody said that it does not count."""
    return completion.finished and completion.standing is not Standing.EXCLUDED


def earlier_valid(ended: Sequence[Completion], at: datetime) -> Completion | None:
    """The last completion that had ended before that moment, if it counts and was still valid then.

    `ended` are those of one activity in order of their end; as each is valid for as long, no earlier one outlasts it.
    """
    for place in range(bisect_left(ended, at, key=lambda each: each.ended_at or at) - 1, -1, -1):
        if counts(ended[place]):
            valid_until = ended[place].valid_until
            return ended[place] if valid_until is None or valid_until > at else None
    return None
