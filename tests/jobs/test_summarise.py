"""Summarise: what pages show of all completions is counted when they changed, once, and never forgotten."""

import importlib
from datetime import datetime, timedelta
from threading import Event, Thread
from uuid import uuid4

import pytest
from sqlalchemy import select, update

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.learner import Identity
from lrs_bridge.jobs import pull, reconcile
from lrs_bridge.jobs.summarise import SHARE, summarise
from lrs_bridge.store import drift, people, summaries, summary_state
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.read_models import Request, unmatched_activities
from lrs_bridge.store.read_models.figures import Figures, kept_figures
from lrs_bridge.store.summary_state import LEASE, SummaryState
from lrs_bridge.store.tables import SummaryStateRow
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import OpenBridge, a_body, an_lrs
from support.builders import NOON, day

module = importlib.import_module("lrs_bridge.jobs.summarise")
pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def bridge(open_bridge: OpenBridge, lrs: str) -> Bridge:
    return open_bridge(an_lrs(lrs), now=day(1))


def learn(bridge: Bridge, sandbox: SandboxLrs, activity: str, now: datetime) -> None:
    """Ada completes something, and it is pulled but not reconciled."""
    sandbox.load([{"id": str(uuid4()), **a_body(activity=activity), "stored": now.isoformat()}])
    assert pull(bridge, bridge.source("lms"), now).new == 1


def state(bridge: Bridge) -> SummaryState:
    with read(bridge.engine) as connection:
        return summary_state.get_state(connection)


def kept(bridge: Bridge) -> Figures | None:
    with read(bridge.engine) as connection:
        found = kept_figures(connection, None)
    return found.figures if found else None


def change(bridge: Bridge) -> None:
    """Something that is counted changes."""
    with write(bridge.engine) as connection:
        summary_state.mark_stale(connection)


def test_what_was_reconciled_is_in_what_is_kept(bridge: Bridge, sandbox: SandboxLrs) -> None:
    for number in (1, 2):
        learn(bridge, sandbox, f"https://example.org/unheard-of/{number}", day(number))
        reconcile(bridge, day(number))

        figures = kept(bridge)
        assert figures is not None
        assert figures.funnel.completed == figures.unmatched_activities == number
        with read(bridge.engine) as connection:
            assert unmatched_activities(connection, Request(), day(number)).total == number


def test_nothing_is_counted_while_nothing_changes(bridge: Bridge) -> None:
    reconcile(bridge, day(1))
    reconcile(bridge, day(1) + timedelta(minutes=5))

    assert state(bridge).at == day(1)


def test_another_day_is_another_count_as_periods_begin_with_a_day(bridge: Bridge) -> None:
    reconcile(bridge, day(1))
    reconcile(bridge, day(2))

    assert state(bridge).at == day(2)


def test_an_actor_whom_nobody_knows_is_counted_though_nobody_is_due(bridge: Bridge, sandbox: SandboxLrs) -> None:
    reconcile(bridge, day(1))
    body = a_body() | {"actor": {"mbox": "mailto:stranger@example.org"}}
    sandbox.load([{"id": str(uuid4()), **body, "stored": NOON.isoformat()}])
    pull(bridge, bridge.source("lms"), day(1))
    assert reconcile(bridge, day(1)).learners == 0

    figures = kept(bridge)
    assert figures is not None
    assert figures.unknown_actors == 1


def test_planning_that_changes_nothing_leaves_what_is_kept_as_it_is(bridge: Bridge) -> None:
    reconcile(bridge, day(1))
    with write(bridge.engine) as connection:
        mark_due(connection, None, day(1) + timedelta(minutes=5))
    assert reconcile(bridge, day(1) + timedelta(minutes=5)).writes == 0

    assert state(bridge).at == day(1)


def test_whoever_counts_waits_for_what_is_being_changed(bridge: Bridge) -> None:
    change(bridge)
    begun = Event()

    def count() -> None:
        begun.set()
        summarise(bridge, day(1))

    counting = Thread(target=count)
    with write(bridge.engine) as connection:
        summary_state.mark_stale(connection)
        counting.start()
        begun.wait()
        with read(bridge.engine) as other:
            assert other.execute(select(SummaryStateRow.lease)).scalar() is None
    counting.join()
    assert not state(bridge).stale


