"""Templates against statements: determining properties, references to other statements, and the whole outcome."""

from itertools import pairwise
from typing import Any

import pytest

from lrs_bridge_rules.statements.statement import Statement
from lrs_bridge_rules.templates.matcher import MAX_CHAIN, TemplateOutcome, TemplateVerdict, match
from support.profiles import HARBOUR, PIER, SHIP, TEMPLATE, VERB, a_mooring, a_profile, a_template, read, template
from support.xapi import Json

_OTHER = f"{HARBOUR}/types/other"
_SIGNED = "https://usage.example.org/signature"
_FIRST = "6b1f6f0e-0f0e-4f0e-8f0e-000000000001"
_SECOND = "6b1f6f0e-0f0e-4f0e-8f0e-000000000002"


def _near(group: str, *types: str) -> Json:
    several = [{"id": f"https://example.org/{number}", "definition": {"type": t}} for number, t in enumerate(types)]
    return {"context": {"contextActivities": {group: several}}}


def _reference(statement_id: str) -> Json:
    return {"objectType": "StatementRef", "id": statement_id}


@pytest.mark.parametrize(
    ("properties", "said", "unmatched"),
    [
        ({"verb": VERB}, {}, None),
        ({"verb": f"{VERB}/"}, {}, "verb"),
        ({"verb": VERB.replace("https", "http")}, {}, "verb"),
        ({"objectActivityType": SHIP}, {}, None),
        ({"objectActivityType": PIER}, {}, "objectActivityType"),
        ({"objectActivityType": SHIP}, {"object": {"id": "https://ships.example.org/anna"}}, "objectActivityType"),
        ({"contextParentActivityType": [PIER]}, _near("parent", PIER), None),
        ({"contextParentActivityType": [PIER]}, _near("parent", PIER, _OTHER), None),
        ({"contextParentActivityType": [PIER, _OTHER]}, _near("parent", _OTHER, PIER), None),
        ({"contextParentActivityType": [PIER, _OTHER]}, _near("parent", PIER), "contextParentActivityType"),
        ({"contextParentActivityType": [PIER]}, _near("grouping", PIER), "contextParentActivityType"),
        ({"contextParentActivityType": [PIER]}, {}, "contextParentActivityType"),
        ({"contextGroupingActivityType": [PIER]}, _near("grouping", PIER), None),
        ({"contextCategoryActivityType": [PIER]}, _near("category", PIER), None),
        ({"contextOtherActivityType": [PIER]}, _near("other", PIER), None),
        ({"contextOtherActivityType": [PIER]}, _near("other", _OTHER), "contextOtherActivityType"),
        ({"attachmentUsageType": [_SIGNED]}, {"attachments": [{"usageType": _SIGNED}]}, None),
        ({"attachmentUsageType": [_SIGNED]}, {"attachments": []}, "attachmentUsageType"),
        ({"attachmentUsageType": [_SIGNED]}, {}, "attachmentUsageType"),
        ({"attachmentUsageType": [_SIGNED]}, {"attachments": "none"}, "attachmentUsageType"),
        ({"attachmentUsageType": [_SIGNED]}, {"attachments": [1, {"usageType": 2}]}, "attachmentUsageType"),
        ({"verb": VERB, "objectActivityType": PIER}, {}, "objectActivityType"),
        ({}, {}, None),
    ],
)
def test_determining_properties_decide_what_a_template_is_about(
    properties: Json, said: Json, unmatched: str | None
) -> None:
    verdict = match(template(**properties), a_mooring(**said))

    assert (verdict.failure.requirement if verdict.failure is not None else None) == unmatched
    assert verdict.outcome == (TemplateOutcome.UNMATCHED if unmatched else TemplateOutcome.SUCCESS)


def test_one_sent_alone_counts_as_a_list_of_one() -> None:
    alone = {
        "context": {"contextActivities": {"parent": {"id": "https://example.org/p", "definition": {"type": PIER}}}}
    }

    assert match(template(contextParentActivityType=[PIER]), a_mooring(**alone)).outcome == "success"


def test_a_statement_that_a_template_is_about_must_follow_every_rule() -> None:
    read_template = template(
        verb=VERB,
        rules=[
            {"location": "$.result.success", "any": [True]},
            {"location": "$.result.duration", "presence": "included"},
        ],
    )

    outcomes = [
        match(read_template, statement).outcome
        for statement in (
            a_mooring(result={"success": True, "duration": "PT1H"}),
            a_mooring(result={"success": True}),
            a_mooring(result={"success": False, "duration": "PT1H"}),
        )
    ]

    assert outcomes == ["success", "invalid", "invalid"]


