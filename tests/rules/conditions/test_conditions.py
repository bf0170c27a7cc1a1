"""Conditions: every operator on every kind of field, groups, lists, many values, and the trace."""

import json
from datetime import timedelta
from typing import Any

import pytest

from lrs_bridge_rules.completions.reading import Activity
from lrs_bridge_rules.conditions.condition import Condition
from lrs_bridge_rules.conditions.fields import Facts, Told
from lrs_bridge_rules.conditions.reader import ConditionReader
from lrs_bridge_rules.conditions.statement_fields import STATEMENT_FIELDS
from lrs_bridge_rules.documents.reading import parse
from lrs_bridge_rules.documents.tree import Problems
from lrs_bridge_rules.verdict import ClauseTrace
from support.xapi import ADL, COURSE, NOON, a_rule, a_ruleset, a_statement, a_subject, an_activity, fits

_RICH: dict[str, Any] = {
    "activity_ids": (COURSE, "urn:alias:1"),
    "names": ("Excel basics", "Tabellen für Anfänger"),
    "verbs": (f"{ADL}completed", "https://adlnet.gov/expapi/verbs/passed"),
    "parents": (Activity("https://p.example.org", "Office programme", "https://types.example.org/programme"),),
    "groupings": (Activity("https://g.example.org"), Activity("https://h.example.org")),
    "platforms": ("Moodle",),
    "sources": ("campus",),
    "unit": "Ward 3",
    "job": "Nurse",
    "provider": "external partner",
    "mandated": True,
    "mandated_by": "The State",
    "provider_kind": "external-partner",
    "source_kinds": ("xapi",),
    "duration": timedelta(minutes=45),
    "statements": (
        a_statement(
            context={
                "language": "en-GB",
                "revision": "7",
                "instructor": {"mbox": "mailto:Tutor@example.org", "name": "Tilda Tutor"},
            },
            result={"response": "forty-two"},
        ),
    ),
}


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        (f"{{activity.id: '{COURSE}'}}", True),
        ("{activity.id: 'urn:alias:1'}", True),
        ("{activity.id: 'URN:alias:1'}", False),
        ("{activity.id: [x, 'urn:alias:1']}", True),
        ("{activity.id: {in: [x, 'urn:alias:1']}}", True),
        ("{activity.id: {not_in: [x]}}", True),
        ("{activity.id: {not_in: ['urn:alias:1']}}", False),
        ("{activity.id: {prefix: 'urn:'}}", True),
        ('{activity.name: "tabellen fu\\u0308r anfa\\u0308nger"}', True),
        ('{activity.name: {contains: "fu\\u0308r"}}', True),
        ('{activity.name: {contains: "fur"}}', False),
        ("{activity.id: {glob: 'https://courses.*/e*el'}}", True),
        ("{activity.id: {glob: 'https://courses.*/e*elx'}}", False),
        ("{activity.id: {glob: 'courses.*'}}", False),
        ("{activity.name: excel BASICS}", True),
        ("{activity.name: excel}", False),
        ("{activity.name: {contains: EXCEL}}", True),
        ("{activity.name: {contains: ANFÄNGER}}", True),
        ("{activity.name: {contains: [word, tabellen]}}", True),
        ("{activity.name: {prefix: basics}}", False),
        ("{activity.type: course}", True),
        ("{activity.type: 'http://adlnet.gov/expapi/activities/course'}", True),
        ("{activity.type: 'https://adlnet.gov/expapi/activities/course'}", False),
        ("{verb: passed}", True),
        ("{verb: failed}", False),
        ("{verb: [failed, passed]}", True),
        ("{outcome: passed}", True),
        ("{outcome: [completed, waived]}", False),
        ("{score.percent: {gt: 80}}", False),
        ("{score.percent: {gte: 80}}", True),
        ("{score.percent: {lt: 80}}", False),
        ("{score.percent: {lte: 80.0}}", True),
        ("{score.percent: {between: [70, 80]}}", True),
        ("{score.percent: {between: [81, 90]}}", False),
        ("{score.percent: {gte: 70, lt: 75}}", False),
        ("{result.success: true}", True),
        ("{result.success: false}", False),
        ("{parent.name: {contains: office}}", True),
        ("{parent.id: 'https://p.example.org'}", True),
        ("{grouping.id: 'https://h.example.org'}", True),
        ("{grouping.id: {not_in: ['https://h.example.org']}}", False),
        ("{grouping.name: {present: true}}", False),
        ("{category.id: {present: false}}", True),
        ("{platform: moodle, source: campus}", True),
        ("{source: Campus}", False),
        ("{learner.unit: ward 3, learner.job: nurse, provider: External Partner, mandated: true}", True),
        ("{at: {before: 2026-03-03}}", True),
        ("{at: {before: 2026-03-02}}", False),
        ("{at: {after: 2026-03-01}}", True),
        ("{at: {after: 2026-03-02}}", False),
        ("{at: {on: 2026-03-02}}", True),
        ("{at: {on: [2026-03-01, 2026-03-03]}}", False),
        ("{at: {after: '2026-03-02T12:00:00Z'}}", False),
        ("{at: {between: [2026-03-01, 2026-04-01]}}", True),
        ("{at: {between: [2026-03-01, 2026-03-02]}}", True),
        ("{at: {between: [2026-03-01, 2026-03-01]}}", False),
        ("{at: {between: [2026-03-01, '2026-03-02T11:59:59Z']}}", False),
        ("{duration: {gt: 44min}}", True),
        ("{duration: {gte: PT45M}}", True),
        ("{duration: {lt: 45min}}", False),
        ("{duration: {lte: 1h}}", True),
        ("{duration: {between: [PT30M, 1h]}}", True),
        ("{duration: {between: [1h, 2h]}}", False),
        ("{duration: {present: false}}", False),
        ("{source.kind: xapi, provider.kind: external-partner, mandated.by: the state}", True),
        ("{provider.kind: [internal-team, ad-hoc]}", False),
        ("{instructor: 'mailto:tutor@example.org'}", False),
        ("{instructor: 'mailto:Tutor@EXAMPLE.org', instructor.name: tilda tutor}", True),
        ("{instructor: {not_in: ['mailto:other@example.org']}}", True),
        ("{language: EN-gb, revision: '7', result.response: forty-two}", True),
        ("{any: [{verb: failed}, {outcome: passed}]}", True),
        ("{any: [{verb: failed}, {outcome: waived}]}", False),
        ("{all: [{verb: passed}, {outcome: passed}]}", True),
        ("{not: {verb: failed}, outcome: passed}", True),
        ("{not: {any: [{verb: failed}, {outcome: passed}]}}", False),
    ],
)
def test_a_condition_holds_or_not(when: str, expected: bool) -> None:
    assert fits(when, a_subject(**_RICH)) is expected


