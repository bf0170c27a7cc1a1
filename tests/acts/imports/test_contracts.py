"""Contracts from YAML and CSV, and out again."""

from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

from lrs_bridge.acts import imports
from lrs_bridge.acts.actor import OPERATOR, AccountRole, Actor
from lrs_bridge.acts.contract_export import _text, contract_texts, joined
from lrs_bridge.acts.errors import NotAllowed, NotFound
from lrs_bridge.acts.imports import Imported
from lrs_bridge.acts.imports.contract_documents import read_contracts
from lrs_bridge.acts.imports.known import Known
from lrs_bridge.domain.contract import (
    Contract,
    ContractKind,
    Goal,
    Measure,
    Method,
    Revision,
    Role,
    Signature,
    Support,
    WantedBy,
)
from lrs_bridge.domain.learner import Learner
from lrs_bridge.store import contracts
from lrs_bridge.store.engine import read
from lrs_bridge_rules.documents.reading import parse
from lrs_bridge_rules.documents.tree import Problems
from support.builders import NOON

Written = Callable[[str, str], Path]
Mistakes = Callable[[Callable[[], object]], list[str]]
Load = Callable[[str], Imported]

PEOPLE = "id,name,manager\nal,Alice,mo\nmo,Mona,\n"
STRATEGY = "objectives: [{id: o, title: O}]\ninitiatives: [{id: numbers, title: N, objective: o}]\n"
UNDECLARED = "expected a competency that the strategy declares, and"
SIMPLE = """\
contracts:
  - id: c1
    kind: experience
    learner: al
    from: 2026-01-01
    until: 2026-12-31
    goals:
      - {id: g1, title: Sheets, competencies: [spreadsheets]}
"""
FULL = """\
contracts:
  - id: c1
    kind: strategic
    title: The year of numbers
    learner: al
    manager: mo
    revisions:
      - number: 1
        from: 2026-01-01
        until: 2026-12-31
        responsibilities: Monthly figures
        link: She will lead the reporting
        proposed_at: 2026-01-05T08:00:00Z
        signatures:
          - {role: learner, at: 2026-01-10}
          - {role: manager, by: mo, at: 2026-01-11T09:30:00.250Z}
        goals:
          - id: g1
            title: Build reports
            competencies: [spreadsheets, sql]
            method: mentoring
            activities: ["https://lms.example.org/42"]
            application: The monthly report
            measure: {metric: hours, unit: h, baseline: 10, target: 4.5, by: 2026-09-30}
            supports: [{id: s1, what: A licence, provider: mo, needed_by: 2026-03-01}]
            wanted_by: organisation
            initiative: numbers
            ambition: Team lead
            beyond: Head of sales
            serves: [g0]
            follow_ups: [apply]
            required: 2
      - number: 2
        from: 2026-01-01
        until: 2027-06-30
        goals: [{id: g1, title: Build reports, competencies: [sql]}]
"""
GOAL = Goal(
    id="g1",
    title="Build reports",
    competencies=frozenset({"spreadsheets", "sql"}),
    method=Method.MENTORING,
    activities=frozenset({"https://lms.example.org/42"}),
    application="The monthly report",
    measure=Measure("hours", "h", 10, 4.5, date(2026, 9, 30)),
    supports=(Support("s1", "A licence", "mo", date(2026, 3, 1)),),
    wanted_by=WantedBy.ORGANISATION,
    initiative_id="numbers",
    ambition="Team lead",
    beyond="Head of sales",
    serves=("g0",),
    follow_ups=("apply",),
    required=2,
)


@pytest.fixture
def staffed(engine: Engine, written: Written) -> Engine:
    imports.learners(engine, OPERATOR, written("l.csv", PEOPLE), NOON)
    imports.strategy(engine, OPERATOR, written("s.yaml", STRATEGY), NOON)
    return engine


@pytest.fixture
def load(staffed: Engine, written: Written) -> Load:
    return lambda text: imports.contracts(staffed, OPERATOR, written("k.yaml", text), NOON)


def stored(engine: Engine) -> list[Contract]:
    with read(engine) as connection:
        return contracts.all_contracts(connection)


def test_the_whole_grammar(staffed: Engine, written: Written) -> None:
    berlin = ZoneInfo("Europe/Berlin")
    imports.contracts(staffed, OPERATOR, written("k.yaml", FULL), NOON, time_zone=berlin, follow_ups=["apply"])

    [contract] = stored(staffed)
    first = contract.revisions[0]
    assert contract.kind is ContractKind.STRATEGIC
    assert first.goals == (GOAL,)
    assert first.signatures == (
        Signature(Role.LEARNER, "al", datetime(2026, 1, 9, 23, tzinfo=UTC)),
        Signature(Role.MANAGER, "mo", datetime(2026, 1, 11, 9, 30, 0, 250_000, tzinfo=UTC)),
    )
    assert [revision.number for revision in contract.revisions] == [1, 2]


