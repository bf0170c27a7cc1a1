"""The law of narrowing: what verb and type leave possible holds every definition that fits, whatever came before."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs_bridge_rules.conditions import narrowing
from lrs_bridge_rules.conditions.fields import Facts, Told
from lrs_bridge_rules.conditions.narrowing import Narrowing
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import Statement, decode_statement
from support.xapi import a_ruleset

_ADL = "http://adlnet.gov/expapi"
_CLAUSES = st.sampled_from(
    [
        "{verb: passed}",
        "{verb: [passed, failed]}",
        "{verb: {not_in: [passed]}}",
        "{verb: {prefix: 'http://adlnet.gov/expapi/verbs/p'}}",
        "{activity.type: course}",
        "{activity.type: {present: false}}",
        "{activity.type: {not_in: [course]}}",
        "{activity.id: 'urn:a'}",
        "{result.success: true}",
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
_STATEMENTS = st.builds(
    lambda verb, kind, own_id, success: _a_statement(verb, kind, own_id, success=success),
    st.sampled_from(["passed", "failed", "completed"]),
    st.sampled_from(["", "course", "assessment"]),
    st.sampled_from(["urn:a", "urn:b"]),
    st.booleans(),
)


def _a_statement(verb: str, kind: str, own_id: str = "urn:a", *, success: bool = True) -> Statement:
    definition = f', "definition": {{"type": "{_ADL}/activities/{kind}"}}' if kind else ""
    return decode_statement(
        f'{{"actor": {{"mbox": "mailto:ada@example.org"}}, "verb": {{"id": "{_ADL}/verbs/{verb}"}}, '
        f'"object": {{"id": "{own_id}"{definition}}}, "result": {{"success": {str(success).lower()}}}, '
        '"timestamp": "2026-03-02T12:00:00Z"}'.encode()
    )


def _definitions(conditions: list[str]) -> Ruleset:
    rows = [f"- {{id: d{at}, when: {when}, outcome: completed}}\n" for at, when in enumerate(conditions)]
    return a_ruleset("completions:\n" + "".join(rows))


@settings(max_examples=200, deadline=None)
@given(st.lists(_CONDITIONS, min_size=1, max_size=12), st.lists(_STATEMENTS, min_size=1, max_size=6))
def test_the_first_that_fits_is_found_whatever_came_before(conditions: list[str], said: list[Statement]) -> None:
    ruleset = _definitions(conditions)

    for statement in said:
        facts = Facts(Told(statement))
        fitting = [definition.id for definition in ruleset.definitions if definition.condition.holds(facts)]
        reading = ruleset.read(statement, statement_id="1")

        assert ([reading.definition] if reading is not None else []) == fitting[:1]
        assert ruleset.wants(statement) is bool(fitting)


def test_a_pair_that_no_definition_names_leaves_nothing_to_ask() -> None:
    either = "{any: [{verb: passed}, {verb: failed, result.success: true}]}"
    ruleset = _definitions(["{verb: passed, activity.id: 'urn:a'}", "{verb: failed}", either])
    narrowed = Narrowing([definition.condition for definition in ruleset.definitions])

    assert list(narrowed.candidates(Facts(Told(_a_statement("completed", "course"))))) == []


def test_new_pairs_without_end_are_judged_all_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(narrowing, "_PAIRS", 1)
    ruleset = _definitions(["{verb: passed, activity.type: course}", "{activity.id: 'urn:a'}"])

    found = [ruleset.wants(_a_statement(*pair)) for pair in (("passed", "course"), ("failed", "x"), ("passed", "y"))]
    nothing = ruleset.wants(_a_statement("failed", "z", "urn:b"))

    assert (found, nothing) == ([True, True, True], False)
