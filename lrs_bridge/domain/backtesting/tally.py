"""What moved, added up: of each thing that a plan says, how many went from which state to which, with examples.

A tally of many learners is the sum of the tallies of each, in whatever order and on whatever machine they were made;
seen from the draft backwards it is the mirror image of itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from functools import reduce
from typing import Final

#: How many examples of each move are kept: the latest.
EXAMPLES: Final = 3
#: The state of what is not there.
GONE: Final = ""


class Aspect(StrEnum):
    """What is compared of two plans. Each aspect has things of its own, and each thing one state on either side."""

    COMPLETION = "completion"
    STANDING = "standing"
    OUTCOME = "outcome"
    SCORE = "score"
    QUADRANT = "quadrant"
    EVIDENCE = "evidence"
    EVIDENCED = "evidenced"
    FOLLOW_UP = "follow-up"
    TASK = "task"
    TEMPLATE = "template"
    FINDING = "finding"
    WASTE = "waste"
    GOAL = "goal"
    STAGNATION = "stagnation"


@dataclass(frozen=True, slots=True, order=True)
class Way:
    """From which state to which ("": not there), of which kind of thing. `part` is a reason, a template, or ""."""

    aspect: Aspect
    part: str
    before: str
    after: str

    def mirrored(self) -> Way:
        return replace(self, before=self.after, after=self.before)


@dataclass(frozen=True, slots=True)
class Weight:
    """How many things of how many learners, and what was at stake on either side.

    Hours are whole hundredths of an hour and money whole hundredths of the currency, so that sums do not depend on
    their order.
    """

    things: int = 0
    learners: int = 0
    hours_before: int = 0
    hours_after: int = 0
    money_before: int = 0
    money_after: int = 0

    def __add__(self, other: Weight) -> Weight:
        return Weight(
            self.things + other.things,
            self.learners + other.learners,
            self.hours_before + other.hours_before,
            self.hours_after + other.hours_after,
            self.money_before + other.money_before,
            self.money_after + other.money_after,
        )

    def mirrored(self) -> Weight:
        return Weight(
            self.things, self.learners, self.hours_after, self.hours_before, self.money_after, self.money_before
        )


@dataclass(frozen=True, slots=True)
class Example:
    """One thing that moved: the completion (or the goal) to look at, and the activity. No person is named."""

    id: str
    at: datetime | None = None
    activity_id: str = ""
    activity_name: str = ""


@dataclass(frozen=True, slots=True)
class Move:
    """All that went one way."""

    way: Way
    weight: Weight
    examples: tuple[Example, ...] = ()

    def __add__(self, other: Move) -> Move:
        return Move(self.way, self.weight + other.weight, latest((*self.examples, *other.examples)))

    def mirrored(self) -> Move:
        return Move(self.way.mirrored(), self.weight.mirrored(), self.examples)


@dataclass(frozen=True, slots=True)
class Hits:
    """How many completions one rule fits, before and after. A status of "" says that it is not there on that side.

    `differs` says that it is not the same rule on both; `examples` are completions that it fits on one side alone.
    """

    rule: str
    status_before: str
    status_after: str
    differs: bool = True
    before: int = 0
    after: int = 0
    examples: tuple[Example, ...] = ()

    def __add__(self, other: Hits) -> Hits:
        examples = latest((*self.examples, *other.examples))
        return replace(self, before=self.before + other.before, after=self.after + other.after, examples=examples)

    def mirrored(self) -> Hits:
        return Hits(
            self.rule, self.status_after, self.status_before, self.differs, self.after, self.before, self.examples
        )


@dataclass(frozen=True, slots=True)
class Tally:
    """What a draft would do to some learners. `moves` and `hits` are in a fixed order, each way and rule once.

    `affected` counts the learners for whom anything moves, `failed` those who could not be planned, `unreadable`
    kept statements that this version cannot read.
    """

    learners: int = 0
    affected: int = 0
    statements: int = 0
    completions_before: int = 0
    completions_after: int = 0
    failed: int = 0
    unreadable: int = 0
    moves: tuple[Move, ...] = ()
    hits: tuple[Hits, ...] = ()

    def __add__(self, other: Tally) -> Tally:
        return total((self, other))

    def mirrored(self) -> Tally:
        """The same seen from the other side: what the rules in force would do if the draft were."""
        return replace(
            self,
            completions_before=self.completions_after,
            completions_after=self.completions_before,
            moves=tuple(sorted((move.mirrored() for move in self.moves), key=lambda move: move.way)),
            hits=tuple(hits.mirrored() for hits in self.hits),
        )

    @property
    def is_empty(self) -> bool:
        """Whether nothing moves for anybody."""
        return not self.moves

    def of(self, aspect: Aspect) -> Iterator[Move]:
        """What moved of one aspect."""
        return (move for move in self.moves if move.way.aspect is aspect)

    def weight(self, aspect: Aspect, before: str | None = None, after: str | None = None) -> Weight:
        """The sum of all that went from one state to another; None: whatever the state."""
        wanted = (
            move.weight
            for move in self.of(aspect)
            if before in {None, move.way.before} and after in {None, move.way.after}
        )
        return reduce(Weight.__add__, wanted, Weight())


def total(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies; the same in whatever order and however they were put together before."""
    moves: dict[Way, Move] = {}
    hits: dict[str, Hits] = {}
    counts = dict.fromkeys(_COUNTS, 0)
    for tally in tallies:
        for name in _COUNTS:
            counts[name] += getattr(tally, name)
        for move in tally.moves:
            moves[move.way] = moves[move.way] + move if move.way in moves else move
        for each in tally.hits:
            hits[each.rule] = hits[each.rule] + each if each.rule in hits else each
    return Tally(
        **counts, moves=tuple(moves[way] for way in sorted(moves)), hits=tuple(hits[rule] for rule in sorted(hits))
    )


_COUNTS: Final = (
    "learners",
    "affected",
    "statements",
    "completions_before",
    "completions_after",
    "failed",
    "unreadable",
)


def latest(examples: Iterable[Example]) -> tuple[Example, ...]:
    """The latest of them, each once: whatever the order in which they were found."""
    distinct = sorted(dict.fromkeys(examples), key=lambda each: (each.id, each.activity_id, each.activity_name))
    by_time = sorted(distinct, key=lambda each: each.at.timestamp() if each.at is not None else 0.0, reverse=True)
    return tuple(by_time[:EXAMPLES])
