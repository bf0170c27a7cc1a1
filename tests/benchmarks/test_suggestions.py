"""How good suggestions are where the truth is known: the demo's organisation of several seeds, and three others."""

from __future__ import annotations

import pytest

from benchmarks.suggestions import PRECISION, RECALL, Organisation, demo, grown, invented, measured
from lrs_bridge.domain.suggesting.ranking import suggest


@pytest.mark.parametrize("organisation", [demo(), demo(7), *invented()], ids=lambda each: each.name)
def test_the_first_ten_are_right_and_find_most(organisation: Organisation) -> None:
    came = measured(organisation)

    assert came.precision >= PRECISION, came.wrong
    assert came.recall >= RECALL, came.missed


def test_very_many_activities_are_still_a_few_suggestions() -> None:
    found = suggest(grown(2000), 10)

    assert len(found) == 10
    assert sum(len(each.activities) for each in found) > 100