@pytest.mark.parametrize("when", ["{score.percent: {lt: 50}}", "{score.percent: {gte: 0}}", "{result.success: false}"])
def test_what_is_not_there_is_neither_high_nor_low(when: str) -> None:
    assert not fits(when, a_subject(percent=None, success=None))


def test_a_named_list_stands_for_its_values() -> None:
    text = f"lists: {{ours: ['urn:x', '{COURSE}']}}\nrules:\n" + a_rule("{activity.id: {list: ours}}")

    assert a_ruleset(text).evaluate(a_subject()).matches
    assert a_ruleset(text.replace("{list: ours}", "{not_in: {list: ours}}")).evaluate(a_subject()).matches == ()


def _of_statement(when: str) -> Condition[Told]:
    problems = Problems()
    root = parse("d.yaml", f"when: {when}", problems)
    assert root is not None
    condition = ConditionReader(STATEMENT_FIELDS, {}, problems).read(next(root.entries("when")))
    problems.raise_if_any()
    assert condition is not None
    return condition


@pytest.mark.parametrize(
    "when",
    [
        "{verb: completed}",
        "{object.id: 'https://courses.example.org/excel', object.type: Activity}",
        "{activity.type: course, activity.name: {contains: excel}}",
        "{result.success: true, result.completion: true, result.response: ok}",
        "{result.score.raw: 8, result.score.max: {gt: 9}, result.score.scaled: {lt: 1}, score.percent: 80}",
        "{context.platform: MOODLE, context.registration: r, context.language: en, context.revision: 2.0b}",
        "{duration: {gte: 45min}, context.instructor.name: tutors, context.instructor: 'account:https://lms.org|t1'}",
        "{result.extension: {'x:attempts': 3}, activity.extension: {'x:level': expert}}",
        "{context.extension: ['x:none', 'x:mode=Browse']}",
        "{context.extension: 'x:inner=1'}",
        "{context.parent.id: 'urn:p', context.parent.type: course, context.parent.name: Parent}",
        "{context.grouping.id: 'urn:g', context.category.id: {prefix: 'urn:'}, context.other.id: {present: false}}",
        "{source: campus, source.kind: xapi, at: {after: 2026-01-01}}",
    ],
)
def test_every_field_of_a_statement_can_be_asked_for(when: str) -> None:
    statement = a_statement(
        object={
            "id": COURSE,
            "definition": {
                "name": {"en": "Excel basics"},
                "type": "http://adlnet.gov/expapi/activities/course",
                "extensions": {"x:level": "expert"},
            },
        },
        result={
            "success": True,
            "completion": True,
            "response": "ok",
            "score": {"raw": 8, "min": 0, "max": 10, "scaled": 0.6},
            "duration": "PT45M",
            "extensions": {"x:attempts": 3},
        },
        context={
            "platform": "Moodle",
            "registration": "r",
            "language": "en",
            "revision": "2.0b",
            "instructor": {
                "objectType": "Group",
                "name": "Tutors",
                "member": [{"account": {"homePage": "https://lms.org", "name": "t1"}}],
            },
            "extensions": {"x:mode": "Browse", "x:info": {"x:inner": 1}},
            "contextActivities": {
                "parent": an_activity("urn:p", "Parent", "http://adlnet.gov/expapi/activities/course"),
                "grouping": [an_activity("urn:g")],
                "category": [an_activity("urn:c")],
            },
        },
    )

    assert _of_statement(when).holds(Facts(Told(statement, "campus", "xapi")))


