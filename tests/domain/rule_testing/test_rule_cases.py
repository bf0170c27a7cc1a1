"""The tests inside rules take the whole way, check what is stated, and say what came and why."""

from __future__ import annotations

import pytest

from lrs_bridge.domain.rule_testing import TestResult, run
from lrs_bridge_rules.documents.loader import load_texts

HEAD = """
include: [generic-adl]
follow_ups:
  - {{id: apply, kind: apply, title: "Use {{activity}}", due: 30d, expire: 30d}}
  - {{id: share, kind: share, title: "Tell about {{activity}}", due: 7d}}
rules:
  - id: sheets
    status: {status}
    when: {{activity.name: {{contains: excel}}, score.percent: {{gte: 70}}}}
    unless: [{{when: {{activity.name: {{contains: taster}}}}, reason: only a taster, until: 2026-06-30}}]
    evidence: {{competency: spreadsheets, weight: 0.5}}
    follow_up: [apply, share]
    tests:
      - name: case
"""
MORE = """
  - id: same-in-the-shadow
    status: shadow
    when: {activity.name: {contains: excel}}
    evidence: {competency: spreadsheets}
  - id: surveys
    status: active
    when: {activity.name: {contains: survey}}
    exclude: no learning
    tests:
      - {name: a, statements: {verb: completed, activity: Survey}, expect: match}
      - {name: b, statements: {verb: completed, activity: Course}, expect: no-match}
"""
PASSED = "statements: {verb: passed, activity: Excel basics, score: 80}"


def ran(*lines: str, status: str = "draft", more: str = MORE) -> TestResult:
    """The result of one case of the spreadsheets rule, whose lines are given."""
    case = "".join(f"        {line}\n" for line in lines)
    results = run(load_texts({"rules.yaml": HEAD.format(status=status) + case + more}))
    return next(each for each in results if each.rule == "sheets")


@pytest.mark.parametrize("status", ["draft", "shadow", "active", "retired"])
def test_a_case_passes_when_the_rule_says_what_it_expects_whatever_its_status(status: str) -> None:
    result = ran(PASSED, "contract: spreadsheets", "expect: {match: true, evidence: spreadsheets}", status=status)

    assert (result.passed, result.details) == (True, ())


def test_a_result_names_the_place_of_the_case() -> None:
    assert ran(PASSED, "expect: match").where == "rules.yaml:14:9"


def test_a_match_that_did_not_come_is_explained_by_the_clause_that_missed() -> None:
    result = ran("statements: {verb: passed, activity: Excel basics, score: 60}", "expect: match")

    assert result.details == (
        "expected match",
        "     got no-match",
        "  missed: score.percent is at least 70 (found 60.0)",
    )


def test_a_match_that_should_not_have_come_is_explained_by_the_clauses_that_were_met() -> None:
    result = ran(PASSED, "expect: no-match")

    assert (result.expected, result.actual) == ("no-match", "match")
    assert result.details[2].startswith("  met: activity.name contains excel")


def test_an_exception_that_holds_a_rule_back_is_named() -> None:
    result = ran("statements: {verb: passed, activity: Excel taster, score: 80}", "expect: match")

    assert result.details[2] == "  an exception holds it back: only a taster"


def test_an_exception_that_has_ended_holds_nothing_back() -> None:
    taster = "statements: {verb: passed, activity: Excel taster, score: 80}"

    assert ran(taster, "now: 2026-07-01", "expect: match").passed
    assert ran(taster, "now: 2026-06-30", "expect: no-match").passed


def test_a_statement_that_nobody_reads_is_explained_by_the_nearest_definition() -> None:
    result = ran("statements: {verb: experienced, activity: Excel}", "expect: no-match")

    assert not result.passed
    assert result.details[:3] == (
        "expected completion: one",
        "     got completion: none",
        "  no completion definition reads the last statement; adl-completed came nearest",
    )
    assert "experienced" in result.details[3]


def test_a_statement_that_is_noise_is_explained_by_the_definition_that_says_so() -> None:
    result = ran("statements: {verb: answered, activity: {name: Excel, type: question}}", "expect: match")

    assert result.details[2] == "  the completion definition adl-parts says that the last statement is noise"


def test_that_nothing_comes_of_it_can_be_expected() -> None:
    assert ran("statements: {verb: experienced, activity: Excel}", "expect: no-completion").passed
    assert not ran(PASSED, "expect: no-completion").passed


def test_what_is_voided_leaves_no_completion() -> None:
    voided = "statements: [{verb: passed, activity: Excel basics, score: 80}, {voids: 1}]"

    assert ran(voided, "expect: no-completion").passed


def test_what_is_not_stated_is_not_checked() -> None:
    assert ran("statements: {verb: failed, activity: Painting, score: 3}", "expect: {outcome: failed}").passed


