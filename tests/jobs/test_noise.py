"""Noise: what no definition wants is counted once, by verb, activity type and day, and not kept."""

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import pull
from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.source import Page
from support.bridges import OpenBridge, a_body, an_lrs
from support.builders import PAINTING, day
from support.pages import Told, a_page, a_record, fill, noise

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def bridge(open_bridge: OpenBridge, lrs: str) -> Bridge:
    return open_bridge(an_lrs(lrs), now=day(20))


def test_noise_is_counted_by_verb_type_and_day(bridge: Bridge, sandbox: SandboxLrs) -> None:
    video = {"id": PAINTING, "definition": {"type": "https://w3id.org/xapi/video"}}
    fill(sandbox, *[a_body("experienced", at=day(n // 2), object=video) for n in range(3)], a_body("experienced"))

    pull(bridge, bridge.source("lms"), day(20))

    assert noise(bridge) == {
        ("experienced", "https://w3id.org/xapi/video", "2026-03-01"): 2,
        ("experienced", "https://w3id.org/xapi/video", "2026-03-02"): 1,
        ("experienced", "", "2026-03-01"): 1,
    }


def test_the_day_of_noise_is_that_of_the_organisation(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(organisation={"time_zone": "Pacific/Auckland"})

    pull(bridge, Told(a_page(a_record(a_body("experienced")))), day(20))

    assert [key[2] for key in noise(bridge)] == ["2026-03-02"]


def test_noise_at_the_ends_of_the_calendar_is_counted(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(organisation={"time_zone": "America/New_York"})

    report = pull(bridge, Told(a_page(a_record(a_body("experienced", timestamp="0001-01-01T00:00:00Z")))), day(20))

    assert report.noise == 1


def test_a_source_read_by_timestamp_counts_noise_by_timestamp(open_bridge: OpenBridge, lrs: str) -> None:
    bridge = open_bridge(an_lrs(lrs, cursor_field="timestamp"))
    record = a_record(a_body("experienced", at=day(0)), stored=day(5))
    source = Told(Page((record,), "x", day(0)))

    assert [pull(bridge, source, day(20)).noise for _ in range(2)] == [1, 0]


def test_noise_that_comes_again_because_the_source_began_anew_is_counted_once(open_bridge: OpenBridge) -> None:
    bridge = open_bridge(an_lrs("http://127.0.0.1:9/xapi"))
    one, other = (a_record(a_body("experienced", at=moment), stored=moment) for moment in (day(1), day(2)))

    report = pull(bridge, Told(Page((one,), None, day(1)), Page((one, other), "x", day(2), again=True)), day(20))

    assert report.noise == 2


def test_files_deliver_each_record_once_so_all_of_their_noise_counts(open_bridge: OpenBridge) -> None:
    bridge = open_bridge({"kind": "files", "name": "lms", "path": "x"})
    later, earlier = (a_record(a_body("experienced", at=moment), stored=moment) for moment in (day(3), day(1)))

    noises = [pull(bridge, Told(Page((each,), "x", each.stored)), day(20)).noise for each in (later, earlier)]

    assert noises == [1, 1]