def test_a_crash_between_the_change_and_the_count_leaves_it_to_be_counted(bridge: Bridge, sandbox: SandboxLrs) -> None:
    reconcile(bridge, day(1))
    learn(bridge, sandbox, "https://example.org/unheard-of", day(1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module.summaries, "count_all", _killed)
        with pytest.raises(KeyboardInterrupt):
            reconcile(bridge, day(1))
    assert state(bridge).stale

    reconcile(bridge, day(1))

    figures = kept(bridge)
    assert figures is not None
    assert figures.funnel.completed == 1
    assert not state(bridge).stale


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_counting_much_rests_before_it_is_done_again(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FEW", -1)
    reconcile(bridge, day(1))
    with write(bridge.engine) as connection:
        connection.execute(update(SummaryStateRow).values(seconds=30.0))
    change(bridge)
    rest = SHARE * timedelta(seconds=30)

    reconcile(bridge, day(1) + rest - timedelta(seconds=1))
    assert state(bridge) == SummaryState(stale=True, at=day(1), seconds=30.0)

    reconcile(bridge, day(1) + rest)
    assert not state(bridge).stale
    assert state(bridge).at == day(1) + rest


def test_only_one_counts_and_who_died_over_it_is_replaced(bridge: Bridge) -> None:
    change(bridge)
    with write(bridge.engine) as connection:
        lost = summary_state.begin(connection, day(1))
        assert lost is not None
    change(bridge)

    assert not summarise(bridge, day(1))
    assert summarise(bridge, day(1) + LEASE)
    with read(bridge.engine) as connection, write(bridge.engine) as late:
        counted = summaries.count_all(connection, NOON, bridge.settings.organisation.zone)
        assert not summaries.save(late, lost, counted, 0.1)
    assert state(bridge).at == day(1) + LEASE


def test_what_changes_while_it_is_counted_is_counted_next_time(bridge: Bridge) -> None:
    change(bridge)
    with write(bridge.engine) as connection:
        lease = summary_state.begin(connection, day(1))
        assert lease is not None
    change(bridge)
    with read(bridge.engine) as connection:
        counted = summaries.count_all(connection, day(1), bridge.settings.organisation.zone)
    with write(bridge.engine) as connection:
        assert summaries.save(connection, lease, counted, 0.1)

    assert state(bridge).stale


def test_an_activity_that_is_known_by_now_is_gone_from_what_is_kept(bridge: Bridge, sandbox: SandboxLrs) -> None:
    learn(bridge, sandbox, "https://example.org/unheard-of", day(1))
    reconcile(bridge, day(1))
    with write(bridge.engine) as connection:
        connection.exec_driver_sql("DELETE FROM completion")
    change(bridge)
    summarise(bridge, day(1))

    with read(bridge.engine) as connection:
        assert unmatched_activities(connection, Request(), day(1)).rows == ()


@pytest.fixture
def stranger(bridge: Bridge, sandbox: SandboxLrs) -> str:
    """Somebody whom nobody knows completed something: the id of the statement."""
    own_id = str(uuid4())
    body = a_body() | {"actor": {"mbox": "mailto:stranger@example.org"}}
    sandbox.load([{"id": own_id, **body, "stored": NOON.isoformat()}])
    pull(bridge, bridge.source("lms"), day(1))
    reconcile(bridge, day(1))
    assert unknown(bridge) == 1
    return own_id


def unknown(bridge: Bridge) -> int | None:
    figures = kept(bridge)
    return figures.unknown_actors if figures else None


@pytest.mark.usefixtures("stranger")
def test_whoever_is_linked_or_unlinked_is_counted_as_known_or_unknown(bridge: Bridge) -> None:
    ifi = "mbox:stranger@example.org"
    with write(bridge.engine) as connection:
        people.link(connection, Identity(ifi, "lea", day(1)), day(1))
    assert state(bridge).stale
    reconcile(bridge, day(1))
    assert unknown(bridge) == 0

    with write(bridge.engine) as connection:
        people.unlink(connection, ifi, day(1))
    reconcile(bridge, day(1))
    assert unknown(bridge) == 1


def test_whoever_has_no_statement_left_is_not_counted(bridge: Bridge, stranger: str) -> None:
    with write(bridge.engine) as connection:
        assert drift.forget(connection, "lms", [stranger], day(1)) == 1
    reconcile(bridge, day(1))

    assert unknown(bridge) == 0
