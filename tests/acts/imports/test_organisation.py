"""Catalogue, strategy and agendas from YAML."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lrs_bridge.acts import imports
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.acts.imports import Imported
from lrs_bridge.domain.activity import CatalogueActivity, ProviderKind
from lrs_bridge.domain.agenda import Competency, Need, Scope, ScopeKind, Want, WantOrigin
from lrs_bridge.store import agendas, catalogue, people
from lrs_bridge.store.engine import read
from support.builders import NOON

Written = Callable[[str, str], Path]
Mistakes = Callable[[Callable[[], object]], list[str]]
Load = Callable[[str], Imported]

UNDECLARED = "expected a competency that the strategy declares, and"
STRATEGY = """\
competencies: [spreadsheets, {id: sql, title: SQL for analysts}]
objectives: [{id: grow, title: Grow}]
initiatives:
  - {id: numbers, title: Decide by numbers, objective: grow}
needs:
  - {id: n1, competency: spreadsheets, initiative: numbers, unit: Sales, from: 2026-01-01, until: 2026-12-31}
  - {competency: sql, initiative: numbers, job: analyst}
units:
  - {name: Sales, learning_partner: mo}
"""


@pytest.fixture
def staffed(engine: Engine, written: Written) -> Engine:
    imports.learners(engine, OPERATOR, written("l.csv", "id,name,email\nal,Alice,alice@example.org\nmo,Mona,\n"), NOON)
    return engine


@pytest.fixture
def load_catalogue(engine: Engine, written: Written) -> Load:
    return lambda text: imports.catalogue(engine, OPERATOR, written("c.yaml", text), NOON)


@pytest.fixture
def load_strategy(staffed: Engine, written: Written) -> Load:
    return lambda text: imports.strategy(staffed, OPERATOR, written("s.yaml", text), NOON)


@pytest.fixture
def load_agendas(staffed: Engine, written: Written) -> Load:
    return lambda text: imports.agendas(staffed, OPERATOR, written("a.yaml", text), NOON)


def test_an_activity_with_all_that_can_be_said(engine: Engine, load_catalogue: Load) -> None:
    load_catalogue("""\
