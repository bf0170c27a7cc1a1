"""Reconcile: what is due is planned and applied, once; one learner's trouble is nobody else's."""

import importlib
import logging
from datetime import timedelta
from typing import Any
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import func, select, update

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain import plan as planning
from lrs_bridge.domain.facts import Facts
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.jobs import pull, reconcile
from lrs_bridge.jobs.reconcile import PAUSE
from lrs_bridge.store.due import claim, failing, mark_due
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.known_plans import forget
from lrs_bridge.store.people import save_learners
from lrs_bridge.store.tables import (
    CompletionRow,
    DueRow,
    FollowUpRow,
    OutboxRow,
    RulesetActivationRow,
    StatementRow,
)
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import OpenBridge, a_body, an_lrs, voiding
from support.builders import NOON, a_learner, day

# The package gives the function under the name of its module.
module = importlib.import_module("lrs_bridge.jobs.reconcile")

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def bridge(open_bridge: OpenBridge, lrs: str) -> Bridge:
    return open_bridge(an_lrs(lrs), now=day(1))


def stored(bridge: Bridge, sandbox: SandboxLrs, *bodies: dict[str, Any]) -> None:
    """The LRS holds them, and they are pulled."""
    sandbox.load([{"id": str(uuid4()), **body, "stored": NOON.isoformat()} for body in bodies])
    report = pull(bridge, bridge.source("lms"), day(1))
    assert report.ok
    assert report.new == len(bodies)


def rows(bridge: Bridge, table: Any) -> list[Any]:
    with read(bridge.engine) as connection:
        return list(connection.execute(select(table.__table__)))


def test_a_statement_becomes_a_completion_with_its_tasks_and_messages(bridge: Bridge, sandbox: SandboxLrs) -> None:
    stored(bridge, sandbox, a_body("completed"))

    report = reconcile(bridge, day(1))

    assert (report.learners, report.failed, report.superseded) == (3, (), 0)
    assert [row.learner_id for row in rows(bridge, CompletionRow)] == ["ada"]
    assert {row.template: row.state for row in rows(bridge, FollowUpRow)} == {
        "apply": FollowUpState.OPEN,
        "share": FollowUpState.OPEN,
    }
    assert len(rows(bridge, OutboxRow)) == report.notices == 2


def test_reconciling_again_writes_nothing(bridge: Bridge, sandbox: SandboxLrs) -> None:
    stored(bridge, sandbox, a_body("completed"))
    reconcile(bridge, day(1))
    with write(bridge.engine) as connection:
        mark_due(connection, None, day(1))

    again = reconcile(bridge, day(1))

    assert (again.learners, again.writes) == (3, 0)


def test_when_nobody_is_due_nobody_is_planned(bridge: Bridge) -> None:
    reconcile(bridge, day(1))

    assert reconcile(bridge, day(1)).learners == 0


def test_time_alone_makes_a_learner_due_again(bridge: Bridge, sandbox: SandboxLrs) -> None:
    stored(bridge, sandbox, a_body("completed"))
    reconcile(bridge, day(1))

    later = reconcile(bridge, day(100))

    assert later.learners >= 1
    assert {row.state for row in rows(bridge, FollowUpRow)} == {FollowUpState.EXPIRED}


def test_voiding_leaves_no_completion(bridge: Bridge, sandbox: SandboxLrs) -> None:
    own = str(uuid4())
    stored(bridge, sandbox, a_body("completed", id=own))
    reconcile(bridge, day(1))
    stored(bridge, sandbox, voiding(own, actor={"mbox": "mailto:admin@example.org"}))

    reconcile(bridge, day(2))

    assert rows(bridge, CompletionRow) == []
    assert rows(bridge, FollowUpRow) == []


def test_a_voider_that_came_first_voids_as_well(bridge: Bridge, sandbox: SandboxLrs) -> None:
    own = str(uuid4())
    stored(bridge, sandbox, voiding(own, actor={"mbox": "mailto:admin@example.org"}))
    reconcile(bridge, day(1))
    with write(bridge.engine) as connection:
        connection.execute(update(StatementRow).values(stored=NOON))
    body = msgspec.json.encode(a_body("completed", id=own))
    with write(bridge.engine) as connection:
        row = {"id": own, "source": "lms", "ifi": "mbox:ada@example.org", "verb": "completed", "object_id": "x"}
        connection.execute(
            StatementRow.__table__.insert(),  # type: ignore[attr-defined]  # a table
            [{**row, "received_at": NOON, "digest": "d", "body": body}],
        )
        mark_due(connection, ["ada"], day(1))

    reconcile(bridge, day(2))

    assert rows(bridge, CompletionRow) == []


def test_learners_are_taken_in_chunks_and_progress_is_told(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "CHUNK", 2)
    told: list[tuple[int, int]] = []

    report = reconcile(bridge, day(1), lambda done, due: told.append((done, due)))

    assert report.learners == 3
    assert told == [(2, 1), (3, 0)]


