"""The law of the index: looking through it finds exactly what looking at every rule finds."""

from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.completions.reading import Activity
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.fields import Facts
from lrs_bridge_rules.ruleset import Ruleset
from support.xapi import ADL, a_rule, a_ruleset, a_statement, a_subject

_IDS = ["urn:a", "urn:ab", "urn:b"]
_NAMES = ["Excel basics", "Excel for experts", "First aid", "aid", "ai", ""]
_VERBS = ["passed", "completed", "failed"]


def _one_or_some(values: list[str]) -> st.SearchStrategy[str]:
    quoted = st.sampled_from([f"'{value}'" for value in values if value])
    return quoted | st.lists(quoted, min_size=1, max_size=3).map(lambda some: f"[{', '.join(some)}]")


_CLAUSES = st.one_of(
    _one_or_some(_IDS).map("{{activity.id: {}}}".format),
    _one_or_some(_IDS).map("{{activity.id: {{not_in: {}}}}}".format),
    st.sampled_from(["'urn:*'", "'*b'", "'u*a*'", "'urn:a'"]).map("{{activity.id: {{glob: {}}}}}".format),
    _one_or_some(_IDS).map("{{parent.id: {}}}".format),
    _one_or_some(_NAMES).map("{{activity.name: {}}}".format),
    _one_or_some(["excel", "cel", "ai", "a", "aid", "first aid", "pert"]).map(
        "{{activity.name: {{contains: {}}}}}".format
    ),
    _one_or_some(["ex", "first"]).map("{{activity.name: {{prefix: {}}}}}".format),
    _one_or_some(_VERBS).map("{{verb: {}}}".format),
    _one_or_some(_VERBS).map("{{outcome: {}}}".format),
    st.sampled_from(["course", "assessment"]).map("{{activity.type: {}}}".format),
    st.sampled_from([50, 80]).map("{{score.percent: {{gte: {}}}}}".format),
    st.booleans().map(lambda wanted: f"{{parent.id: {{present: {str(wanted).lower()}}}}}"),
    st.sampled_from(["{gte: 45min}", "{lt: PT1H}", "{between: [30min, 1h]}", "{present: false}"]).map(
        "{{duration: {}}}".format
    ),
    st.sampled_from(["{on: 2026-03-02}", "{before: 2026-03-02}", "{after: 2026-03-01}"]).map("{{at: {}}}".format),
    st.sampled_from(["internal-team", "[internal-team, ad-hoc]", "{not_in: ad-hoc}"]).map(
        "{{provider.kind: {}}}".format
    ),
    _one_or_some(["mailto:a@example.org", "mailto:b@example.org"]).map("{{instructor: {}}}".format),
    st.sampled_from(
        ["1", "'1'", "true", "[a, '1']", "{gte: 1}", "{prefix: a}", "{contains: a}", "{present: true}"]
    ).map("{{extension: {{'x:a': {}}}}}".format),
    _one_or_some(["x:a", "x:a=1", "x:a=ab"]).map("{{extension: {}}}".format),
    _one_or_some(["en", "en-GB"]).map("{{language: {}}}".format),
)
_CONDITIONS = st.recursive(
    _CLAUSES,
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"{{any: [{', '.join(parts)}]}}")
        | st.lists(inner, min_size=1, max_size=3).map(lambda parts: f"{{all: [{', '.join(parts)}]}}")
        | inner.map("{{not: {}}}".format)
    ),
    max_leaves=5,
)
_SUBJECTS = st.builds(
    lambda ids, names, verbs, outcome, kind, percent, parents, minutes, provider, said: a_subject(
        activity=Activity(ids[0], names[0], kind),
        activity_ids=tuple(ids),
        names=tuple(names),
        verbs=tuple(ADL + verb for verb in verbs),
        outcome=Outcome(outcome),
        percent=percent,
        parents=tuple(Activity(parent) for parent in parents),
        duration=minutes and timedelta(minutes=minutes),
        provider_kind=provider,
        statements=tuple(a_statement(context=context) for context in said),
    ),
    st.lists(st.sampled_from(_IDS), min_size=1, max_size=2),
    st.lists(st.sampled_from(_NAMES), min_size=1, max_size=2),
    st.lists(st.sampled_from(_VERBS), max_size=2),
    st.sampled_from(_VERBS),
    st.sampled_from(["", "http://adlnet.gov/expapi/activities/course"]),
    st.none() | st.sampled_from([10.0, 50.0, 90.0]),
    st.lists(st.sampled_from(_IDS), max_size=2),
    st.sampled_from([None, 30, 45, 60]),
    st.sampled_from(["", "internal-team", "ad-hoc"]),
    st.lists(
        st.fixed_dictionaries(
            {},
            optional={
                "instructor": st.sampled_from(["a", "b"]).map(lambda name: {"mbox": f"mailto:{name}@example.org"}),
                "language": st.sampled_from(["en", "EN-gb"]),
                "extensions": st.sampled_from(
                    [{"x:a": 1}, {"x:a": "1"}, {"x:a": True}, {"x:a": ["ab", 2]}, {"x:b": 1}]
                ),
            },
        ),
        max_size=2,
    ),
)


def _ruleset(conditions: list[str]) -> Ruleset:
    return a_ruleset("rules:\n" + "".join(a_rule(when, rule_id=f"r{at}") for at, when in enumerate(conditions)))


def _by_looking_at_all(ruleset: Ruleset, subject: Subject) -> list[str]:
    return [rule.id for rule in ruleset.rules if rule.condition.holds(Facts(subject))]


@settings(max_examples=300, deadline=None)
@given(st.lists(_CONDITIONS, min_size=1, max_size=8), st.lists(_SUBJECTS, min_size=1, max_size=4))
def test_the_index_finds_what_looking_at_every_rule_finds(conditions: list[str], subjects: list[Subject]) -> None:
    ruleset = _ruleset(conditions)

    for subject in subjects:
        found = [match.rule for match in ruleset.evaluate(subject).matches]
        assert found == _by_looking_at_all(ruleset, subject)


@settings(max_examples=20, deadline=None)
@given(st.lists(_CONDITIONS, max_size=8), st.lists(_SUBJECTS, min_size=1, max_size=8))
def test_the_law_holds_when_names_are_filed_by_their_pieces(conditions: list[str], subjects: list[Subject]) -> None:
    many = [f"{{activity.name: {{contains: 'topic number {number}'}}}}" for number in range(40)]
    ruleset = _ruleset([*many, "{activity.name: {contains: e}}", "{activity.name: {contains: xc}}", *conditions])
    named = a_subject(names=("About topic number 17",))

    for subject in (*subjects, named):
        found = [match.rule for match in ruleset.evaluate(subject).matches]
        assert found == _by_looking_at_all(ruleset, subject)
    assert "r17" in {match.rule for match in ruleset.evaluate(named).matches}


def test_rules_that_cannot_apply_are_not_looked_at() -> None:
    by_name = [
        f"{{activity.type: course, activity.name: {{contains: 'subject {number:04}'}}}}" for number in range(500)
    ]
    by_id = [f"{{activity.id: 'urn:course:{number}', outcome: passed}}" for number in range(500)]
    ruleset = _ruleset([*by_name, *by_id])
    subject = a_subject(activity_ids=("urn:course:7",), names=("All of subject 0321",))

    candidates = ruleset._rule_index.candidates(Facts(subject))

    assert {321, 507} <= set(candidates)
    assert len(candidates) < 25
