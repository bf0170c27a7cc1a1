"""What rules and definitions can ask for that is known outside of the statement: source, provider, mandate."""

import pytest

from lrs_bridge.domain.activity import ProviderKind
from lrs_bridge.domain.examine import examine_all
from lrs_bridge.domain.plan import plan
from lrs_bridge.domain.rule_testing import run
from support.builders import a_ruleset, a_statement, an_activity, an_organisation, day, facts

_OFFERED = an_activity(
    provider_kind=ProviderKind.EXTERNAL_PARTNER, mandated_by="Ministry of Health", competencies=frozenset()
)
_RULE = "rules: [{{id: a, status: active, when: {when}, evidence: {{competency: spreadsheets}}}}]"


@pytest.mark.parametrize(
    ("when", "fits"),
    [
        ("{source.kind: xapi}", True),
        ("{source.kind: files}", False),
        ("{source: lms, source.kind: {not_in: files}}", True),
        ("{provider.kind: external-partner}", True),
        ("{provider.kind: [internal-team, ad-hoc]}", False),
        ("{provider: sum & sons, mandated: true, mandated.by: ministry of health}", True),
        ("{learner.unit: finance, learner.job: Controller}", True),
    ],
)
def test_a_rule_asks_for_what_settings_and_catalogue_say(when: str, fits: bool) -> None:
    organisation = an_organisation(_OFFERED, source_kinds={"lms": "xapi"})
    ruleset = a_ruleset("include: generic-adl\n" + _RULE.format(when=when))

    (completion,) = plan(facts(a_statement(), organisation=organisation), ruleset, day(1)).completions

    assert (completion.rules == ("a",)) is fits


@pytest.mark.parametrize(("kind", "read"), [("xapi", 1), ("files", 0)])
def test_a_definition_asks_for_the_kind_of_source(kind: str, read: int) -> None:
    ruleset = a_ruleset("completions: [{id: d, when: {source.kind: xapi, verb: completed}, outcome: completed}]")
    organisation = an_organisation(source_kinds={"lms": kind})

    assert len(plan(facts(a_statement(), organisation=organisation), ruleset, day(1)).completions) == read


def test_the_test_of_a_rule_says_what_its_source_is() -> None:
    case = "statements: {{verb: passed, source_kind: {kind}, activity: {{name: A}}}}, expect: {expect}"
    cases = [case.format(kind=kind, expect=shown) for kind, shown in (("xapi", "match"), ("files", "no-match"))]
    tests = ", ".join(f"{{name: n{number}, {each}}}" for number, each in enumerate(cases))
    rule = f"{{id: a, status: active, when: {{source.kind: xapi}}, evidence: {{competency: x}}, tests: [{tests}]}}"

    results = run(a_ruleset(f"include: generic-adl\nrules: [{rule}]"))

    assert [each.passed for each in results if each.kind == "rule"] == [True, True]


def test_an_explanation_looks_at_the_kind_of_source_too() -> None:
    ruleset = a_ruleset("completions: [{id: d, when: {source.kind: xapi, verb: completed}, outcome: completed}]")
    organisation = an_organisation(source_kinds={"lms": "xapi"})

    (found,) = examine_all(facts(a_statement(), organisation=organisation), ruleset, day(1))

    assert found.statements[0].winner is not None
