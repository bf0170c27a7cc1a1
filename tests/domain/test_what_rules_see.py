"""What rules and definitions can ask for that is known outside of the statement: source, provider, mandate."""

import pytest

from lrs_bridge.domain.activity import ProviderKind
from lrs_bridge.domain.plan import plan
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
