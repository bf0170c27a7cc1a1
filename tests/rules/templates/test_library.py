"""The profiles of a ruleset together: how templates and concepts are named, and what is said where names clash."""

import pytest

from lrs_bridge_rules.documents.vocabulary import SHIPPED
from lrs_bridge_rules.templates.library import Library, library_of
from support.profiles import HARBOUR, SHIP, TEMPLATE, VERB, Json, a_concept, a_profile, a_template, read


def _library(*documents: Json) -> Library:
    return library_of([read(document, f"rules/file{number}.jsonld") for number, document in enumerate(documents, 1)])


def _notes(library: Library) -> list[str]:
    return [note.message for note in library.notes]


@pytest.mark.parametrize("name", [TEMPLATE, "file1/mooring"])
def test_a_template_is_named_by_its_iri_or_in_short(name: str) -> None:
    library = _library(a_profile(a_template(verb=VERB)))

    found = library.template(name)

    assert (found.id, library.name_of(found)) == (TEMPLATE, "file1/mooring")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (f"{HARBOUR}/templates/moring", f"did you mean '{TEMPLATE}'"),
        ("file1/moring", "did you mean 'file1/mooring'"),
        ("https://elsewhere.example.org/x", "unknown template 'https://elsewhere.example.org/x'$"),
        (f"{HARBOUR}/broken", r"cannot be used: rules/file1.jsonld:\d+:\d+: .*verb is an IRI"),
        ("file1/twice", f"could be any of {HARBOUR}/a/twice, {HARBOUR}/b/twice"),
    ],
)
def test_what_is_no_template_is_told_with_what_there_is(name: str, message: str) -> None:
    library = _library(
        a_profile(
            a_template(verb=VERB),
            a_template(f"{HARBOUR}/broken", verb="x"),
            a_template(f"{HARBOUR}/a/twice"),
            a_template(f"{HARBOUR}/b/twice"),
        )
    )

    with pytest.raises(ValueError, match=message):
        library.template(name)


def test_without_a_profile_it_says_how_to_get_one() -> None:
    with pytest.raises(ValueError, match="import-profile"):
        Library().template(TEMPLATE)


def test_a_template_that_stands_in_two_profiles_counts_once() -> None:
    library = _library(a_profile(a_template(verb=VERB)), a_profile(a_template(verb=f"{VERB}/other")))

    assert library.template(TEMPLATE).asks("verb") == (VERB,)
    assert any("rules/file1.jsonld" in note and "that one counts" in note for note in _notes(library))


def test_a_reference_to_a_template_that_nobody_describes_is_noted() -> None:
    library = _library(a_profile(a_template(objectStatementRefTemplate=[f"{HARBOUR}/elsewhere"])))

    assert [note for note in _notes(library) if f"{HARBOUR}/elsewhere" in note]


def test_concepts_add_short_names() -> None:
    words = _library(a_profile(concepts=(a_concept(VERB), a_concept(SHIP, "ActivityType", "Big Ship")))).vocabulary

    assert words.verbs["moored"] == (VERB,)
    assert (words.activity_types["big-ship"], words.activity_types["ship"]) == ((SHIP,), (SHIP,))
    assert words.verbs["completed"] == SHIPPED.verbs["completed"]


def test_a_shipped_word_keeps_its_meaning() -> None:
    library = _library(a_profile(concepts=(a_concept(f"{HARBOUR}/verbs/completed"),)))

    assert library.vocabulary.verbs["completed"] == SHIPPED.verbs["completed"]
    assert [f"{HARBOUR}/verbs/completed in full" in note for note in _notes(library)] == [True]


def test_a_concept_that_a_shipped_word_means_already_is_nothing_to_tell() -> None:
    assert _notes(_library(a_profile(concepts=(a_concept("http://adlnet.gov/expapi/verbs/completed"),)))) == []


def test_a_word_that_two_concepts_claim_is_nobodys() -> None:
    library = _library(a_profile(concepts=(a_concept(VERB), a_concept(f"{HARBOUR}/v2/moored"))))

    assert "moored" not in library.vocabulary.verbs
    assert len(_notes(library)) == 2


def test_the_same_concept_in_two_profiles_is_one() -> None:
    library = _library(a_profile(concepts=(a_concept(VERB),)), a_profile(concepts=(a_concept(VERB),)))

    assert library.vocabulary.verbs["moored"] == (VERB,)


def test_a_deprecated_concept_can_be_named_and_is_noted() -> None:
    library = _library(a_profile(concepts=(a_concept(VERB, deprecated=True),)))

    assert library.vocabulary.verbs["moored"] == (VERB,)
    assert ["deprecated" in note for note in _notes(library)] == [True]
