"""Two people at the same moment: one is done, the other is told so in a sentence, and nothing is lost or kept twice."""

import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, event, func, select

from lrs_bridge.acts import decisions, follow_ups, goals, people, quarantine, rules, users
from lrs_bridge.acts.actor import OPERATOR, AccountRole, Actor
from lrs_bridge.acts.errors import ActError, ActRefused, Overtaken
from lrs_bridge.acts.rules_overtaken import RulesOvertaken
from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.facts import DecisionKind
from lrs_bridge.jobs.sorting import sorter_for
from lrs_bridge.settings import load_settings
from lrs_bridge.store import quarantine as store
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read
from lrs_bridge.store.people import find_learner
from lrs_bridge.store.tables import AuditRow, CompletionRow, FollowUpRow
from support.builders import NOON, PAINTING, UNKNOWN
from support.installation import LMS, PUBLISHABLE, an_installation, write_files
from support.postgres import PostgresServer

NOW = NOON + timedelta(days=3)
ALICE = Actor("alice", AccountRole.LEARNER, "al")
MONA = Actor("mona", AccountRole.MANAGER, "mo")
ADMIN, OTHER = (Actor(login, AccountRole.ADMINISTRATOR) for login in ("admin", "other"))
#: Seconds that the first act waits, just before its end, for a second one that is let in too.
_MEET = 0.1


@pytest.fixture(scope="session")
def lived_in_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("lived-in")
    with an_installation(folder):
        return folder


