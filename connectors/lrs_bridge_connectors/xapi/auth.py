"""The ways to sign in to an LRS: Basic, bearer token, OAuth 2 client credentials.

Where it stands: `XapiConfig.auth`. All are `requests` auth objects; `HttpClient` binds them to the endpoint's origin.
None of them shows its secret in `repr`, so that a configuration can be printed.
"""

import base64
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

import msgspec
import requests
from requests.auth import AuthBase

from lrs_bridge_connectors.errors import Misbehaving, Refused, Unusable
from lrs_bridge_connectors.http import Answer, HttpClient, Limits
from lrs_bridge_connectors.origin import origin_of

EARLY = 30.0  # seconds before its end in which a token counts as ended: it has to last for the request as well
UNTOLD = 300.0  # seconds that a token is used for if the server does not tell (RFC 6749 5.1 only recommends it)


@dataclass(frozen=True, slots=True)
class Basic(AuthBase):
    """HTTP Basic in UTF-8 (RFC 7617), the sign-in that the xAPI specification requires every LRS to support."""

    user: str = field(repr=False)
    password: str = field(repr=False)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        pair = base64.b64encode(f"{self.user}:{self.password}".encode()).decode("ascii")
        request.headers["Authorization"] = f"Basic {pair}"
        return request


@dataclass(frozen=True, slots=True)
class Bearer(AuthBase):
    """A token that was given to us (RFC 6750)."""

    token: str = field(repr=False)

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        request.headers["Authorization"] = f"Bearer {self.token}"
        return request


class _Grant(msgspec.Struct, frozen=True):
    """A token response (RFC 6749 5.1); other members are of no use here."""

    access_token: str
    expires_in: float | str | None = None


class OAuthClientCredentials(AuthBase):
    """OAuth 2 client credentials (RFC 6749 4.4): a token is fetched, used until shortly before its end, and renewed.

    `HttpClient` calls `renew` when a token is refused before its time, and tries once again. Raises `ConnectorError`
    from the request that needs the token.
    """

    def __init__(
        self,
        token_url: str,
        client_id: str,
        client_secret: str,
        *,
        scope: str = "",
        source: str = "oauth",
        limits: Limits | None = None,
        session_factory: Callable[[], requests.Session] | None = None,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        try:
            origin = origin_of(token_url)
        except ValueError as problem:
            raise Unusable(f"the token address cannot be used: {problem}", source=source) from None
        self._token_url, self._scope, self._source, self._monotonic = token_url, scope, source, monotonic
        options: dict[str, Any] = {"session_factory": session_factory} if session_factory else {}
        limits = limits or Limits(read_timeout=20.0, deadline=60.0, body_cap=1024 * 1024)
        self._http = HttpClient(
            source,
            origin,
            auth=Basic(client_id, client_secret),
            limits=limits,
            sleep=sleep,
            monotonic=monotonic,
            **options,
        )
        self._lock = Lock()
        self._token: str | None = None
        self._ends = 0.0

    def __repr__(self) -> str:
        return f"OAuthClientCredentials({self._http.origin})"

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        return Bearer(self._valid_token())(request)

    def renew(self) -> bool:
        """Forget the token, so that the next request fetches another."""
        with self._lock:
            self._token = None
        return True

    def _valid_token(self) -> str:
        with self._lock:
            if self._token is None or self._monotonic() >= self._ends:
                self._token = self._fetched()
            return self._token

    def _fetched(self) -> str:
        form = {"grant_type": "client_credentials"} | ({"scope": self._scope} if self._scope else {})
        asked_at = self._monotonic()
        grant = self._grant(self._answer(form))
        self._ends = asked_at + max(_seconds(grant.expires_in) - EARLY, 0.0)
        return grant.access_token

    def _answer(self, form: Mapping[str, str]) -> Answer:
        try:
            return self._http.post(self._token_url, form)
        except Unusable as problem:
            if problem.status != 400:
                raise
            # RFC 6749 5.2: wrong clients and wrong scopes are told with 400.
            raise Refused(
                f"{self._http.origin} gives no token for these client credentials (HTTP 400)",
                source=self._source,
                advice="Check client id, client secret and scope.",
                status=400,
            ) from None

    def _grant(self, answer: Answer) -> _Grant:
        try:
            return msgspec.json.decode(answer.body, type=_Grant)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            raise Misbehaving(
                f"{self._http.origin} did not answer with a token",
                source=self._source,
                advice="Check the token address.",
            ) from None


def _seconds(expires_in: float | str | None) -> float:
    """Some servers send the number as text."""
    try:
        return float(expires_in) if expires_in is not None else UNTOLD
    except ValueError:
        return UNTOLD
