"""A backtest that several processes share: whoever tries which part, the figures are those of one who did it alone."""

from __future__ import annotations

import multiprocessing
from datetime import timedelta

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.backtesting.tally import Aspect
from lrs_bridge.jobs import retain
from lrs_bridge.jobs.backtest import backtest
from lrs_bridge.jobs.backtest.sharing import LEASE, Begun, Following, Worker, begin
from lrs_bridge.store import backtests
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.tables import BacktestState
from support.bridges import settings_for
from support.drafts import edited
from support.worlds import NOW

DRAFT = edited("a rule is added").documents


def state_of(bridge: Bridge, begun: Begun) -> BacktestState | None:
    with read(bridge.engine) as connection:
        run = backtests.get(connection, begun.run.id)
    return None if run is None else run.state


@pytest.mark.usefixtures("database_kind")
def test_many_hands_find_what_one_finds(bridge: Bridge) -> None:
    alone = backtest(bridge, DRAFT, now=NOW)
    begun = begin(bridge, DRAFT, NOW)
    following, workers = Following(bridge, begun.run), [Worker(bridge, begun), Worker(bridge), Worker(bridge)]
    while sum(each.work(NOW) for each in workers):  # each of them, every time
        following.look()
    following.end(NOW)

    assert alone.tally.weight(Aspect.EVIDENCE).things == 30
    assert (following.report.tally, following.report.learners) == (alone.tally, alone.learners)
    assert state_of(bridge, begun) is BacktestState.DONE


@pytest.mark.usefixtures("database_kind")
def test_the_part_of_a_worker_that_was_killed_is_tried_again(bridge: Bridge) -> None:
    begun = begin(bridge, DRAFT, NOW)
    killed = backtests.claim(bridge.engine, now=NOW, lease=LEASE)
    following, worker = Following(bridge, begun.run), Worker(bridge, begun)
    while worker.work(NOW):
        pass
    assert following.look().partial
    assert worker.work(NOW + LEASE)

    assert killed is not None
    assert not following.look().partial
    assert not following.goes_on
    with write(bridge.engine) as connection:
        assert not backtests.keep(connection, killed, b"{}")


@pytest.mark.usefixtures("database_kind")
def test_what_is_cancelled_is_partial_and_nobody_goes_on_with_it(bridge: Bridge) -> None:
    begun = begin(bridge, DRAFT, NOW)
    worker, following = Worker(bridge, begun), Following(bridge, begun.run)
    assert worker.work(NOW)
    following.look()
    following.end(NOW)

    assert following.report.partial
    assert 0 < following.report.tally.learners < following.report.learners
    assert state_of(bridge, begun) is BacktestState.CANCELLED
    assert not worker.work(NOW)


def test_whoever_looks_later_finds_the_report(bridge: Bridge) -> None:
    begun = begin(bridge, DRAFT, NOW)
    worker, following = Worker(bridge, begun), Following(bridge, begun.run)
    while worker.work(NOW):
        following.look()
    following.end(NOW)
    late = Following(bridge, begun.run)

    assert late.look() == following.report
    assert not late.goes_on


def test_it_ends_when_somebody_is_erased_meanwhile(bridge: Bridge) -> None:
    begun = begin(bridge, DRAFT, NOW)
    following = Following(bridge, begun.run)
    Worker(bridge, begun).work(NOW)
    following.look()
    with write(bridge.engine) as connection:
        backtests.forget(connection)

    assert following.look().partial
    assert not following.goes_on


def test_backtests_are_kept_some_time(bridge: Bridge) -> None:
    begun = begin(bridge, DRAFT, NOW)
    assert retain(bridge, NOW + timedelta(days=29)).counts["backtests"] == 0
    assert retain(bridge, NOW + timedelta(days=31)).counts["backtests"] == 1

    assert state_of(bridge, begun) is None


def _work(url: str, run_id: str) -> None:
    with Bridge.open(settings_for(url), clock=lambda: NOW) as bridge:
        worker = Worker(bridge)
        while worker.work(NOW):
            pass


def test_another_process_takes_part(bridge: Bridge, bridge_url: str) -> None:
    begun = begin(bridge, DRAFT, NOW)
    other = multiprocessing.get_context("spawn").Process(target=_work, args=(bridge_url, begun.run.id))
    other.start()
    other.join(60)

    following = Following(bridge, begun.run)
    assert following.look().tally == backtest(bridge, DRAFT, now=NOW).tally
