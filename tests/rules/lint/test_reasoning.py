"""What can be told of conditions without any completion at hand."""

import json

import pytest

from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.lint.knowledge import OF_COMPLETIONS
from lrs_bridge_rules.lint.lint import Checked
from lrs_bridge_rules.lint.reasoning import Reasoning
from lrs_bridge_rules.lint.remark import Severity
from lrs_bridge_rules.lint.table import LINTS
from lrs_bridge_rules.ruleset import Ruleset
from support.profiles import TEMPLATE, VERB, a_profile, a_template
from support.xapi import NOON, a_rule, a_ruleset

_REASONING = Reasoning(OF_COMPLETIONS)


def _impossible(when: str) -> bool:
    (rule,) = a_ruleset(f"rules:\n{a_rule(when)}").rules
    return _REASONING.impossible(rule.condition)


@pytest.mark.parametrize(
    "when",
    [
        "{score.percent: {gte: 80, lt: 70}}",
        "{score.percent: {gt: 80, lte: 80}}",
        "{score.percent: {gt: 100}}",
        "{score.percent: {between: [0, 10], gte: 11}}",
        "{score.percent: {gte: 80}, not: {score.percent: {gte: 70}}}",
        "{score.percent: {present: false, gte: 50}}",
        "{outcome: [passed, completed], not: {outcome: [completed, passed, failed]}}",
        "{outcome: {present: false}}",
        "{outcome: passed, result.success: false}",
        "{mandated: {not_in: [true, false]}}",
        "{all: [{activity.type: course}, {activity.type: [module, assessment]}]}",
        "{all: [{activity.type: course}, {activity.type: {present: false}}]}",
        "{activity.id: [a, b], not: {activity.id: {in: [a, b, c]}}}",
        "{all: [{learner.job: {prefix: team}}, {learner.job: {prefix: head}}]}",
        "{all: [{learner.job: {glob: '*nurse'}}, {learner.job: {glob: '*doctor'}}]}",
        "{activity.name: {prefix: excel for}, not: {activity.name: {contains: [excel, word]}}}",
        "{activity.name: {glob: 'excel*basics'}, not: {activity.name: {prefix: ex}}}",
        "{activity.name: {glob: 'a*b*c'}, not: {activity.name: {glob: 'a*c'}}}",
        "{at: {before: 2026-01-01, after: 2026-06-01}}",
        "{at: {on: [2026-03-01, 2026-03-02], after: 2026-03-02}}",
        "{all: [{at: {on: 2026-03-01}}, {at: {on: [2026-03-02, 2026-03-04]}}]}",
        "{duration: {gte: 2h, lt: 90min}}",
        "{provider.kind: {not_in: [internal-team, in-business-expert, external-partner, ad-hoc], present: true}}",
        "{any: [{score.percent: {gt: 100}}, {outcome: {present: false}}]}",
        "{not: {any: [{mandated: true}, {mandated: false}]}}",
        "{any: [{outcome: passed}, {outcome: failed}], all: [{not: {outcome: passed}}, {not: {outcome: failed}}]}",
    ],
)
def test_what_contradicts_itself_is_impossible(when: str) -> None:
    assert _impossible(when)


@pytest.mark.parametrize(
    "when",
    [
        "{score.percent: {gte: 80, lte: 80}}",
        "{score.percent: {between: [0, 100]}}",
        "{not: {score.percent: {gte: 0}}}",
        "{outcome: failed, result.success: false}",
        "{all: [{activity.name: excel}, {activity.name: word}]}",
        "{all: [{activity.id: a}, {activity.id: b}]}",
        "{all: [{verb: passed}, {verb: completed}]}",
        "{all: [{learner.job: {prefix: team}}, {learner.job: {prefix: team lead}}]}",
        "{all: [{learner.job: {contains: nurse}}, {learner.job: {contains: head}}]}",
        "{activity.name: {contains: excel}, not: {activity.name: {contains: excel basics}}}",
        "{activity.name: {glob: 'a*c'}, not: {activity.name: {glob: 'a*b*c'}}}",
        "{activity.id: [a, b], not: {activity.id: a}}",
        "{activity.name: {contains: [excel, word]}, not: {activity.name: {contains: excel}}}",
        "{score.percent: {lte: 70}, not: {score.percent: {lt: 70}}}",
        "{score.percent: {gte: 70}, not: {score.percent: {gt: 70}}}",
        "{at: {on: [2026-03-01, 2026-03-05]}, not: {at: {on: 2026-03-01}}}",
        "{activity.type: {present: false}}",
        "{not: {outcome: passed}}",
        "{at: {after: 2026-01-01, before: 2026-06-01}}",
        "{at: {on: 2026-03-02, after: 2026-03-01}}",
        "{duration: {gte: 45min, lt: 90min}}",
        "{provider.kind: {not_in: [internal-team, in-business-expert, external-partner, ad-hoc]}}",
    ],
)
def test_what_can_be_is_not_called_impossible(when: str) -> None:
    assert not _impossible(when)


