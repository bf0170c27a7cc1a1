"""A rule on trial: in the place of the one with its id, active, and the others as they were."""

from dataclasses import replace

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.completions.reading import Activity
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.condition import AllOf
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.variant import Variant
from support.builders import NOON

RULESET = load_texts(
    {
        "own.yaml": """
rules:
  - {id: first, status: active, when: {activity.name: A}, evidence: {competency: a}}
  - {id: draft, status: draft, when: {outcome: passed}, evidence: {competency: b}}
  - {id: last, status: active, when: {outcome: passed}, evidence: {competency: c}}
  - {id: shadow, status: shadow, when: {outcome: passed}, evidence: {competency: d}}
"""
    }
)
FIRST, DRAFT, LAST, SHADOW = RULESET.rules


def a_subject(name: str) -> Subject:
    return Subject(Activity("urn:a", name, ""), ("urn:a",), Outcome.PASSED, None, None, None, NOON)


def test_an_active_rule_on_trial_changes_nothing() -> None:
    for subject in (a_subject("A"), a_subject("B")):
        assert all(Variant(RULESET, rule).evaluate(subject) == RULESET.evaluate(subject) for rule in (FIRST, LAST))


def test_a_draft_counts_on_trial_in_its_own_place() -> None:
    verdict = Variant(RULESET, DRAFT).evaluate(a_subject("A"))

    assert [match.rule for match in verdict.matches] == ["first", "draft", "last"]
    assert [match.rule for match in RULESET.evaluate(a_subject("A")).matches] == ["first", "last"]


def test_a_rule_in_the_shadow_counts_on_trial_and_casts_none() -> None:
    verdict = Variant(RULESET, SHADOW).evaluate(a_subject("B"))

    assert ([match.rule for match in verdict.matches], verdict.shadow) == (["last", "shadow"], ())


def test_a_changed_rule_stands_in_for_the_one_with_its_id() -> None:
    everything = replace(FIRST, condition=AllOf(()))

    assert [match.rule for match in Variant(RULESET, everything).evaluate(a_subject("B")).matches] == ["first", "last"]
