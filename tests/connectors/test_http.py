"""The HTTP client: what is tried again, what is not, what it may cost, and what no message may tell."""

import gzip
import logging
from collections.abc import Callable
from datetime import timedelta
from email.utils import format_datetime
from typing import Any

import pytest
import requests
import responses
from requests.auth import AuthBase

from lrs_bridge_connectors.errors import ConnectorError, Misbehaving, Refused, Retryable, Unusable
from lrs_bridge_connectors.http import HttpClient, Limits
from lrs_bridge_connectors.origin import origin_of
from lrs_bridge_connectors.xapi.auth import Basic

URL = "https://lrs.example.org/xapi/statements"
SECRETS = ("hush", "opaque-token", "Grace", "YWRtaW4")


def a_client(clock: Any, url: str = URL, auth: AuthBase | None = None, **limits: Any) -> HttpClient:
    return HttpClient(
        "lrs",
        origin_of(url),
        auth=auth or Basic("admin", "hush"),
        limits=Limits(**limits),
        now=clock,
        monotonic=clock.monotonic,
        sleep=clock.sleep,
        jitter=lambda: 1.0,
    )


@pytest.fixture
def wire() -> Any:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_an_overloaded_server_is_asked_again(wire: Any, clock: Any, status: int) -> None:
    wire.get(URL, status=status)
    wire.get(URL, body=b"fine")

    assert b"fine" == a_client(clock).get(URL).body
    assert [0.5] == clock.slept


@pytest.mark.parametrize(
    "problem",
    [requests.ConnectionError("reset"), requests.ConnectTimeout("late"), requests.ReadTimeout("late")],
    ids=lambda problem: type(problem).__name__,
)
def test_a_broken_connection_is_tried_again(wire: Any, clock: Any, problem: Exception) -> None:
    wire.get(URL, body=problem)
    wire.get(URL, body=b"fine")

    assert b"fine" == a_client(clock).get(URL).body


def test_pauses_double_up_to_a_cap_and_end(wire: Any, clock: Any) -> None:
    wire.get(URL, status=503)

    with pytest.raises(Retryable, match="HTTP 503"):
        a_client(clock, attempts=6, backoff=1.0, backoff_cap=5.0).get(URL)

    assert [1.0, 2.0, 4.0, 5.0, 5.0] == clock.slept


def test_pauses_are_spread_so_that_sources_do_not_come_back_together(wire: Any, clock: Any) -> None:
    wire.get(URL, status=503)
    client = HttpClient(
        "lrs", origin_of(URL), limits=Limits(attempts=2), now=clock, sleep=clock.sleep, jitter=lambda: 0.0
    )

    with pytest.raises(Retryable):
        client.get(URL)

    assert [0.25] == clock.slept


@pytest.mark.parametrize(
    ("retry_after", "date", "pause"),
    [
        ("22", None, 22.0),
        ("86400", None, 120.0),
        ("0", None, 0.0),
        ("in:40", None, 40.0),
        ("in:40", 30, 10.0),  # measured on the clock of the server, which is 30 s ahead of ours
        ("in:-40", None, 0.0),
        ("soon", None, 0.5),
    ],
)
def test_retry_after_is_kept_to_within_reason(
    wire: Any, clock: Any, retry_after: str, date: int | None, pause: float
) -> None:
    if retry_after.startswith("in:"):
        retry_after = format_datetime(clock.now + timedelta(seconds=int(retry_after[3:])), usegmt=True)
    headers = {"Retry-After": retry_after}
    if date is not None:
        headers["Date"] = format_datetime(clock.now + timedelta(seconds=date), usegmt=True)
    wire.get(URL, status=429, headers=headers)
    wire.get(URL, body=b"fine")
    a_client(clock).get(URL)

    assert [pause] == clock.slept


def test_no_pause_reaches_beyond_the_deadline(wire: Any, clock: Any) -> None:
    wire.get(URL, status=429, headers={"Retry-After": "60"})

    with pytest.raises(Retryable):
        a_client(clock, deadline=100.0).get(URL)

    assert [60.0] == clock.slept


