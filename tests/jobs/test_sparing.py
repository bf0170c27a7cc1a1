"""Who is due for nothing is spared planning; and nobody is for whom a full plan would find anything to do."""

from __future__ import annotations

import importlib
import shutil
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, select, update

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.activity import CatalogueActivity
from lrs_bridge.domain.agenda import Want
from lrs_bridge.domain.contract import GoalAct, GoalActKind
from lrs_bridge.domain.facts import Decision, DecisionKind
from lrs_bridge.domain.follow_up import FollowUpAct, FollowUpActKind
from lrs_bridge.domain.learner import Identity
from lrs_bridge.jobs import reconcile
from lrs_bridge.jobs.reconcile import ReconcileReport
from lrs_bridge.jobs.sorting import wanted_of
from lrs_bridge.store.acts_log import add_follow_up_act, add_goal_act
from lrs_bridge.store.agendas import save_wants
from lrs_bridge.store.catalogue import save_catalogue
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.decisions import add_decision
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import save_page
from lrs_bridge.store.known_plans import forget
from lrs_bridge.store.people import link, save_learners
from lrs_bridge.store.rulesets import RulesetVersion, activate, publish
from lrs_bridge.store.tables import CompletionRow, FollowUpRow, OutboxRow, OutboxState, StatementRow
from lrs_bridge_rules.statements.statement import decode_statement
from support.bridges import OpenBridge, a_body, settings_for, voiding
from support.builders import EXCEL, PAINTING, RULES, UNKNOWN, a_contract, a_goal, a_learner, a_ruleset, day

# The package gives the function under the name of its module.
module = importlib.import_module("lrs_bridge.jobs.reconcile")

Event = Callable[[Connection, datetime], object]


def take_in(connection: Connection, now: datetime, *bodies: dict[str, Any]) -> None:
    encoded = [msgspec.json.encode({"id": str(uuid4()), **body}) for body in bodies]
    wanted = [wanted_of(decode_statement(body), body) for body in encoded]
    save_page(connection, source="lms", wanted=wanted, rejected=[], noise={}, cursor=None, latest=None, now=now)


def everybody_again(bridge: Bridge, now: datetime) -> ReconcileReport:
    with write(bridge.engine) as connection:
        mark_due(connection, None, now)
    return reconcile(bridge, now)


@pytest.fixture
def bridge(open_bridge: OpenBridge) -> Bridge:
    """Ada has completed a course and has two tasks; everybody was planned."""
    opened = open_bridge(now=day(1))
    with write(opened.engine) as connection:
        take_in(connection, day(1), a_body("completed"))
    reconcile(opened, day(1))
    return opened


@pytest.mark.usefixtures("database_kind")
def test_nobody_is_planned_again_for_nothing(bridge: Bridge) -> None:
    again = everybody_again(bridge, day(1.5))

    assert (again.learners, again.spared, again.writes) == (3, 3, 0)


@pytest.mark.usefixtures("database_kind")
def test_who_was_spared_is_due_when_the_plan_said_so(bridge: Bridge) -> None:
    everybody_again(bridge, day(1.5))

    assert reconcile(bridge, day(100)).writes > 0


def test_a_new_fact_concerns_its_learner_alone(bridge: Bridge) -> None:
    with write(bridge.engine) as connection:
        take_in(connection, day(2), a_body("passed", PAINTING))

    again = everybody_again(bridge, day(2))

    assert (again.learners, again.spared, again.inserted > 0) == (3, 2, True)


def test_new_rules_concern_everybody(bridge: Bridge) -> None:
    rules = a_ruleset(RULES.replace("Tell the team", "Show the team"))
    with write(bridge.engine) as connection:
        publish(connection, RulesetVersion(2, "tests", "", rules.digest, rules.documents, day(2)))
        activate(connection, 2, by="tests", now=day(2))

    again = everybody_again(bridge, day(2))

    assert (again.spared, again.updated > 0) == (0, True)


def test_kept_rows_that_were_changed_by_hand_are_put_right(bridge: Bridge) -> None:
    with write(bridge.engine) as connection:
        connection.execute(update(CompletionRow).values(activity_name="something else"))

    assert everybody_again(bridge, day(1)).updated == 1


def test_a_clock_that_was_set_back_spares_nobody(bridge: Bridge) -> None:
    assert everybody_again(bridge, day(0.5)).spared == 0


def test_what_cannot_be_read_is_said_each_time(bridge: Bridge) -> None:
    with write(bridge.engine) as connection:
        connection.execute(update(StatementRow).values(body=b"{", digest="other"))
    everybody_again(bridge, day(1))

    assert everybody_again(bridge, day(1)).unreadable == 1


def test_what_is_forgotten_is_planned_in_any_case(bridge: Bridge) -> None:
    with write(bridge.engine) as connection:
        forget(connection)

    assert everybody_again(bridge, day(1)).spared == 0


