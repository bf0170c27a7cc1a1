"""Traces tell every clause with its groups, and their words say what was asked for and what there was."""

from datetime import UTC, datetime

import pytest

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.completions.reading import Activity
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.fields import Told
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.explain import (
    clause_text,
    definition_text,
    exception_text,
    lines_of,
    shown,
    tree_lines,
    verdict_of,
)
from lrs_bridge_rules.statements.statement import decode_statement
from lrs_bridge_rules.tracing import clauses_in, missing
from lrs_bridge_rules.verdict import ClauseTrace, GroupTrace, RuleTrace

NOW = datetime(2026, 3, 1, tzinfo=UTC)
COURSE = Subject(
    Activity("https://lms.example.org/1", "Excel basics", "http://adlnet.gov/expapi/activities/course"),
    ("https://lms.example.org/1",),
    Outcome.PASSED,
    80.0,
    True,
    None,
    NOW,
    verbs=("http://adlnet.gov/expapi/verbs/passed",),
)


def traced(when: str, *, unless: str = "", status: str = "active", now: datetime = NOW) -> RuleTrace:
    text = f"rules: [{{id: r, status: {status}, when: {when}, unless: [{unless}], evidence: {{competency: c}}}}]"
    (trace,) = load_texts({"r.yaml": text}).explain(COURSE, now=now)
    return trace


def lines(trace: RuleTrace) -> list[tuple[int, bool, str]]:
    assert trace.tree is not None
    return [(line.depth, line.met, line.text) for line in tree_lines(trace.tree)]


def test_every_branch_of_an_any_is_told_with_what_was_found() -> None:
    found = traced("{any: [{activity.name: Word}, {all: [{verb: passed}, {score.percent: {lt: 50}}]}]}")

    assert lines(found) == [
        (0, False, "at least one of these:"),
        (1, False, "activity.name is Word (found Excel basics)"),
        (1, False, "all of these:"),
        (2, True, "verb is passed (found passed)"),
        (2, False, "score.percent is below 50 (found 80.0)"),
    ]


def test_what_must_not_be_so_is_told_as_one_group() -> None:
    found = traced("{verb: passed, not: {score.percent: {gte: 50}}}")

    assert lines(found) == [
        (0, True, "verb is passed (found passed)"),
        (0, False, "not so that:"),
        (1, True, "score.percent is at least 50 (found 80.0)"),
    ]
    assert verdict_of(found) == "1 of 2 clauses missed"


@pytest.mark.parametrize(
    ("when", "distance"),
    [
        ("{verb: passed}", 0),
        ("{verb: failed, activity.name: Word}", 2),
        ("{any: [{verb: failed, activity.name: Word}, {verb: waived}]}", 1),
        ("{not: {verb: passed, activity.name: Excel basics}}", 1),
        ("{any: [{verb: passed}, {verb: failed}], activity.name: Word}", 1),
    ],
)
def test_how_far_a_rule_is_away_counts_what_would_have_to_be_otherwise(when: str, distance: int) -> None:
    tree = traced(when).tree

    assert tree is not None
    assert missing(tree) == distance


def test_an_exception_says_that_it_holds_off_and_until_when() -> None:
    found = traced(
        "{verb: passed}",
        unless="{when: {activity.name: Excel basics}, reason: a taster, author: ida, until: 2026-05-01}",
    )
    (exception,) = found.exceptions

    assert (found.matched, found.exception, exception.keeps_off) == (False, "a taster", True)
    assert exception_text(exception) == "held off until 2026-05-01: a taster (ida)"
    assert verdict_of(found) == "excepted, a taster"


def test_an_exception_that_ended_holds_nothing_off_and_is_told_all_the_same() -> None:
    found = traced("{verb: passed}", unless="{when: {verb: passed}, reason: a taster, until: 2026-01-01}")

    assert (found.matched, found.exception) == (True, "")
    assert exception_text(found.exceptions[0]) == "ended, it held off until 2026-01-01: a taster"


def test_an_exception_for_another_case_does_not_apply() -> None:
    found = traced("{verb: passed}", unless="{when: {verb: failed}, reason: a taster}")

    assert exception_text(found.exceptions[0]) == "does not apply here: a taster"


@pytest.mark.parametrize(
    ("status", "said", "effect"),
    [
        ("active", "fits", True),
        ("shadow", "fits, and is only counted (shadow)", False),
        ("draft", "would fit, and has no effect yet (draft)", False),
        ("retired", "would fit, and has no effect any more (retired)", False),
    ],
)
def test_what_a_fit_means_depends_on_the_status(status: str, said: str, effect: bool) -> None:
    found = traced("{verb: passed}", status=status)

    assert (verdict_of(found), found.has_effect) == (said, effect)


def test_a_rule_held_off_by_an_exception_alone_stands_before_all_that_miss() -> None:
    text = """
    rules:
      - {id: a-far, status: draft, when: {verb: failed, activity.name: x}, evidence: {competency: c}}
      - {id: b-near, status: draft, when: {verb: failed, activity.name: Excel basics}, evidence: {competency: c}}
      - {id: c-off, status: draft, when: {verb: passed}, unless: {when: {verb: passed}, reason: r}, evidence: {goal: g}}
      - {id: d-fits, status: draft, when: {verb: passed}, evidence: {competency: c}}
    """
    found = load_texts({"r.yaml": text}).explain(COURSE, now=NOW)

    assert [trace.rule for trace in found] == ["d-fits", "c-off", "b-near", "a-far"]
    assert [(trace.path, trace.line) for trace in found[:1]] == [("r.yaml", 6)]


