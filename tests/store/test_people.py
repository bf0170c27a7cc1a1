from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Engine

from lrs_bridge.domain.learner import Identity, Learner
from lrs_bridge.store import due, people
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import NotFound
from lrs_bridge.store.rows import Saved

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
ANNA = Learner("anna", "Anna Berg 🌱", "anna@example.org", "maria", "Sales", "clerk", date(2020, 1, 2), None, 4250)
BEN = Learner("ben")
ANNAS = Identity("mbox:anna@example.org", "anna", NOW)


def _save(engine: Engine, *learners: Learner, identities: tuple[Identity, ...] = (), now: datetime = NOW) -> Saved:
    with write(engine) as connection:
        return people.save_learners(connection, learners, identities, now)


def _due(engine: Engine, now: datetime) -> set[str]:
    """Who is due; and nobody is afterwards."""
    claims = due.claim(engine, now=now, limit=100)
    with write(engine) as connection:
        due.postpone(connection, claims, reason="a test looked", retry_at=now + timedelta(days=365))
    return {claim.learner_id for claim in claims}


def test_a_learner_comes_back_as_saved(engine: Engine) -> None:
    assert Saved(new=2) == _save(engine, ANNA, BEN, identities=(ANNAS,))

    with read(engine) as connection:
        assert [ANNA, BEN] == people.all_learners(connection)
        assert [ANNAS] == people.identities_of(connection, "anna")
        assert people.find_learner(connection, "mbox:anna@example.org") == "anna"
        assert [ANNA] == people.reports_of(connection, "maria")


def test_new_learners_are_due(engine: Engine) -> None:
    _save(engine, ANNA, BEN)

    assert _due(engine, NOW) == {"anna", "ben"}


def test_saving_the_same_people_again_changes_nothing_and_makes_nobody_due(engine: Engine) -> None:
    _save(engine, ANNA, BEN, identities=(ANNAS,))
    _due(engine, NOW)

    assert Saved(unchanged=2) == _save(engine, ANNA, BEN, identities=(replace(ANNAS, linked_at=LATER),), now=LATER)
    assert _due(engine, LATER) == set()


def test_a_changed_learner_alone_becomes_due(engine: Engine) -> None:
    _save(engine, ANNA, BEN)
    _due(engine, NOW)

    assert Saved(changed=1, unchanged=1) == _save(engine, replace(ANNA, unit="Care"), BEN, now=LATER)
    assert _due(engine, LATER) == {"anna"}


def test_an_identity_that_moves_makes_both_people_due(engine: Engine) -> None:
    _save(engine, ANNA, BEN, identities=(ANNAS,))
    _due(engine, NOW)

    with write(engine) as connection:
        assert people.link(connection, replace(ANNAS, learner_id="ben"), LATER)

    assert _due(engine, LATER) == {"anna", "ben"}


def test_an_identity_can_be_taken_away(engine: Engine) -> None:
    _save(engine, ANNA, identities=(ANNAS,))
    _due(engine, NOW)

    with write(engine) as connection:
        assert people.unlink(connection, ANNAS.ifi, LATER)
        assert not people.unlink(connection, ANNAS.ifi, LATER)

    assert _due(engine, LATER) == {"anna"}


def test_linking_to_somebody_unknown_is_refused(engine: Engine) -> None:
    with pytest.raises(NotFound, match="import the learner first"), write(engine) as connection:
        people.link(connection, ANNAS, NOW)


def test_a_units_learning_partner_is_kept(engine: Engine) -> None:
    with write(engine) as connection:
        assert Saved(new=2) == people.save_units(connection, {"Sales": "maria", "Care": None})
        assert Saved(changed=1, unchanged=1) == people.save_units(connection, {"Sales": "maria", "Care": "ben"})

    with read(engine) as connection:
        assert people.learning_partners(connection) == {"Sales": "maria", "Care": "ben"}
