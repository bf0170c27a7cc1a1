"""`path` and `template` conditions: at both levels, typed, explained, indexed, and unmoved by odd data."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs_bridge.domain.rule_testing.running import run
from lrs_bridge_rules.completions.attempt import conclude
from lrs_bridge_rules.completions.subject import Subject, subject_of
from lrs_bridge_rules.conditions.fields import Facts, Told
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.errors import DocumentError
from lrs_bridge_rules.explain import lines_of
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import Statement, decode_statement
from lrs_bridge_rules.verdict import ClauseTrace
from support.profiles import DEPTH, HARBOUR, PIER, SHIP, TEMPLATE, VERB, Json, a_mooring, a_profile, a_template, as_text
from support.xapi import a_body, a_reading, a_rule, encoded

_PROFILE = as_text(
    a_profile(
        a_template(verb=VERB, rules=[{"location": "$.result.duration", "presence": "included"}]),
        a_template(f"{HARBOUR}/ship", objectActivityType=SHIP),
        a_template(f"{HARBOUR}/pier", verb=VERB, contextParentActivityType=[PIER]),
        a_template(f"{HARBOUR}/signed", attachmentUsageType=["urn:x:signature"]),
        a_template(f"{HARBOUR}/anything"),
        a_template(f"{HARBOUR}/after", objectStatementRefTemplate=[TEMPLATE]),
    )
)
_MOORED = "{verb: moored, activity: {name: Anna, type: ship}, parent: {name: Fleet, type: ship}}"
_HERE = f"$.result.extensions['{DEPTH}']"


def _loaded(text: str) -> Ruleset:
    return load_texts({"rules.yaml": text, "harbour.jsonld": _PROFILE})


def _rules(*conditions: str) -> Ruleset:
    return _loaded("rules:\n" + "".join(a_rule(when, rule_id=f"r{at}") for at, when in enumerate(conditions)))


def _definitions(*conditions: str) -> Ruleset:
    entries = [f"- {{id: d{at}, when: {when}, outcome: completed}}\n" for at, when in enumerate(conditions)]
    return _loaded("completions:\n" + "".join(entries))


def _completion(*statements: Statement) -> Subject:
    readings = [a_reading(minutes=at, statement=each, verb=each.verb.id) for at, each in enumerate(statements)]
    return subject_of(conclude(readings), readings)


def _with(value: object) -> Statement:
    return a_mooring(result={"extensions": {DEPTH: value}})


@pytest.mark.parametrize(
    ("wanted", "value", "holds"),
    [
        ("deep", "deep", True),
        ("deep", "Deep", False),
        ("[deep, shallow]", "shallow", True),
        ("{in: [deep]}", "deep", True),
        ("{not_in: [deep]}", "shallow", True),
        ("{not_in: [deep]}", "deep", False),
        ("{contains: ee}", "deep", True),
        ("{prefix: de}", "deep", True),
        ("{glob: 'd*p'}", "deep", True),
        ("7", 7, True),
        ("7", 7.0, True),
        ("7", "7", False),
        ("'7'", "7", True),
        ("'7'", 7, False),
        ("1", True, False),
        ("true", True, True),
        ("true", 1, False),
        ("false", False, True),
        ("{gt: 5}", 7, True),
        ("{gt: 5}", "7", False),
        ("{gt: 5}", True, False),
        ("{gte: 7, lt: 8}", 7, True),
        ("{between: [5, 8]}", 7, True),
        ("{lte: 6.5}", 7, False),
        ("{present: true}", 0, True),
        ("{present: true}", False, True),
        ("{present: true}", [], True),
        ("{present: true}", {}, True),
        ("{present: false}", "deep", False),
        ("deep", ["deep"], False),
        ("'a list of 1'", ["deep"], False),
        ("{contains: object}", {"a": 1}, False),
    ],
)
def test_a_path_is_compared_by_the_type_of_what_is_asked_for(wanted: str, value: object, holds: bool) -> None:
    when = f'{{path: {{"{_HERE}": {wanted}}}}}'

    assert bool(_rules(when).evaluate(_completion(_with(value))).matches) is holds
    assert _definitions(when).wants(_with(value)) is holds


def test_what_is_not_there_fits_only_its_absence() -> None:
    for wanted, holds in (("deep", False), ("{present: false}", True), ("{not_in: [deep]}", True), ("{gt: 1}", False)):
        when = f'{{path: {{"{_HERE}": {wanted}}}}}'
        assert bool(_rules(when).evaluate(_completion(a_mooring())).matches) is holds, wanted


def test_several_paths_must_all_hold_and_groups_work_as_ever() -> None:
    both = f'{{path: {{"{_HERE}": 7, "$.verb.id": "{VERB}"}}}}'
    either = f'{{any: [{{path: {{"{_HERE}": 7}}}}, {{path: {{"$.verb.id": nothing}}}}]}}'
    neither = f'{{not: {{path: {{"{_HERE}": 7}}}}}}'

    found = _rules(both, either, neither).evaluate(_completion(_with(7))).matches

    assert [match.rule for match in found] == ["r0", "r1"]


def test_a_list_of_the_ruleset_can_stand_behind_a_path() -> None:
    text = "lists: {depths: [deep, deeper]}\nrules:\n" + a_rule(f'{{path: {{"{_HERE}": {{list: depths}}}}}}')

    assert _loaded(text).evaluate(_completion(_with("deeper"))).matches


def test_any_statement_of_a_completion_will_do() -> None:
    when = f'{{path: {{"{_HERE}": 7}}, template: harbour/ship}}'
    elsewhere = a_mooring(object={"id": "https://example.org/x"})

    assert _rules(when).evaluate(_completion(elsewhere, _with(7))).matches
    assert not _rules(when).evaluate(_completion(elsewhere)).matches


@pytest.mark.parametrize(
    ("wanted", "statement", "holds"),
    [
        (TEMPLATE, a_mooring(result={"duration": "PT1H"}), True),
        ("harbour/mooring", a_mooring(result={"duration": "PT1H"}), True),
        (TEMPLATE, a_mooring(), False),
        (f"[harbour/pier, {HARBOUR}/ship]", a_mooring(), True),
        (f"{HARBOUR}/anything", a_mooring(), True),
        ("harbour/signed", a_mooring(attachments=[{"usageType": "urn:x:signature"}]), True),
        ("harbour/signed", a_mooring(), False),
    ],
)
def test_a_template_is_followed_or_not(wanted: str, statement: Statement, holds: bool) -> None:
    when = f"{{template: {wanted}}}"

    assert bool(_rules(when).evaluate(_completion(statement)).matches) is holds
    assert _definitions(when).wants(statement) is holds


def test_a_completion_knows_the_statements_that_its_own_refer_to() -> None:
    target = a_mooring(id="6b1f6f0e-0f0e-4f0e-8f0e-000000000001", result={"duration": "PT1H"})
    broken = a_mooring(id="6b1f6f0e-0f0e-4f0e-8f0e-000000000001")
    after = a_mooring(object={"objectType": "StatementRef", "id": "6b1f6f0e-0f0e-4f0e-8f0e-000000000001"})
    ruleset = _rules("{template: harbour/after}")

    assert ruleset.evaluate(_completion(target, after)).matches
    assert not ruleset.evaluate(_completion(broken, after)).matches
    assert ruleset.evaluate(_completion(after)).matches


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ("{path: {}}", "rules.yaml:2:41: `path` takes a mapping"),
        ("{path: {'$..id': x}}", "rules.yaml:2:42: '$..id' is not a path of the xAPI Profiles specification"),
        ("{path: {'$.id': }}", "rules.yaml:2:50: path[$.id]: expected a text"),
        ("{path: {'$.id': {}}}", "rules.yaml:2:50: path needs a value or an operator"),
        ("{path: {'$.id': {i: 1}}}", "rules.yaml:2:51: unknown operator 'i'"),
        ("{path: {'$.id': {gt: x}}}", "expected a number, not the text 'x'"),
        ("{path: {'$.id': [1, x]}}", "expected a number, not the text 'x'"),
        ("{path: {'$.id': {list: no}}}", "unknown list 'no'"),
        ("{pth: {'$.id': x}}", "unknown field 'pth', did you mean 'path'?"),
        (
            "{template: harbour/moring}",
            "rules.yaml:2:45: unknown template 'harbour/moring', did you mean 'harbour/mooring'",
        ),
        (
            "{template: 7}",
            "rules.yaml:2:45: expected the IRI of a Statement Template, or PROFILE/NAME, not the number 7",
        ),
        ("{template: {in: [x]}}", "expected a value, a list of values, or {list: NAME}"),
        ("{template: []}", "an empty list can never fit"),
    ],
)
def test_what_is_wrong_is_told_at_its_place(when: str, problem: str) -> None:
    with pytest.raises(DocumentError) as refused:
        _rules(when)

    assert problem in str(refused.value)


def test_an_explanation_shows_what_was_found() -> None:
    [trace] = _rules(f'{{path: {{"{_HERE}": {{gte: 5}}}}, template: harbour/mooring}}').explain(_completion(_with([4])))

    path, template = trace.clauses
    assert path == ClauseTrace(f"path[{_HERE}] (number)", "gte", 5, "a list of 1", False)
    assert (template.field, template.expected, template.met) == ("template", "harbour/mooring", False)
    assert template.actual == "invalid: $.result.duration must be there, found nothing"
    assert "found invalid: $.result.duration must be there" in lines_of(trace)[2]


def test_of_several_statements_the_one_that_comes_nearest_is_shown() -> None:
    [trace] = _rules("{template: harbour/mooring}").explain(
        _completion(a_mooring(), decode_statement(encoded(a_body("completed"))))
    )

    assert str(trace.clauses[0].actual).startswith("invalid")
    assert json.dumps(trace.clauses[0].actual)


def test_the_short_names_of_a_profile_can_be_used_wherever_words_stand() -> None:
    text = (
        "completions:\n"
        "- {id: moored, when: {verb: moored}, outcome: completed, activity: {from: parent, type: ship}}\n"
        "rules:\n" + a_rule("{verb: moored}", f"tests: [{{name: fits, statements: {_MOORED}, expect: match}}]")
    )
    concepts = [{"id": VERB, "type": "Verb"}, {"id": SHIP, "type": "ActivityType"}]
    texts = {"rules.yaml": text, "p.json": as_text(a_profile(concepts=tuple(concepts)))}

    ruleset = load_texts(texts)

    assert ruleset.evaluate(_completion(a_mooring())).matches
    assert ruleset.definitions[0].types == {SHIP}
    assert [result.passed for result in run(ruleset) if result.case == "fits"] == [True]


_CLAUSES = st.sampled_from(
    [
        *(f"{{template: {name}}}" for name in ("harbour/mooring", "harbour/ship", "harbour/pier", "harbour/signed")),
        "{template: [harbour/pier, harbour/signed]}",
        "{template: harbour/anything}",
        f"{{verb: '{VERB}'}}",
        f"{{path: {{'$.verb.id': '{VERB}'}}}}",
        "{path: {'$.result.duration': {prefix: PT}}}",
        "{path: {'$.attachments[*].usageType': {present: true}}}",
        "{path: {'$.context.contextActivities.parent[*].id': {contains: example}}}",
        f"{{path: {{'$.object.definition.type': {{not_in: ['{SHIP}']}}}}}}",
        "{path: {'$.result.score.raw': {gte: 5}}}",
    ]
)
_CONDITIONS = st.recursive(
    _CLAUSES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"{{any: [{', '.join(parts)}]}}")
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"{{all: [{', '.join(parts)}]}}")
        | inner.map("{{not: {}}}".format)
    ),
    max_leaves=4,
)
_PARENT: Json = {"id": "https://example.org/p", "definition": {"type": PIER}}
_STATEMENTS = st.fixed_dictionaries(
    {"verb": st.sampled_from([VERB, "http://adlnet.gov/expapi/verbs/completed"])},
    optional={
        "object": st.sampled_from([{"id": "urn:x:a"}, {"id": "urn:x:b", "definition": {"type": SHIP}}]),
        "result": st.sampled_from([{"duration": "PT1H"}, {"score": {"raw": 7}}, {"score": {"raw": 3}}]),
        "attachments": st.sampled_from([[], [{"usageType": "urn:x:signature"}], [7]]),
        "context": st.sampled_from(
            [{"contextActivities": {"parent": _PARENT}}, {"contextActivities": {"parent": [_PARENT, _PARENT]}}]
        ),
    },
).map(lambda said: a_mooring(**{**said, "verb": {"id": said["verb"]}}))


@settings(max_examples=120, deadline=None)
@given(
    st.lists(_CONDITIONS, min_size=1, max_size=6), st.lists(st.lists(_STATEMENTS, min_size=1, max_size=2), max_size=3)
)
def test_the_index_finds_what_looking_at_every_rule_finds(
    conditions: list[str], attempts: list[list[Statement]]
) -> None:
    ruleset = _rules(*conditions)

    for statements in attempts:
        subject = _completion(*statements)
        found = [match.rule for match in ruleset.evaluate(subject).matches]
        assert found == [rule.id for rule in ruleset.rules if rule.condition.holds(Facts(subject))]


@settings(max_examples=80, deadline=None)
@given(st.lists(_CONDITIONS, min_size=1, max_size=40), st.lists(_STATEMENTS, max_size=3))
def test_narrowing_by_verb_and_type_loses_no_definition(conditions: list[str], statements: list[Statement]) -> None:
    ruleset = _definitions(*conditions)

    for statement in statements:
        facts = Facts(Told(statement))
        fitting = [each.id for each in ruleset.definitions if each.condition.holds(facts)]
        read = ruleset.read(statement, statement_id="s")
        assert (read.definition if read is not None else None) == (fitting[0] if fitting else None)


def test_of_a_thousand_templates_only_those_that_could_be_about_it_are_looked_at() -> None:
    templates = [a_template(f"{HARBOUR}/t{at}", verb=VERB, objectActivityType=f"{SHIP}/{at}") for at in range(1000)]
    rules = "rules:\n" + "".join(a_rule(f"{{template: p/t{at}}}", rule_id=f"r{at}") for at in range(1000))
    ruleset = load_texts({"rules.yaml": rules, "p.jsonld": as_text(a_profile(*templates))})
    subject = _completion(a_mooring(object={"id": "urn:x:a", "definition": {"type": f"{SHIP}/77"}}))

    assert ruleset._rule_index.candidates(Facts(subject)) == [77]


def test_a_body_is_read_in_full_only_for_templates_that_are_about_it() -> None:
    statement = a_mooring()

    assert not _rules("{template: harbour/pier}").evaluate(_completion(statement)).matches
    assert isinstance(statement.kept, bytes)


_ODD = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.text("ab$.[]'", max_size=3),
    lambda inner: (
        st.lists(inner, max_size=2) | st.dictionaries(st.sampled_from(["id", "a", "type"]), inner, max_size=2)
    ),
    max_leaves=5,
)


@settings(max_examples=80, deadline=None)
@given(
    st.dictionaries(st.sampled_from(["attachments", "authority", "custom"]), _ODD),
    st.dictionaries(st.just(DEPTH), _ODD),
)
def test_odd_data_makes_nothing_fall(outside: dict[str, Any], extensions: dict[str, Any]) -> None:
    statement = a_mooring(**outside, result={"extensions": extensions})
    ruleset = _rules(
        *(f"{{template: harbour/{name}}}" for name in ("mooring", "signed", "after")),
        f"{{path: {{\"{_HERE}['a', 'id'][*] | $.attachments[0].usageType | $.custom.*\": {{contains: a}}}}}}",
        f'{{path: {{"{_HERE}": {{gt: 3}}}}}}',
    )

    traces = ruleset.explain(_completion(statement))

    assert all(lines_of(trace) for trace in traces)
    assert json.dumps([[clause.actual for clause in trace.clauses] for trace in traces])
