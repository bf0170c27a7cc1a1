"""Learners from CSV: what a row may say, what is refused, and that nothing is imported by halves."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from lrs_bridge.acts import imports
from lrs_bridge.acts.actor import OPERATOR, AccountRole, Actor
from lrs_bridge.acts.errors import NotAllowed
from lrs_bridge.acts.imports import Imported
from lrs_bridge.domain.learner import Learner
from lrs_bridge.store import audit, people
from lrs_bridge.store.due import count_due
from lrs_bridge.store.engine import read
from support.builders import NOON

Written = Callable[[str, str], Path]
Mistakes = Callable[[Callable[[], object]], list[str]]

PEOPLE = """\
id,name,email,manager,unit,job,hired_on,job_since,hourly_rate,identities
al,Alice,alice@example.org,mo,Sales,clerk,2024-02-01,2025-01-01,45.50,account:https://lms.example.org|Alice Learner
mo,Mona,mona@example.org,,Sales,head,2015-04-01,,80,
"""


@pytest.fixture
def load(engine: Engine, written: Written) -> Callable[[str], Imported]:
    return lambda text: imports.learners(engine, OPERATOR, written("l.csv", text), NOON)


def everybody(engine: Engine) -> list[Learner]:
    with read(engine) as connection:
        return people.all_learners(connection)


def test_a_row_becomes_a_learner(engine: Engine, load: Callable[[str], Imported]) -> None:
    assert load(PEOPLE) == Imported(new=2)
    assert everybody(engine)[0] == Learner(
        "al", "Alice", "alice@example.org", "mo", "Sales", "clerk", date(2024, 2, 1), date(2025, 1, 1), 4550
    )


def test_the_same_file_twice_changes_nothing(engine: Engine, load: Callable[[str], Imported]) -> None:
    load(PEOPLE)

    assert str(load(PEOPLE)) == "0 new, 0 changed, 2 unchanged"
    with read(engine) as connection:
        assert len(audit.entries(connection)) == 1


def test_a_changed_row_makes_only_its_learner_due(engine: Engine, load: Callable[[str], Imported]) -> None:
    load(PEOPLE)

    assert load(PEOPLE.replace("clerk", "analyst")) == Imported(changed=1, unchanged=1)


def test_the_mail_address_is_an_identity_in_both_forms(engine: Engine, load: Callable[[str], Imported]) -> None:
    load(PEOPLE)

    with read(engine) as connection:
        found = {each.ifi for each in people.identities_of(connection, "al")}
    assert found == {
        "mbox:alice@example.org",
        "sha1:0e2c7c1362c996630c1cc1ad912cfa202d78e1bc",
        "account:https://lms.example.org|Alice Learner",
    }


@pytest.mark.parametrize("between", [" ", ";", " ; ", "\n"])
def test_several_identities_stand_in_one_cell(engine: Engine, load: Callable[[str], Imported], between: str) -> None:
    load(
        f'id,name,identities\nal,Alice,"account:https://a.example.org|Al L{between}openid:https://id.example.org/al"\n'
    )

    with read(engine) as connection:
        found = {each.ifi for each in people.identities_of(connection, "al")}
    assert found == {"account:https://a.example.org|Al L", "openid:https://id.example.org/al"}


def test_a_manager_may_be_named_by_mail_address(engine: Engine, load: Callable[[str], Imported]) -> None:
    load(PEOPLE.replace(",mo,", ",MONA@example.org,"))

    assert everybody(engine)[0].manager_id == "mo"


def test_a_manager_may_be_known_already(engine: Engine, load: Callable[[str], Imported]) -> None:
    load(PEOPLE)
    load("id,name,manager\nben,Ben,mo\n")

    assert {each.id: each.manager_id for each in everybody(engine)} == {"al": "mo", "ben": "mo", "mo": None}


def test_a_column_that_is_not_there_leaves_what_is_known(engine: Engine, load: Callable[[str], Imported]) -> None:
    load(PEOPLE)
    load("id,job\nal,analyst\n")

    assert (everybody(engine)[0].job, everybody(engine)[0].unit) == ("analyst", "Sales")


def test_an_empty_cell_empties_what_is_known(engine: Engine, load: Callable[[str], Imported]) -> None:
    load(PEOPLE)
    load("id,manager,hourly_rate\nal,,\n")

    assert (everybody(engine)[0].manager_id, everybody(engine)[0].hourly_rate) == (None, None)


@pytest.mark.parametrize(
    ("column", "value", "expected"),
    [
        ("email", "alice", "expected an e-mail address"),
        ("email", "a@b", "expected an e-mail address"),
        ("email", "a b@example.org", "expected an e-mail address"),
        ("hired_on", "2026-02-30", "this date does not exist"),
        ("hired_on", "1.3.2026", "expected a date such as 2026-11-21"),
        ("hourly_rate", "-3", "not negative"),
        ("hourly_rate", "45,50", "expected an amount such as 45.50"),
        ("hourly_rate", "45.505", "at most two decimals"),
        ("hourly_rate", "1e3", "expected an amount"),
        ("identities", "alice", "expected mailto:NAME@DOMAIN"),
        ("identities", "sha1:abc", "expected 40 hexadecimal digits"),
        ("manager", "mmo", "no learner has the id 'mmo'"),
        ("manager", "al", "nobody is their own manager"),
    ],
)
def test_a_wrong_cell_is_found_where_it_stands(
    load: Callable[[str], Imported], mistakes: Mistakes, column: str, value: str, expected: str
) -> None:
    [found] = mistakes(lambda: load(f'id,name,{column}\nal,Alice,"{value}"\n'))

    assert found.startswith("2:10: ")
    assert expected in found


def test_all_mistakes_are_told_at_once_and_nothing_is_imported(
    engine: Engine, load: Callable[[str], Imported], mistakes: Mistakes
) -> None:
    found = mistakes(lambda: load("id,name,hired_on\nal,Alice,2024-01-01\n,,\nbo,,soon\nal,Al,\n"))

    assert found == [
        "4:4: a learner needs 'name'",
        "4:5: hired_on: expected a date such as 2026-11-21",
        "5:1: id: this id is in line 2 already",
    ]
    assert everybody(engine) == []


def test_a_circle_of_managers_is_refused(load: Callable[[str], Imported], mistakes: Mistakes) -> None:
    found = mistakes(lambda: load("id,name,manager\na,A,b\nb,B,c\nc,C,a\nd,D,a\n"))

    assert found == [
        "2:5: manager: a circle of managers: a → b → c → a",
        "3:5: manager: a circle of managers: b → c → a → b",
        "4:5: manager: a circle of managers: c → a → b → c",
    ]


def test_a_circle_through_people_who_are_known_already_is_refused(
    load: Callable[[str], Imported], mistakes: Mistakes
) -> None:
    load("id,name,manager\na,A,b\nb,B,\n")

    assert mistakes(lambda: load("id,manager\nb,a\n")) == ["2:3: manager: a circle of managers: b → a → b"]


def test_an_identity_of_somebody_else_is_refused(load: Callable[[str], Imported], mistakes: Mistakes) -> None:
    load(PEOPLE)
    found = mistakes(lambda: load("id,name,email,identities\nx,X,,mbox:alice@example.org\n"))

    assert found == ["2:6: this identifier belongs to the learner 'al' already"]


def test_two_people_in_a_file_cannot_share_an_address(load: Callable[[str], Imported], mistakes: Mistakes) -> None:
    found = mistakes(lambda: load("id,name,email\na,A,x@example.org\nb,B,x@EXAMPLE.org\n"))

    assert set(found) == {"3:5: this identifier belongs to the learner 'a' already"}


def test_only_checking_imports_nothing(engine: Engine, written: Written) -> None:
    done = imports.learners(engine, OPERATOR, written("l.csv", PEOPLE), NOON, check_only=True)

    assert done == Imported(new=2)
    assert everybody(engine) == []


def test_several_files_are_one_import(engine: Engine, written: Written) -> None:
    one = written("1.csv", "id,name,manager\na,A,b\n")
    two = written("2.csv", "id,name\nb,B\n")

    assert imports.learners(engine, OPERATOR, [one, two], NOON) == Imported(new=2)


def test_a_file_of_another_kind_is_refused(engine: Engine, written: Written, mistakes: Mistakes) -> None:
    found = mistakes(lambda: imports.learners(engine, OPERATOR, written("l.xlsx", "PK"), NOON))

    assert found == ["1:1: expected a file whose name ends in .csv or .tsv or .txt"]


def test_only_administrators_import(engine: Engine, written: Written) -> None:
    with pytest.raises(NotAllowed):
        imports.learners(engine, Actor("rita", AccountRole.AUDITOR), written("l.csv", PEOPLE), NOON)


def test_imported_learners_are_due(engine: Engine, load: Callable[[str], Imported]) -> None:
    load(PEOPLE)

    with read(engine) as connection:
        assert count_due(connection, NOON + timedelta(seconds=1)) == 2


def test_an_id_that_no_index_can_hold_is_refused_at_its_place(
    load: Callable[[str], Imported], mistakes: Mistakes
) -> None:
    too_long = f"id,name\n{'a' * 1001},Alice\n"

    assert mistakes(lambda: load(too_long))[0] == "2:1: id: expected at most 1,000 bytes"
