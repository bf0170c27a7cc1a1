"""Profiles: what is read of them, what is left out with a note, and what is refused at its place."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.templates.json_tree import parse_json
from lrs_bridge_rules.templates.profile import read_profile
from support.profiles import HARBOUR, SHIP, TEMPLATE, VERB, Json, a_concept, a_profile, a_template, as_text, read

_RULE: Json = {"location": "$.id", "presence": "included"}


def _problems(text: str) -> list[str]:
    problems = Problems()
    assert read_profile("p.jsonld", text, problems) is None
    with pytest.raises(DocumentError) as refused:
        problems.raise_if_any()
    return [str(each) for each in refused.value.problems]


def test_a_profile_brings_concepts_and_templates() -> None:
    profile = read(
        a_profile(
            a_template(verb=VERB, objectActivityType=SHIP, rules=[_RULE]),
            concepts=(a_concept(VERB), a_concept(SHIP, "ActivityType", "Big Ship", deprecated=True)),
        )
    )

    assert ("Harbour", HARBOUR, ()) == (profile.name, profile.id, profile.notes)
    assert [(each.id, each.kind, each.words, each.deprecated) for each in profile.concepts] == [
        (VERB, "Verb", ("moored",), False),
        (SHIP, "ActivityType", ("big-ship", "ship"), True),
    ]
    [template] = profile.templates
    assert (template.id, template.name, template.asks("verb"), template.asks("attachmentUsageType")) == (
        TEMPLATE,
        "Mooring",
        (VERB,),
        (),
    )


def test_a_template_knows_where_it_stands() -> None:
    document = a_profile(a_template(verb=VERB))
    lines = as_text(document).splitlines()
    [template] = read(document).templates

    assert (template.place.path, template.place.line) == ("harbour.jsonld", lines.index('  "templates": [') + 2)


def test_what_is_not_known_is_passed_over() -> None:
    document = a_profile(
        {**a_template(verb=VERB, scopeNote={"en": "…"}), "https://example.org/own": {"deep": [1]}},
        patterns=[{"id": "urn:x:p", "type": "Pattern", "primary": True, "sequence": [TEMPLATE]}],
        seeAlso="https://example.org/more",
    )

    assert len(read(document).templates) == 1


def test_json_ld_keywords_may_stand_for_their_aliases() -> None:
    text = as_text(a_profile(a_template(verb=VERB))).replace('"id"', '"@id"').replace('"type"', '"@type"')

    assert [each.id for each in read(json.loads(text)).templates] == [TEMPLATE]


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"verb": "moored"}, "verb is an IRI"),
        ({"verb": [VERB]}, "verb is an IRI"),
        ({"contextParentActivityType": SHIP}, "contextParentActivityType is a list of IRIs"),
        ({"contextParentActivityType": []}, "not an empty one"),
        ({"attachmentUsageType": [1]}, "attachmentUsageType is an IRI"),
        ({"objectStatementRefTemplate": TEMPLATE}, "objectStatementRefTemplate is a list of IRIs"),
        ({"objectStatementRefTemplate": [TEMPLATE], "objectActivityType": SHIP}, "exclude each other"),
        ({"rules": {}}, "rules is a list"),
        ({"rules": [1]}, "a rule is an object"),
        ({"rules": [{"presence": "included"}]}, "a rule has a location"),
        ({"rules": [{"location": "$.id"}]}, "at least one of presence, any, all, none"),
        ({"rules": [{**_RULE, "location": 1}]}, "location is a text"),
        ({"rules": [{**_RULE, "location": "$..id"}]}, "at any depth"),
        ({"rules": [{**_RULE, "selector": "$[?@.a]"}]}, "filters"),
        ({"rules": [{**_RULE, "presence": "required"}]}, "one of included, excluded, recommended"),
        ({"rules": [{**_RULE, "any": []}]}, "any is a list of values"),
        ({"rules": [{**_RULE, "none": "x"}]}, "none is a list of values"),
        ({"rules": [_RULE] * 501}, "more than 500 rules"),
    ],
)
def test_a_template_that_cannot_be_used_is_left_out_with_a_note(properties: Json, message: str) -> None:
    profile = read(a_profile(a_template(**properties), a_template(f"{TEMPLATE}/good", verb=VERB)))

    assert [each.id for each in profile.templates] == [f"{TEMPLATE}/good"]
    [note] = profile.notes
    assert message in str(note)
    assert str(note).startswith("harbour.jsonld:")
    assert profile.unusable == {TEMPLATE: note}


def test_a_concept_without_an_id_is_left_out_with_a_note() -> None:
    profile = read(a_profile(concepts=({"type": "Verb"}, a_concept(VERB))))

    assert [each.id for each in profile.concepts] == [VERB]
    assert "a part without an id" in str(profile.notes[0])


def test_another_version_of_the_specification_is_noted() -> None:
    assert "conforms to" in str(read(a_profile(conformsTo="https://w3id.org/xapi/profiles#2.0")).notes[0])


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("", "p.jsonld:1:1: not JSON"),
        ('{\n  "id": 1,\n  "id": 2}', "p.jsonld:3:3: the property 'id' is given twice (first in line 2)"),
        ('{"a": 1} {', "p.jsonld:1:10: not JSON"),
        ("[]", "p.jsonld:1:1: not an xAPI Profile"),
        ('{"type": "Ontology"}', "p.jsonld:1:1: not an xAPI Profile"),
        ('{"type": "Profile"}', "p.jsonld:1:1: not an xAPI Profile: id is missing"),
        ('{"type": "Profile",\n "id": "harbour"}', "p.jsonld:2:8: not an xAPI Profile: id is an IRI"),
        pytest.param("[" * 100_000, "p.jsonld:1:66: more than", id="deep"),
        pytest.param(f'["{"x" * 5_000_000}"]', "p.jsonld:1:1: larger than", id="large"),
        ('{"a": "\\ud800"}', "half of a character"),
        ("[1e999]", "p.jsonld:1:7: not JSON"),
        pytest.param(f"[{'1' * 100_000}]", "p.jsonld:1:2: not JSON", id="many digits"),
    ],
)
def test_what_is_no_profile_is_refused_at_its_place(text: str, problem: str) -> None:
    [found] = _problems(text)

    assert problem in found


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
        max_leaves=12,
    ),
    st.sampled_from([None, 1, "\t"]),
)
def test_the_tree_of_a_json_text_is_what_it_says(value: object, indent: int | str | None) -> None:
    node = parse_json("x.json", json.dumps(value, indent=indent), problems := Problems())

    assert not problems
    assert node is not None
    assert json.dumps(node.plain()) == json.dumps(value)


@given(st.text(st.sampled_from('{}[],:" \n\\u0019.eE+-truefalsn'), max_size=30))
def test_json_is_taken_exactly_where_the_standard_library_takes_it(text: str) -> None:
    try:
        expected: object = json.loads(text, object_pairs_hook=_unique, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        expected = ValueError
    node = parse_json("x.json", text, Problems())

    assert (ValueError if node is None else node.plain()) == expected


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    if len(dict(pairs)) < len(pairs):
        raise ValueError
    return dict(pairs)


def _refuse(_: str) -> object:
    raise ValueError


def _finite(text: str) -> float:
    number = float(text)
    if number in {float("inf"), float("-inf")}:
        raise ValueError
    return number
