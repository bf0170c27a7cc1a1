"""The first half of the main job on servers that were not written here: every statement they hold reaches the store.

A statement counts as arrived when it is kept, or tallied as noise; both together must come to all of them.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import func, select

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import PullReport, pull, rescan
from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import NoiseRow, StatementRow
from lrs_bridge_connectors.source import Window
from support.learning_locker.server import LearningLocker
from support.pulling import ENOUGH_PULLS, store_all, writing
from support.ralph.server import Ralph
from support.statements import Json, moodle_statements

pytestmark = pytest.mark.real_server

COUNT = 10_000
OpenFor = Callable[..., Bridge]


def pulled(bridge: Bridge) -> PullReport:
    report = pull(bridge, bridge.source("real"), datetime.now(UTC))
    assert report.ok, report.error
    return report


def wanted_of(statements: Sequence[Json]) -> set[str]:
    """The ids of those that the completion definitions of these tests want."""
    return {each["id"] for each in statements if each["verb"]["id"].endswith("/completed")}


def kept(bridge: Bridge) -> set[str]:
    with read(bridge.engine) as connection:
        return set(connection.execute(select(StatementRow.id)).scalars())


def tallied(bridge: Bridge) -> int:
    with read(bridge.engine) as connection:
        return connection.execute(select(func.coalesce(func.sum(NoiseRow.count), 0))).scalar_one()


def test_learning_locker_is_pulled_completely_and_again_without_anything_new(
    learning_locker: LearningLocker, open_for: OpenFor
) -> None:
    statements = list(moodle_statements(COUNT))
    store_all(learning_locker.store, statements)
    bridge = open_for(learning_locker.endpoint, overlap="1s", settle="0s")

    first, again = pulled(bridge), pulled(bridge)

    assert kept(bridge) == wanted_of(statements)
    assert first.new + first.noise == COUNT
    assert (again.new, again.noise, again.quarantined) == (0, 0, 0)


def test_nothing_is_missed_while_a_writer_goes_on_writing_to_learning_locker(
    learning_locker: LearningLocker, open_for: OpenFor
) -> None:
    statements = list(moodle_statements(COUNT))
    bridge = open_for(learning_locker.endpoint, overlap="2s", settle="0s")

    with writing(learning_locker.store, statements) as going_on:
        reports = list(_pulls_while(bridge, going_on))

    assert len(reports) > 2, "the writer was too quick to show anything"
    assert kept(bridge) == wanted_of(statements)
    assert sum(report.new for report in reports) == len(wanted_of(statements))


def test_a_rescan_of_learning_locker_finds_that_nothing_was_missed(
    learning_locker: LearningLocker, open_for: OpenFor
) -> None:
    store_all(learning_locker.store, list(moodle_statements(COUNT)))
    bridge = open_for(learning_locker.endpoint, overlap="1s", settle="0s")
    pulled(bridge)
    now = datetime.now(UTC)

    report = rescan(bridge, bridge.source("real"), Window(now - timedelta(days=1), now + timedelta(days=1)), now)

    assert (report.read, report.missed, report.error) == (COUNT, 0, "")


def test_ralph_is_pulled_completely_and_again_without_anything_new(ralph: Ralph, open_for: OpenFor) -> None:
    statements = list(moodle_statements(COUNT))
    store_all(ralph.store, statements)
    bridge = open_for(ralph.endpoint, overlap="1min", settle="0s", cursor_field="timestamp")

    first, again = pulled(bridge), pulled(bridge)

    assert kept(bridge) == wanted_of(statements)
    assert first.new + first.noise == COUNT
    assert (again.new, again.noise, again.quarantined) == (0, 0, 0)
    assert tallied(bridge) == COUNT - len(wanted_of(statements))


def test_what_ralph_gets_later_comes_with_the_next_pull(ralph: Ralph, open_for: OpenFor) -> None:
    statements = list(moodle_statements(1_000))
    store_all(ralph.store, statements[:600])
    bridge = open_for(ralph.endpoint, overlap="1min", settle="0s", cursor_field="timestamp")
    pulled(bridge)
    store_all(ralph.store, statements[600:])

    pulled(bridge)

    assert kept(bridge) == wanted_of(statements)
    assert tallied(bridge) == 1_000 - len(wanted_of(statements))


def _pulls_while(bridge: Bridge, going_on: Callable[[], bool]) -> Iterator[PullReport]:
    """Pull again and again, as a schedule does, until the writing has ended, and then once more."""
    for _ in range(ENOUGH_PULLS):
        last = not going_on()
        yield pulled(bridge)
        if last:
            return
    raise AssertionError(f"the writer still writes after {ENOUGH_PULLS} pulls")
