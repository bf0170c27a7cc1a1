"""What may be published: rules whose tests pass, and that show a match and a no-match where they count."""

import pytest
from sqlalchemy import Engine

from lrs_bridge.acts import rules
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.acts.rules import TestsFailed
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.rulesets import RulesetVersion
from lrs_bridge_rules.documents.loader import load_texts
from support.builders import NOON

LACKING = """
include: [generic-adl]
rules:
  - {id: without, status: active, when: {activity.name: A}, evidence: {competency: a}}
  - id: half
    status: active
    when: {activity.name: B}
    evidence: {competency: b}
    tests: [{name: b, statements: {verb: passed, activity: B}, expect: match}]
  - {id: draft, status: draft, when: {activity.name: C}, evidence: {competency: c}}
  - {id: shadow, status: shadow, when: {activity.name: C}, evidence: {competency: c}}
"""


def test_each_active_rule_that_lacks_a_case_is_named_with_its_place(engine: Engine) -> None:
    with pytest.raises(TestsFailed) as refused:
        rules.publish(engine, {"own.yaml": LACKING}, "lacking", OPERATOR, NOON)

    assert str(refused.value).splitlines()[::2] == [
        "own.yaml:4:5: without: has a test that expects match",
        "own.yaml:4:5: without: has a test that expects no-match",
        "own.yaml:5:5: half: has a test that expects no-match",
        "Nothing was published; correct the rule or its test.",
    ]


def test_the_refusal_says_what_failed_and_why(engine: Engine) -> None:
    wrong = LACKING.replace("activity: B}", "activity: X}")
    with pytest.raises(TestsFailed) as refused:
        rules.publish(engine, {"own.yaml": wrong}, "wrong", OPERATOR, NOON)

    assert "own.yaml:9:13: half: b\n    expected match\n         got no-match\n" in str(refused.value)
    assert "missed: activity.name is B (found X)" in str(refused.value)


def test_a_version_from_before_comes_back_without_any_test(engine: Engine) -> None:
    before = load_texts({"own.yaml": LACKING})
    with write(engine) as connection:
        rulesets.publish(connection, RulesetVersion(1, "admin", "long ago", before.digest, before.documents, NOON))
    rules.publish(engine, {"own.yaml": "waste: {mastery: 90}"}, "none", OPERATOR, NOON, drawn_from=1)

    assert rules.roll_back(engine, 1, "back", OPERATOR, NOON)
    with read(engine) as connection:
        assert rulesets.active_number(connection) == 1
