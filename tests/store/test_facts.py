"""What people agree and decide: kept whole, and whoever is concerned becomes due, once."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import Engine

from lrs_bridge.domain.activity import ProviderKind
from lrs_bridge.domain.agenda import Competency, Initiative, Need, Objective, Scope, ScopeKind, Want, WantOrigin
from lrs_bridge.domain.contract import (
    Attestation,
    Contract,
    ContractKind,
    GoalAct,
    GoalActKind,
    Measure,
    Method,
    Revision,
    Role,
    Signature,
    Support,
    WantedBy,
)
from lrs_bridge.domain.facts import Decision, DecisionKind
from lrs_bridge.store import acts_log, agendas, catalogue, contracts, decisions, due
from lrs_bridge.store.acts_log import SupportAct
from lrs_bridge.store.agendas import Strategy
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import NotFound
from lrs_bridge.store.rows import Saved
from support.builders import NOON, a_contract, a_goal, a_learner, a_need, a_statement, a_want, an_activity, day
from support.store import counted_writes, enrol, loaded, reconcile, take_in, wanted

GOAL = a_goal(
    method=Method.COACHING,
    activities=frozenset({"https://example.org/a", "https://example.org/b"}),
    application="Monthly report — “done” by me 🎯",
    measure=Measure("errors", "a month", 9.1, 0.3, date(2026, 6, 30)),
    supports=(Support("s1", "a licence", "ida", date(2026, 2, 1)), Support("s2", "time")),
    wanted_by=WantedBy.LEARNER,
    initiative_id="reporting",
    follow_ups=("apply",),
    required=1.5,
)
RICH = Contract(
    "c1",
    ContractKind.EXPERIENCE,
    "ada",
    None,
    (
        Revision(1, date(2026, 1, 1), date(2026, 6, 30), (), "first\ndraft"),
        Revision(
            2,
            date(2026, 1, 1),
            date(2026, 12, 31),
            (GOAL, a_goal(id="g2")),
            "reports",
            "linked to the job",
            day(-70),
            (Signature(Role.LEARNER, "ada", day(-60)), Signature(Role.MANAGER, "max", day(-59))),
        ),
    ),
    "A conference",
    "https://example.org/conference",
    day(300),
)
COURSE = an_activity(
    provider_kind=ProviderKind.EXTERNAL_PARTNER,
    aliases=frozenset({"urn:excel", "urn:excel:2"}),
    mandated_by="the regulator",
    valid_for=timedelta(days=365, microseconds=1),
    job_aid="https://example.org/aid",
    pre_test="urn:pre",
)
STRATEGY = Strategy(
    (Objective("growth", "Grow"),),
    (Initiative("reporting", "Better reports", "growth"),),
    (a_need(scope=Scope(ScopeKind.UNIT, "finance"), starts_on=date(2026, 1, 1)), Need("n2", "art", "reporting")),
    (Competency("art", "Art — drawn by hand 🎯"), Competency("spreadsheets", "Spreadsheets")),
)
WANTS = (Want("art", 5, WantOrigin.FEEDBACK_360, None, date(2026, 12, 31)), a_want("law"))
DECISION = Decision("d1", DecisionKind.EXCLUDE, "urn:x", "a taster", "admin", NOON)


@pytest.fixture
def two(engine: Engine) -> Engine:
    """Ada and Ben, with nothing to do."""
    enrol(engine, a_learner(), a_learner(id="ben"))
    reconcile(engine, NOON)
    return engine


def _who_is_due(engine: Engine) -> set[str]:
    claims = due.claim(engine, now=NOON, limit=100)
    with write(engine) as connection:
        due.postpone(connection, claims, reason="a test looked", retry_at=day(999))
    return {claim.learner_id for claim in claims}


def test_a_contract_comes_back_as_saved(two: Engine) -> None:
    with write(two) as connection:
        assert Saved(new=1) == contracts.save_contracts(connection, [RICH], NOON)

    with read(two) as connection:
        assert RICH == contracts.get_contract(connection, "c1")
        assert [RICH] == contracts.all_contracts(connection)
        assert contracts.get_contract(connection, "c2") is None
    assert loaded(two).facts.contracts == (RICH,)


def test_saving_the_same_contract_again_changes_nothing_and_makes_nobody_due(two: Engine) -> None:
    with write(two) as connection:
        contracts.save_contracts(connection, [RICH], NOON)
    assert _who_is_due(two) == {"ada"}

    turned = replace(RICH, revisions=tuple(reversed(RICH.revisions)))
    with counted_writes(two) as writes, write(two) as connection:
        assert Saved(unchanged=1) == contracts.save_contracts(connection, [turned], NOON)
    assert writes == []
    assert _who_is_due(two) == set()


def test_a_changed_contract_makes_its_learners_due(two: Engine) -> None:
    with write(two) as connection:
        contracts.save_contracts(connection, [RICH, a_contract()], NOON)
    _who_is_due(two)
    moved = replace(RICH, learner_id="ben")
    with write(two) as connection:
        assert Saved(changed=1, unchanged=1) == contracts.save_contracts(connection, [moved, a_contract()], NOON)

    assert _who_is_due(two) == {"ada", "ben"}
    with read(two) as connection:
        assert moved == contracts.get_contract(connection, "c1")


def test_a_goal_and_a_support_lead_to_their_contract(two: Engine) -> None:
    with write(two) as connection:
        contracts.save_contracts(connection, [RICH], NOON)

    with read(two) as connection:
        assert RICH == contracts.find_goal(connection, GOAL.id)
        assert RICH == contracts.find_support(connection, "s1")
        assert contracts.find_goal(connection, "none") is None
        assert contracts.find_support(connection, "none") is None


def test_a_support_is_ready_when_the_latest_act_says_so(two: Engine) -> None:
    with write(two) as connection:
        contracts.save_contracts(connection, [RICH], NOON)
        acts_log.add_support_act(connection, "ada", SupportAct("s1", day(-9), "ida", day(-9)), NOON)
        assert acts_log.add_support_act(connection, "ada", SupportAct("s2", day(-8), "ida", day(-8)), NOON)
        assert acts_log.add_support_act(connection, "ada", SupportAct("s2", None, "ida", day(-7)), NOON)

    [contract] = loaded(two).facts.contracts
    assert [day(-9), None] == [support.ready_at for support in contract.latest.goals[0].supports]
    with write(two) as connection:
        assert Saved(unchanged=1) == contracts.save_contracts(connection, [RICH], NOON)
        assert contract == contracts.get_contract(connection, "c1")


def test_the_catalogue_comes_back_as_saved(two: Engine) -> None:
    other = an_activity(id="urn:other", hours=None)
    with write(two) as connection:
        assert Saved(new=2) == catalogue.save_catalogue(connection, [COURSE, other], NOON)

    with read(two) as connection:
        found = catalogue.load_catalogue(connection)
    assert {COURSE.id: COURSE, other.id: other} == found.activities
    assert found.canonical("urn:excel:2") == COURSE.id


def test_saving_the_same_catalogue_again_makes_nobody_due(two: Engine) -> None:
    with write(two) as connection:
        catalogue.save_catalogue(connection, [COURSE], NOON)
    assert _who_is_due(two) == {"ada", "ben"}

    with counted_writes(two) as writes, write(two) as connection:
        assert Saved(unchanged=1) == catalogue.save_catalogue(connection, [COURSE], NOON)
    assert writes == []
    assert _who_is_due(two) == set()


def test_a_changed_or_removed_activity_makes_everybody_due(two: Engine) -> None:
    with write(two) as connection:
        catalogue.save_catalogue(connection, [COURSE], NOON)
    _who_is_due(two)
    with write(two) as connection:
        assert Saved(changed=1) == catalogue.save_catalogue(connection, [replace(COURSE, aliases=frozenset())], NOON)
    assert _who_is_due(two) == {"ada", "ben"}
    with write(two) as connection:
        assert catalogue.remove_activities(connection, [COURSE.id, "urn:none"], NOON) == 1
    assert _who_is_due(two) == {"ada", "ben"}


def test_the_strategy_comes_back_as_saved(two: Engine) -> None:
    with write(two) as connection:
        assert Saved(new=6) == agendas.save_strategy(connection, STRATEGY, NOON)

    with read(two) as connection:
        kept = agendas.load_strategy(connection)
    assert (STRATEGY.objectives, STRATEGY.initiatives) == (kept.objectives, kept.initiatives)
    assert STRATEGY.competencies == kept.competencies
    assert set(STRATEGY.needs) == set(kept.needs)
    assert set(STRATEGY.needs) == set(loaded(two).facts.organisation.needs)


def test_competencies_that_are_not_named_again_stay(two: Engine) -> None:
    with write(two) as connection:
        agendas.save_strategy(connection, STRATEGY, NOON)
        agendas.save_strategy(connection, Strategy(competencies=(Competency("art", "Drawing"),)), NOON)

    with read(two) as connection:
        assert agendas.load_competencies(connection) == (
            Competency("art", "Drawing"),
            Competency("spreadsheets", "Spreadsheets"),
        )


def test_changed_needs_make_everybody_due_and_changed_titles_nobody(two: Engine) -> None:
    with write(two) as connection:
        agendas.save_strategy(connection, STRATEGY, NOON)
    _who_is_due(two)
    with write(two) as connection:
        assert Saved(unchanged=6) == agendas.save_strategy(connection, STRATEGY, NOON)
        competencies = (Competency("art", "Drawing"), *STRATEGY.competencies[1:])
        renamed = replace(STRATEGY, objectives=(Objective("growth", "Thrive"),), competencies=competencies)
        assert Saved(changed=2, unchanged=4) == agendas.save_strategy(connection, renamed, NOON)
    assert _who_is_due(two) == set()
    with write(two) as connection:
        agendas.save_strategy(connection, replace(STRATEGY, needs=(a_need(),)), NOON)
    assert _who_is_due(two) == {"ada", "ben"}
    with write(two) as connection:
        assert agendas.remove_needs(connection, ["n2"], NOON) == 1
    assert _who_is_due(two) == {"ada", "ben"}


def test_a_growth_agenda_comes_back_in_its_order(two: Engine) -> None:
    with write(two) as connection:
        assert Saved(new=1, unchanged=1) == agendas.save_wants(connection, {"ada": WANTS, "ben": ()}, NOON)

    assert loaded(two).facts.wants == WANTS
    assert _who_is_due(two) == {"ada"}


def test_saving_an_agenda_again_changes_nothing_and_an_empty_one_clears_it(two: Engine) -> None:
    with write(two) as connection:
        agendas.save_wants(connection, {"ada": WANTS}, NOON)
    _who_is_due(two)
    with write(two) as connection:
        assert Saved(unchanged=1) == agendas.save_wants(connection, {"ada": WANTS}, NOON)
    assert _who_is_due(two) == set()
    with write(two) as connection:
        assert Saved(changed=1) == agendas.save_wants(connection, {"ada": ()}, NOON)
    assert loaded(two).facts.wants == ()


def test_acts_on_goals_and_attestations_reach_the_facts_once(two: Engine) -> None:
    reading = GoalAct(GOAL.id, GoalActKind.MEASURED, day(-1), "max", 0.1 + 0.2, "counted")
    attestation = Attestation("a1", GOAL.id, "Coaching", day(-2), "max", day(-9), 6.5)
    with write(two) as connection:
        assert acts_log.add_goal_act(connection, "ada", reading, NOON)
        assert not acts_log.add_goal_act(connection, "ada", reading, NOON)
        assert acts_log.add_attestation(connection, "ada", attestation, NOON)
        assert not acts_log.add_attestation(connection, "ada", attestation, NOON)

    found = loaded(two).facts
    assert (found.goal_acts, found.attestations) == ((reading,), (attestation,))
    assert _who_is_due(two) == {"ada"}


def test_a_decision_about_one_learner_concerns_that_one_alone(two: Engine) -> None:
    with write(two) as connection:
        assert decisions.add_decision(connection, DECISION, NOON, learner_id="ada")
        assert not decisions.add_decision(connection, DECISION, NOON, learner_id="ada")

    assert loaded(two).facts.decisions == (DECISION,)
    assert loaded(two, "ben").facts.decisions == ()
    assert _who_is_due(two) == {"ada"}


def test_a_decision_for_everybody_is_the_organisations(two: Engine) -> None:
    with write(two) as connection:
        decisions.add_decision(connection, DECISION, NOON)

    assert loaded(two, "ben").facts.organisation.decisions == (DECISION,)
    assert _who_is_due(two) == {"ada", "ben"}


def test_an_undone_decision_holds_no_longer_and_is_remembered(two: Engine) -> None:
    with write(two) as connection:
        decisions.add_decision(connection, DECISION, NOON, learner_id="ada")
    _who_is_due(two)
    with write(two) as connection:
        assert decisions.undo_decision(connection, "d1", by="admin", now=NOON)
        assert not decisions.undo_decision(connection, "d1", by="admin", now=NOON)

    assert loaded(two).facts.decisions == ()
    assert _who_is_due(two) == {"ada"}
    with read(two) as connection:
        assert DECISION == decisions.get_decision(connection, "d1")


def test_undoing_what_was_never_decided_says_so(engine: Engine) -> None:
    with pytest.raises(NotFound, match="no decision d9"), write(engine) as connection:
        decisions.undo_decision(connection, "d9", by="admin", now=NOON)


def test_a_decision_reaches_the_plan(two: Engine) -> None:
    said = a_statement("passed", "urn:x")
    take_in(two, wanted(said))
    with write(two) as connection:
        decisions.add_decision(connection, DECISION, NOON)
    reconcile(two, NOON)

    assert ["a taster"] == [each.excluded_because for each in loaded(two).stored.completions]
