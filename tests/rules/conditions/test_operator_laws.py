"""Laws of the operators, whatever the values: each says the same as others put together, and none ever fails."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.conditions.operands import Stretch, stretch_of
from lrs_bridge_rules.conditions.operators import OPERATORS, Exact, Fragments, Operator

_TEXTS = st.lists(st.text("ab*?/", max_size=6), max_size=4).map(tuple)
_WANTED = st.lists(st.text("ab/", min_size=1, max_size=4), min_size=1, max_size=3)
_NUMBERS = st.lists(st.integers(-5, 5), max_size=4).map(tuple)
_LENGTHS = st.lists(st.integers(0, 9).map(lambda minutes: timedelta(minutes=minutes)), max_size=3).map(tuple)
_DAYS = st.dates(date(1900, 1, 1), date(2100, 1, 1))
_MOMENTS = st.lists(st.integers(0, 96).map(lambda hours: datetime(2026, 3, 1, tzinfo=UTC) + timedelta(hours=hours)))


def _made(word: str, *operands: Any) -> Operator:
    return OPERATORS[word].build(operands)


@given(_TEXTS, _WANTED)
def test_is_and_in_say_the_same_and_not_in_the_opposite(values: tuple[str, ...], wanted: Sequence[str]) -> None:
    said = {word: _made(word, *wanted).holds(values) for word in ("is", "in", "not_in")}

    assert said["is"] == said["in"] == (not said["not_in"]) == bool(set(values) & set(wanted))


@given(_TEXTS, _WANTED)
def test_a_shape_without_stars_is_the_text_itself(values: tuple[str, ...], wanted: Sequence[str]) -> None:
    assert _made("glob", *wanted).holds(values) == _made("is", *wanted).holds(values)


@given(_TEXTS, _WANTED)
def test_stars_around_a_text_mean_contains_and_one_after_it_prefix(
    values: tuple[str, ...], wanted: Sequence[str]
) -> None:
    assert _made("glob", *(f"*{each}*" for each in wanted)).holds(values) == _made("contains", *wanted).holds(values)
    assert _made("glob", *(f"{each}*" for each in wanted)).holds(values) == _made("prefix", *wanted).holds(values)


@given(st.one_of(_NUMBERS, _LENGTHS), st.data())
def test_limits_fit_together(values: tuple[Any, ...], data: st.DataObject) -> None:
    numbers: st.SearchStrategy[Any] = (
        st.integers(-5, 5) if not values or isinstance(values[0], int) else st.integers(0, 9).map(_minutes)
    )
    low, high = sorted(data.draw(st.tuples(numbers, numbers)))

    for value in values:
        one = (value,)
        assert _made("gt", low).holds(one) != _made("lte", low).holds(one)
        assert _made("lt", low).holds(one) != _made("gte", low).holds(one)
        both = _made("gte", low).holds(one) and _made("lte", high).holds(one)
        assert _made("between", low, high).holds(one) == both
    assert _made("between", low, high).holds(values) == any(_made("between", low, high).holds((v,)) for v in values)


def _minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


@given(_MOMENTS, st.integers(1, 4))
def test_a_moment_is_before_on_or_after_a_day(moments: list[datetime], number: int) -> None:
    day = stretch_of(f"2026-03-0{number}", UTC)

    for moment in moments:
        said = [_made(word, day).holds((moment,)) for word in ("before", "on", "after")]
        assert said.count(True) == 1
        assert _made("between", day, day).holds((moment,)) == said[1]


@given(_DAYS, _DAYS, st.sampled_from(["UTC", "Europe/Berlin", "America/Sao_Paulo", "Asia/Kathmandu"]))
def test_days_follow_each_other_without_gap_or_overlap(one: date, other: date, zone: str) -> None:
    first, last = (stretch_of(day.isoformat(), ZoneInfo(zone)) for day in sorted((one, other)))

    assert first == last if one == other else first.last < last.first
    assert first.last - first.first > timedelta(hours=22)


@given(_TEXTS, _WANTED, st.sampled_from(["is", "in", "glob", "prefix", "contains"]))
def test_what_an_operator_is_filed_under_is_there_whenever_it_holds(
    values: tuple[str, ...], wanted: Sequence[str], word: str
) -> None:
    operator = _made(word, *wanted)

    if operator.holds(values):
        match operator.determinant:
            case Exact(keys):
                assert keys & set(values)
            case Fragments(texts):
                assert any(text in value for text in texts for value in values)
            case beginnings:
                assert beginnings is None or any(value.startswith(beginnings.texts) for value in values)


@given(st.sampled_from(sorted(OPERATORS)))
def test_only_denials_hold_where_there_is_nothing(word: str) -> None:
    day = Stretch(datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 3, 2, tzinfo=UTC))
    operands = {"present": (False,), "before": (day,), "after": (day,), "on": (day,), "between": (1, 2)}

    assert _made(word, *operands.get(word, ("a",))).holds(()) is (word in {"not_in", "present"})