def test_evidence_is_checked_by_goal_weight_and_grounds() -> None:
    contract = "contract: [spreadsheets, painting]"

    for expected in ("spreadsheets", "{goal: spreadsheets, weight: 0.5}", "{goal: spreadsheets, by: sheets}"):
        assert ran(PASSED, contract, f"expect: {{evidence: {expected}}}").passed
    for expected in ("[]", "painting", "{goal: spreadsheets, weight: 1}", "{goal: spreadsheets, by: catalogue}"):
        assert not ran(PASSED, contract, f"expect: {{evidence: {expected}}}").passed


@pytest.mark.parametrize(
    ("contract", "reason"),
    [
        ("painting", "it asks for something else; competencies: any of painting (found spreadsheets)"),
        ("{goals: spreadsheets, signed: false}", "nobody had signed its contract (draft) when the completion ended"),
        (
            "{goals: spreadsheets, signed: +1d}",
            "its contract was not signed by both sides (proposed) when the completion ended",
        ),
        ("{goals: spreadsheets, until: -1d}", "its contract had ended when the completion ended"),
    ],
)
def test_evidence_that_no_goal_took_is_explained(contract: str, reason: str) -> None:
    result = ran(PASSED, f"contract: {contract}", "expect: {evidence: spreadsheets}")

    title = "painting" if contract == "painting" else "spreadsheets"
    assert f"  the goal “{title}” took nothing: {reason}" in result.details


def test_evidence_without_any_contract_is_explained() -> None:
    result = ran(PASSED, "expect: {evidence: spreadsheets}")

    assert "  the case has no contract with a goal" in result.details


def test_partial_evidence_adds_up_to_what_a_goal_requires() -> None:
    contract = "contract: {goals: {title: Sheets, competencies: spreadsheets, required: 1}}"
    twice = (
        "statements: [{verb: passed, activity: Excel one, score: 80}, {verb: passed, activity: Excel two, score: 80}]"
    )

    assert ran(PASSED, contract, "expect: {goals: {Sheets: planned}}").passed
    assert ran(twice, contract, "expect: {goals: {Sheets: learned}}").passed


def test_follow_ups_are_checked_by_template_due_day_and_state() -> None:
    contract = "contract: spreadsheets"

    assert ran(PASSED, contract, "expect: {follow_ups: [apply, {template: share, due: +7d, state: open}]}").passed
    for expected in ("apply", "[apply, {template: share, due: +8d}]", "[apply, {template: share, state: expired}]"):
        assert not ran(PASSED, contract, f"expect: {{follow_ups: {expected}}}").passed


def test_a_vague_expectation_does_not_take_what_only_an_exact_one_could_have_had() -> None:
    contract = "contract: spreadsheets"
    expected = "expect: {evidence: [spreadsheets]}"

    assert ran(PASSED, contract, expected).passed
    assert not ran(PASSED, contract, "expect: {evidence: [spreadsheets, {goal: spreadsheets, weight: 0.5}]}").passed


def test_time_passes_until_now() -> None:
    later = ran(
        PASSED,
        "contract: spreadsheets",
        "now: +120d",
        "expect: {follow_ups: [{template: apply, state: expired}, {template: share, state: expired}],"
        " findings: not-applied}",
    )

    assert later.passed, later.details


def test_the_catalogue_and_the_learner_decide_on_hours_money_and_validity() -> None:
    result = ran(
        PASSED,
        "learner: {hourly_rate: 50, unit: Sales}",
        "catalogue: {hours: 8, fee: 120.50, valid_for: 2y, provider: Sum & Sons}",
        "expect: {hours: 8, cost: 520.5, valid_until: +730d}",
    )

    assert result.passed, result.details


def test_an_alias_makes_two_ids_one_activity() -> None:
    result = ran(
        "catalogue: {id: 'urn:new', aliases: 'urn:old', name: Excel basics}",
        "statements: [{verb: failed, activity: 'urn:old', score: 20, registration: r},"
        " {verb: passed, activity: 'urn:new', score: 90, registration: r}]",
        "expect: {completions: 1, outcome: passed, score: 90}",
    )

    assert result.passed, result.details


def test_needs_and_wants_make_the_quadrant() -> None:
    for lines, quadrant in (
        (("needs: spreadsheets", "wants: spreadsheets"), "sweet-spot"),
        (("needs: {competency: spreadsheets, unit: Sales}", "unit: Sales"), "uphill"),
        (("wants: {competency: spreadsheets, amount: 5}",), "gift"),
        ((), "waste"),
    ):
        assert ran(PASSED, *lines, f"expect: {{quadrant: {quadrant}, standing: off-contract}}").passed


def test_findings_are_all_reasons_that_are_open() -> None:
    assert ran(PASSED, "expect: {findings: [unaligned, no-contract]}").passed
    assert not ran(PASSED, "expect: {findings: unaligned}").passed
    assert ran(PASSED, "mandated: true", "expect: {findings: []}").passed


