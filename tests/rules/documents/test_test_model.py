"""What is wrong in the tests of a document is said at its place; and the short forms are taken for what they mean."""

from typing import get_args

import pytest
from pydantic import BaseModel

from lrs_bridge.domain.activity import ProviderKind
from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.contract import Method, WantedBy
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.domain.waste import WasteReason
from lrs_bridge_rules.documents.case_model import CatalogueModel, ContractModel, GoalModel
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.documents.test_model import Expectation, FollowUpExpectation, TestModel
from lrs_bridge_rules.errors import DocumentError

RULE = """
rules:
  - id: r
    status: draft
    when: {activity.name: Excel}
    evidence: {competency: spreadsheets}
    tests:
      - name: case
"""
STATEMENT = "statements: {verb: passed, activity: Excel}"


def case(*lines: str) -> TestModel:
    [rule] = load_texts({"r.yaml": RULE + "".join(f"        {line}\n" for line in lines)}).rules
    [only] = rule.tests
    return only.model


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        (("statements: {verb: pased, activity: A}", "expect: match"), "9:28: unknown short name 'pased', did you mean"),
        (("statements: {verb: passed, activity: {type: cours}}", "expect: match"), "9:53: unknown short name 'cours'"),
        (("statements: {verb: passed, activity: {nam: A}}", "expect: match"), "9:47: unknown key 'nam', did you mean"),
        (("statements: {verb: passed}", "expect: match"), "9:21: a statement has verb and activity, or voids, or raw"),
        (("statements: {voids: 1}", "expect: match"), "8:9: statement 1 can only void one that stands before it"),
        (
            ("statements: {verb: passed, activity: A, at: soon}", "expect: match"),
            "9:53: at: expected a day or moment such",
        ),
        (
            ("statements: {verb: passed, activity: A, at: +2x}", "expect: match"),
            "9:53: at: expected a day or moment such",
        ),
        (
            ("statements: {verb: passed, activity: A, score: 101}", "expect: match"),
            "9:56: score: expected a number up to 100, not the number 101",
        ),
        (("statements: {verb: passed, activity: A, duration: 2h}", "expect: match"), "9:59: not an ISO 8601 duration"),
        (
            ("statements: {verb: passed, activity: A, instructor: 'x:y'}", "expect: match"),
            "9:61: instructor: expected mailto:",
        ),
        (
            ("statements: {verb: passed, activity: A, extensions: {info: 1}}", "expect: match"),
            "9:61: the key of an extension is an IRI, not 'info'",
        ),
        (("statements: {raw: {verb: {id: 'urn:v'}}}", "expect: match"), "9:27: not a statement: object is missing"),
        (("statements: {raw: {}, verb: passed}", "expect: match"), "9:27: not a statement: verb is missing"),
        ((STATEMENT, "expect: mach"), "10:17: unknown expectation 'mach', did you mean 'match'?"),
        ((STATEMENT, "expect: {outcome: pased}"), "10:27: unknown outcome 'pased', did you mean 'passed'?"),
        ((STATEMENT, "expect: {quadrent: gift}"), "10:18: unknown key 'quadrent', did you mean 'quadrant'?"),
        ((STATEMENT, "expect: {attempt: 2}"), "10:17: attempt counts the attempts at an activity: name it too"),
        ((STATEMENT, "expect: {findings: boring}"), "10:28: findings: unknown word 'boring' (known: abandoned,"),
        ((STATEMENT, "expect: {evidence: {gaol: a}}"), "10:29: unknown key 'gaol', did you mean 'goal'?"),
        ((STATEMENT, "unit: a", "learner: {unit: b}", "expect: match"), "8:9: unit and job are given twice"),
        ((STATEMENT, "contract: {goals: [{titel: a}]}", "expect: match"), "10:29: unknown key 'titel', did you mean"),
        ((STATEMENT, "needs: {competency: a, unit: b, job: c}", "expect: match"), "10:16: a need is that of a unit or"),
    ],
)
def test_a_mistake_is_said_at_its_place(lines: tuple[str, ...], problem: str) -> None:
    with pytest.raises(DocumentError) as caught:
        case(*lines)

    assert any(str(each).startswith(f"r.yaml:{problem}") for each in caught.value.problems), str(caught.value)


def test_lone_words_stand_for_what_is_meant_most_often() -> None:
    told = case(STATEMENT, "contract: [sheets, numbers]", "needs: sheets", "wants: [sheets, art]", "expect: match")

    assert [goal.competencies for goal in told.contract[0].goals] == [["sheets"], ["numbers"]]
    assert [need.competency for need in told.needs] == ["sheets"]
    assert [want.amount for want in told.wants] == [3, 3]


@pytest.mark.parametrize(
    ("expect", "shows"),
    [
        ("match", {"match"}),
        ("no-match", {"no-match"}),
        ("no-completion", set()),
        ("{outcome: passed}", set()),
        ("[{match: false}, {match: true}]", {"match", "no-match"}),
    ],
)
def test_a_case_shows_a_match_or_its_absence_only_where_it_states_it(expect: str, shows: set[str]) -> None:
    assert case(STATEMENT, f"expect: {expect}").shows == shows


@pytest.mark.parametrize(
    ("model", "key", "words"),
    [
        (Expectation, "standing", Standing),
        (Expectation, "quadrant", [*Quadrant, "none"]),
        (Expectation, "findings", WasteReason),
        (Expectation, "goals", GoalState),
        (FollowUpExpectation, "state", FollowUpState),
        (GoalModel, "method", Method),
        (GoalModel, "wanted_by", WantedBy),
        (CatalogueModel, "provider_kind", ProviderKind),
    ],
)
def test_the_words_of_tests_are_those_of_the_domain(model: type[BaseModel], key: str, words: list[str]) -> None:
    assert set(words) == set(_words_in(model.model_fields[key].annotation))


def _words_in(annotation: object) -> list[str]:
    found = get_args(annotation)
    return [word for each in found for word in ([each] if isinstance(each, str) else _words_in(each))]


def test_a_contract_that_says_nothing_of_it_was_signed_before_and_covers_the_case() -> None:
    contract = ContractModel()

    assert contract.signed
    assert (str(contract.signed), str(contract.from_), str(contract.until)) == (
        "-30 days, 0:00:00",
        "-182 days, 0:00:00",
        "182 days, 0:00:00",
    )


def test_a_raw_statement_comes_from_a_source_of_some_kind() -> None:
    raw = "raw: {verb: {id: urn:v}, object: {id: urn:a}}"
    text = "completions: [{id: own, when: {source.kind: files}, outcome: completed, tests: [{name: raw, %s, %s}]}]"
    case = f"statement: {{{raw}, source: disk, source_kind: files}}"

    (definition,) = load_texts({"rules.yaml": text % (case, "expect: match")}).definitions

    assert definition.tests[0].model.statement.source_kind == "files"
