"""Two plans of one learner, held against each other: what is there on one side alone, and what stands otherwise.

Each aspect is a function that lists a plan's things by key with their state; one table holds them all. Whether a
completion came first from one side or the other makes no difference, so that the comparison can be mirrored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from lrs_bridge.domain.backtesting.tally import GONE, Aspect, Example, Move, Way, Weight, latest
from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.plan import Plan

NONE: Final = "none"
THERE: Final = "there"
LOWER: Final = "lower"
HIGHER: Final = "higher"
STAGNATING: Final = "stagnating"
GROWING: Final = "growing"
REASON_GONE: Final = "reason gone"


@dataclass(frozen=True, slots=True)
class Thing:
    """One thing on one side: its state and what is at stake (hundredths). `about` is shown as an example."""

    state: str
    about: str = ""
    hours: int = 0
    money: int = 0


#: What a thing is known by: its part (see `Way`), then whatever tells it from others.
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Side:
    """A plan, and what of it is counted, which is the same on both sides: completions, and goals (None: all)."""

    plan: Plan
    counted: frozenset[str]
    goals: frozenset[str] | None

    @property
    def completions(self) -> list[Completion]:
        return [each for each in self.plan.completions if each.id in self.counted]


_ABSENT: Final = Thing(GONE)


def compare(before: Plan, after: Plan, since: datetime | None = None) -> tuple[Move, ...]:
    """What moves if `after` comes into the place of `before`, in a fixed order.

    With `since` only completions are counted that ended from then on (that began, if they have not ended), with what
    hangs on them; a goal, where what is counted touches it.
    """
    plans = before, after
    counted = frozenset(each.id for plan in plans for each in plan.completions if since is None or when(each) >= since)
    goals = None if since is None else frozenset(goal for plan in plans for goal in _touched(plan, counted))
    moving = _Moving(before, after)
    for aspect, (things, words) in ASPECTS.items():
        old, new = things(Side(before, counted, goals)), things(Side(after, counted, goals))
        for key in old.keys() | new.keys():
            one, other = old.get(key, _ABSENT), new.get(key, _ABSENT)
            if one != other:
                moving.add(aspect, key[0], words(one, other), one, other)
    return moving.moves()


def _touched(plan: Plan, counted: frozenset[str]) -> Iterator[str]:
    """The goals for which completions that are counted are evidence, or tasks of theirs were asked for."""
    yield from (each.goal_id for each in plan.evidence if each.completion_id in counted)
    yield from (goal for each in plan.follow_ups if each.completion_id in counted for goal in each.goals)


def when(completion: Completion) -> datetime:
    """The moment by which a completion is counted: its end, or its beginning while it has none."""
    return completion.ended_at or completion.started_at


class _Moving:
    """Gathers what moves for one learner."""

    def __init__(self, before: Plan, after: Plan) -> None:
        both = sorted((*before.completions, *after.completions), key=lambda each: (when(each), each.activity_name))
        self._completions = {each.id: each for each in both}
        self._weights: dict[Way, Weight] = {}
        self._examples: defaultdict[Way, list[Example]] = defaultdict(list)

    def add(self, aspect: Aspect, part: str, states: tuple[str, str], one: Thing, other: Thing) -> None:
        way = Way(aspect, part, *states)
        known = self._weights.get(way, Weight(learners=1))
        self._weights[way] = known + Weight(1, 0, one.hours, other.hours, one.money, other.money)
        if one.about or other.about:
            self._examples[way].append(self._example(other.about or one.about))

    def _example(self, about: str) -> Example:
        found = self._completions.get(about)
        return Example(about) if found is None else example_of(found)

    def moves(self) -> tuple[Move, ...]:
        return tuple(Move(way, self._weights[way], latest(self._examples[way])) for way in sorted(self._weights))


def example_of(completion: Completion) -> Example:
    """A completion as it is shown: with its activity, and without the person."""
    return Example(completion.id, when(completion), completion.activity_id, completion.activity_name)


def _completions(side: Side) -> Mapping[Key, Thing]:
    """Each with all that makes it another one."""
    return {
        ("", each.id): Thing(f"{each.standing} {each.outcome} {_percent(each)}", each.id) for each in side.completions
    }


def _standings(side: Side) -> Mapping[Key, Thing]:
    return {("", each.id): Thing(each.standing, each.id) for each in side.completions}


def _outcomes(side: Side) -> Mapping[Key, Thing]:
    return {("", each.id): Thing(each.outcome, each.id) for each in side.completions}


def _scores(side: Side) -> Mapping[Key, Thing]:
    return {("", each.id): Thing(_percent(each), each.id) for each in side.completions}


def _percent(completion: Completion) -> str:
    return NONE if completion.percent is None else repr(completion.percent)


def _quadrants(side: Side) -> Mapping[Key, Thing]:
    return {
        ("", each.id): Thing(each.quadrant or NONE, each.id, _hundredths(each.hours), each.cost)
        for each in side.completions
    }


def _hundredths(hours: float) -> int:
    return round(hours * 100)


def _evidence(side: Side) -> Mapping[Key, Thing]:
    return {
        ("", each.completion_id, each.goal_id): Thing(f"{each.weight:g}", each.completion_id)
        for each in side.plan.evidence
        if each.completion_id in side.counted
    }


def _evidenced(side: Side) -> Mapping[Key, Thing]:
    return {("", key[1]): Thing(THERE, key[1]) for key in _evidence(side)}


def _follow_ups(side: Side) -> Mapping[Key, Thing]:
    return {
        ("", each.id): Thing(REASON_GONE if each.reason_gone else each.state, each.completion_id)
        for each in side.plan.follow_ups
        if each.completion_id in side.counted
    }


def _tasks(side: Side) -> Mapping[Key, Thing]:
    """The tasks that something asks for."""
    return {("", *key): thing for key, thing in _templates(side).items()}


def _templates(side: Side) -> Mapping[Key, Thing]:
    """The same by the template that they follow."""
    return {
        (each.template, each.id): Thing(THERE, each.completion_id)
        for each in side.plan.follow_ups
        if each.completion_id in side.counted and not each.reason_gone
    }


def _findings(side: Side) -> Mapping[Key, Thing]:
    return {
        (each.reason, each.id): Thing(each.status, each.completion_id or "", _hundredths(each.hours), each.money)
        for each in side.plan.findings
        if (side.goals is None if each.completion_id is None else each.completion_id in side.counted)
    }


def _waste(side: Side) -> Mapping[Key, Thing]:
    """What is counted in sums: the first open reason of each completion, with its hours and money."""
    return {
        ("", each.completion_id): Thing(each.reason, each.completion_id, _hundredths(each.hours), each.money)
        for each in side.plan.findings
        if each.counted and each.completion_id is not None and each.completion_id in side.counted
    }


def _goals(side: Side) -> Mapping[Key, Thing]:
    return {
        ("", each.contract_id, each.goal_id): Thing(each.state, each.goal_id)
        for each in side.plan.goals
        if side.goals is None or each.goal_id in side.goals
    }


def _stagnation(side: Side) -> Mapping[Key, Thing]:
    """One thing a learner. Whether somebody stagnates is no matter of a span, so it is left out where one is given."""
    if side.goals is not None:
        return {}
    return {("", ""): Thing(STAGNATING if side.plan.growth.stagnant_since is not None else GROWING)}


def _as_they_are(one: Thing, other: Thing) -> tuple[str, str]:
    return one.state, other.state


def _there_or_not(one: Thing, other: Thing) -> tuple[str, str]:
    """For states of which there are many: gained, lost, or another one than before."""
    return (GONE if one.state == GONE else THERE), (GONE if other.state == GONE else THERE)


def _higher_or_lower(one: Thing, other: Thing) -> tuple[str, str]:
    states = one.state, other.state
    if GONE in states or NONE in states:
        return _named(one), _named(other)
    return (LOWER, HIGHER) if float(one.state) < float(other.state) else (HIGHER, LOWER)


def _named(score: Thing) -> str:
    return score.state if score.state in {GONE, NONE} else THERE


#: What is compared: how its things are listed, and in which words their states are counted.
ASPECTS: Final[
    Mapping[Aspect, tuple[Callable[[Side], Mapping[Key, Thing]], Callable[[Thing, Thing], tuple[str, str]]]]
] = {
    Aspect.COMPLETION: (_completions, _there_or_not),
    Aspect.STANDING: (_standings, _as_they_are),
    Aspect.OUTCOME: (_outcomes, _as_they_are),
    Aspect.SCORE: (_scores, _higher_or_lower),
    Aspect.QUADRANT: (_quadrants, _as_they_are),
    Aspect.EVIDENCE: (_evidence, _as_they_are),
    Aspect.EVIDENCED: (_evidenced, _as_they_are),
    Aspect.FOLLOW_UP: (_follow_ups, _as_they_are),
    Aspect.TASK: (_tasks, _as_they_are),
    Aspect.TEMPLATE: (_templates, _as_they_are),
    Aspect.FINDING: (_findings, _as_they_are),
    Aspect.WASTE: (_waste, _as_they_are),
    Aspect.GOAL: (_goals, _as_they_are),
    Aspect.STAGNATION: (_stagnation, _as_they_are),
}