def test_a_single_revision_needs_no_list(staffed: Engine, load: Load) -> None:
    load(SIMPLE)

    [contract] = stored(staffed)
    assert (contract.latest.number, contract.latest.starts_on, contract.manager_id) == (1, date(2026, 1, 1), "mo")


def test_the_same_contracts_twice_change_nothing(load: Load) -> None:
    load(FULL)

    assert load(FULL) == Imported(unchanged=1)


def test_an_export_imports_back_unchanged(staffed: Engine, load: Load) -> None:
    load(FULL)
    with read(staffed) as connection:
        text = joined(contract_texts(connection, OPERATOR).values())

    assert load(text) == Imported(unchanged=1)


_words = st.text(st.characters(exclude_categories=["Cs", "Cc", "Cn", "Co"]), min_size=1, max_size=12)
_awkward = st.sampled_from(
    ["1e5", "012", "true", "null", "~", "2026-01-01", "- a", "a: b", "#x", "no", "'", '"', ".5", " x "]
)
_texts = _words | _awkward


@given(_texts, _texts, _texts, st.floats(0.5, 1e6), st.datetimes(timezones=st.just(UTC)))
def test_whatever_was_agreed_an_export_reads_back_unchanged(
    title: str, what: str, identifier: str, target: float, at: datetime
) -> None:
    measure, support = Measure("m", what, 0, target), Support("s", what)
    goal = Goal("g", title, measure=measure, supports=(support,), ambition=title, serves=(identifier,))
    signatures = (Signature(Role.LEARNER, "al", at),)
    revision = Revision(1, date(2026, 1, 1), date(2026, 12, 31), (goal,), title, signatures=signatures)
    contract = Contract(identifier, ContractKind.STRATEGIC, "al", None, (revision,), title)

    document = parse("back.yaml", _text(contract), problems := Problems())
    assert document is not None
    read_back = read_contracts(document.entries("contracts"), Known({"al": Learner("al")}), problems)
    problems.raise_if_any()
    assert read_back == (contract,)


def test_an_empty_export_imports_back(staffed: Engine, load: Load) -> None:
    with read(staffed) as connection:
        assert load(joined(contract_texts(connection, OPERATOR).values())) == Imported()


def test_only_contracts_that_exist_are_exported(staffed: Engine) -> None:
    with read(staffed) as connection, pytest.raises(NotFound):
        contract_texts(connection, OPERATOR, ["nothing"])


def test_a_learner_exports_nothing(staffed: Engine) -> None:
    with read(staffed) as connection, pytest.raises(NotAllowed, match="needs the role administrator or auditor"):
        contract_texts(connection, Actor("al", AccountRole.LEARNER, "al"))


def test_an_auditor_exports_as_well(staffed: Engine, load: Load) -> None:
    load(FULL)

    with read(staffed) as connection:
        assert len(contract_texts(connection, Actor("rita", AccountRole.AUDITOR))) == 1


def test_what_both_sides_signed_cannot_be_changed_by_a_file(load: Load, mistakes: Mistakes) -> None:
    load(FULL)
    [found] = mistakes(lambda: load(FULL.replace("Monthly figures", "Weekly figures")))

    assert found == "2:9: id: revision 1 is signed by both sides; write the change as a new revision"


def test_a_draft_can_be_changed(load: Load) -> None:
    load(SIMPLE)

    assert load(SIMPLE.replace("Sheets", "Tables")) == Imported(changed=1)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("kind: experience", "kind: yearly", "3:11: kind: unknown word 'yearly'"),
        ("kind: experience", "title: x", "a contract needs 'kind'"),
        ("learner: al", "learner: alx", "4:14: learner: no learner has the id 'alx', did you mean 'al'?"),
        ("learner: al", "learner: al\n    manager: al", "5:14: manager: a contract has two sides"),
        ("from: 2026-01-01", "from: 2026-02-31", "5:11: from: this date does not exist"),
        ("until: 2026-12-31", "until: 2025-12-31", "6:12: until: the period ends before it begins"),
        ("id: g1, ", "", "8:9: a goal needs 'id'"),
        ("title: Sheets", "title: S, methods: x", "8:28: unknown key 'methods' in a goal, did you mean 'method'?"),
        ("title: Sheets", "title: Sheets, initiative: numbres", "did you mean 'numbers'?"),
        ("title: Sheets", "title: Sheets, measure: {metric: m}", "a measure needs 'baseline'"),
        ("title: Sheets", "title: Sheets, required: 0", "expected a number above 0"),
        ("title: Sheets", "title: S, supports: [{id: s, what: w}, {id: s, what: w}]", "the support 's' is there twice"),
        ("      - {id: g1", "      - {id: g1, title: Again}\n      - {id: g1", "the goal 'g1' is there twice"),
        ("    goals:\n      - {id: g1, title: Sheets, competencies: [spreadsheets]}\n", "", "at least one goal"),
        (
            "    goals:",
            "    revisions: [{from: 2026-01-01, until: 2026-12-31}]\n    goals:",
            "into one of the revisions",
        ),
    ],
)
def test_a_wrong_contract_is_refused(load: Load, mistakes: Mistakes, before: str, after: str, expected: str) -> None:
    found = mistakes(lambda: load(SIMPLE.replace(before, after)))

    assert any(expected in each for each in found), found


