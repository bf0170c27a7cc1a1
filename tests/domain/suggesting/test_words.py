"""Words of names: what folds together, what is related, and what says nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge.domain.suggesting.words import (
    FAMILY,
    MOST_WORDS,
    PART,
    SAME,
    Lexicon,
    fold,
    kinship,
    subject_and_aside,
    words_of,
)


def keys(text: str) -> list[str]:
    return [word.key for word in words_of(text)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Führung", "FUEHRUNG"),
        ("Réseaux", "RESEAUX"),
        ("courses", "Course"),
        ("Companies", "company"),
        ("Straße", "STRASSE"),
        ("Zähler", "Zaehler"),
        ("E\u0301lectrique", "électriques"),
    ],
)
def test_case_accents_umlauts_and_plurals_make_no_difference(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize("text", ["The way of the", "Die und der", "Le la les et", "", "… — !", "a b c"])
def test_stop_words_of_any_language_are_left_out(text: str) -> None:
    assert [key for key in keys(text) if key != "way"] == []


def test_numbers_stay_as_they_tell_parts_apart() -> None:
    assert keys("Excel, level 2") == ["excel", "level", "2"]


@pytest.mark.parametrize(
    ("one", "other", "strength"),
    [
        ("pump", "pump", SAME),
        ("meter", "metering", FAMILY),
        ("negotiating", "negotiation", FAMILY),
        ("manager", "management", FAMILY),
        ("planen", "planning", FAMILY),
        ("sheet", "sheep", 0.0),
        ("present", "presence", 0.0),
        ("data", "date", 0.0),
        ("plan", "plant", 0.0),
    ],
)
def test_words_of_one_family_are_kin_and_others_are_not(one: str, other: str, strength: float) -> None:
    assert kinship(one, other) == kinship(other, one) == strength


def test_a_slip_of_one_letter_is_forgiven_in_long_words() -> None:
    assert 0 < kinship("negotation", "negotiation") < FAMILY


@pytest.mark.parametrize(
    ("compound", "part"),
    [
        ("brandschutzunterweisung", "brandschutz"),
        ("handehygiene", "hygiene"),
        ("projektmanagement", "projekt"),
        ("flowmeter", "meter"),
    ],
)
def test_a_compound_is_related_to_its_parts(compound: str, part: str) -> None:
    assert Lexicon((), (part,)).related(compound) == {part: PART}


def test_two_compounds_with_the_same_part_are_related() -> None:
    lexicon = Lexicon(("wunde", "auflagen", "versorgung"), ("wundversorgung", "brandschutz"))

    assert set(lexicon.related("wundauflagen")) == {"wundversorgung"}


def test_for_whom_and_where_something_is_stands_aside() -> None:
    subject, aside = subject_and_aside("Kubernetes for application teams")

    assert [word.key for word in subject] == ["kubernete"]
    assert [word.key for word in aside] == ["application", "team"]


@given(st.text())
def test_any_text_has_few_words_and_all_of_them_are_printable(text: str) -> None:
    found = words_of(text)

    assert len(found) <= MOST_WORDS
    assert all(word.key and word.text.isprintable() for word in found)


@given(st.lists(st.text("abcdefghijklmnopqrstuvwxyz", min_size=2, max_size=24), max_size=20), st.text())
def test_relations_are_between_nothing_and_one(wanted: list[str], text: str) -> None:
    lexicon = Lexicon((), wanted)

    assert all(
        0 < strength <= SAME and near in wanted
        for word in words_of(text)
        for near, strength in lexicon.related(word.key).items()
    )