activities:
  - id: https://lms.example.org/first-aid
    name: First aid
    provider: Red Cross of Example
    provider_kind: external-partner
    fee: 45.50
    hours: 7.5
    competencies: [first-aid]
    aliases: [https://old.example.org/fa, "urn:uuid:1"]
    mandated_by: The insurer
    valid_for: 2y
    job_aid: https://intranet.example.org/first-aid
    pre_test: https://lms.example.org/pre
    post_test: https://lms.example.org/post
""")

    with read(engine) as connection:
        [activity] = catalogue.load_catalogue(connection).activities.values()
    assert activity == CatalogueActivity(
        id="https://lms.example.org/first-aid",
        name="First aid",
        provider="Red Cross of Example",
        provider_kind=ProviderKind.EXTERNAL_PARTNER,
        fee=4550,
        hours=7.5,
        competencies=frozenset({"first-aid"}),
        aliases=frozenset({"https://old.example.org/fa", "urn:uuid:1"}),
        mandated_by="The insurer",
        valid_for=timedelta(days=730),
        job_aid="https://intranet.example.org/first-aid",
        pre_test="https://lms.example.org/pre",
        post_test="https://lms.example.org/post",
    )


def test_the_same_catalogue_twice_changes_nothing(load_catalogue: Load) -> None:
    load_catalogue("activities: [{id: a, name: A}, {id: b, name: B, fee: 10}]")

    assert load_catalogue("activities: [{id: a, name: A}, {id: b, name: B, fee: 10}]") == Imported(unchanged=2)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        ("{name: A}", "1:14: an activity needs 'id'"),
        ("{id: a}", "1:14: an activity needs 'name'"),
        ("{id: a, name: A, fee: -1}", "1:36: fee: expected an amount such as 45.50"),
        ("{id: a, name: A, fee: 1.999}", "1:36: fee: expected an amount such as 45.50"),
        ("{id: a, name: A, hours: -2}", "1:38: hours: expected hours"),
        ("{id: a, name: A, provider_kind: extern}", "1:46: provider_kind: unknown word 'extern'"),
        ("{id: a, name: A, valid_for: soon}", "1:42: valid_for: expected a span"),
        ("{id: a, name: A, price: 3}", "1:31: unknown key 'price' in an activity"),
        ("{id: a, name: A, pre_test: a}", "1:41: pre_test: an activity is not its own test"),
        ("{id: a, name: yes please, name: A}", "1:40: the key 'name' is given twice"),
        ("{id: a, name: true}", "1:28: name: expected a text"),
        ("{id: a, name: [A]}", "1:28: name: expected a single value"),
        ("just a text", "1:14: expected an activity as a mapping"),
    ],
)
def test_a_wrong_entry_is_found_where_it_stands(
    load_catalogue: Load, mistakes: Mistakes, entry: str, expected: str
) -> None:
    found = mistakes(lambda: load_catalogue(f"activities: [{entry}]"))

    assert any(each.startswith(expected) for each in found), found


def test_an_alias_stands_for_one_activity(load_catalogue: Load, mistakes: Mistakes) -> None:
    load_catalogue("activities: [{id: a, name: A, aliases: [x]}]")
    found = mistakes(lambda: load_catalogue("activities: [{id: b, name: B, aliases: [x]}, {id: b, name: C}]"))

    assert found == [
        "1:41: 'x' stands for the activity 'a' already",
        "1:51: id: this id is in line 1 already",
    ]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "1:1: expected a mapping with the key 'activities'"),
        ("activites: []", "1:1: unknown key 'activites'; expected 'activities' alone"),
        ("- a", "1:1: a document is a mapping"),
        ("activities: [", "the text ends in the middle of a list"),
        ("activities: &x [*x]", "stands inside it"),
    ],
)
def test_a_file_of_another_shape_is_refused(load_catalogue: Load, mistakes: Mistakes, text: str, expected: str) -> None:
    assert any(expected in each for each in mistakes(lambda: load_catalogue(text)))


def test_the_chain_from_objective_to_need(staffed: Engine, load_strategy: Load) -> None:
    assert load_strategy(STRATEGY) == Imported(new=7)
    with read(staffed) as connection:
        needs = agendas.load_needs(connection)
        assert agendas.load_competencies(connection) == (
            Competency("spreadsheets", "spreadsheets"),
            Competency("sql", "SQL for analysts"),
        )
        assert people.learning_partners(connection) == {"Sales": "mo"}
    assert needs == (
        Need("n1", "spreadsheets", "numbers", Scope(ScopeKind.UNIT, "Sales"), date(2026, 1, 1), date(2026, 12, 31)),
        Need("numbers/sql/analyst", "sql", "numbers", Scope(ScopeKind.JOB, "analyst")),
    )


def test_the_same_strategy_twice_changes_nothing(load_strategy: Load) -> None:
    load_strategy(STRATEGY)

    assert load_strategy(STRATEGY) == Imported(unchanged=7)


def test_a_need_that_is_no_longer_named_is_none_any_more(staffed: Engine, load_strategy: Load) -> None:
    load_strategy(STRATEGY)
    shorter = "\n".join(line for line in STRATEGY.splitlines() if "n1" not in line)

    assert str(load_strategy(shorter)) == "0 new, 0 changed, 6 unchanged, 1 removed"


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ("objective: grow", "objective: groe", "4:56: objective: there is no objective 'groe', did you mean 'grow'?"),
        ("initiative: numbers, unit", "initiative: x, unit", "6:52: initiative: there is no initiative 'x'"),
        (
            "competency: sql",
            "competency: sqll",
            f"7:18: competency: {UNDECLARED} 'sqll' is none, did you mean 'sql'?",
        ),
        ("[spreadsheets, {", "['', {", "1:16: a competency needs 'id'"),
        ("[spreadsheets, {", "[sql, {", "1:21: 'sql' is in line 1 already"),
        ("job: analyst", "job: analyst, unit: Sales", "a need is of a unit or of a job"),
        ("until: 2026-12-31", "until: 2025-12-31", "until: the period ends before it begins"),
        ("learning_partner: mo", "learning_partner: nobody", "no learner has the id 'nobody'"),
        ("id: n1", "id: numbers/sql/analyst", "7:5: 'numbers/sql/analyst' is in line 6 already"),
    ],
)
def test_a_broken_chain_is_refused(
    load_strategy: Load, mistakes: Mistakes, before: str, after: str, expected: str
) -> None:
    found = mistakes(lambda: load_strategy(STRATEGY.replace(before, after)))

    assert any(expected in each for each in found), found


def test_a_new_title_changes_the_competency_and_nothing_else(load_strategy: Load) -> None:
    load_strategy(STRATEGY)

    assert load_strategy(STRATEGY.replace("SQL for analysts", "Queries")) == Imported(changed=1, unchanged=6)


def test_a_need_may_name_a_competency_that_an_earlier_file_declared(load_strategy: Load, mistakes: Mistakes) -> None:
    load_strategy(STRATEGY)
    undeclaring = STRATEGY.partition("\n")[2]

    assert load_strategy(undeclaring) == Imported(unchanged=5)
    found = mistakes(lambda: load_strategy(undeclaring.replace("competency: sql", "competency: painting")))
    assert found == [
        f"6:18: competency: {UNDECLARED} 'painting' is none (known: spreadsheets, sql)",
    ]


def test_a_catalogue_teaches_competencies_that_the_strategy_declares(
    load_strategy: Load, load_catalogue: Load, mistakes: Mistakes
) -> None:
    load_strategy(STRATEGY)
    found = mistakes(lambda: load_catalogue("activities: [{id: a, name: A, competencies: [sql, spreadsheet]}]"))

    assert found == [
        f"1:51: competencies: {UNDECLARED} 'spreadsheet' is none, did you mean 'spreadsheets'?",
    ]
    assert load_catalogue("activities: [{id: a, name: A, competencies: [sql]}]") == Imported(new=1)


@pytest.mark.parametrize(("entry", "column"), [("sqll", 33), ("{competency: sqll, amount: 2}", 46)])
def test_one_wants_competencies_that_the_strategy_declares(
    load_strategy: Load, load_agendas: Load, mistakes: Mistakes, entry: str, column: int
) -> None:
    load_strategy(STRATEGY)
    found = mistakes(lambda: load_agendas(f"agendas: [{{learner: al, wants: [{entry}, sql]}}]"))

    assert found == [
        f"1:{column}: competency: {UNDECLARED} 'sqll' is none, did you mean 'sql'?",
    ]


def test_an_agenda_is_replaced_as_a_whole(staffed: Engine, load_agendas: Load) -> None:
    load_agendas("agendas: [{learner: al, wants: [painting, sql]}]")
    load_agendas(
        "agendas: [{learner: alice@example.org, wants: [{competency: sql, amount: 5, origin: 360-feedback, "
        "from: 2026-01-01}]}]"
    )

    with read(staffed) as connection:
        assert agendas.load_wants(connection, ["al"]) == {
            "al": (Want("sql", 5, WantOrigin.FEEDBACK_360, date(2026, 1, 1)),)
        }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("agendas: [{learner: ali, wants: []}]", "no learner has the id 'ali', did you mean 'al'?"),
        ("agendas: [{wants: [x]}]", "an agenda needs 'learner'"),
        ("agendas: [{learner: al, wants: [{competency: x, amount: 6}]}]", "from 1 to 5"),
        ("agendas: [{learner: al, wants: [{competency: x, origin: boss}]}]", "unknown word 'boss'"),
        ("agendas: [{learner: al}, {learner: al}]", "this learner's agenda is in line 1 already"),
    ],
)
def test_a_wrong_agenda_is_refused(load_agendas: Load, mistakes: Mistakes, text: str, expected: str) -> None:
    found = mistakes(lambda: load_agendas(text))

    assert any(expected in each for each in found), found
