"""Verifying servers that were not written here: what their paging loses is found, said, and taken in."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import select

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import VerifyReport, pull, rescan, verify
from lrs_bridge.jobs.drift import Count, Kind
from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import StatementRow
from lrs_bridge_connectors.source import LooksUp, Presence, Window
from support.learning_locker.server import WRAP_AFTER, LearningLocker
from support.pulling import store_all
from support.ralph.server import Ralph
from support.statements import Json, moodle_statements

pytestmark = pytest.mark.real_server

COUNT = 1_000
OpenFor = Callable[..., Bridge]


def wanted_of(statements: Sequence[Json]) -> set[str]:
    """The ids of those that the completion definitions of these tests want."""
    return {each["id"] for each in statements if each["verb"]["id"].endswith("/completed")}


def kept(bridge: Bridge) -> set[str]:
    with read(bridge.engine) as connection:
        return set(connection.execute(select(StatementRow.id)).scalars())


def verified(bridge: Bridge, since: datetime | None = None, *, mend: bool = False) -> VerifyReport:
    now = datetime.now(UTC)
    window = Window(since or now - timedelta(days=1), now + timedelta(days=1))
    report = verify(bridge, bridge.source("real"), window, now, mend=mend)
    assert not report.error
    return report


def missing(report: VerifyReport) -> set[str | None]:
    assert set(report.differences) <= {Kind.MISSING}
    return {each.id for each in report.named}


@pytest.fixture
def truncated(truncating_learning_locker: LearningLocker, open_for: OpenFor) -> tuple[Bridge, list[Json]]:
    """Statements on both sides of the moment at which the server's row ids start again, pulled once."""
    statements = list(moodle_statements(COUNT))
    store_all(truncating_learning_locker.store, statements)
    bridge = open_for(truncating_learning_locker.endpoint, overlap="1s", settle="0s", page_limit=100)
    report = pull(bridge, bridge.source("real"), datetime.now(UTC))
    assert (report.ok, report.read) == (True, WRAP_AFTER), "the server cuts its lists short, and says nothing of it"
    return bridge, statements


def test_what_a_truncating_learning_locker_cuts_off_is_found_said_and_taken_in(
    truncated: tuple[Bridge, list[Json]],
) -> None:
    bridge, statements = truncated
    assert kept(bridge) == wanted_of(statements[:WRAP_AFTER])

    found, mended, again = verified(bridge), verified(bridge, mend=True), verified(bridge)

    assert missing(found) == wanted_of(statements[WRAP_AFTER:])
    assert (found.truncated, found.paged, found.totals[Count.READ]) == (True, WRAP_AFTER, COUNT)
    assert (mended.ok, mended.mended) == (True, len(wanted_of(statements[WRAP_AFTER:])))
    assert kept(bridge) == wanted_of(statements)
    assert (again.ok, again.differences) == (True, {})


def test_a_rescan_takes_in_what_a_truncating_learning_locker_cuts_off(truncated: tuple[Bridge, list[Json]]) -> None:
    bridge, statements = truncated
    now = datetime.now(UTC)

    report = rescan(bridge, bridge.source("real"), Window(now - timedelta(days=1), now), now)

    assert (report.read, report.missed) == (COUNT, len(wanted_of(statements[WRAP_AFTER:])))
    assert sum(each.missed for each in report.windows) == report.missed
    assert kept(bridge) == wanted_of(statements)


def test_a_learning_locker_that_pages_rightly_has_no_differences(
    learning_locker: LearningLocker, open_for: OpenFor
) -> None:
    store_all(learning_locker.store, list(moodle_statements(COUNT)))
    bridge = open_for(learning_locker.endpoint, overlap="1s", settle="0s", page_limit=100)
    pull(bridge, bridge.source("real"), datetime.now(UTC))

    report = verified(bridge)

    assert (report.ok, report.differences, report.totals[Count.READ]) == (True, {}, COUNT)


def test_what_ralph_gets_with_an_old_timestamp_is_found_and_taken_in(ralph: Ralph, open_for: OpenFor) -> None:
    statements = list(moodle_statements(COUNT))
    late = list(moodle_statements(50, seed=2))
    store_all(ralph.store, statements)
    bridge = open_for(ralph.endpoint, overlap="1min", settle="0s", cursor_field="timestamp", page_limit=100)
    pull(bridge, bridge.source("real"), datetime.now(UTC))
    store_all(ralph.store, late)
    begin = datetime.fromisoformat(statements[0]["timestamp"]) - timedelta(hours=1)
    assert pull(bridge, bridge.source("real"), datetime.now(UTC)).new == 0, "it is behind the cursor for good"

    found, mended, again = verified(bridge, begin), verified(bridge, begin, mend=True), verified(bridge, begin)

    assert missing(found) == wanted_of(late)
    assert (found.truncated, mended.ok, again.differences) == (False, True, {})
    assert kept(bridge) == wanted_of([*statements, *late])


def test_what_was_deleted_from_ralph_is_told_from_what_is_there(ralph: Ralph, open_for: OpenFor) -> None:
    statements = list(moodle_statements(200))
    gone = min(wanted_of(statements))
    store_all(ralph.store, statements)
    bridge = open_for(ralph.endpoint, overlap="1min", settle="0s", cursor_field="timestamp", page_limit=100)
    pull(bridge, bridge.source("real"), datetime.now(UTC))
    lines = [line for line in ralph.file.read_bytes().splitlines(keepends=True) if gone.encode() not in line]
    ralph.file.write_bytes(b"".join(lines))
    source = bridge.source("real")
    assert isinstance(source, LooksUp)

    report = verified(bridge, datetime.fromisoformat(statements[0]["timestamp"]) - timedelta(hours=1))

    assert {each.kind: each.id for each in report.named} == {Kind.GONE: gone}
    assert source.look_up(statements[1]["id"]).presence is Presence.THERE