@pytest.fixture(scope="session")
def lived_in_postgres(postgres_server: PostgresServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with postgres_server.database() as name:
        with an_installation(tmp_path_factory.mktemp("lived-in"), database=postgres_server.url(name)):
            pass
        yield name


@pytest.fixture
def sqlite_file(lived_in_sqlite: Path, tmp_path: Path) -> str:
    shutil.copy(lived_in_sqlite / "lrs_bridge.db", tmp_path)
    return f"sqlite:///{tmp_path}/lrs_bridge.db"


@pytest.fixture
def postgres_copy(postgres_server: PostgresServer, lived_in_postgres: str) -> Iterator[str]:
    with postgres_server.database(template=lived_in_postgres) as name:
        yield postgres_server.url(name)


@pytest.fixture(params=["sqlite_file", pytest.param("postgres_copy", marks=pytest.mark.real_server)])
def bridge(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Bridge]:
    """The same installation on both databases."""
    config = write_files(tmp_path, database=request.getfixturevalue(request.param))
    with Bridge.open(load_settings(config, {}), clock=lambda: NOW) as bridge:
        yield bridge


@dataclass
class Outcome:
    """What became of acts that were done at once."""

    done: list[Any] = field(default_factory=list)
    told: list[ActError] = field(default_factory=list)


def at_once(engine: Engine, *acts: Callable[[], Any]) -> Outcome:
    """Do these side by side. Each waits just before its end for the others, for as long as they would need."""
    outcome = Outcome()

    def do(act: Callable[[], Any]) -> None:
        try:
            outcome.done.append(act())
        except ActError as error:
            outcome.told.append(error)

    with _meeting_before_the_end(engine, len(acts)):
        threads = [threading.Thread(target=do, args=(act,)) for act in acts]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
    assert len(outcome.done) + len(outcome.told) == len(acts), "an act failed in another way"
    return outcome


@contextmanager
def _meeting_before_the_end(engine: Engine, many: int) -> Iterator[None]:
    """An act ends with its line in the audit: whoever is let in beside it comes as far as that."""
    barrier = threading.Barrier(many)

    def meet(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if statement.startswith("INSERT INTO audit"):
            with suppress(threading.BrokenBarrierError):
                barrier.wait(_MEET)

    event.listen(engine, "before_cursor_execute", meet)
    try:
        yield
    finally:
        event.remove(engine, "before_cursor_execute", meet)


def in_the_audit(engine: Engine, *acts: str) -> int:
    with read(engine) as connection:
        query = select(func.count()).select_from(AuditRow).where(AuditRow.act.in_(acts))
        return connection.execute(query).scalar_one()


def the_task(engine: Engine, template: str = "apply") -> str:
    with read(engine) as connection:
        return connection.execute(select(FollowUpRow.id).where(FollowUpRow.template == template)).scalar_one()


def completion(engine: Engine, activity: str, learner_id: str) -> str:
    query = select(CompletionRow.id)
    with read(engine) as connection:
        found = query.where(CompletionRow.activity_id == activity, CompletionRow.learner_id == learner_id)
        return connection.execute(found).scalar_one()


def test_a_task_that_two_answer_at_once_is_answered_by_one(bridge: Bridge) -> None:
    engine, task = bridge.engine, the_task(bridge.engine)
    follow_ups.submit(engine, ALICE, task, "The report is built with it", NOW)

    outcome = at_once(
        engine,
        lambda: follow_ups.confirm(engine, MONA, task, NOW),
        lambda: follow_ups.return_(engine, ADMIN, task, "The pivot table is missing", NOW),
    )

    [told] = outcome.told
    assert "This task is" in str(told)
    assert "since 2026-03-04 12:00 UTC; that cannot be followed by" in str(told)
    assert in_the_audit(engine, "follow-up.confirm", "follow-up.return") == 1


def test_who_saw_a_task_before_somebody_else_acted_is_told_to_look_again(bridge: Bridge) -> None:
    engine, task = bridge.engine, the_task(bridge.engine)
    follow_ups.submit(engine, ALICE, task, "Nearly", NOW)
    follow_ups.return_(engine, MONA, task, "The pivot table is missing", NOW, seen=1)
    follow_ups.submit(engine, ALICE, task, "Now it is there", NOW, seen=2)

    with pytest.raises(Overtaken, match=r"somebody else did something.*it is submitted since.*Look at it again"):
        follow_ups.confirm(engine, ADMIN, task, NOW, seen=1)
    assert in_the_audit(engine, "follow-up.confirm") == 0


def test_a_goal_that_one_drops_and_another_achieves_at_once_gets_one_of_both_or_both_in_order(bridge: Bridge) -> None:
    """A goal may be dropped after it was achieved, and not the other way round."""
    engine = bridge.engine
    outcome = at_once(
        engine,
        lambda: goals.drop(engine, MONA, "al-sheets", "No longer needed", NOW),
        lambda: goals.achieve(engine, ADMIN, "al-sheets", "It is used every month", NOW),
    )

    assert [str(each) for each in outcome.told] in (
        [],
        ["This goal is dropped. Agree a new goal in a new revision of the contract."],
    )
    with read(engine) as connection:
        acts = connection.execute(select(AuditRow.act).where(AuditRow.subject == "al-sheets").order_by(AuditRow.id))
        assert list(acts.scalars()) in (["goal.drop"], ["goal.achieve", "goal.drop"])


@pytest.mark.parametrize("second", [DecisionKind.EXCLUDE, DecisionKind.LINK_TO_GOAL])
def test_a_completion_that_two_decide_on_at_once_is_decided_once(bridge: Bridge, second: DecisionKind) -> None:
    engine, subject = bridge.engine, completion(bridge.engine, UNKNOWN, "al")
    object_ = "" if second is DecisionKind.EXCLUDE else "al-sheets"
    outcome = at_once(
        engine,
        lambda: decisions.decide(engine, ADMIN, DecisionKind.EXCLUDE, subject, "A taster", NOW),
        lambda: decisions.decide(engine, OTHER, second, subject, "It is about that", NOW, object=object_),
    )

    [told] = outcome.told
    assert isinstance(told, Overtaken)
    assert "stands" in str(told)
    assert in_the_audit(engine, "decision.exclude", "decision.link-to-goal") == 1


def test_an_activity_that_two_decide_on_at_once_is_decided_once(bridge: Bridge) -> None:
    engine = bridge.engine
    outcome = at_once(
        engine,
        lambda: decisions.decide(engine, ADMIN, DecisionKind.EXCLUDE, PAINTING, "A hobby", NOW),
        lambda: decisions.decide(engine, OTHER, DecisionKind.MAP_ACTIVITY, PAINTING, "Art", NOW, object="painting"),
    )

    [told] = outcome.told
    assert isinstance(told, Overtaken)


def test_decisions_that_have_an_effect_beside_each_other_both_stand(bridge: Bridge) -> None:
    engine = bridge.engine
    for competency in ("painting", "colours"):
        decisions.decide(engine, ADMIN, DecisionKind.MAP_ACTIVITY, PAINTING, "Art", NOW, object=competency)

    assert in_the_audit(engine, "decision.map-activity") == 2


def test_what_was_undone_can_be_decided_again(bridge: Bridge) -> None:
    engine = bridge.engine
    decision = decisions.decide(engine, ADMIN, DecisionKind.EXCLUDE, PAINTING, "A hobby", NOW)
    decisions.undo(engine, OTHER, decision.id, NOW)

    again = decisions.decide(engine, ADMIN, DecisionKind.EXCLUDE, PAINTING, "It is, after all", NOW)

    assert again.id != decision.id


def test_a_decision_that_two_undo_at_once_is_undone_once(bridge: Bridge) -> None:
    engine = bridge.engine
    decision = decisions.decide(engine, ADMIN, DecisionKind.EXCLUDE, PAINTING, "A hobby", NOW)

    outcome = at_once(engine, *(lambda by=by: decisions.undo(engine, by, decision.id, NOW) for by in (ADMIN, OTHER)))

    [told] = outcome.told
    assert "undone already" in str(told)
    assert in_the_audit(engine, "decision.undo") == 1


def test_an_identifier_that_two_link_at_once_belongs_to_the_first(bridge: Bridge) -> None:
    engine, ifi = bridge.engine, f"account:{LMS}|99"
    outcome = at_once(
        engine,
        lambda: people.link(engine, ADMIN, ifi, "al", NOW),
        lambda: people.link(engine, OTHER, ifi, "ben", NOW),
    )

    [told] = outcome.told
    with read(engine) as connection:
        owner = find_learner(connection, ifi)
    assert f"belongs to the learner {owner!r}" in str(told)
    assert in_the_audit(engine, "identity.link") == 1


def test_rules_that_two_publish_at_once_become_two_versions(bridge: Bridge) -> None:
    engine = bridge.engine
    texts = [PUBLISHABLE.replace("mastery: 85", f"mastery: {each}") for each in (80, 90)]
    outcome = at_once(
        engine, *(lambda text=text: rules.publish(engine, {"o.yaml": text}, "another", OPERATOR, NOW) for text in texts)
    )

    assert sorted(each.number for each in outcome.done) == [2, 3]


def test_rules_that_two_drew_up_from_the_same_version_are_not_overwritten_unseen(bridge: Bridge) -> None:
    engine = bridge.engine
    texts = [PUBLISHABLE.replace("mastery: 85", f"mastery: {each}") for each in (80, 90)]
    outcome = at_once(
        engine,
        *(
            lambda text=text: rules.publish(engine, {"o.yaml": text}, "another", OPERATOR, NOW, drawn_from=1)
            for text in texts
        ),
    )

    [told] = outcome.told
    assert isinstance(told, RulesOvertaken)
    assert "Version 2 of the rules came into force meanwhile" in str(told)
    assert [(each.number, each.by, each.note) for each in told.meanwhile] == [(2, OPERATOR.id, "another")]
    assert [change.id for change in told.difference.changes] == ["waste"]
    assert "Z command-line put version 2 in force: another" in str(told)
    assert "waste.mastery: 85 → " in str(told)
    with read(engine) as connection:
        assert rulesets.active_number(connection) == 2


def test_a_record_that_two_settle_at_once_is_settled_once(bridge: Bridge) -> None:
    engine = bridge.engine
    with read(engine) as connection:
        [held] = store.find(connection)
    outcome = at_once(
        engine,
        lambda: quarantine.dismiss(bridge, ADMIN, held.id, NOW),
        lambda: quarantine.dismiss(bridge, OTHER, held.id, NOW),
    )

    [told] = outcome.told
    assert "dismissed already" in str(told)
    assert in_the_audit(engine, "quarantine.dismiss") == 1
    with pytest.raises(ActRefused, match="dismissed already"):
        quarantine.replay(bridge, ADMIN, held.id, NOW, sorter_for=sorter_for)


def test_a_login_that_two_take_at_once_is_taken_by_one(bridge: Bridge) -> None:
    engine = bridge.engine
    outcome = at_once(
        engine,
        *(
            lambda by=by: users.add(engine, by, "audrey", "correct horse", AccountRole.AUDITOR, NOW)
            for by in (ADMIN, OTHER)
        ),
    )

    [told] = outcome.told
    assert "There is an account 'audrey' already" in str(told)
