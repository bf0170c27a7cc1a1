"""Pull: what an LRS holds becomes kept statements, once, whatever interrupts or repeats it."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import msgspec
import pytest
from sqlalchemy import select

from lrs_bridge.bridge import Bridge
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.jobs import pull, pull_all
from lrs_bridge.store import quarantine
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.tables import RulesetActivationRow, StatementRow
from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.source import Page
from support.bridges import OpenBridge, a_body, an_lrs, voiding
from support.builders import day
from support.pages import Breaking, Told, a_page, a_record, due, fill, kept, nobody_is_due, noise, state

pytestmark = pytest.mark.usefixtures("database_kind")


@pytest.fixture
def bridge(open_bridge: OpenBridge, lrs: str) -> Bridge:
    return open_bridge(an_lrs(lrs), now=day(20))


def test_everything_that_is_wanted_is_kept_and_the_rest_is_counted(bridge: Bridge, sandbox: SandboxLrs) -> None:
    fill(sandbox, *[a_body(at=day(n)) for n in range(4)], *[a_body("experienced", at=day(n)) for n in range(7)])

    report = pull(bridge, bridge.source("lms"), day(20))

    assert (report.read, report.new, report.noise, report.pages) == (11, 4, 7, 4)
    assert report.ok
    assert kept(bridge) == 4


def test_bodies_are_kept_byte_for_byte(bridge: Bridge) -> None:
    body = b'{ "id":"7A1F0C86-6A3F-4B60-9F4E-0C4D8A1B2C3D",  "actor":{"mbox":"mailto:ada@example.org"}, "verb":{"id":\
"http://adlnet.gov/expapi/verbs/completed"},"object":{"id":"https://x.example.org"},"timestamp":"2026-03-01T12:00:00Z"}'

    pull(bridge, Told(a_page(a_record(body))), day(20))

    with read(bridge.engine) as connection:
        row = connection.execute(select(StatementRow.id, StatementRow.body)).one()
    assert (row.id, row.body) == ("7a1f0c86-6a3f-4b60-9f4e-0c4d8a1b2c3d", body)


def test_pulling_again_brings_nothing_new(bridge: Bridge, sandbox: SandboxLrs) -> None:
    fill(sandbox, *[a_body(at=day(n)) for n in range(8)], *[a_body("experienced") for _ in range(5)])
    pull(bridge, bridge.source("lms"), day(20))
    counted = noise(bridge)
    nobody_is_due(bridge)

    again = pull(bridge, bridge.source("lms"), day(20))

    assert (again.new, again.quarantined, again.noise) == (0, 0, 0)
    assert again.duplicates + again.noise < again.read, "the overlap was read again"
    assert noise(bridge) == counted
    assert due(bridge) == 0


def test_what_came_meanwhile_comes_with_the_next_pull(bridge: Bridge, sandbox: SandboxLrs) -> None:
    fill(sandbox, a_body(at=day(0)), a_body("experienced"))
    pull(bridge, bridge.source("lms"), day(20))
    sandbox.load([{**a_body(at=day(1)), "id": str(uuid4()), "stored": day(1).isoformat()}])

    assert pull(bridge, bridge.source("lms"), day(20)).new == 1


def test_a_pull_that_breaks_is_reported_and_the_next_goes_on_where_it_ended(
    bridge: Bridge, sandbox: SandboxLrs
) -> None:
    fill(sandbox, *[a_body(at=day(n)) for n in range(5)], *[a_body("experienced") for _ in range(5)])

    broken = pull(bridge, Breaking(bridge.source("lms"), pages=2), day(20))
    after_the_break = state(bridge)
    resumed = pull(bridge, bridge.source("lms"), day(20))

    assert (broken.new, broken.noise, broken.error) == (5, 1, "lms: the connection broke.")
    assert after_the_break.last_error == broken.error
    assert after_the_break.cursor is not None
    assert (resumed.new, resumed.noise) == (0, 4), "noise of the second page is not counted twice"
    assert state(bridge).last_error == ""
    assert sum(noise(bridge).values()) == 5


def test_a_crash_between_pages_leaves_whole_pages_only(bridge: Bridge, sandbox: SandboxLrs) -> None:
    fill(sandbox, *[a_body(at=day(n)) for n in range(8)])

    class Crash(BaseException):
        pass

    class Crashing(Told):
        def pages(self, cursor: str | None) -> Iterator[Page]:
            yield next(bridge.source("lms").pages(cursor))
            raise Crash

    with pytest.raises(Crash):
        pull(bridge, Crashing(), day(20))

    assert kept(bridge) == 3
    assert pull(bridge, bridge.source("lms"), day(20)).new == 5


@pytest.mark.parametrize(
    "broken",
    [
        b'{"id": "not json',
        b"[1, 2]",
        b"\xff\xfe",
        msgspec.json.encode({**a_body(), "timestamp": "yesterday"}),
        msgspec.json.encode({**a_body(), "actor": {"mbox": "mailto:a@example.org", "openid": "https://a.example.org"}}),
        msgspec.json.encode(a_body()).replace(b"mailto:ada", b"mailto:\\u0000ada"),
        b'{"a":' * 5000,
    ],
)
def test_a_broken_statement_in_the_middle_is_put_aside_whole_and_the_page_goes_on(
    bridge: Bridge, broken: bytes
) -> None:
    page = a_page(a_record(a_body(at=day(0))), a_record(broken), a_record(a_body(at=day(1))))

    report = pull(bridge, Told(page), day(20))

    assert (report.new, report.quarantined) == (2, 1)
    with read(bridge.engine) as connection:
        [held] = quarantine.find(connection)
    assert held.body == broken
    assert held.reason
    assert "ada" not in held.reason


def test_the_same_broken_statement_is_put_aside_once(bridge: Bridge) -> None:
    source = Told(a_page(a_record(b"broken")))

    first, second = pull(bridge, source, day(20)), pull(bridge, source, day(20))

    assert (first.quarantined, second.quarantined) == (1, 0)


def test_another_statement_under_a_known_id_is_put_aside(bridge: Bridge) -> None:
    own = str(uuid4())
    page = a_page(a_record(a_body(id=own)), a_record(a_body("passed", id=own)))

    report = pull(bridge, Told(page), day(20))

    assert (report.new, report.quarantined) == (1, 1)


def test_a_statement_that_says_the_same_in_other_words_is_a_duplicate(bridge: Bridge) -> None:
    own = str(uuid4())
    again = a_body(id=own.upper(), timestamp="2026-03-01T13:00:00+01:00")
    again["verb"]["display"] = {"de": "schloss ab"}

    report = pull(bridge, Told(a_page(a_record(a_body(id=own)), a_record(again))), day(20))

    assert (report.new, report.duplicates, report.quarantined) == (1, 1, 0)


def test_a_statement_without_an_id_gets_one_and_is_known_again(bridge: Bridge) -> None:
    page = a_page(a_record(a_body()), a_record(a_body()))

    assert pull(bridge, Told(page), day(20)).new == 1
    assert pull(bridge, Told(page), day(20)).new == 0


def test_a_voider_is_kept_whether_it_comes_before_or_after_its_target(bridge: Bridge) -> None:
    own = str(uuid4())
    voider = a_record(voiding(own, id=str(uuid4()), actor={"mbox": "mailto:admin@example.org"}))
    pull(bridge, Told(a_page(voider)), day(20))
    nobody_is_due(bridge)

    report = pull(bridge, Told(a_page(a_record(a_body(id=own)))), day(20))

    assert (kept(bridge), report.new, due(bridge)) == (2, 1, 1)


def test_the_learners_concerned_become_due(bridge: Bridge, sandbox: SandboxLrs) -> None:
    nobody_is_due(bridge)
    fill(sandbox, a_body(), a_body(actor={"mbox": "mailto:stranger@example.org"}))

    pull(bridge, bridge.source("lms"), day(20))

    assert due(bridge) == 1


def test_two_pulls_of_the_same_source_at_once_are_harmless(bridge: Bridge, sandbox: SandboxLrs) -> None:
    fill(sandbox, *[a_body(at=day(n)) for n in range(5)], *[a_body("experienced", at=day(n)) for n in range(6)])
    inner = []

    class Interleaved(Told):
        def pages(self, cursor: str | None) -> Iterator[Page]:
            for page in bridge.source("lms").pages(cursor):
                inner.append(pull(bridge, bridge.source("lms"), day(20)))
                yield page

    outer = pull(bridge, Interleaved(), day(20))

    assert kept(bridge) == 5
    assert outer.new + sum(each.new for each in inner) == 5
    assert sum(noise(bridge).values()) == 6


def test_many_pulls_of_the_same_source_at_once_are_harmless(
    open_bridge: OpenBridge, lrs: str, sandbox: SandboxLrs
) -> None:
    fill(sandbox, *[a_body(at=day(n)) for n in range(20)], *[a_body("experienced", at=day(n)) for n in range(20)])
    bridges = [open_bridge(an_lrs(lrs)) for _ in range(4)]

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(lambda each: pull(each, each.source("lms"), day(20)), bridges))

    assert all(report.ok for report in reports)
    assert sum(report.new for report in reports) == kept(bridges[0]) == 20
    assert sum(report.noise for report in reports) == sum(noise(bridges[0]).values()) == 20


def test_a_pull_that_follows_a_faster_one_does_not_take_the_cursor_back(bridge: Bridge, sandbox: SandboxLrs) -> None:
    fill(sandbox, *[a_body(at=day(n)) for n in range(12)])
    source = bridge.source("lms")
    first, second, *_ = source.pages(None)

    class Overtaken(Told):
        """Another pull reads everything between the first page of this one and the second."""

        def pages(self, cursor: str | None) -> Iterator[Page]:
            yield first
            pull(bridge, source, day(20))
            yield second

    pull(bridge, Overtaken(), day(20))

    assert second.cursor == "2026-03-01T12:05:00.000Z"
    assert state(bridge).cursor == "2026-03-01T12:11:00.000Z"
    assert kept(bridge) == 12


def test_a_wrong_password_is_reported_and_kept_with_the_source(open_bridge: OpenBridge, lrs: str) -> None:
    bridge = open_bridge(an_lrs(lrs, password="wrong-one"))

    report = pull(bridge, bridge.source("lms"), day(20))

    assert not report.ok
    assert "wrong-one" not in report.error
    assert state(bridge).last_error == report.error
    assert state(bridge).last_error_at == day(20)
    assert state(bridge).last_ok_at is None


def test_a_source_that_fails_does_not_stop_the_others(open_bridge: OpenBridge, lrs: str, sandbox: SandboxLrs) -> None:
    fill(sandbox, a_body())
    bridge = open_bridge(an_lrs(lrs, name="first", password="wrong"), an_lrs(lrs, name="second"))

    reports = pull_all(bridge, day(20))

    assert [(each.source, each.ok, each.new) for each in reports] == [("first", False, 0), ("second", True, 1)]


def test_without_published_rules_nothing_is_read(bridge: Bridge) -> None:
    with write(bridge.engine) as connection:
        connection.execute(RulesetActivationRow.__table__.delete())  # type: ignore[attr-defined]  # a table

    with pytest.raises(ConfigurationError, match="No rules are published yet"):
        pull(bridge, bridge.source("lms"), day(20))
