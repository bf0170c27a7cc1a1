"""What holds whatever is unmatched: order is nothing, a rule takes what it says, and hostile texts stay texts."""

from __future__ import annotations

import random
from collections.abc import Mapping

from hypothesis import given, settings
from hypothesis import strategies as st

from lrs_bridge.domain.suggesting.material import KnownActivity, Near, Sample, Suggestion, UnmatchedActivity
from lrs_bridge.domain.suggesting.people import names_somebody
from lrs_bridge.domain.suggesting.proving import proven
from lrs_bridge.domain.suggesting.ranking import suggest
from lrs_bridge.domain.suggesting.writing import appended
from lrs_bridge_rules.documents.loader import load_texts
from support.builders import a_ruleset
from support.suggesting import PUMPS, SAFETY, SPANISH, compiled, material, takes

WORDS = st.sampled_from(
    ("pump", "Pumpen", "spanish", "SAFETY", "electrical", "course", "level", "2", "winter", "maintaining", "Jo", "Doe")
)
NAMES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
HOSTILE = st.one_of(
    st.text(max_size=30),
    st.text(st.characters(categories=("Cc", "Cf", "Zl", "Zp", "Po", "Ps", "Sc", "Sm")), max_size=12),
    st.sampled_from(
        (": {", "- [", "!!python/object", "*anchor &a", "# no", "\u202eexe.pmup", "yes", "~", "a\nb: c", "\ufeff")
    ),
)
SPICED = st.tuples(HOSTILE, NAMES, HOSTILE).map("".join)
IDS = st.one_of(
    st.integers(1, 40).map(lambda number: f"https://lms.example.org/course/view.php?id={number}"),
    st.integers(1, 9).map(lambda number: f"https://content.example.org/pumps/{number}"),
    SPICED,
)


def activities(names: st.SearchStrategy[str]) -> st.SearchStrategy[list[UnmatchedActivity]]:
    near = st.builds(Near, IDS, names)
    some = st.builds(
        UnmatchedActivity,
        IDS,
        st.lists(names, min_size=1, max_size=2).map(tuple),
        parents=st.lists(near, max_size=1).map(tuple),
        completions=st.integers(1, 50),
        hours=st.sampled_from((0.0, 1.5, 20.0)),
        sample=st.none() | st.builds(Sample, st.just("http://adlnet.gov/expapi/verbs/completed"), near),
    )
    return st.lists(some, max_size=12, unique_by=lambda each: each.id)


KNOWN = st.lists(
    st.builds(
        lambda number, name, about: KnownActivity((f"urn:known:{number}",), (name,), about, ""),
        st.integers(0, 99),
        NAMES,
        st.frozensets(st.sampled_from((PUMPS.id, SPANISH.id, SAFETY.id)), max_size=1),
    ),
    max_size=4,
    unique_by=lambda each: each.ids,
)


@settings(max_examples=50)
@given(activities(NAMES), KNOWN, st.randoms(use_true_random=False))
def test_order_is_nothing(some: list[UnmatchedActivity], known: list[KnownActivity], chance: random.Random) -> None:
    first = suggest(material(*some, known=tuple(known)), 10)
    chance.shuffle(some)
    chance.shuffle(known)

    assert suggest(material(*some, known=tuple(known)), 10) == first


@settings(max_examples=50)
@given(activities(NAMES), KNOWN)
def test_a_draft_takes_its_activities_and_nothing_else(
    some: list[UnmatchedActivity], known: list[KnownActivity]
) -> None:
    for found in suggest(material(*some, known=tuple(known)), 10):
        rule = compiled(found)

        assert {each.id for each in some if takes(rule, each)} == {each.id for each in found.activities}
        for each in known:
            if found.target.id not in each.competencies:
                assert not takes(rule, UnmatchedActivity(each.ids[0], each.names))


@settings(max_examples=40)
@given(activities(NAMES))
def test_no_activity_is_in_two_suggestions(some: list[UnmatchedActivity]) -> None:
    ids = [each.id for found in suggest(material(*some), 10) for each in found.activities]

    assert len(ids) == len(set(ids))


@settings(max_examples=40)
@given(activities(NAMES | SPICED))
def test_nothing_suggested_names_a_person(some: list[UnmatchedActivity]) -> None:
    names_one = names_somebody(("Jo Doe",))

    for found in suggest(material(*some, people=frozenset(("Jo Doe",))), 10):
        assert not any(names_one((text,)) for text in _texts(found.rule))
        assert not any(names_one((text,)) for text in found.why)


def _texts(document: object) -> list[str]:
    match document:
        case Mapping():
            return [text for key, value in document.items() for text in (key, *_texts(value))]
        case list() | tuple():
            return [text for each in document for text in _texts(each)]
        case _:
            return [str(document)]


@settings(max_examples=30)
@given(activities(SPICED))
def test_what_is_proven_loads_passes_its_tests_and_can_be_written(some: list[UnmatchedActivity]) -> None:
    drafts = [
        rule for found in suggest(material(*some), 10) if (rule := proven(found.variants, a_ruleset())) is not None
    ]
    written = appended("# Ours.\nrules: []\n", drafts, ())

    assert written.text.startswith("# Ours.\n")
    assert [rule.id for rule in load_texts({"x.yaml": written.text}).rules] == list(written.added)
    assert len(written.added) == len(drafts)


def test_a_name_of_a_megabyte_is_cut_and_does_no_harm() -> None:
    some = [
        UnmatchedActivity("https://lms.example.org/1", ("pump " + "x" * 1_000_000,)),
        UnmatchedActivity("https://lms.example.org/" + "y" * 10_000, ("pump repair",)),
        UnmatchedActivity("https://lms.example.org/3", ("pump seals\x00\u202e",)),
    ]

    [found] = suggest(material(*some), 10)

    assert _longest(found) <= 2000
    assert proven(found.variants, a_ruleset()) is not None


def _longest(found: Suggestion) -> int:
    return max(len(text) for text in _texts(found.rule))
