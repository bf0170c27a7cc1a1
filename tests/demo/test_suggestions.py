"""In the year that was lived through the first ten suggestions are right, and find most of what there is to find."""

from __future__ import annotations

from itertools import pairwise

import pytest

from lrs_bridge.demo.offers import OFFERS, UNLISTED
from lrs_bridge.demo.year import Lived
from lrs_bridge.domain.suggesting.material import Kind, Suggestion
from lrs_bridge.jobs.suggest import suggest

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

TRUTH = {offer.id: offer.competency for offer in UNLISTED}
ENTRIES = {offer.id: offer.competency for offer in OFFERS}


@pytest.fixture(scope="module")
def first(life: Lived) -> tuple[Suggestion, ...]:
    return suggest(life.bridge, life.clock(), limit=10).suggestions


def is_right(suggestion: Suggestion) -> bool:
    says = ENTRIES[suggestion.target.id] if suggestion.target.kind is Kind.ALIAS else suggestion.target.id
    return all(TRUTH[activity.id] == says for activity in suggestion.activities)


def test_at_least_nine_of_ten_are_right(first: tuple[Suggestion, ...]) -> None:
    assert len(first) == 10
    assert sum(map(is_right, first)) >= 9


def test_seven_tenths_of_what_there_is_to_find_are_found(first: tuple[Suggestion, ...]) -> None:
    found = {activity.id for each in first if is_right(each) for activity in each.activities}
    findable = {own_id for own_id, competency in TRUTH.items() if competency}

    assert len(found & findable) >= 0.7 * len(findable)


def test_each_says_what_it_would_have_done(first: tuple[Suggestion, ...]) -> None:
    assert all(each.verdict.startswith("Would ") for each in first)


def test_most_hours_come_first(first: tuple[Suggestion, ...]) -> None:
    stakes = [each.hours * each.likelihood for each in first]

    assert all(one >= 0.95 * other for one, other in pairwise(stakes))  # likelihoods are rounded
