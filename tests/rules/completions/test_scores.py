"""Scores in percent, under each convention: a table of the scales that sources send."""

from __future__ import annotations

from math import isfinite

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.completions.scores import SCORES
from lrs_bridge_rules.statements.statement import Score

_HUGE = 1.7e308


@pytest.mark.parametrize(
    ("score", "by_points", "scaled", "centred"),
    [
        (Score(), None, None, None),
        (Score(raw=85, min=0, max=100, scaled=0.7), 85, 85, 85),
        (Score(raw=85, max=100), 85, 85, 85),
        (Score(raw=3, max=4), 75, 75, 75),
        (Score(scaled=0.7), None, 70, 85),
        (Score(scaled=0), None, 0, 50),
        (Score(scaled=-1), None, 0, 0),
        (Score(scaled=-0.5), None, 0, 25),
        (Score(scaled=1), None, 100, 100),
        (Score(scaled=85), None, None, None),
        (Score(scaled=-1.01), None, None, None),
        (Score(raw=85), None, None, None),
        (Score(raw=85, scaled=0.85), None, 85, 92.5),
        (Score(raw=5, max=0), None, None, None),
        (Score(raw=5, max=0, scaled=0.5), None, 50, 75),
        (Score(raw=5, max=-1), None, None, None),
        (Score(raw=0, min=0, max=0, scaled=1), None, 100, 100),
        (Score(raw=12, max=10), 100, 100, 100),
        (Score(raw=-2, max=10), 0, 0, 0),
        (Score(raw=0, min=-10, max=10), 50, 50, 50),
        (Score(raw=-10, min=-10, max=10), 0, 0, 0),
        (Score(raw=-20, min=-10, max=10), 0, 0, 0),
        (Score(raw=-5, min=-10, max=0), 50, 50, 50),
        (Score(raw=75, min=50, max=100), 75, 75, 75),
        (Score(raw=5, min=10, max=1), 100, 100, 100),
        (Score(raw=_HUGE, min=-_HUGE, max=_HUGE), None, None, None),
        (Score(raw=_HUGE, min=-_HUGE, max=_HUGE, scaled=0.5), None, 50, 75),
        (Score(raw=_HUGE, max=1), 100, 100, 100),
    ],
)
def test_a_score_in_percent(score: Score, by_points: float | None, scaled: float | None, centred: float | None) -> None:
    found = [SCORES[convention](score) for convention in ("raw/max", "scaled", "centred")]

    assert found == [pytest.approx(each) if each is not None else None for each in (by_points, scaled, centred)]


_NUMBERS = st.none() | st.floats(allow_nan=False, allow_infinity=False)


@given(st.builds(Score, scaled=_NUMBERS, raw=_NUMBERS, min=_NUMBERS, max=_NUMBERS), st.sampled_from(sorted(SCORES)))
def test_whatever_is_sent_is_a_percentage_or_none(score: Score, convention: str) -> None:
    percent = SCORES[convention](score)

    assert percent is None or (isfinite(percent) and 0 <= percent <= 100)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 20), st.sampled_from(sorted(SCORES)))
def test_more_points_are_never_less(one: int, other: int, most: int, convention: str) -> None:
    low, high = (SCORES[convention](Score(raw=points, max=most)) for points in sorted((one, other)))

    assert low is not None
    assert high is not None
    assert low <= high
