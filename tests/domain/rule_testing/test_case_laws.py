"""The law of cases: whatever came of one can be expected, and is; and nothing that can be told ends the runner."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lrs_bridge.domain.rule_testing import pending, run
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.documents.printing import to_yaml
from lrs_bridge_rules.errors import DocumentError

RULES: dict[str, Any] = {
    "completions": [
        {"id": verb, "when": {"verb": verb}, "outcome": outcome}
        for verb, outcome in (
            ("initialized", "started"),
            ("failed", "failed"),
            ("passed", "passed"),
            ("completed", "completed"),
            ("scored", "scored"),
            ("waived", "waived"),
        )
    ],
    "follow_ups": [
        {"id": "apply", "kind": "apply", "title": "Use it", "due": "30d", "expire": "10d"},
        {"id": "share", "kind": "share", "title": "Tell it", "due": "7d"},
    ],
    "follow_ups_default": ["share"],
    "rules": [
        {
            "id": "tried",
            "status": "draft",
            "when": {"activity.name": {"contains": "a"}, "not": {"score.percent": {"lt": 50}}},
            "unless": [{"when": {"learner.unit": "Sales"}, "reason": "sales", "until": "2026-01-31"}],
            "evidence": [{"competency": "x", "weight": 0.5}],
            "follow_up": ["apply"],
        },
        {"id": "dim", "status": "shadow", "when": {"outcome": "passed"}, "evidence": {"competency": "y"}},
        {"id": "out", "status": "active", "when": {"activity.name": "c"}, "exclude": "no learning"},
    ],
}
moments = st.sampled_from(["+1d", "+20d", "+100d", "-2d", "2026-01-20", "2026-03-01T12:00:00Z"])
competencies = st.lists(st.sampled_from("xyz"), max_size=2, unique=True)
statements = st.fixed_dictionaries(
    {
        "verb": st.sampled_from(["initialized", "failed", "passed", "completed", "scored", "waived", "experienced"]),
        "activity": st.sampled_from(["a", "b", "c", "urn:a"]),
    },
    optional={
        "at": moments,
        "score": st.integers(0, 100),
        "registration": st.sampled_from("12"),
        "duration": st.just("PT2H"),
    },
)
goals = st.fixed_dictionaries(
    {"title": st.sampled_from(["One", "Two"]), "competencies": competencies},
    optional={
        "activities": st.just(["urn:a"]),
        "required": st.sampled_from([0.5, 1.0, 2.0]),
        "supports": st.fixed_dictionaries({"what": st.just("time")}, optional={"ready": moments, "needed_by": moments}),
        "wanted_by": st.sampled_from(["organisation", "learner", "both"]),
        "follow_ups": st.just(["share"]),
    },
)
contracts = st.fixed_dictionaries(
    {"goals": st.lists(goals, max_size=2, unique_by=lambda goal: goal["title"])},
    optional={"signed": st.one_of(moments, st.just(False)), "until": moments, "opportunity": st.just("urn:a")},
)
entries = st.fixed_dictionaries(
    {"id": st.sampled_from(["urn:a", "https://activities.example.org/a"])},
    optional={
        "fee": st.sampled_from([10.0, 99.99]),
        "hours": st.just(8.0),
        "competencies": competencies,
        "aliases": st.just(["https://activities.example.org/b"]),
        "mandated_by": st.just("the law"),
        "valid_for": st.sampled_from(["1d", "1y"]),
        "pre_test": st.just("https://activities.example.org/c"),
    },
)
cases = st.fixed_dictionaries(
    {"statements": st.lists(statements, min_size=1, max_size=4)},
    optional={
        "now": moments,
        "learner": st.fixed_dictionaries(
            {}, optional={"unit": st.sampled_from(["Sales", "IT"]), "hourly_rate": st.just(33.3)}
        ),
        "contract": contracts,
        "catalogue": entries,
        "needs": competencies,
        "wants": competencies,
    },
)
#: A voider of one of the first statements, behind them.
voiders = st.one_of(st.none(), st.just(1))


def documents(case: dict[str, Any], expect: object) -> dict[str, str]:
    tried = RULES["rules"][0] | {"tests": [{"name": "case", **case, "expect": expect}]}
    return {"own.yaml": to_yaml(RULES | {"rules": [tried, *RULES["rules"][1:]]})}


@settings(max_examples=60)
@given(cases, voiders)
def test_whatever_came_of_a_case_can_be_expected_of_it_and_is(case: dict[str, Any], voids: int | None) -> None:
    if voids is not None:
        case = case | {"statements": [*case["statements"], {"voids": voids}]}
    [first] = (each for each in pending(load_texts(documents(case, "match"))) if each.rule == "tried")
    came = dict(first.came())
    [result] = (each for each in run(load_texts(documents(case, came))) if each.rule == "tried")

    assert result.passed, result.details


@pytest.mark.parametrize(
    "told",
    [
        {"now": "0001-01-01T00:00:00Z"},
        {"now": "+9999y"},
        {"statements": {"verb": "passed", "activity": "a", "at": "9999-12-31T23:59:59Z"}},
        {"statements": [{"verb": "passed", "activity": "a"}, {"verb": "passed", "activity": "a", "at": "-9999y"}]},
        {"statements": {"verb": "voided", "activity": "a"}},
        {"statements": {"verb": "passed", "activity": {"id": " "}}},
        {"statements": {"verb": "passed", "activity": {}}},
        {"statements": {"verb": "passed", "activity": "a", "response": "\0"}},
        {"contract": {"goals": "x", "signed": "0001-01-01T00:00:00Z", "from": "-9999y", "until": "+9999y"}},
        {"contract": {"goals": []}},
        {"learner": {"hired_on": "-9999y", "hourly_rate": 999999.0}, "catalogue": {"fee": 999999.0, "hours": 999999.0}},
        {
            "catalogue": [
                {"id": "urn:a", "aliases": "urn:a", "pre_test": "urn:a"},
                {"id": "urn:a", "valid_for": "9999y"},
            ]
        },
    ],
)
def test_nothing_that_can_be_told_ends_the_runner(told: dict[str, Any]) -> None:
    case = {"statements": {"verb": "passed", "activity": "a"}} | told
    results = run(load_texts(documents(case, {"match": True, "evidence": "x", "findings": []})))

    assert [each.case for each in results if each.rule == "tried"] == ["case"]


@pytest.mark.parametrize("told", [{"learner": {"hourly_rate": 1e308}}, {"catalogue": {"fee": 1e308}}])
def test_what_would_end_in_infinity_cannot_be_told(told: dict[str, Any]) -> None:
    with pytest.raises(DocumentError, match="999999"):
        load_texts(documents({"statements": {"verb": "passed", "activity": "a"}} | told, "match"))
