"""Rescan: a wide window is read again, and what the cursor has missed is taken in."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import pull, rescan
from lrs_bridge_connectors.errors import Misbehaving
from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.source import Part, Window
from support.bridges import OpenBridge, a_body, an_lrs
from support.builders import NOON, day
from support.drifting import Shelf
from support.pages import a_record, fill, noise, state

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def bridge(open_bridge: OpenBridge, lrs: str) -> Bridge:
    return open_bridge(an_lrs(lrs), now=day(20))


def test_a_rescan_finds_what_the_cursor_has_missed_and_leaves_the_cursor(bridge: Bridge, sandbox: SandboxLrs) -> None:
    fill(sandbox, *[a_body(at=day(n)) for n in range(30)])
    pull(bridge, bridge.source("lms"), day(20))
    before = state(bridge)
    late = {**a_body(at=day(9)), "id": str(uuid4()), "stored": (NOON + timedelta(minutes=2)).isoformat()}
    sandbox.load([late, {**late, **a_body("experienced"), "id": str(uuid4())}])

    assert pull(bridge, bridge.source("lms"), day(20)).new == 0, "it lies behind the cursor"
    report = rescan(bridge, bridge.source("lms"), Window(NOON - timedelta(days=1), day(20)), day(20))

    assert (report.read, report.missed, report.ok) == (32, 1, True)
    assert state(bridge).cursor == before.cursor
    assert (state(bridge).rescanned_at, state(bridge).missed) == (day(20), 1)
    assert noise(bridge) == {}


def test_a_rescan_that_breaks_is_reported(open_bridge: OpenBridge, lrs: str) -> None:
    refused = open_bridge(an_lrs(lrs, password="wrong"))

    report = rescan(refused, refused.source("lms"), Window(None, datetime.now(UTC)), day(20))

    assert not report.ok
    assert report.missed == 0


def test_what_was_missed_is_told_by_window(bridge: Bridge) -> None:
    source = Shelf()
    late = [(day(2), 1), (day(2) + timedelta(hours=1), 2), (day(5), 3)]
    source.put(*[a_record({**a_body(at=at), "id": str(UUID(int=n, version=4))}, stored=at) for at, n in late])

    report = rescan(bridge, source, Window(NOON, day(20)), day(20), width=timedelta(days=1))

    midnight = day(2).replace(hour=0)
    assert [(each.since, each.read, each.missed) for each in report.windows] == [
        (midnight, 2, 2),
        (midnight + timedelta(days=3), 1, 1),
    ]


def test_what_paging_loses_is_found_by_reading_in_parts(bridge: Bridge) -> None:
    source = Shelf()
    source.put(*[a_record({**a_body(), "id": str(UUID(int=n, version=4))}, stored=day(n)) for n in range(1, 9)])
    source.pages_lose = set(list(source.records)[2:])
    assert pull(bridge, source, day(20)).new == 2

    assert rescan(bridge, source, Window(NOON, day(20)), day(20)).missed == 6


def test_a_server_that_cannot_be_read_in_parts_is_read_by_paging(bridge: Bridge) -> None:
    class IgnoringUntil(Shelf):
        def parts(self, window: Window) -> Iterator[Part]:
            yield next(super().parts(window))
            raise Misbehaving("it answers with statements from outside of the span", source=self.name)

    source = IgnoringUntil()
    source.put(*[a_record({**a_body(), "id": str(UUID(int=n, version=4))}, stored=day(n)) for n in range(1, 9)])

    report = rescan(bridge, source, Window(NOON, day(20)), day(20))

    assert (report.ok, report.missed) == (True, 8)