def test_short_names_are_used_where_the_rule_uses_them() -> None:
    iri = "https://adlnet.gov/expapi/verbs/passed"

    assert lines(traced("{verb: failed}"))[0][2] == "verb is failed (found passed)"
    assert lines(traced(f'{{verb: "{iri}"}}'))[0][2] == f"verb is {iri} (found http://adlnet.gov/expapi/verbs/passed)"


def test_of_500_values_three_are_shown() -> None:
    values = [f"https://lms.example.org/{number}x" for number in range(500)]
    (line,) = lines(traced(f"{{activity.id: [{', '.join(map(repr, values))}]}}"))

    assert line[2].startswith("activity.id is one of https://lms.example.org/0x, ")
    assert " and 497 more (found https://lms.example.org/1)" in line[2]


def test_long_texts_are_cut() -> None:
    assert len(shown("x" * 5000)) == 200


@pytest.mark.parametrize(
    "field",
    [
        "instructor",
        "instructor.name",
        "context.instructor",
        "path[$.actor.name]",
        "path[$.context.team.member[*].mbox]",
        "path[$.*.name]",
        "path[$[*].name]",
        "path[$.context.*.name]",
        "path[$['context'][*].account.name]",
        "path[$.object.name]",
        "path[$['object']['account'].name]",
        "path[$.object.*.name]",
    ],
)
def test_who_somebody_is_is_never_told(field: str) -> None:
    text = clause_text(ClauseTrace(field, "is", "mbox:a@example.org", "ida", met=False))

    assert "ida" not in text
    assert "(found somebody; who it is, is not shown)" in text


@pytest.mark.parametrize("field", ["result.response", "extension[https://x.org/by]", "activity.name", "template"])
@pytest.mark.parametrize("actual", ["I am ida@example.org", ["here", "ida@example.org"]])
def test_an_address_is_never_told_wherever_it_stands(field: str, actual: object) -> None:
    assert "ida" not in clause_text(ClauseTrace(field, "contains", "x", actual, met=False))


def test_a_template_that_failed_at_a_person_does_not_say_who_it_is() -> None:
    failed = "invalid: $.actor.name: expected any of Max, found Ida"

    assert "Ida" not in clause_text(ClauseTrace("template", "is", "t", failed, met=False))
    assert "found success" in clause_text(ClauseTrace("template", "is", "t", "success", met=True))


@pytest.mark.parametrize(
    "field",
    [
        "path[$.context.platform]",
        "path[$.*]",
        "path[$.object.definition.name.en]",
        "path[$.context.contextActivities.parent[*].definition.name.en]",
        "context.extension[https://x.org/factor]",
    ],
)
def test_what_names_nobody_is_told(field: str) -> None:
    assert "(found here)" in clause_text(ClauseTrace(field, "is", "x", "here", met=False))


def test_an_operator_without_a_phrase_of_its_own_is_told_by_its_name() -> None:
    assert clause_text(ClauseTrace("at", "novel", "x", None, met=False)) == "at novel x (found nothing)"


def test_the_lines_of_a_trace_are_its_headline_and_the_clauses_that_count() -> None:
    assert lines_of(traced("{activity.name: Word}")) == (
        "r (active): 1 of 1 clause missed",
        "  missed: activity.name is Word (found Excel basics)",
    )


def test_the_clauses_of_all_groups_can_be_gone_through() -> None:
    clause = ClauseTrace("verb", "is", "x", "y", met=False)
    tree = GroupTrace("all", False, (clause, GroupTrace("not", True, (clause,))))

    assert list(clauses_in(tree)) == [clause, clause]


DEFINITIONS = """
completions:
  - {id: noise, when: {verb: viewed}, outcome: ignore}
  - {id: in-course, when: {verb: passed}, outcome: passed, activity: {from: parent, type: course}}
  - {id: passed, when: {verb: passed}, outcome: passed}
  - {id: anything, when: {verb: [passed, failed]}, outcome: completed}
"""


def told(verb: str) -> Told:
    body = (
        '{"actor": {"mbox": "mailto:a@example.org"}, "verb": {"id": "http://adlnet.gov/expapi/verbs/%s"},'
        ' "object": {"id": "https://x.example.org"}, "timestamp": "2026-03-01T10:00:00Z"}'
    )
    return Told(decode_statement((body % verb).encode()))


def test_the_first_definition_that_fits_wins_and_the_others_say_why_they_did_not() -> None:
    found = load_texts({"d.yaml": DEFINITIONS}).explain_reading(told("passed"))

    assert [(trace.definition, trace.fits, trace.wins, definition_text(trace)) for trace in found] == [
        ("noise", False, False, "missed: verb is viewed (found passed)"),
        ("in-course", False, False, "the statement has no parent activity of the type asked for"),
        ("passed", True, True, "fits, and says passed"),
        ("anything", True, False, "would fit too and say completed, but an earlier one does"),
    ]


def test_a_definition_of_noise_says_so() -> None:
    text = DEFINITIONS.replace("verb: viewed", "verb: passed")

    assert (
        definition_text(load_texts({"d.yaml": text}).explain_reading(told("passed"))[0])
        == "fits, and says that it is noise"
    )