def test_a_fact_that_arrives_beside_a_spared_learner_is_not_lost(
    bridge: Bridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrivals = iter([a_body("passed", PAINTING)])

    def rest(connection: Connection, *given: Any) -> int:
        for body in arrivals:
            take_in(connection, day(1), body)
        spared: int = original(connection, *given)
        return spared

    original = module.rest
    monkeypatch.setattr(module, "rest", rest)

    report = everybody_again(bridge, day(1))

    assert (report.spared, report.inserted > 0) == (3, True)


def _act(kind: FollowUpActKind) -> Event:
    def event(connection: Connection, now: datetime) -> None:
        for own_id in connection.execute(select(FollowUpRow.id).order_by(FollowUpRow.id)).scalars().all()[:1]:
            add_follow_up_act(connection, "ada", FollowUpAct(str(uuid4()), own_id, kind, "ada", now), now)

    return event


def _decide(kind: DecisionKind, subject: str, learner_id: str | None = None, about: str = "") -> Event:
    return lambda connection, now: add_decision(
        connection, Decision(str(uuid4()), kind, subject, "because", "lea", now, about), now, learner_id=learner_id
    )


def _send(connection: Connection, now: datetime) -> None:
    connection.execute(update(OutboxRow).values(state=OutboxState.SENT, settled_at=now))


def _say(verb: str, activity: str, ago: float = 0, **changes: Any) -> Event:
    return lambda connection, now: take_in(
        connection, now, a_body(verb, activity, now - timedelta(days=ago), **changes)
    )


def _void(connection: Connection, now: datetime) -> None:
    for own_id in connection.execute(select(StatementRow.id).order_by(StatementRow.id)).scalars().all()[:1]:
        take_in(connection, now, voiding(own_id, now, actor={"mbox": "mailto:lms@example.org"}))


EVENTS: dict[str, Event] = {
    "nothing": lambda _connection, _now: None,
    "completes": _say("completed", EXCEL),
    "fails": _say("failed", EXCEL, 1),
    "starts": _say("initialized", PAINTING, 2),
    "late": _say("passed", EXCEL, 40),
    "unknown": _say("completed", UNKNOWN),
    "another": _say("completed", PAINTING, actor={"mbox": "mailto:adas-other@example.org"}),
    "voided": _void,
    "linked": lambda connection, now: link(connection, Identity("mbox:adas-other@example.org", "ada", now), now),
    "submits": _act(FollowUpActKind.SUBMIT),
    "declines": _act(FollowUpActKind.DECLINE),
    "excludes": _decide(DecisionKind.EXCLUDE, EXCEL),
    "maps": _decide(DecisionKind.MAP_ACTIVITY, PAINTING, about="spreadsheets"),
    "wants": lambda connection, now: save_wants(connection, {"ada": [Want("spreadsheets", now.day % 5 + 1)]}, now),
    "contract": lambda connection, now: save_contracts(connection, [a_contract(a_goal(title=f"By {now:%d %B}"))], now),
    "drops": lambda connection, now: add_goal_act(
        connection, "ada", GoalAct("goal-spreadsheets", GoalActKind.DROPPED, now, "ada"), now
    ),
    "catalogue": lambda connection, now: save_catalogue(
        connection, [CatalogueActivity(PAINTING, "Painting", fee=now.day, competencies=frozenset({"art"}))], now
    ),
    "moves": lambda connection, now: save_learners(connection, [a_learner(job=f"job {now.day}")], [], now),
    "sends": _send,
}


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(history=st.lists(st.tuples(st.sampled_from(sorted(EVENTS)), st.sampled_from([0.0, 0.2, 3, 35])), max_size=7))
def test_nobody_is_spared_for_whom_a_full_plan_finds_anything_to_do(
    furnished_sqlite: Path, history: Sequence[tuple[str, float]]
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "bridge.db"
        shutil.copy(furnished_sqlite, file)
        now = day(0)
        with Bridge.open(settings_for(f"sqlite:///{file}"), clock=lambda: now) as bridge:
            for name, days in history:
                now += timedelta(days=days)
                with write(bridge.engine) as connection:
                    EVENTS[name](connection, now)
                everybody_again(bridge, now)
                assert everybody_again(bridge, now).spared == 3

                with write(bridge.engine) as connection:
                    forget(connection)
                full = everybody_again(bridge, now)
                assert replace(full, learners=0) == ReconcileReport()


def test_the_events_of_these_histories_do_something(bridge: Bridge) -> None:
    """A law over events that change nothing would hold for any program."""
    quiet = set()
    for number, (name, event) in enumerate(sorted(EVENTS.items())):
        now = day(2 + number)
        with write(bridge.engine) as connection:
            event(connection, now)
        if everybody_again(bridge, now).spared == 3:
            quiet.add(name)
    with read(bridge.engine) as connection:
        assert connection.execute(select(OutboxRow.key)).all()
    assert quiet == {"nothing", "another"}, "an account that is nobody's yet"
