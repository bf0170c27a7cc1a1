"""The nearest known word: what a slip of the finger was meant to be."""

import pytest

from lrs_bridge_rules.nearest import nearest, nearest_or_all, nearest_word

_FIELDS = ["activity.id", "activity.name", "activity.type", "score.percent", "verb"]


@pytest.mark.parametrize(
    ("word", "meant"),
    [
        ("activty.name", "activity.name"),
        ("activity.nmae", "activity.name"),
        ("Activity.Name", "activity.name"),
        ("score_percent", "score.percent"),
        ("percent", "score.percent"),
        ("name", "activity.name"),
        ("vreb", "verb"),
        ("weather", None),
        ("", None),
        ("verb" * 100, None),
    ],
)
def test_a_slip_of_the_finger_is_understood(word: str, meant: str | None) -> None:
    assert nearest_word(word, _FIELDS) == meant


def test_the_hint_is_the_end_of_a_sentence_or_nothing() -> None:
    assert nearest("vreb", _FIELDS) == ", did you mean 'verb'?"
    assert nearest("weather", _FIELDS) == ""


def test_all_words_are_shown_when_none_is_near_and_they_are_few() -> None:
    assert nearest_or_all("zzz", ["b", "a"]) == " (known: a, b)"
    assert nearest_or_all("zzz", [str(number) for number in range(100, 120)]) == ""
    assert nearest_or_all("zzz", []) == ""
