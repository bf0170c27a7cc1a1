"""Types: a comparison that could not be meant, or could never fit, is refused where it stands, never silently false."""

import pytest

from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.errors import DocumentError


def _refusal(when: str, section: str = "rules") -> str:
    """The only problem of a condition, with its column inside the condition."""
    start = f"  when: {when}"
    what = "outcome: completed" if section == "completions" else "status: active\n  evidence: {competency: x}"
    with pytest.raises(DocumentError) as refused:
        load_texts({"r.yaml": f"{section}:\n- id: a\n{start}\n  {what}\n"})
    (problem,) = refused.value.problems
    assert (problem.path, problem.line) == ("r.yaml", 3)
    return f"{problem.column - len('  when: ')}: {problem.message}"


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{activity.name: 5}", "17: activity.name: expected a name, compared without regard to case, not the number 5"),
        (
            "{activity.name: [excel, 5]}",
            "25: activity.name: expected a name, compared without regard to case, not the number 5",
        ),
        ("{activity.id: true}", "15: activity.id: expected a text, compared exactly, not true or false"),
        ("{activity.name: null}", "17: activity.name: expected a name, compared without regard to case, not nothing"),
        ("{activity.name: [[a]]}", "18: activity.name: expected a name, compared without regard to case, not a list"),
        ("{score.percent: high}", "17: score.percent: expected a number, not the text 'high'"),
        ("{score.percent: {gte: '70'}}", "23: score.percent: expected a number, not the text '70'"),
        ("{score.percent: true}", "17: score.percent: expected a number, not true or false"),
        ("{score.percent: {between: [50, x]}}", "32: score.percent: expected a number, not the text 'x'"),
        (
            "{score.percent: {between: [90, 50]}}",
            "27: 'between' takes the lower value first; as it is, nothing can fit",
        ),
        ("{score.percent: {between: 50}}", "27: 'between' takes two values, the lower first"),
        ("{score.percent: {gte: 101}}", "23: score.percent: 101 can never fit: the field runs from 0 to 100"),
        ("{score.percent: {lt: -0.5}}", "22: score.percent: -0.5 can never fit: the field runs from 0 to 100"),
        ("{score.percent: {gte: [50]}}", "23: one value is expected here, not a list"),
        ("{score.percent: {contains: 5}}", "28: score.percent is a number; 'contains' does not suit it"),
        ("{duration: {gte: 45}}", "18: duration: expected a duration such as 45min, 2h or PT1H30M, not the number 45"),
        ("{duration: {gte: soon}}", "18: duration: expected a duration such as 45min, 2h, 3d or PT1H30M"),
        ("{duration: 45min}", "12: duration is a duration such as 45min, 2h or PT1H30M; 'is' does not suit it"),
        ("{duration: {between: [2h, 90min]}}", "22: 'between' takes the lower value first; as it is, nothing can fit"),
        ("{at: {after: 2026}}", "14: at: expected a date or timestamp, not the number 2026; write it as in 2026-03-31"),
        ("{at: {before: 2026-13-01}}", "15: at: not an ISO 8601 timestamp such as 2026-11-21T19:28:20.000Z"),
        ("{at: {on: '2026-03-01T10:00:00Z'}}", "11: at: expected a date such as 2026-03-31, without a time"),
        ("{at: 2026-03-01}", "6: at is a date or timestamp; 'is' does not suit it (use between, before, after, on"),
        (
            "{at: {between: [2026-03-02, 2026-03-01]}}",
            "16: 'between' takes the lower value first; as it is, nothing can fit",
        ),
        ("{at: {after: 9999-12-31}}", "14: at: expected a date between the years 1 and 9999"),
        ("{mandated: 'true'}", "12: mandated: expected true or false, not the text 'true'"),
        ("{mandated: 1}", "12: mandated: expected true or false, not the number 1"),
        ("{activity.name: {present: yes}}", "27: activity.name: expected true or false, not the text 'yes'"),
        ("{outcome: scored}", "11: outcome: no attempt ends as 'scored' (known: started, completed"),
        ("{outcome: [passed, pased]}", "20: outcome: unknown outcome 'pased', did you mean 'passed'?"),
        ("{provider.kind: external}", "17: provider.kind: unknown word 'external', did you mean 'external-partner'?"),
        ("{verb: compleeted}", "8: verb: unknown short name 'compleeted', did you mean 'completed'?"),
        ("{verb: 3}", "8: verb: expected a verb, not the number 3"),
        ("{activity.type: [course, cours]}", "26: activity.type: unknown short name 'cours', did you mean 'course'?"),
        ("{instructor: tilda}", "14: instructor: expected mailto:NAME@DOMAIN, mbox:NAME@DOMAIN, sha1:40 HEX DIGITS"),
        (
            "{instructor: {prefix: 'mbox:'}}",
            "23: instructor is an identifier such as mailto:ada@example.org; 'prefix' does not suit it",
        ),
        ("{activity.name: []}", "17: an empty list can never fit"),
        ("{activity.name: {list: x}}", "24: unknown list 'x'"),
        ("{activity.name: {}}", "17: activity.name needs a value or an operator"),
        ("{extension: {'x:y': [1, a]}}", "25: extension[x:y] (number): expected a number, not the text 'a'"),
        ("{extension: {'x:y': {gte: a}}}", "27: extension[x:y] (number): expected a number, not the text 'a'"),
        (
            "{extension: {'x:y': {contains: 5}}}",
            "32: extension[x:y]: expected a text, compared exactly, not the number 5",
        ),
        (
            "{extension: {'x:y': {after: 2026-01-01}}}",
            "29: extension[x:y] is a text, compared exactly; 'after' does not suit it",
        ),
        ("{extension: {'x:y': {}}}", "21: extension needs a value or an operator"),
        ("{extension: {mode: Browse}}", "14: unknown operator 'mode'; a key is an IRI, such as"),
    ],
)
def test_a_rule_is_refused_at_the_value_that_cannot_be_meant(when: str, expected: str) -> None:
    assert _refusal(when).startswith(expected)


