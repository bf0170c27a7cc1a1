"""Which text of a language map is taken."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.statements.language import pick


@pytest.mark.parametrize(
    ("texts", "locale", "expected"),
    [
        ({"de": "Kurs", "en": "Course"}, "de", "Kurs"),
        ({"de-AT": "Kurs AT", "de": "Kurs", "en": "Course"}, "de-AT", "Kurs AT"),
        ({"de": "Kurs", "en": "Course"}, "de-AT", "Kurs"),
        ({"de-CH": "Kurs CH", "en": "Course"}, "de-AT", "Kurs CH"),
        ({"fr": "Cours", "en-US": "Course"}, "de", "Course"),
        ({"nl": "Cursus", "fr": "Cours"}, "de", "Cours"),
        ({"EN_us": "Course", "fr": "Cours"}, "en-US", "Course"),
        ({"de": " ", "en": "Course"}, "de", "Course"),
        ({"und": "Only"}, "de", "Only"),
        ({}, "en", ""),
    ],
)
def test_the_readers_locale_then_its_family_then_english_then_any(
    texts: dict[str, str], locale: str, expected: str
) -> None:
    assert pick(texts, locale) == expected


@given(st.dictionaries(st.sampled_from(["de", "de-AT", "en", "en-GB", "fr", "nl"]), st.text(min_size=1)), st.randoms())
def test_the_order_of_keys_never_matters(texts: dict[str, str], chance: Random) -> None:
    shuffled = list(texts.items())
    chance.shuffle(shuffled)

    assert pick(dict(shuffled)) == pick(texts)
