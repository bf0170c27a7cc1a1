"""An explanation tells the same story as the plan: which rules, which goals, and why not the others."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge.domain import examine_words as words
from lrs_bridge.domain.contract import ContractState, GoalAct, GoalActKind
from lrs_bridge.domain.examine import Examination, NoSuchCompletionError, examine, examine_all, trace_statement
from lrs_bridge.domain.facts import Decision, DecisionKind, Facts, StatementFact
from lrs_bridge.domain.plan import plan
from lrs_bridge_rules.documents.loader import load_texts
from support.builders import (
    EXCEL,
    NOON,
    PAINTING,
    RULES,
    a_contract,
    a_goal,
    a_need,
    a_ruleset,
    a_statement,
    a_want,
    an_activity,
    an_organisation,
    day,
    facts,
)


def examined(given: Facts) -> Examination:
    """The examination of the only completion."""
    (completion,) = plan(given, a_ruleset(), day(1)).completions
    return examine(given, a_ruleset(), completion.id, day(1))


def test_a_match_names_its_rule_its_clauses_and_the_goal() -> None:
    found = examined(facts(a_statement("passed")))

    assert found.rules[0].rule == "excel-courses"
    assert [clause.met for clause in found.rules[0].clauses] == [True]
    assert [(goal.goal_id, goal.by) for goal in found.goals] == [("goal-spreadsheets", ("excel-courses",))]


def test_the_goals_that_took_it_are_those_that_the_plan_gives_evidence_for() -> None:
    given = facts(
        a_statement(),
        contracts=(a_contract(a_goal(), a_goal(id="other", title="Other", competencies=frozenset({"law"}))),),
    )
    evidence = plan(given, a_ruleset(), day(1)).evidence

    found = examined(given)

    assert [(goal.goal_id, goal.by, goal.weight) for goal in found.goals if goal.taken] == [
        (each.goal_id, each.by, each.weight) for each in evidence
    ]
    assert [goal.goal_id for goal in found.goals] == ["goal-spreadsheets", "other"]


def test_a_goal_that_asks_for_something_else_says_what_it_asked_for_and_what_there_was() -> None:
    found = examined(facts(a_statement(activity=PAINTING), organisation=an_organisation()))
    (clause,) = found.goals[0].clauses

    assert not found.goals[0].taken
    assert (clause.asks_for, clause.asked, clause.found, clause.met) == ("competencies", ("spreadsheets",), (), False)


def test_near_misses_stand_before_those_further_away() -> None:
    found = examined(facts(a_statement(activity=PAINTING), organisation=an_organisation()))

    assert {trace.matched for trace in found.rules} == {False}
    assert len(found.rules) == len(a_ruleset().rules)


def test_a_contract_that_nobody_signed_was_not_in_force() -> None:
    found = examined(facts(a_statement(), contracts=(a_contract(signed=None),)))

    assert (found.goals[0].in_force, found.goals[0].contract_state) == (False, ContractState.DRAFT)


def test_a_contract_that_was_signed_later_was_not_in_force_then() -> None:
    found = examined(facts(a_statement(at=NOON), contracts=(a_contract(signed=day(0.5)),)))

    assert not found.goals[0].in_force
    assert not found.goals[0].taken


def test_a_goal_that_was_dropped_before_says_so() -> None:
    dropped = GoalAct("goal-spreadsheets", GoalActKind.DROPPED, day(-1), "max")

    assert examined(facts(a_statement(), goal_acts=(dropped,))).goals[0].dropped


def test_an_exclusion_gives_its_reason() -> None:
    decision = Decision("1", DecisionKind.EXCLUDE, EXCEL, "a trial run", "admin", day(-1))

    assert examined(facts(a_statement(), decisions=(decision,))).excluded_because == "a trial run"


@pytest.mark.parametrize("organisation", [an_organisation(an_activity()), an_organisation()])
def test_what_it_is_about_is_what_the_plan_keeps_when_no_goal_adds_to_it(organisation: object) -> None:
    given = facts(a_statement(), contracts=(), organisation=organisation)
    (completion,) = plan(given, a_ruleset(), day(1)).completions

    assert examined(given).about == completion.competencies


def test_a_decision_that_maps_the_activity_is_part_of_what_it_is_about() -> None:
    decision = Decision("1", DecisionKind.MAP_ACTIVITY, PAINTING, "why not", "admin", day(-1), "colour")

    assert examined(facts(a_statement(activity=PAINTING), decisions=(decision,))).about == ("colour",)


def test_every_statement_of_the_attempt_is_read_with_its_definition() -> None:
    started, passed = a_statement("initialized", at=day(-0.2)), a_statement("passed", score=(80, 100))

    found = examined(facts(started, passed))

    assert [reading.definition for reading in found.readings] == ["started", "passed"]
    assert found.subject.percent == 80


def test_a_planned_activity_is_a_ground_of_its_own() -> None:
    goal = a_goal(competencies=frozenset(), activities=frozenset({PAINTING}))

    found = examined(facts(a_statement(activity=PAINTING), contracts=(a_contract(goal),)))

    assert found.goals[0].by == ("contract",)
    assert [(clause.asks_for, clause.met) for clause in found.goals[0].clauses] == [("activities", True)]


def test_a_completion_that_the_facts_no_longer_hold_is_refused() -> None:
    given = facts(a_statement())

    with pytest.raises(NoSuchCompletionError, match="reconcile, then look again"):
        examine(given, a_ruleset(), "gone", day(1))


def test_the_goals_of_a_contract_that_has_ended_are_told_of_last() -> None:
    last_year = replace(a_contract().revisions[0], starts_on=date(2025, 1, 1), ends_on=date(2025, 12, 31))
    ended = a_contract(id="contract-2025", revisions=(replace(last_year, goals=(a_goal(id="before", title="A"),)),))

    found = examined(facts(a_statement(), contracts=(ended, a_contract())))

    assert [(goal.goal_id, goal.contract_state) for goal in found.goals] == [
        ("goal-spreadsheets", ContractState.IN_FORCE),
        ("before", ContractState.ENDED),
    ]


def test_what_kept_a_goal_from_taking_it_is_said_in_words() -> None:
    asking_else = a_contract(a_goal(id="other", competencies=frozenset({"law"})))
    dropped = GoalAct("goal-spreadsheets", GoalActKind.DROPPED, day(-1), "max")

    def why(**changes: object) -> str:
        found = examined(facts(a_statement(), **changes))
        return words.goal_text(found.goals[0], found)

    assert why() == "taken by rule excel-courses"
    assert why(contracts=(asking_else,)) == "it asks for something else"
    assert why(goal_acts=(dropped,)) == "the goal had been dropped by then"
    assert (
        why(contracts=(a_contract(signed=None),)) == "nobody had signed its contract (draft) when the completion ended"
    )
    excluded = Decision("1", DecisionKind.EXCLUDE, EXCEL, "a trial run", "admin", day(-1))
    assert why(decisions=(excluded,)) == "the completion is excluded"


def test_an_attempt_that_was_not_finished_is_no_evidence_and_says_so() -> None:
    found = examined(facts(a_statement("failed")))

    assert words.goal_text(found.goals[0], found) == "the attempt was not finished (failed)"
    assert words.standing_text(found).startswith("It was not finished")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({}, "It is evidence for 1 goal."),
        ({"contracts": ()}, "the learner has no contract."),
        ({"contracts": (a_contract(signed=None),)}, "no contract was in force when it ended."),
        ({"contracts": (a_contract(a_goal(competencies=frozenset({"law"}))),)}, "ask for something else."),
        ({"goal_acts": (GoalAct("goal-spreadsheets", GoalActKind.DROPPED, day(-1), "max"),)}, "had been dropped."),
        (
            {"decisions": (Decision("1", DecisionKind.EXCLUDE, EXCEL, "a trial run", "admin", day(-1)),)},
            "It does not count: a trial run (somebody's decision).",
        ),
    ],
)
def test_why_it_is_no_evidence_is_said_in_one_sentence(changes: dict[str, object], said: str) -> None:
    assert words.standing_text(examined(facts(a_statement(), **changes))).endswith(said)


def test_a_rule_that_excludes_is_named_with_its_reason() -> None:
    found = examined(facts(a_statement(activity="https://lms.example.org/welcome", name="Welcome")))

    assert words.exclusion_text(found) == "everybody is sent through it (rule no-onboarding)"


def test_what_says_that_it_is_about_something_is_named() -> None:
    decision = Decision("1", DecisionKind.MAP_ACTIVITY, EXCEL, "why not", "admin", day(-1), "colour")
    found = examined(facts(a_statement(), decisions=(decision,)))

    assert words.about_lines(found) == [
        "colour, by somebody's decision",
        "spreadsheets, by rule excel-courses, the catalogue",
    ]


def test_both_sides_of_the_quadrant_say_why() -> None:
    organisation = an_organisation(an_activity(), needs=(a_need(),))
    found = examined(facts(a_statement(), organisation=organisation, wants=(a_want(),)))

    assert words.alignment_lines(found) == [
        "The organisation needs it: need need-spreadsheets, goal goal-spreadsheets.",
        "The learner wants it: spreadsheets stands on the agenda, goal goal-spreadsheets.",
    ]
    assert found.alignment is not None
    assert found.alignment.quadrant is found.completion.quadrant


def test_findings_and_tasks_are_those_of_the_plan() -> None:
    given = facts(a_statement(), contracts=())
    planned = plan(given, a_ruleset(), day(1))

    assert examined(given).findings == planned.findings
    assert examined(facts(a_statement())).follow_ups == plan(facts(a_statement()), a_ruleset(), day(1)).follow_ups


def test_each_statement_says_which_definitions_were_asked_in_vain() -> None:
    (trace,) = examined(facts(a_statement("passed"))).statements

    assert [each.definition for each in trace.passed_over] == ["started", "progressed", "completed"]
    assert words.statement_text(trace) == "passed, by the definition passed"
    assert [each.definition for each in trace.nearest_passed_over(2)] == ["started", "progressed"]


@pytest.mark.parametrize(
    ("verb", "voided", "said"),
    [
        ("passed", True, "was voided: it counts for nothing"),
        ("liked", False, "no completion definition fits: it is noise"),
    ],
)
def test_a_statement_of_which_no_completion_comes_is_traced_all_the_same(verb: str, voided: bool, said: str) -> None:
    fact = a_statement(verb)
    given = facts(fact, voided=frozenset({fact.id} if voided else ()))
    trace = trace_statement(given, a_ruleset(), fact.id, day(1))

    assert trace is not None
    assert (trace.reading, words.statement_text(trace)) == (None, said)
    assert trace_statement(given, a_ruleset(), "another", day(1)) is None


_CONDITIONS = st.sampled_from(
    [
        "{activity.name: {contains: excel}}",
        "{verb: [completed, passed]}",
        "{any: [{verb: failed}, {score.percent: {gte: 50}}]}",
        "{not: {activity.name: {contains: excel}}}",
        "{outcome: passed, activity.id: {prefix: 'https://lms.example.org/'}}",
        "{learner.unit: finance}",
    ]
)
_EVIDENCE = st.sampled_from(
    ["evidence: {competency: spreadsheets}", "evidence: {goal: Monthly report without help}", "exclude: no",
     "evidence: [{competency: law, weight: 0.5}, {activity: 'https://lms.example.org/course/view.php?id=42'}]"]
)  # fmt: skip
_UNLESS = st.sampled_from(
    ["", "unless: {when: {verb: passed}, reason: r}", "unless: {when: {verb: completed}, reason: r, until: 2026-01-01}"]
)
_RULES = st.lists(
    st.tuples(st.sampled_from(["active", "active", "shadow", "draft", "retired"]), _CONDITIONS, _EVIDENCE, _UNLESS),
    max_size=5,
)
_STATEMENTS = st.lists(
    st.builds(
        a_statement,
        st.sampled_from(["completed", "passed", "failed", "initialized", "liked"]),
        st.sampled_from([EXCEL, PAINTING]),
        st.sampled_from([NOON, day(-0.5), day(-200)]),
        score=st.sampled_from([None, (40, 100), (80, 100)]),
    ),
    max_size=4,
)


@given(rules=_RULES, statements=_STATEMENTS, signed=st.booleans())
def test_an_explanation_tells_the_same_story_as_the_plan(
    rules: list[tuple[str, str, str, str]], statements: list[StatementFact], signed: bool
) -> None:
    entries = "".join(
        f"  - {{id: r{n}, status: {status}, when: {when}, {says}{', ' if unless else ''}{unless}}}\n"
        for n, (status, when, says, unless) in enumerate(rules)
    )
    definitions = RULES[: RULES.index("rules:")]
    ruleset = load_texts({"w.yaml": definitions + (f"rules:\n{entries}" if entries else "")})
    given_facts = facts(*statements, contracts=(a_contract(signed=day(-60) if signed else None),))
    planned = plan(given_facts, ruleset, day(1))

    found = examine_all(given_facts, ruleset, day(1))

    assert [each.completion for each in found] == list(planned.completions)
    for each in found:
        fitting = [trace for trace in each.rules if trace.has_effect]
        excluding = [trace for trace in fitting if trace.excludes]
        own = [item for item in planned.evidence if item.completion_id == each.completion.id]
        by_rules = {by for item in own for by in item.by if by.startswith("r")}
        assert bool(excluding) == bool(each.exclusion)
        assert {t.rule for t in fitting if not excluding} == set(each.completion.rules)
        assert by_rules <= {trace.rule for trace in fitting}
        assert {(goal.goal_id, goal.by) for goal in each.goals if goal.taken} == {(i.goal_id, i.by) for i in own}
        assert {s.reading.definition for s in each.statements if s.reading} == {
            s.winner.definition for s in each.statements if s.winner
        }
        assert (each.alignment.quadrant if each.alignment else None) is each.completion.quadrant
