"""What suggestions are made from is read alike on both databases: unmatched activities, and what is known."""

from __future__ import annotations

from sqlalchemy import Engine

from lrs_bridge.domain.suggesting.material import GoalTitle
from lrs_bridge.store import catalogue, contracts
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.read_models import wanting_rules
from support.builders import EXCEL, NOON, PAINTING, UNKNOWN, a_contract, a_goal, a_statement, an_activity, day
from support.store import enrol, reconcile, take_in, wanted


def lived(engine: Engine) -> None:
    """Ada passed something unknown twice, painted, which is unknown too, and learned Excel, which rules know."""
    enrol(engine)
    with write(engine) as connection:
        contracts.save_contracts(connection, [a_contract(a_goal(title="Build reports"))], NOON)
        catalogue.save_catalogue(connection, [an_activity(id="urn:welding", name="Welding", aliases=frozenset())], NOON)
    told = (
        a_statement("passed", UNKNOWN, at=day(-9)),
        a_statement("passed", UNKNOWN, at=day(-2)),
        a_statement("passed", PAINTING, at=day(-5)),
        a_statement("passed", EXCEL, at=day(-4)),
    )
    take_in(engine, *map(wanted, told))
    reconcile(engine, NOON)


def test_unmatched_activities_come_with_their_latest_statements(engine: Engine) -> None:
    lived(engine)

    with read(engine) as connection:
        found = wanting_rules.unmatched(connection, None, 10)
        bodies = wanting_rules.bodies(connection, [each for row in found for each in row.statements])

    assert [(row.activity_id, row.completions, row.learners) for row in found] == [(UNKNOWN, 2, 1), (PAINTING, 1, 1)]
    assert all(len(row.statements) == 1 and row.statements[0] in bodies for row in found)


def test_what_is_older_or_too_much_is_left_out(engine: Engine) -> None:
    lived(engine)

    with read(engine) as connection:
        recent = wanting_rules.unmatched(connection, day(-4), 10)
        most = wanting_rules.unmatched(connection, None, 1)
        who = wanting_rules.learners_of(connection, [UNKNOWN], day(-4))

    assert [(row.activity_id, row.completions) for row in recent] == [(UNKNOWN, 1)]
    assert [row.activity_id for row in most] == [UNKNOWN]
    assert who == {"ada"}


def test_known_are_the_catalogue_and_whatever_rules_know(engine: Engine) -> None:
    lived(engine)

    with read(engine) as connection:
        known = {each.ids[0]: each for each in wanting_rules.known_activities(connection)}
        goals = wanting_rules.goal_titles(connection)

    assert set(known) == {"urn:welding", EXCEL}
    assert (known["urn:welding"].entry, known[EXCEL].entry) == ("urn:welding", "")
    assert known[EXCEL].competencies == {"spreadsheets"}
    assert goals == {GoalTitle("Build reports", frozenset({"spreadsheets"}))}