@pytest.mark.parametrize(
    ("narrow", "wide", "follows"),
    [
        ("{activity.id: a}", "{activity.id: [a, b]}", True),
        ("{activity.id: [a, b]}", "{activity.id: a}", False),
        ("{activity.name: excel, outcome: passed}", "{activity.name: {contains: cel}}", True),
        ("{score.percent: {gte: 80}}", "{score.percent: {gt: 70}}", True),
        ("{score.percent: {gte: 80}}", "{score.percent: {present: true}}", True),
        ("{outcome: passed}", "{result.success: true}", True),
        ("{outcome: passed}", "{score.percent: {present: true}}", False),
        ("{outcome: passed}", "{any: [{outcome: failed}, {not: {outcome: failed}}]}", True),
        ("{outcome: passed}", "{outcome: {not_in: [failed, revoked]}}", True),
    ],
)
def test_one_condition_follows_from_another(narrow: str, wide: str, follows: bool) -> None:
    one, other = a_ruleset("rules:\n" + a_rule(narrow, rule_id="a") + a_rule(wide, rule_id="b")).rules

    assert _REASONING.implies(one.condition, other.condition) is follows


def test_a_search_that_grows_too_large_gives_up_and_accuses_nobody() -> None:
    anyone = ", ".join(
        f"{{any: [{{activity.name: {n}a}}, {{activity.name: {n}b}}, {{score.percent: {n}}}]}}" for n in range(24)
    )

    assert not _impossible(f"{{all: [{anyone}]}}")


def _never(document: str) -> dict[str, str]:
    remarks = LINTS["never-matches"].remarks(Checked(_ruleset(document), NOON))
    return {remark.about: remark.message for remark in remarks}


def _ruleset(document: str) -> Ruleset:
    return load_texts({"rules.yaml": document})


def test_an_outcome_that_no_definition_gives_can_never_match() -> None:
    said = _never(
        "completions: [{id: done, when: {verb: completed}, outcome: completed}]\nrules:\n"
        + a_rule("{outcome: passed}", rule_id="passed")
        + a_rule("{outcome: completed}", rule_id="completed")
    )

    assert said.keys() == {"rule passed"}
    assert "outcome can only be one of: completed" in said["rule passed"]


def test_a_definition_that_can_never_fit_gives_no_outcome_either() -> None:
    said = _never(
        "completions:\n"
        "- {id: done, when: {verb: completed}, outcome: completed}\n"
        "- {id: lost, when: {verb: completed, score.percent: {gt: 100}}, outcome: passed}\n"
        "rules:\n" + a_rule("{outcome: passed}")
    )

    assert said.keys() == {"completion lost", "rule a-rule"}


@pytest.mark.parametrize("step", ["progressed", "scored", "started"])
def test_steps_on_the_way_leave_an_attempt_started(step: str) -> None:
    said = _never(
        f"completions: [{{id: step, when: {{verb: progressed}}, outcome: {step}}}]\nrules:\n"
        + a_rule("{outcome: started}", rule_id="started")
        + a_rule("{outcome: revoked}", rule_id="revoked")
    )

    assert said.keys() == {"rule revoked"}


