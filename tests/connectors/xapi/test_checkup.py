"""`check()`: for each thing that can be wrong, a sentence that says so and one that says what to do."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
import responses

from lrs_bridge_connectors.source import Health
from lrs_bridge_connectors.xapi import XapiConfig, XapiSource
from lrs_bridge_connectors.xapi.auth import Basic

ENDPOINT = "https://lrs.example.org/data/xAPI"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def stored(*seconds: float) -> list[dict[str, str]]:
    times = [(NOON + timedelta(seconds=second)).isoformat() for second in seconds]
    return [{"id": str(number), "stored": when, "timestamp": when} for number, when in enumerate(times)]


class Wire:
    """An LRS made of queued answers; what is not queued is as it should be."""

    def __init__(self, mock: Any, clock: Any) -> None:
        self.mock, self.clock = mock, clock

    def about(self, **answer: Any) -> None:
        self.mock.get(f"{ENDPOINT}/about", **(answer or {"json": {"version": ["1.0.3", "2.0.0"]}}))

    def statements(self, *statements: object, skew: int = 0, through: bool = True, **answer: Any) -> None:
        headers = {"Date": format_datetime(NOON + timedelta(seconds=skew), usegmt=True)}
        if through:
            headers["X-Experience-API-Consistent-Through"] = NOON.isoformat()
        page = {"json": {"statements": statements, "more": ""}, "headers": headers}
        self.mock.get(f"{ENDPOINT}/statements", **(answer or page))

    def check(self, **settings: Any) -> Health:
        config = XapiConfig(**{"name": "lrs", "endpoint": ENDPOINT, "auth": Basic("admin", "hush"), **settings})
        source = XapiSource(config, now=self.clock, monotonic=self.clock.monotonic, sleep=self.clock.sleep)
        return source.check()


@pytest.fixture
def wire(clock: Any) -> Any:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield Wire(mock, clock)


def test_a_working_lrs_is_well_and_needs_no_advice(served: Any, a_statement: Callable[..., Any]) -> None:
    served.lrs.load((a_statement(number) for number in range(3)), stored=lambda _: NOON)
    health = served.source().check()

    assert (True, "statements can be read", "") == (health.ok, health.message, health.advice)
    assert timedelta(0) == health.clock_skew
    assert "xAPI 1.0.3, 2.0.0" == health.detail["about"]


def test_an_empty_lrs_is_well_and_says_so(served: Any) -> None:
    health = served.source().check()

    assert (True, "the LRS answers; there is no statement that we may see yet") == (health.ok, health.message)


def test_a_wrong_password_is_told(served: Any) -> None:
    health = served.source(auth=Basic("sandbox", "hush")).check()

    assert not health.ok
    assert "does not accept the credentials (HTTP 401)" in health.message
    assert "Check user and password" in health.advice


def test_a_wrong_path_is_told_with_how_an_endpoint_ends(served: Any) -> None:
    health = served.source(endpoint=f"{served.endpoint}/nothing").check()

    assert (False, "there is no LRS at the endpoint (HTTP 404)") == (health.ok, health.message)
    assert "The endpoint should end in" in health.advice


def test_a_web_page_instead_of_an_lrs_is_told(wire: Wire) -> None:
    wire.about(body="<html>Welcome</html>")
    wire.statements(body="<html>Welcome</html>")
    health = wire.check()

    assert (False, "the endpoint is not an LRS: it answered with a web page (HTML) instead of statements") == (
        health.ok,
        health.message,
    )
    assert "The endpoint should end in" in health.advice


@pytest.mark.parametrize(
    ("endpoint", "said"),
    [("http://lrs.invalid/xapi", "host name is not known"), ("http://127.0.0.1:1/xapi", "nothing accepts connections")],
)
def test_an_lrs_that_cannot_be_reached_is_told_at_once(clock: Any, endpoint: str, said: str) -> None:
    source = XapiSource(XapiConfig(name="lrs", endpoint=endpoint), now=clock, sleep=clock.sleep)
    health = source.check()

    assert not health.ok
    assert said in health.message
    assert health.advice
    assert clock.slept == []


def test_a_certificate_that_is_not_trusted_is_told(wire: Wire) -> None:
    wire.about(body=requests.exceptions.SSLError("certificate verify failed"))
    health = wire.check()

    assert not health.ok
    assert "TLS" in health.message
    assert "certificate" in health.advice


@pytest.mark.parametrize("versions", [["0.95"], ["0.9", "1.0.3"], []])
def test_a_version_that_the_lrs_does_not_speak_is_told(wire: Wire, versions: list[str]) -> None:
    wire.about(json={"version": versions})
    wire.statements()
    health = wire.check(version="2.0.0")

    assert not health.ok
    assert "does not speak xAPI 2.0.0" in health.message
    assert "Set the version" in health.advice


def test_patch_levels_of_one_version_understand_each_other(wire: Wire) -> None:
    wire.about(json={"version": ["1.0.1"]})
    wire.statements()

    assert wire.check(version="1.0.3").ok


def test_a_server_that_rejects_the_version_without_telling_its_own_gets_the_hint(wire: Wire) -> None:
    wire.about(status=404)
    wire.statements(status=400, body="bad version")
    health = wire.check(version="2.0.0")

    assert not health.ok
    assert "may not speak xAPI 2.0.0" in health.advice


@pytest.mark.parametrize(
    "about", [{"status": 404}, {"status": 403}, {"body": "<html>"}, {"json": {"version": "1.0.3"}}]
)
def test_a_missing_or_odd_about_resource_does_not_matter(wire: Wire, about: dict[str, Any]) -> None:
    wire.about(**about)
    wire.statements()
    health = wire.check()

    assert health.ok
    assert health.detail["about"].startswith("not ")


@pytest.mark.parametrize(("skew", "told"), [(600, "+600 s"), (-600, "-600 s")])
def test_a_clock_that_is_wrong_is_told_but_is_no_obstacle(wire: Wire, skew: int, told: str) -> None:
    wire.about()
    wire.statements(skew=skew)
    health = wire.check()

    assert health.ok
    assert timedelta(seconds=skew) == health.clock_skew
    assert told in health.advice


def test_a_server_without_consistent_through_gets_the_advice_to_rescan(wire: Wire) -> None:
    wire.about()
    wire.statements(through=False)
    health = wire.check()

    assert health.ok
    assert "rescan" in health.advice


def test_a_server_that_does_not_sort_as_asked_is_told(wire: Wire) -> None:
    wire.about()
    wire.statements(*stored(3))
    wire.statements(*stored(3, 2, 1))
    health = wire.check()

    assert health.ok
    assert "not ascending" == health.detail["order"]
    assert "It does not sort by stored" in health.advice


@pytest.mark.parametrize(
    ("statements", "order"),
    [
        (stored(1, 2, 3), "ascending, as asked for"),
        (stored(2, 2), "ascending, as asked for"),
        ([{"id": "1"}], "unknown: no stored time could be read"),
    ],
)
def test_what_is_known_of_the_order_is_told(wire: Wire, statements: list[dict[str, str]], order: str) -> None:
    wire.about()
    wire.statements(*statements)

    assert order == wire.check().detail["order"]