@pytest.mark.parametrize(
    ("status", "body", "headers", "error"),
    [
        (401, b"", {}, Refused),
        (403, b"", {}, Refused),
        (400, b'{"message":"Authentication required"}', {}, Refused),
        (400, b"no valid CREDENTIALS", {}, Refused),
        (400, b"", {"WWW-Authenticate": "Basic"}, Refused),
        (400, b"bad since", {}, Unusable),
        (404, b"", {}, Unusable),
        (405, b"", {}, Unusable),
        (413, b"", {}, Unusable),
        (418, b"", {}, Unusable),
        (500, b"deadlock detected", {}, Retryable),
        (301, b"", {"Location": "https://evil.example.test/opaque-token"}, Unusable),
        (302, b"", {"Location": "/elsewhere"}, Unusable),
        (307, b"", {}, Unusable),
    ],
)
def test_every_other_answer_ends_the_request_at_once(
    wire: Any, clock: Any, status: int, body: bytes, headers: dict[str, str], error: type[ConnectorError]
) -> None:
    wire.get(URL, status=status, body=body, headers=headers)

    with pytest.raises(error) as told:
        a_client(clock).get(URL)

    assert (status, 1, []) == (told.value.status, len(wire.calls), clock.slept)
    assert told.value.advice


def test_a_redirect_names_the_origin_to_configure_and_nothing_is_sent_there(wire: Any, clock: Any) -> None:
    wire.get(URL, status=302, headers={"Location": "https://other.example.test/x?token=opaque-token"})
    other = wire.get("https://other.example.test/x", body=b"{}")

    with pytest.raises(Unusable, match=r"redirects to https://other\.example\.test \(HTTP 302\)") as told:
        a_client(clock).get(URL)

    assert other.call_count == 0
    assert "opaque-token" not in str(told.value)


def test_credentials_do_not_leave_the_origin(wire: Any, clock: Any) -> None:
    other = wire.get("https://other.example.test/x", body=b"{}")

    with pytest.raises(Misbehaving, match="would have left"):
        a_client(clock).get("https://other.example.test/x")

    assert other.call_count == 0