def test_an_activity_of_the_context_may_be_of_any_type_where_the_definition_names_none() -> None:
    said = _never(
        "completions: [{id: step, when: {activity.type: module}, outcome: passed, activity: parent}]\nrules:\n"
        + a_rule("{activity.type: course}")
    )

    assert said == {}


def test_a_verb_or_type_that_no_definition_lets_through_can_never_match() -> None:
    said = _never(
        "completions:\n"
        "- {id: done, when: {verb: completed, activity.type: [course, module]}, outcome: completed}\n"
        "- {id: quiz, when: {verb: passed}, outcome: passed, activity: {from: parent, type: assessment}}\n"
        "- {id: rest, when: {verb: [viewed, completed]}, outcome: ignore}\n"
        "rules:\n"
        + a_rule("{verb: viewed}", rule_id="viewed")
        + a_rule("{verb: {not_in: [passed]}}", rule_id="not-passed")
        + a_rule("{activity.type: media}", rule_id="media")
        + a_rule("{activity.type: assessment, verb: passed}", rule_id="quiz")
    )

    assert said.keys() == {"rule viewed", "rule media"}
    assert "no completion definition lets through" in said["rule media"]


def test_a_definition_about_an_activity_fits_no_statement_about_anything_else() -> None:
    said = _never("completions: [{id: a, when: {object.type: Agent}, outcome: completed}]")

    assert said.keys() == {"completion a"}


def test_without_any_definition_no_rule_is_accused_for_it() -> None:
    assert _never("rules:\n" + a_rule("{outcome: passed, verb: viewed}")) == {}


@pytest.mark.parametrize(("until", "accused"), [("2026-12-31", {"rule a-rule"}), ("2026-01-31", set())])
def test_an_exception_that_holds_whenever_the_rule_does_leaves_nothing_until_it_ends(
    until: str, accused: set[str]
) -> None:
    unless = f"unless: [{{when: {{activity.name: {{contains: excel}}}}, reason: off, until: {until}}}]"
    said = _never("rules:\n" + a_rule("{activity.name: {contains: excel basics}}", unless))

    assert said.keys() == accused
    assert all("its exceptions (“off”) hold whenever it does" in message for message in said.values())


def test_a_draft_that_can_never_match_is_no_error_yet_and_a_retired_rule_none_at_all() -> None:
    when = "{score.percent: {gt: 100}}"
    document = "rules:\n" + "".join(
        a_rule(when, rule_id=status, status=status) for status in ("draft", "shadow", "retired")
    )
    remarks = LINTS["never-matches"].remarks(Checked(_ruleset(document), NOON))

    assert {remark.about: remark.severity for remark in remarks} == {
        "rule draft": Severity.WARNING,
        "rule shadow": Severity.ERROR,
    }


def test_a_template_brings_what_every_statement_that_follows_it_says() -> None:
    profile = json.dumps(a_profile(a_template(verb=VERB)))
    rules = (
        a_rule(f"{{template: '{TEMPLATE}', verb: {{not_in: ['{VERB}']}}}}", rule_id="other-verb"),
        a_rule(f"{{template: '{TEMPLATE}', not: {{template: harbour/mooring}}}}", rule_id="and-not"),
        a_rule(f"{{template: '{TEMPLATE}', verb: passed}}", rule_id="both"),
    )
    ruleset = load_texts({"rules.yaml": "rules:\n" + "".join(rules), "harbour.jsonld": profile})
    said = LINTS["never-matches"].remarks(Checked(ruleset, NOON))

    assert {remark.about for remark in said} == {"rule other-verb", "rule and-not"}


def test_what_stands_under_one_key_is_not_taken_for_what_stands_under_another() -> None:
    under = "{{extension: {{'https://x.example.org/{}': {}}}}}"

    assert _impossible(f"{{all: [{under.format('a', 'x')}, {{not: {under.format('a', '{in: [x, y]}')}}}]}}")
    assert not _impossible(f"{{all: [{under.format('a', 'x')}, {{not: {under.format('b', '{in: [x, y]}')}}}]}}")
    assert not _impossible(f"{{all: [{under.format('a', 7)}, {{not: {under.format('a', 'x')}}}]}}")