def test_a_verdict_reads_as_a_sentence() -> None:
    read_template = template(verb=VERB, rules=[{"location": "$.result.duration", "presence": "included"}])

    assert match(read_template, a_mooring()).text == "invalid: $.result.duration must be there, found nothing"
    assert match(template(verb="https://example.org/v"), a_mooring()).text == (
        f"unmatched: $.verb.id (verb) must be https://example.org/v, found {VERB}"
    )
    assert match(template(), a_mooring()).text == "success"


_REFERRING = a_template(f"{TEMPLATE}/referring", objectStatementRefTemplate=[TEMPLATE])
_IN_CONTEXT = a_template(f"{TEMPLATE}/in-context", contextStatementRefTemplate=[TEMPLATE])
_TARGET = a_template(verb=VERB, rules=[{"location": "$.result.success", "any": [True]}])


def _referring(which: Json, statement: Statement, *known: Statement) -> TemplateVerdict:
    templates = {each.id: each for each in read(a_profile(_TARGET, which)).templates}
    by_id = {each.id: each for each in known}
    return match(templates[which["id"]], statement, known=by_id.get, among=templates)


@pytest.mark.parametrize(
    ("which", "refer"),
    [
        (_REFERRING, lambda target: {"object": target}),
        (_IN_CONTEXT, lambda target: {"context": {"statement": target}}),
    ],
)
class TestReferences:
    """Templates that ask something of the statement that is referred to."""

    def test_a_target_that_follows_is_a_success(self, which: Json, refer: Any) -> None:
        target = a_mooring(id=_FIRST, result={"success": True})

        verdict = _referring(which, a_mooring(**refer(_reference(_FIRST.upper()))), target)

        assert (verdict.outcome, verdict.unchecked) == ("success", ())

    def test_a_target_that_does_not_follow_is_invalid(self, which: Json, refer: Any) -> None:
        verdict = _referring(which, a_mooring(**refer(_reference(_FIRST))), a_mooring(id=_FIRST))

        assert verdict.outcome == "invalid"
        assert verdict.failure is not None
        assert TEMPLATE in verdict.failure.text

    def test_a_target_that_is_not_known_is_not_held_against_it_and_is_told(self, which: Json, refer: Any) -> None:
        verdict = _referring(which, a_mooring(**refer(_reference(_FIRST))))

        assert verdict.outcome == "success"
        assert "not known here" in verdict.text

    def test_what_refers_to_nothing_is_invalid(self, which: Json, refer: Any) -> None:
        assert _referring(which, a_mooring()).outcome == "invalid"


def test_an_activity_in_the_context_is_no_reference() -> None:
    statement = a_mooring(context={"statement": {"id": _FIRST}})

    assert _referring(_IN_CONTEXT, statement).outcome == "invalid"


def test_a_template_that_no_profile_describes_cannot_be_asked_for() -> None:
    asking = a_template(f"{TEMPLATE}/asking", objectStatementRefTemplate=[f"{TEMPLATE}/elsewhere"])

    verdict = _referring(asking, a_mooring(object=_reference(_FIRST)), a_mooring(id=_FIRST))

    assert verdict.outcome == "success"
    assert f"{TEMPLATE}/elsewhere" in verdict.text


def test_references_that_come_back_to_where_they_began_show_nothing() -> None:
    circle = a_template(f"{TEMPLATE}/circle", objectStatementRefTemplate=[f"{TEMPLATE}/circle"])
    one, other = a_mooring(id=_FIRST, object=_reference(_SECOND)), a_mooring(id=_SECOND, object=_reference(_FIRST))

    assert _referring(circle, one, one, other).outcome == "invalid"


def test_a_chain_that_is_too_long_is_followed_so_far_and_no_further() -> None:
    chain = a_template(f"{TEMPLATE}/chain", objectStatementRefTemplate=[f"{TEMPLATE}/chain"])
    ids = [f"6b1f6f0e-0f0e-4f0e-8f0e-{number:012d}" for number in range(5 * MAX_CHAIN)]
    links = [a_mooring(id=one, object=_reference(other)) for one, other in pairwise(ids)]

    assert _referring(chain, links[0], *links).outcome == "success"