def test_no_password_is_taken_from_netrc(wire: Any, clock: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "netrc").write_text("machine lrs.example.org login grace password hush\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    wire.get(URL, body=b"{}")
    HttpClient("lrs", origin_of(URL), now=clock).get(URL)

    assert "Authorization" not in wire.calls[0].request.headers


@pytest.mark.parametrize("status", [200, 302])
def test_a_body_beyond_the_cap_is_not_read_to_its_end(raw_server: Callable[..., str], clock: Any, status: int) -> None:
    bomb = gzip.compress(b" " * 50_000_000)
    head = f"HTTP/1.1 {status} X\r\nLocation: /\r\nContent-Encoding: gzip\r\nContent-Length: {len(bomb)}\r\n\r\n"
    url = raw_server(head.encode() + bomb)

    with pytest.raises(Misbehaving, match="more than 1,000,000 bytes"):
        a_client(clock, url, body_cap=1_000_000).get(url)


def test_a_body_that_is_announced_as_too_large_is_not_waited_for(raw_server: Callable[..., str], clock: Any) -> None:
    url = raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 1000001\r\n\r\n")

    with pytest.raises(Misbehaving, match="more than 1,000,000 bytes"):
        a_client(clock, url, body_cap=1_000_000).get(url)


def test_a_length_of_hundreds_of_digits_is_told_like_any_failure(raw_server: Callable[..., str], clock: Any) -> None:
    url = raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: " + b"9" * 400 + b"\r\n\r\n")

    with pytest.raises(ConnectorError):
        a_client(clock, url, attempts=1).get(url)


def test_a_body_that_just_fits_the_cap_is_read(wire: Any, clock: Any) -> None:
    wire.get(URL, body=b"x" * 1000)

    assert 1000 == len(a_client(clock, body_cap=1000).get(URL).body)


def test_a_server_that_drips_meets_the_deadline(raw_server: Callable[..., str], clock: Any) -> None:
    url = raw_server(b"HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\n" + b"x" * 3_000_000)
    ticks = iter(range(0, 10_000, 40))
    client = HttpClient("lrs", origin_of(url), limits=Limits(deadline=100), monotonic=lambda: next(ticks))

    with pytest.raises(Retryable, match="took more than 100 s"):
        client.get(url)


@pytest.mark.parametrize("start", [b"", b"HTTP/1.1 200 OK\r\n", b"HTTP/1.1 200 OK\r\nX-Slow: "], ids=repr)
def test_a_server_that_drips_its_headers_meets_the_deadline_as_well(
    dripping_server: Callable[[bytes], str], start: bytes
) -> None:
    url = dripping_server(start)
    client = HttpClient("lrs", origin_of(url), limits=Limits(read_timeout=30, deadline=0.2))

    with pytest.raises(Retryable, match=r"took more than 0\.2 s for one answer"):
        client.get(url)
    client.close()


def test_an_answer_that_breaks_off_is_asked_for_again(raw_server: Callable[..., str], clock: Any) -> None:
    short = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this"
    chunked = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n9\r\nonly this\r\n"
    url = raw_server(short, chunked, b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nwhole")

    assert b"whole" == a_client(clock, url).get(url).body
    assert 2 == len(clock.slept)


def test_damaged_compression_is_no_reason_to_try_again(raw_server: Callable[..., str], clock: Any) -> None:
    url = raw_server(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 9\r\n\r\nnot gzip!")

    with pytest.raises(Misbehaving, match="compression is damaged"):
        a_client(clock, url).get(url)


def test_a_name_that_nobody_has_is_told_as_such(clock: Any) -> None:
    with pytest.raises(Retryable, match="host name is not known"):
        a_client(clock, "http://lrs.invalid/xapi", attempts=1).get("http://lrs.invalid/xapi")


def test_a_port_where_nobody_listens_is_told_as_such(clock: Any, raw_server: Callable[..., str]) -> None:
    with pytest.raises(Retryable, match="nothing accepts connections"):
        a_client(clock, "http://127.0.0.1:1/xapi", attempts=1).get("http://127.0.0.1:1/xapi")


def test_tls_to_a_server_without_it_is_a_matter_of_configuration(clock: Any, raw_server: Callable[..., str]) -> None:
    url = raw_server(b"HTTP/1.1 400 Bad Request\r\n\r\n").replace("http:", "https:")

    with pytest.raises(Unusable, match="TLS"):
        a_client(clock, url).get(url)


@pytest.mark.parametrize(
    "answer",
    [
        {"status": 503, "body": b"Grace"},
        {"status": 401, "body": b"Grace"},
        {"status": 400, "body": b"Grace"},
        {"status": 302, "headers": {"Location": "https://grace:hush@other.example.test/?opaque-token"}},
        {"body": requests.ConnectionError(f"{URL}?cursor=opaque-token")},
        {"body": requests.exceptions.InvalidURL("https://admin:hush@lrs.example.org/")},
    ],
)
def test_neither_errors_nor_logs_tell_bodies_credentials_or_queries(
    wire: Any, clock: Any, answer: dict[str, Any], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG, logger="lrs_bridge_connectors")
    wire.get(URL, **answer)

    with pytest.raises(ConnectorError) as told:
        a_client(clock).get(URL, {"cursor": "opaque-token"})

    seen = f"{told.value!r} {told.value} {caplog.text}"
    assert not [secret for secret in SECRETS if secret in seen]
    assert told.value.__suppress_context__ or told.value.__context__ is None  # a traceback would tell it, too


def test_requests_carry_both_time_outs(wire: Any, clock: Any) -> None:
    wire.get(URL, body=b"{}")
    a_client(clock, connect_timeout=3.0, read_timeout=7.0).get(URL)

    assert (3.0, 7.0) == wire.calls[0].request.req_kwargs["timeout"]
