"""The laws of the lints: whoever is accused is guilty, whatever is generated; and examples are examples."""

import os
from collections import Counter

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.fields import Facts
from lrs_bridge_rules.lint.about_conditions import NeverMatches
from lrs_bridge_rules.lint.about_definitions import ShadowedCompletion
from lrs_bridge_rules.lint.example import examples
from lrs_bridge_rules.lint.knowledge import OF_COMPLETIONS
from lrs_bridge_rules.lint.lint import Checked, Lint
from lrs_bridge_rules.lint.reasoning import Reasoning
from lrs_bridge_rules.rule import Rule
from lrs_bridge_rules.ruleset import Ruleset
from support.linting import any_subjects, histories, rulesets, subjects, told, two_conditions
from support.xapi import NOON, a_rule, a_ruleset

_LAW = settings(
    max_examples=int(os.environ.get("LRS_BRIDGE_LAW_EXAMPLES", "60")),
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)


def _accused(lint: Lint, ruleset: Ruleset, kind: str) -> set[str]:
    remarks = lint.remarks(Checked(ruleset, NOON))
    return {remark.about.removeprefix(f"{kind} ") for remark in remarks if remark.about.startswith(f"{kind} ")}


@_LAW
@given(rulesets(), histories(), st.sampled_from(("", "Nurse")), st.booleans())
def test_a_rule_that_can_never_match_matches_nothing(
    ruleset: Ruleset, history: tuple[bytes, ...], job: str, mandated: bool
) -> None:
    accused = _accused(NeverMatches(), ruleset, "rule")

    for subject in subjects(ruleset, history, job=job, mandated=mandated):
        fitting = {rule.id for rule in ruleset.rules if rule.fits(Facts(subject), NOON)}
        assert not accused & fitting


@_LAW
@given(rulesets(), histories())
def test_a_definition_that_can_never_fit_or_is_shadowed_reads_nothing(
    ruleset: Ruleset, history: tuple[bytes, ...]
) -> None:
    never, shadowed = (_accused(lint, ruleset, "completion") for lint in (NeverMatches(), ShadowedCompletion()))

    for facts in (Facts(told(body)) for body in history):
        fitting = [each.id for each in ruleset.definitions if each.target(facts) is not None]
        assert not never & set(fitting)
        assert not shadowed & set(fitting[:1])


@_LAW
@given(two_conditions(), st.lists(any_subjects, min_size=1, max_size=8))
def test_what_follows_from_a_condition_holds_wherever_that_one_does(
    conditions: tuple[str, str], found: list[Subject]
) -> None:
    narrow, wide = _rules(*conditions)
    reasoning = Reasoning(OF_COMPLETIONS)
    implied, always = reasoning.implies(narrow.condition, wide.condition), reasoning.always(wide.condition)

    for facts in map(Facts, found):
        assert not implied or not narrow.condition.holds(facts) or wide.condition.holds(facts)
        assert not always or wide.condition.holds(facts)


@_LAW
@given(rulesets())
def test_an_example_of_a_rule_fits_it_and_a_rule_with_an_example_is_not_accused(ruleset: Ruleset) -> None:
    checked = Checked(ruleset, NOON)
    accused = _accused(NeverMatches(), ruleset, "rule")

    for rule in ruleset.rules:
        for example in examples(checked.of_completions, rule.condition):
            assert rule.condition.holds(example)
            assert rule.id not in accused or rule.exemptions


def test_the_laws_are_not_empty() -> None:
    """Of so many generated rulesets many hold something that is accused, or the laws would say nothing."""
    found: Counter[str] = Counter()

    @settings(max_examples=100, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(rulesets(), two_conditions())
    def count(ruleset: Ruleset, conditions: tuple[str, str]) -> None:
        narrow, wide = _rules(*conditions)
        found["implied"] += Reasoning(OF_COMPLETIONS).implies(narrow.condition, wide.condition)
        for lint in (NeverMatches(), ShadowedCompletion()):
            found[lint.name] += bool(list(lint.remarks(Checked(ruleset, NOON))))

    count()

    assert min(found[name] for name in ("implied", "never-matches", "shadowed-completion")) >= 3


def _rules(*conditions: str) -> tuple[Rule, ...]:
    return a_ruleset("rules:\n" + "".join(a_rule(when, rule_id=f"r{at}") for at, when in enumerate(conditions))).rules