@pytest.mark.parametrize(
    ("when", "expected"),
    [
        ("{object.type: Person}", "15: object.type: unknown word 'Person' (known: Activity"),
        ("{result.score.scaled: {gt: 1.5}}", "28: result.score.scaled: 1.5 can never fit: the field runs from -1 to 1"),
        ("{score.percent: {lte: 100.1}}", "23: score.percent: 100.1 can never fit: the field runs from 0 to 100"),
        ("{duration: {lt: 30}}", "17: duration: expected a duration such as 45min, 2h or PT1H30M, not the number 30"),
        (
            "{context.platform: 4}",
            "20: context.platform: expected a name, compared without regard to case, not the number 4",
        ),
    ],
)
def test_a_completion_definition_is_refused_in_the_same_way(when: str, expected: str) -> None:
    assert _refusal(when, "completions").startswith(expected)


@pytest.mark.parametrize(
    ("when", "hint"),
    [
        ("{activity.name: 5}", "; put it in quotes"),
        ("{activity.name: null}", " (for an absent field say present: false)"),
        ("{at: {after: 2026}}", "; write it as in 2026-03-31"),
        ("{duration: {gte: 45}}", "; say a number of what, such as 45min"),
        ("{duration: 45min}", " (use gt, gte, lt, lte, between, present)"),
        ("{verb: compleeted}", "; a full IRI always works"),
    ],
)
def test_a_refusal_says_what_to_do(when: str, hint: str) -> None:
    assert _refusal(when).endswith(hint)


@pytest.mark.parametrize("when", ["{score.percent: {gte: 0}}", "{score.percent: {lte: 100}}", "{score.percent: 100}"])
def test_the_ends_of_a_scale_belong_to_it(when: str) -> None:
    assert load_texts(
        {"r.yaml": f"rules:\n- {{id: a, status: active, when: {when}, evidence: {{competency: x}}}}"}
    ).rules