def test_follow_ups_must_be_known_to_the_rules(staffed: Engine, written: Written, mistakes: Mistakes) -> None:
    file = written("k.yaml", SIMPLE.replace("title: Sheets", "title: Sheets, follow_ups: [aply]"))
    found = mistakes(lambda: imports.contracts(staffed, OPERATOR, file, NOON, follow_ups=["apply", "share"]))

    assert found == ["8:46: the rules have no follow-up 'aply', did you mean 'apply'?"]


def test_a_goal_belongs_to_one_contract(load: Load, mistakes: Mistakes) -> None:
    load(SIMPLE)
    found = mistakes(lambda: load(SIMPLE.replace("id: c1", "id: c2")))

    assert found == ["2:9: id: the goal 'g1' belongs to the contract 'c1' already"]


def test_a_contract_does_not_change_hands(load: Load, mistakes: Mistakes) -> None:
    load(SIMPLE)
    found = mistakes(lambda: load(SIMPLE.replace("learner: al", "learner: mo")))

    assert "is another learner's" in found[0]


@pytest.fixture
def declared(staffed: Engine, written: Written) -> Engine:
    """The organisation has said which competencies there are."""
    names = "competencies: [selling, speaking, sheets, {id: sql, title: SQL for analysts}]\n"
    imports.strategy(staffed, OPERATOR, written("declared.yaml", names), NOON)
    return staffed


def test_a_goal_is_about_competencies_that_the_strategy_declares(
    declared: Engine, load: Load, mistakes: Mistakes
) -> None:
    del declared
    found = mistakes(lambda: load(SIMPLE.replace("[spreadsheets]", "[sql, sheet]")))

    assert found == [
        f"8:53: competencies: {UNDECLARED} 'sheet' is none, did you mean 'sheets'?",
    ]
    assert load(SIMPLE.replace("[spreadsheets]", "[sql, sheets]")) == Imported(new=1)
    assert load(SIMPLE.replace("[spreadsheets]", "[sql, sheets]")) == Imported(unchanged=1)


def test_an_undeclared_competency_in_a_table_is_found_in_its_cell(
    declared: Engine, written: Written, mistakes: Mistakes
) -> None:
    found = mistakes(lambda: imports.contracts(declared, OPERATOR, written("k.csv", TABLE), NOON))

    assert found == [
        f"2:49: competencies: {UNDECLARED} 'spreadsheets' is none, did you mean 'sheets'?",
    ]


TABLE = """\
contract;kind;learner;from;until;goal;title;competencies;metric;unit;baseline;target;measure_by;\
support;support_provider;learner_signed;manager_signed
c1;strategic;al;2026-01-01;2026-12-31;g1;Sheets;spreadsheets sql;hours;h;10;4.5;2026-09-30;\
A licence;mo;2026-01-10;2026-01-11
c1;;;;;g2;Talks;speaking;;;;;;;;;
c2;experience;mo;2026-01-01;2026-03-31;g3;Fair;selling;;;;;;;;;
"""


def test_a_table_has_one_goal_a_row(staffed: Engine, written: Written) -> None:
    assert imports.contracts(staffed, OPERATOR, written("k.csv", TABLE), NOON) == Imported(new=2)

    first, second = stored(staffed)
    assert [goal.id for goal in first.latest.goals] == ["g1", "g2"]
    assert first.latest.goals[0].measure == Measure("hours", "h", 10, 4.5, date(2026, 9, 30))
    assert first.latest.goals[0].supports == (Support("g1/support", "A licence", "mo"),)
    assert first.latest.signed_at == datetime(2026, 1, 11, tzinfo=UTC)
    assert second.latest.signed_at is None


def test_a_mistake_in_a_table_is_found_in_its_cell(staffed: Engine, written: Written, mistakes: Mistakes) -> None:
    wrong = TABLE.replace("c1;;;;;g2", "c1;;mo;;;g2").replace(";4.5;", ";four;").replace("c2;exp", ";exp")
    found = mistakes(lambda: imports.contracts(staffed, OPERATOR, written("k.csv", wrong), NOON))

    assert found == [
        "2:77: target: expected a number such as 12 or 12.5",
        "3:5: learner differs from line 2 of the same contract",
        "4:2: a row needs 'contract', the id of the contract that its goal belongs to",
    ]