def test_a_limit_is_kept(bridge: Bridge) -> None:
    assert reconcile(bridge, day(1), limit=2).learners == 2
    assert reconcile(bridge, day(1), limit=2).learners == 1


def test_who_is_claimed_by_another_worker_is_left_alone_until_the_lease_has_run_out(bridge: Bridge) -> None:
    claim(bridge.engine, now=day(1), limit=2)

    assert reconcile(bridge, day(1)).learners == 1
    assert reconcile(bridge, day(2)).learners == 2


def test_the_lease_lasts_as_long_as_is_set(open_bridge: OpenBridge, monkeypatch: pytest.MonkeyPatch) -> None:
    bridge = open_bridge(schedule={"lease": "2s"})
    until: list[timedelta] = []

    def plan(*given: Any) -> planning.Plan:
        until.extend(row.leased_until - day(1) for row in rows(bridge, DueRow))
        return planning.plan(*given)

    monkeypatch.setattr(module, "plan", plan)
    reconcile(bridge, day(1))

    assert timedelta(seconds=2) <= min(until)
    assert max(until) < timedelta(minutes=1)


def test_a_learner_who_cannot_be_planned_stops_nobody_and_is_tried_again_later(
    bridge: Bridge, sandbox: SandboxLrs, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    stored(bridge, sandbox, a_body("completed"))

    def plan(facts: Facts, *rest: Any) -> planning.Plan:
        if facts.learner.id == "max":
            raise ZeroDivisionError(f"{facts.learner.name} cannot be divided")
        return planning.plan(facts, *rest)

    monkeypatch.setattr(module, "plan", plan)

    with caplog.at_level(logging.ERROR):
        report = reconcile(bridge, day(1))

    assert (report.learners, report.failed, report.ok) == (2, ("max",), False)
    assert len(rows(bridge, CompletionRow)) == 1
    with read(bridge.engine) as connection:
        [(learner_id, times, reason)] = failing(connection)
    assert (learner_id, times) == ("max", 1)
    assert "ZeroDivisionError" in reason
    assert "Muster" not in reason + caplog.text
    assert reconcile(bridge, day(1)).failed == ()
    monkeypatch.undo()
    assert reconcile(bridge, day(1) + PAUSE).learners == 1
    with read(bridge.engine) as connection:
        assert failing(connection) == []


def test_a_fact_that_arrives_while_a_learner_is_planned_is_planned_for_as_well(
    bridge: Bridge, sandbox: SandboxLrs, monkeypatch: pytest.MonkeyPatch
) -> None:
    reconcile(bridge, day(1))
    with write(bridge.engine) as connection:
        mark_due(connection, ["ada"], day(1))
        forget(connection)
    arrivals = iter([lambda: stored(bridge, sandbox, a_body("completed"))])

    def plan(facts: Facts, *rest: Any) -> planning.Plan:
        planned = planning.plan(facts, *rest)
        next(arrivals, lambda: None)()
        return planned

    monkeypatch.setattr(module, "plan", plan)

    report = reconcile(bridge, day(1))

    assert report.learners == 2, "once without the fact, once with it"
    assert len(rows(bridge, FollowUpRow)) == 2


def test_a_learner_who_vanishes_while_planned_is_no_failure(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    with write(bridge.engine) as connection:
        save_learners(connection, [a_learner(id="eve", name="Eve Ende")], [], day(1))
    load = module.load

    def load_without_eve(connection: Any, ids: Any, organisation: Any) -> Any:
        return {own: known for own, known in load(connection, ids, organisation).items() if own != "eve"}

    monkeypatch.setattr(module, "load", load_without_eve)

    report = reconcile(bridge, day(1))

    assert (report.learners, report.failed) == (3, ())


def test_a_kept_statement_that_cannot_be_read_is_reported(bridge: Bridge, sandbox: SandboxLrs) -> None:
    stored(bridge, sandbox, a_body("completed"), a_body("passed"))
    with write(bridge.engine) as connection:
        first = connection.execute(select(func.min(StatementRow.id))).scalar_one()
        connection.execute(update(StatementRow).where(StatementRow.id == first).values(body=b"{"))

    report = reconcile(bridge, day(1))

    assert (report.learners, report.unreadable, report.ok) == (3, 1, False)


def test_without_published_rules_nobody_is_claimed(bridge: Bridge) -> None:
    with write(bridge.engine) as connection:
        connection.execute(RulesetActivationRow.__table__.delete())  # type: ignore[attr-defined]  # a table

    with pytest.raises(ConfigurationError, match="No rules are published yet"):
        reconcile(bridge, day(1))

    assert len(claim(bridge.engine, now=day(1), limit=10)) == 3
