"""How good suggestions are where the truth is known: precision and recall of the first ten, and what many cost.

Organisations are invented, in three languages, each with what its unmatched activities are truly about; and so is the
demo's. A suggestion is right if all that its rule takes is truly about what the rule says.
"""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

import yaml

from benchmarks.table import Line
from lrs_bridge.demo.offers import OFFERS, UNLISTED
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
    right = [each for each in suggestions if is_right(each, organisation.truth)]
    found = {activity.id for each in right for activity in (*each.activities, *each.others)}
    findable = {own_id for own_id, truth in organisation.truth.items() if truth != NOTHING}
    missed = tuple(each for each in organisation.material.unmatched if each.id in findable - found)
    return Measured(
        precision=len(right) / len(suggestions) if suggestions else 0.0,
        recall=1 - len(missed) / len(findable),
        wrong=tuple(each for each in suggestions if each not in right),
        missed=missed,
    )


def is_right(suggestion: Suggestion, truth: Mapping[str, str]) -> bool:
    """Whether all that its rule takes is truly about what it says."""
    says = {Kind.EVIDENCE: suggestion.target.id, Kind.ALIAS: SAME + suggestion.target.id, Kind.EXCLUDE: EXCLUDE}
    return all(truth[each.id] == says[suggestion.target.kind] for each in (*suggestion.activities, *suggestion.others))


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
