"""Signing in to an LRS: what is sent, when a token is renewed, and that no secret shows."""

import base64
from typing import Any
from urllib.parse import parse_qs

import pytest
import requests
import responses

from lrs_bridge_connectors.errors import Misbehaving, Refused, Unusable
from lrs_bridge_connectors.http import HttpClient
from lrs_bridge_connectors.origin import origin_of
from lrs_bridge_connectors.xapi.auth import Basic, Bearer, OAuthClientCredentials

URL = "https://lrs.example.org/xapi/statements"
TOKENS = "https://login.example.org/token"


@pytest.fixture
def wire() -> Any:
    with responses.RequestsMock(assert_all_requests_are_fired=False) as mock:
        yield mock


def a_grant(wire: Any, token: str, **more: object) -> None:
    wire.post(TOKENS, json={"access_token": token, "token_type": "Bearer", **more})


def an_oauth(clock: Any, scope: str = "") -> OAuthClientCredentials:
    return OAuthClientCredentials(
        TOKENS, "client", "hush", scope=scope, source="lrs", monotonic=clock.monotonic, sleep=clock.sleep
    )


def a_client(clock: Any, auth: Any) -> HttpClient:
    return HttpClient("lrs", origin_of(URL), auth=auth, now=clock, monotonic=clock.monotonic, sleep=clock.sleep)


def sent_to_lrs(wire: Any) -> list[str]:
    return [call.request.headers["Authorization"] for call in wire.calls if call.request.url == URL]


def test_basic_sends_user_and_password_in_utf_8(wire: Any, clock: Any) -> None:
    wire.get(URL, body=b"{}")
    a_client(clock, Basic("müller", "geheim:ß")).get(URL)
    (sent,) = sent_to_lrs(wire)

    assert "müller:geheim:ß" == base64.b64decode(sent.removeprefix("Basic ")).decode()


def test_bearer_sends_its_token(wire: Any, clock: Any) -> None:
    wire.get(URL, body=b"{}")
    a_client(clock, Bearer("abc")).get(URL)

    assert ["Bearer abc"] == sent_to_lrs(wire)


def test_oauth_fetches_one_token_for_many_requests(wire: Any, clock: Any) -> None:
    a_grant(wire, "one", expires_in=3600)
    wire.get(URL, body=b"{}")
    client = a_client(clock, an_oauth(clock, scope="statements/read"))
    client.get(URL)
    client.get(URL)

    assert ["Bearer one", "Bearer one"] == sent_to_lrs(wire)
    request = wire.calls[0].request
    assert {"grant_type": ["client_credentials"], "scope": ["statements/read"]} == parse_qs(request.body)
    assert request.headers["Authorization"].startswith("Basic ")
    assert 3 == len(wire.calls)


@pytest.mark.parametrize(
    ("grant", "seconds", "tokens"),
    [
        ({"expires_in": 3600}, 3569, 1),
        ({"expires_in": 3600}, 3570, 2),
        ({"expires_in": "3600"}, 3569, 1),
        ({"expires_in": 5}, 0, 2),
        ({}, 269, 1),
        ({}, 270, 2),
        ({"expires_in": "soon"}, 269, 1),
    ],
)
def test_a_token_is_renewed_shortly_before_its_end(
    wire: Any, clock: Any, grant: dict[str, object], seconds: int, tokens: int
) -> None:
    a_grant(wire, "one", **grant)
    wire.get(URL, body=b"{}")
    client = a_client(clock, an_oauth(clock))
    client.get(URL)
    clock.sleep(seconds)
    client.get(URL)

    assert tokens == len([call for call in wire.calls if call.request.url == TOKENS])


def test_a_token_that_is_refused_before_its_time_is_renewed_once(wire: Any, clock: Any) -> None:
    a_grant(wire, "one", expires_in=3600)
    a_grant(wire, "two", expires_in=3600)
    wire.get(URL, status=401)
    wire.get(URL, body=b"{}")
    a_client(clock, an_oauth(clock)).get(URL)

    assert ["Bearer one", "Bearer two"] == sent_to_lrs(wire)


def test_a_new_token_that_is_refused_as_well_ends_the_request(wire: Any, clock: Any) -> None:
    a_grant(wire, "one", expires_in=3600)
    wire.get(URL, status=401)

    with pytest.raises(Refused, match="HTTP 401"):
        a_client(clock, an_oauth(clock)).get(URL)
    assert 2 == len(sent_to_lrs(wire))


def test_a_password_that_is_refused_is_not_sent_again(wire: Any, clock: Any) -> None:
    wire.get(URL, status=401)

    with pytest.raises(Refused):
        a_client(clock, Basic("admin", "hush")).get(URL)
    assert 1 == len(wire.calls)


@pytest.mark.parametrize("status", [400, 401, 403])
def test_wrong_client_credentials_are_refused_and_the_lrs_is_not_asked(wire: Any, clock: Any, status: int) -> None:
    wire.post(TOKENS, status=status, json={"error": "invalid_client"})

    with pytest.raises(Refused, match=r"https://login\.example\.org"):
        a_client(clock, an_oauth(clock)).get(URL)
    assert sent_to_lrs(wire) == []


@pytest.mark.parametrize("body", ["<html>hush</html>", "{}", '{"access_token": 7}', ""])
def test_an_answer_without_token_is_told(wire: Any, clock: Any, body: str) -> None:
    wire.post(TOKENS, body=body)

    with pytest.raises(Misbehaving, match="did not answer with a token") as told:
        a_client(clock, an_oauth(clock)).get(URL)
    assert "hush" not in str(told.value)


def test_an_overloaded_token_server_is_asked_again(wire: Any, clock: Any) -> None:
    wire.post(TOKENS, status=503)
    a_grant(wire, "one")
    wire.get(URL, body=b"{}")
    a_client(clock, an_oauth(clock)).get(URL)

    assert ["Bearer one"] == sent_to_lrs(wire)


def test_a_token_address_that_cannot_be_used_is_told_without_quoting_it() -> None:
    with pytest.raises(Unusable) as told:
        OAuthClientCredentials("https://client:hush@login.example.org/token", "client", "hush")

    assert "hush" not in str(told.value)


@pytest.mark.parametrize(
    "auth",
    [Basic("admin", "hush"), Bearer("hush"), OAuthClientCredentials(TOKENS, "client", "hush")],
    ids=lambda auth: type(auth).__name__,
)
def test_credentials_can_be_printed_and_used_with_requests_alone(auth: requests.auth.AuthBase) -> None:
    assert isinstance(auth, requests.auth.AuthBase)
    assert "hush" not in f"{auth} {auth!r}"