def test_the_trace_says_for_each_clause_what_was_expected_and_found() -> None:
    ruleset = a_ruleset("rules:\n" + a_rule("{activity.name: {contains: [excel]}, score.percent: {gte: 90}}"))

    (trace,) = ruleset.explain(a_subject())

    assert trace.clauses == (
        ClauseTrace("activity.name", "contains", ["excel"], "Excel basics", True),
        ClauseTrace("score.percent", "gte", 90, 80.0, False),
    )


def test_the_trace_of_an_any_is_that_of_the_nearest_branch() -> None:
    when = "{any: [{verb: failed, outcome: failed}, {verb: passed, outcome: failed}]}"

    (trace,) = a_ruleset("rules:\n" + a_rule(when)).explain(a_subject())

    assert [(clause.field, clause.met) for clause in trace.clauses] == [("verb", True), ("outcome", False)]


def test_the_trace_of_a_not_says_so() -> None:
    (trace,) = a_ruleset("rules:\n" + a_rule("{not: {verb: passed}}")).explain(a_subject())

    assert trace.clauses == (ClauseTrace("verb", "not is", "passed", f"{ADL}passed", False),)


@pytest.mark.parametrize(
    ("length", "shown"),
    [
        (timedelta(minutes=50), "50min"),
        (timedelta(hours=3), "3h"),
        (timedelta(minutes=90), "90min"),
        (timedelta(days=2), "48h"),
        (timedelta(0), "0min"),
        (timedelta(seconds=75), "PT1M15S"),
    ],
)
def test_a_duration_is_shown_as_one_would_write_it(length: timedelta, shown: str) -> None:
    (trace,) = a_ruleset("rules:\n" + a_rule("{duration: {gte: 45min}}")).explain(a_subject(duration=length))
    (clause,) = trace.clauses

    assert json.loads(json.dumps([clause.expected, clause.actual])) == ["45min", shown]
    assert fits(f"{{duration: {{between: [{shown}, {shown}]}}}}", a_subject(duration=length))


def test_a_trace_can_be_written_as_json() -> None:
    (trace,) = a_ruleset("rules:\n" + a_rule("{at: {after: 2026-01-01}, grouping.id: x}")).explain(a_subject())

    assert json.loads(json.dumps([clause.actual for clause in trace.clauses])) == [NOON.isoformat(), None]