def test_a_support_that_was_not_ready_is_a_finding_until_it_is() -> None:
    goal = "{title: Sheets, competencies: spreadsheets, supports: {what: a licence, needed_by: -1d%s}}"

    assert ran(PASSED, f"contract: {{goals: {goal % ''}}}", "expect: {findings: support-missing}").passed
    assert ran(PASSED, f"contract: {{goals: {goal % ', ready: -2d'}}}", "expect: {findings: []}").passed


def test_a_gain_is_that_between_the_tests_before_and_after() -> None:
    result = ran(
        "catalogue: {id: 'urn:course', name: Excel basics, pre_test: 'urn:before', post_test: 'urn:after'}",
        "statements: [{verb: scored, activity: 'urn:before', score: 90}, {verb: passed, activity: 'urn:course'},"
        " {verb: scored, activity: 'urn:after', score: 95}]",
        "expect: {activity: 'urn:course', gain: 5, findings: [unaligned, no-contract, already-known]}",
    )

    assert result.passed, result.details


def test_rules_in_the_shadow_are_named_but_have_no_effect() -> None:
    assert ran(PASSED, "expect: {shadow: same-in-the-shadow, competencies: spreadsheets}").passed
    assert ran(PASSED, "expect: {shadow: []}", more="").passed


def test_an_excluded_completion_stands_apart() -> None:
    both = "statements: {verb: passed, activity: Excel survey, score: 90}"

    assert ran(both, "contract: spreadsheets", "expect: {match: true, standing: excluded, evidence: []}").passed


def test_each_attempt_can_be_looked_at() -> None:
    result = ran(
        "statements: [{verb: failed, activity: Excel, score: 30, registration: one},"
        " {verb: passed, activity: Excel, score: 90, registration: two, at: +3d}, {verb: passed, activity: Other}]",
        "expect: [{activity: Excel, attempt: 1, outcome: failed, score: 30, match: false},"
        " {activity: Excel, attempt: 2, match: true}, {activity: Excel, score: 90}, {score: none, completions: 3}]",
    )

    assert result.passed, result.details


def test_a_completion_that_is_not_there_is_missed() -> None:
    result = ran(PASSED, "expect: {activity: Painting, outcome: passed}")

    assert result.details == ("expected completion: one at Painting", "     got completion: 1 others")


def test_a_raw_statement_goes_the_same_way() -> None:
    raw = (
        "statements: {raw: {verb: {id: 'http://adlnet.gov/expapi/verbs/passed'}, object: {id: 'urn:x', definition:"
        " {name: {en: Excel}}}, result: {score: {raw: 8, max: 10}}}}"
    )

    assert ran(raw, "expect: {match: true, score: 80}").passed


def test_an_active_rule_must_show_a_match_and_a_no_match() -> None:
    text = HEAD.format(status="active") + f"        {PASSED}\n        expect: {{match: true}}\n"
    results = run(load_texts({"rules.yaml": text}))

    assert [(each.case, each.passed, each.where) for each in results] == [
        ("case", True, "rules.yaml:14:9"),
        ("has a test that expects no-match", False, "rules.yaml:7:5"),
    ]


def test_a_case_that_states_neither_match_nor_no_match_shows_neither() -> None:
    text = HEAD.format(status="active") + f"        {PASSED}\n        expect: {{outcome: passed}}\n"

    assert [each.passed for each in run(load_texts({"rules.yaml": text}))] == [True, False, False]


def test_the_tests_of_included_packs_are_left_to_the_packs() -> None:
    pack = "completions: [{id: a, when: {verb: passed}, outcome: passed, tests: [%s]}]"
    case = "{name: n, statement: {verb: failed, activity: A}, expect: match}"
    texts = {"rules.yaml": "include: own", "packs/own.yaml": pack % case}

    assert run(load_texts(texts)) == []
    assert [each.passed for each in run(load_texts({"own.yaml": pack % case}))] == [False]


def test_what_a_statement_says_anywhere_reaches_the_conditions_that_ask_for_it() -> None:
    text = """
include: [generic-adl]
rules:
  - id: deep
    status: draft
    when:
      path: {"$.context.extensions['urn:cohort']": autumn}
      instructor: "account:https://learners.example.org|kim"
      duration: {gte: 45min}
    evidence: {competency: a}
    tests:
      - name: all of it
        statements:
          {verb: passed, activity: A, instructor: kim, duration: PT1H, extensions: {"urn:cohort": autumn}}
        expect: match
      - name: another cohort
        statements:
          {verb: passed, activity: A, instructor: kim, duration: PT1H, extensions: {"urn:cohort": spring}}
        expect: no-match
"""
    results = run(load_texts({"rules.yaml": text}))

    assert [each.passed for each in results] == [True, True], [each.lines for each in results]
