"""How good suggestions are where the truth is known: precision and recall of the first ten, and what many cost.

Organisations are invented, in three languages, each with what its unmatched activities are truly about; and so is the
demo's. A suggestion is right if all that its rule takes is truly about what the rule says.
"""

from __future__ import annotations

import time
import tracemalloc
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import yaml

from benchmarks.table import Line
from benchmarks.world import NOW
from lrs_bridge.demo.offers import OFFERS, UNLISTED, Platform
from lrs_bridge.demo.organisation import SEED, invent
from lrs_bridge.demo.strategy import TITLES
from lrs_bridge.domain.agenda import Competency
from lrs_bridge.domain.suggesting.material import (
    GoalTitle,
    Kind,
    KnownActivity,
    Material,
    Suggestion,
    UnmatchedActivity,
)
from lrs_bridge.domain.suggesting.ranking import suggest

INVENTED = Path(__file__).parent / "invented"
FIRST = 10
NOTHING, EXCLUDE, SAME = "", "exclude", "same: "

#: What is asked for: nine of ten are right, and they take more than half of what there is to find. More is out
#: of reach: more than ten topics wait in each organisation, and some activities cannot be told by their words.
PRECISION, RECALL = 0.9, 0.55
MANY = 100_000


def measure() -> Iterator[Line]:
    """Precision and recall of the first ten in each organisation; then time and memory for very many activities."""
    for each in (demo(), *invented()):
        came = measured(each)
        yield Line(f"suggestions, {each.name}: precision of the first {FIRST}", came.precision, "", PRECISION, True)
        yield Line(f"suggestions, {each.name}: recall of the first {FIRST}", came.recall, "", RECALL, True)
    few, many = _seconds(grown(MANY // 10)), _seconds(grown(MANY))
    yield Line(f"suggestions for {MANY:,} activities", many, "s of the processor")
    yield Line("suggestions, ten times as many activities", many / few, "× the time", 15)
    yield Line(f"suggestions for {MANY:,} activities, memory", _megabytes(grown(MANY)), "MB")


def _seconds(material: Material) -> float:
    """Of the processor: nothing waits here, and whatever else the machine does is left out."""
    begun = time.process_time()
    suggest(material, FIRST)
    return time.process_time() - begun


def _megabytes(material: Material) -> float:
    """What is taken on top of the material."""
    tracemalloc.start()
    suggest(material, FIRST)
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


@dataclass(frozen=True, slots=True)
class Measured:
    """Precision: of the first suggestions, those that are right. Recall: of the activities about something known
    (or plainly no learning), those that right suggestions among the first take.
    """

    precision: float
    recall: float
    wrong: tuple[Suggestion, ...]
    missed: tuple[UnmatchedActivity, ...]


@dataclass(frozen=True, slots=True)
class Organisation:
    """What is compared, and by activity what it is truly about."""

    name: str
    material: Material
    truth: Mapping[str, str]


def measured(organisation: Organisation, first: int = FIRST) -> Measured:
    """How the first suggestions fare."""
    suggestions = suggest(organisation.material, first)
    right = [each for each in suggestions if is_right(each, organisation)]
    found = {activity.id for each in right for activity in each.activities}
    findable = {own_id for own_id, truth in organisation.truth.items() if truth != NOTHING}
    missed = tuple(each for each in organisation.material.unmatched if each.id in findable - found)
    return Measured(
        precision=len(right) / len(suggestions) if suggestions else 0.0,
        recall=1 - len(missed) / len(findable),
        wrong=tuple(each for each in suggestions if each not in right),
        missed=missed,
    )


def is_right(suggestion: Suggestion, organisation: Organisation) -> bool:
    """Whether all that its rule takes is truly about what it says."""
    target = suggestion.target
    says = {Kind.EVIDENCE: {target.id}, Kind.EXCLUDE: {EXCLUDE}, Kind.ALIAS: {SAME + target.id}}[target.kind]
    if target.kind is Kind.ALIAS:  # what is another edition of something is about the same
        says |= {
            each for known in organisation.material.known if known.entry == target.id for each in known.competencies
        }
    return all(organisation.truth[each.id] in says for each in suggestion.activities)


def invented() -> Iterable[Organisation]:
    """All organisations of the folder, in order of their names."""
    for path in sorted(INVENTED.glob("*.yaml")):
        yield organisation(path.stem, yaml.safe_load(path.read_text("utf-8")))


def organisation(name: str, told: Mapping[str, Any]) -> Organisation:
    """One of the invented organisations, out of its document."""
    unmatched = told["unmatched"]
    return Organisation(
        name,
        Material(
            unmatched=tuple(
                UnmatchedActivity(own_id, _names(names), completions=count, hours=float(hours))
                for own_id, (names, count, hours, _) in unmatched.items()
            ),
            known=tuple(
                KnownActivity((own_id,), (title,), frozenset({about} - {""}), own_id)
                for own_id, title, about in told["catalogue"]
            ),
            competencies=tuple(Competency(*each) for each in told["competencies"].items()),
            goals=tuple(GoalTitle(each, frozenset({about})) for about, some in told["goals"].items() for each in some),
        ),
        {own_id: truth for own_id, (_, _, _, truth) in unmatched.items()},
    )


def _names(told: str | Mapping[str, str]) -> tuple[str, ...]:
    return (told,) if isinstance(told, str) else tuple(told.values())


def demo(seed: int = SEED) -> Organisation:
    """The demo's organisation, without living through its year: what people agreed, and what they completed."""
    invention = invent(seed, now=NOW)
    finished = [each for each in invention.attendances if each.ending.finished and not each.under_stray]
    count = Counter(each.offer.number for each in finished)
    goals = {
        GoalTitle(goal.title, goal.competencies)
        for each in invention.agreements
        for contract in each.contracts
        for goal in contract.latest.goals
        if goal.competencies
    }
    told = {Platform.SCORM: 0.75, Platform.CMI5: 0.5, Platform.MOODLE: 0.0}
    return Organisation(
        "demo",
        Material(
            unmatched=tuple(
                UnmatchedActivity(
                    each.id,
                    (each.name,),
                    completions=count[each.number],
                    learners=count[each.number],
                    hours=count[each.number] * told[each.platform],
                )
                for each in UNLISTED
                if count[each.number]
            ),
            known=tuple(
                KnownActivity((each.id,), (each.name,), frozenset({each.competency} - {""}), each.id) for each in OFFERS
            ),
            competencies=tuple(Competency(*each) for each in TITLES.items()),
            goals=tuple(goals),
        ),
        {each.id: each.competency for each in UNLISTED},
    )


def grown(count: int) -> Material:
    """Very many activities: those of all organisations again and again, under other ids and with other numbers."""
    organisations = [each.material for each in invented()]
    seeds = [activity for each in organisations for activity in each.unmatched]
    return Material(
        unmatched=tuple(
            replace(
                seeds[number % len(seeds)],
                id=f"https://lms{number % 7}.example.org/course/view.php?id={number}",
                names=tuple(f"{name} {number // len(seeds)} w{number}" for name in seeds[number % len(seeds)].names),
            )
            for number in range(count)
        ),
        known=tuple(known for each in organisations for known in each.known),
        competencies=tuple(competency for each in organisations for competency in each.competencies),
        goals=tuple(goal for each in organisations for goal in each.goals),
    )
