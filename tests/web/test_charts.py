"""The geometry of the pictures: areas and heights stand for the numbers."""

from math import pi

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.store.read_models import QuadrantTotal
from lrs_bridge.web.charts import SPARK_HEIGHT, SPARK_WIDTH, bars, bubbles, sparkline


def test_the_area_of_a_circle_stands_for_the_hours() -> None:
    hours = (400.0, 100.0, 200.0, 0.0)
    drawn = bubbles([QuadrantTotal(each, 1, 1, own) for each, own in zip(Quadrant, hours, strict=True)])
    areas = [pi * bubble.radius**2 for bubble in drawn]

    assert areas[0] / areas[1] == pytest.approx(4, rel=0.01)
    assert areas[0] / areas[2] == pytest.approx(2, rel=0.01)
    assert drawn[3].radius == 0


def test_needed_is_above_and_wanted_is_to_the_right() -> None:
    place = {
        bubble.total.quadrant: (bubble.x > 0, bubble.y > 0) for bubble in bubbles([QuadrantTotal(q) for q in Quadrant])
    }

    assert place == {
        Quadrant.SWEET_SPOT: (True, False),
        Quadrant.UPHILL: (False, False),
        Quadrant.GIFT: (True, True),
        Quadrant.WASTE: (False, True),
    }


@given(st.lists(st.integers(0, 10**6), max_size=60))
def test_a_sparkline_stays_in_its_frame_and_ends_at_the_present(counts: list[int]) -> None:
    points = [tuple(map(float, point.split(","))) for point in sparkline(counts).split()]

    assert len(points) == len(counts)
    assert all(0 <= x <= SPARK_WIDTH and 0 <= y <= SPARK_HEIGHT for x, y in points)
    assert [x for x, _ in points] == sorted(x for x, _ in points)


@given(st.lists(st.floats(0, 10**9), max_size=24))
def test_bars_are_as_high_as_their_values_and_nothing_is_invisible(values: list[float]) -> None:
    for bar, value in zip(bars(values), values, strict=True):
        assert 0 <= bar.height <= 100
        assert (bar.height > 0) == (value > 0)
        assert bar.y + bar.height == pytest.approx(100)
