"""HTTP towards servers that may be slow, overloaded or hostile.

Where it stands: below every connector that speaks HTTP. One pooled session per source; each request has connect and
read time-outs, a deadline over all its repetitions, headers included (`deadline.py`), and a cap on the decompressed
body that is enforced while it comes in. The repeating is written out here and not left to urllib3's Retry, because it
must obey one deadline, read Retry-After with a cap, renew an expired token once, and be tested with a clock that is
passed in.
"""

import logging
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Protocol, runtime_checkable

import requests
import urllib3.exceptions as wire
from requests import exceptions as failed
from requests.auth import AuthBase

from lrs_bridge_connectors.deadline import WatchedAdapter, time_left
from lrs_bridge_connectors.errors import ConnectorError, Misbehaving, Refused, Retryable, Unusable
from lrs_bridge_connectors.origin import Origin, origin_of
from lrs_bridge_connectors.times import parse_http_date, utc_now

logger = logging.getLogger(__name__)

CHUNK = 256 * 1024
LATER = frozenset({429, 502, 503, 504})
TRIED_AGAIN = "It is tried again later; if it stays, look at the server's log."
IN_WORDS: Mapping[int, tuple[str, str]] = {
    429: (
        "asks for fewer requests (HTTP 429)",
        "It is tried again later; a larger page_limit, or pulling less often, makes them fewer.",
    ),
    503: ("is not available just now (HTTP 503)", TRIED_AGAIN),
}
SPEAKS_OF_SIGN_IN = (b"authent", b"authoris", b"authoriz", b"credential")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one request may cost: seconds, bytes, and tries."""

    connect_timeout: float = 5.0
    read_timeout: float = 60.0
    deadline: float = 300.0
    body_cap: int = 64_000_000
    attempts: int = 5
    backoff: float = 0.5  # doubles with every try …
    backoff_cap: float = 30.0  # … up to here
    retry_after_cap: float = 120.0

    def once(self) -> "Limits":
        """The same without repetition, for a check-up that somebody waits for."""
        return replace(self, attempts=1)


@dataclass(frozen=True, slots=True)
class Answer:
    """A response that was read completely. Its `body` must not reach a log."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)

    @property
    def date(self) -> datetime | None:
        """The server's clock, if it says so in a readable way."""
        return parse_http_date(self.headers.get("Date"))


@runtime_checkable
class Renewable(Protocol):
    """Credentials that can be had anew when the server no longer accepts them."""

    def renew(self) -> bool:
        """Forget what was used so far; False if that would change nothing."""


class BoundAuth(AuthBase):
    """Credentials that go to one origin only, whatever a link or a library asks for."""

    def __init__(self, auth: AuthBase | None, origin: Origin, source: str) -> None:
        self.auth, self.origin, self.source = auth, origin, source

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        try:
            stays = origin_of(request.url or "") == self.origin
        except ValueError:
            stays = False
        if not stays:
            raise Misbehaving(f"a request would have left {self.origin}", source=self.source)
        return self.auth(request) if self.auth else request

    def renew(self) -> bool:
        """Renew the credentials, if they are of a kind that can be."""
        credentials: object = self.auth
        return isinstance(credentials, Renewable) and credentials.renew()


class DirectSession(requests.Session):
    """A session that keeps to `time_left` and never looks behind a redirect.

    `requests` would read a redirect's body, without any cap, to be ready.
    """

    def __init__(self) -> None:
        super().__init__()
        for scheme in ("http://", "https://"):
            self.mount(scheme, WatchedAdapter())

    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002 - the name is the base's
        return None


class _Again(Exception):
    """Inside this file: worth another try, after `pause` seconds if the server named them."""

    def __init__(self, error: ConnectorError, pause: float | None = None) -> None:
        self.error, self.pause = error, pause


@dataclass(frozen=True, slots=True)
class Trouble:
    """One kind of failure on the way, in words for the person who has to mend it."""

    kinds: tuple[type[BaseException], ...]
    message: str
    advice: str
    error: type[ConnectorError] = Retryable


# The first that fits wins; the narrower kinds stand before the wider ones that they belong to.
TROUBLES = (
    Trouble((wire.NameResolutionError,), "the host name is not known", "Check the host name in the endpoint, and DNS."),
    Trouble(
        (wire.SSLError, failed.SSLError),
        "the encrypted connection (TLS) could not be agreed on",
        "Check the server's certificate and the certificate authorities known here (REQUESTS_CA_BUNDLE).",
        Unusable,
    ),
    Trouble((wire.ProxyError, failed.ProxyError), "the proxy does not connect us", "Check HTTPS_PROXY and NO_PROXY."),
    Trouble(
        (wire.NewConnectionError,),
        "nothing accepts connections there",
        "Check the port, and whether the server is running.",
    ),
    Trouble(
        (wire.ConnectTimeoutError, failed.ConnectTimeout),
        "no connection within the time-out",
        "Check the host, the port and the firewall.",
    ),
    Trouble(
        (wire.ReadTimeoutError, failed.ReadTimeout),
        "no answer within the time-out",
        "The server may be overloaded; a smaller page_limit or a longer read_timeout can help.",
    ),
    Trouble(
        (wire.DecodeError, failed.ContentDecodingError),
        "the answer's compression is damaged",
        "Look for a proxy between us and the server that changes answers.",
        Misbehaving,
    ),
    Trouble(
        (failed.InvalidURL, failed.InvalidSchema, failed.MissingSchema, failed.InvalidHeader, UnicodeError),
        "the address or a header cannot be sent",
        "Check the endpoint and the credentials.",
        Unusable,
    ),
    Trouble((failed.RequestException, wire.HTTPError, OSError), "the connection broke", "It is tried again later."),
)


class HttpClient:
    """Sends requests to one origin with bounded cost; every failure is a `ConnectorError` that names no secret."""

    def __init__(
        self,
        source: str,
        origin: Origin,
        *,
        auth: AuthBase | None = None,
        headers: Mapping[str, str] | None = None,
        limits: Limits | None = None,
        session_factory: Callable[[], requests.Session] = DirectSession,
        now: Callable[[], datetime] = utc_now,
        monotonic: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.source, self.origin, self.limits = source, origin, limits or Limits()
        self._now, self._monotonic, self._sleep, self._jitter = now, monotonic, sleep, jitter
        self._auth = BoundAuth(auth, origin, source)
        self._session = session_factory()
        # An auth of our own, even an empty one, keeps `requests` from taking a password out of ~/.netrc.
        self._session.auth = self._auth
        self._session.headers.update({"User-Agent": "lrs-bridge", "Accept": "application/json", **(headers or {})})

    def get(self, url: str, params: Mapping[str, str] | None = None, *, limits: Limits | None = None) -> Answer:
        """The 2xx answer to a GET. Raises `ConnectorError`."""
        return self._ask(requests.Request("GET", url, params=dict(params or {})), limits or self.limits)

    def post(self, url: str, form: Mapping[str, str]) -> Answer:
        """The 2xx answer to a POSTed form. Repeated like a GET, so only for what may arrive twice."""
        return self._ask(requests.Request("POST", url, data=dict(form)), self.limits)

    def close(self) -> None:
        """Give the pooled connections back."""
        self._session.close()

    def _ask(self, request: requests.Request, limits: Limits) -> Answer:
        give_up_at = self._monotonic() + limits.deadline
        attempt, renewed = 1, False
        while True:
            try:
                return self._judge(self._once(request, limits, give_up_at))
            except Refused as refusal:
                if renewed or refusal.status != 401 or not self._auth.renew():
                    raise
                renewed = True
            except _Again as again:
                pause = self._pause(attempt, again.pause, limits)
                if attempt >= limits.attempts or self._monotonic() + pause > give_up_at:
                    raise again.error from None
                logger.info("%s Try %d of %d in %.1f s.", again.error, attempt + 1, limits.attempts, pause)
                self._sleep(pause)
                attempt += 1

    def _pause(self, attempt: int, asked: float | None, limits: Limits) -> float:
        if asked is not None:
            return min(asked, limits.retry_after_cap)
        # Between half and all of the step, so that many sources behind one server do not come back together.
        return float(min(limits.backoff * 2 ** (attempt - 1), limits.backoff_cap) * (0.5 + self._jitter() / 2))

    def _once(self, request: requests.Request, limits: Limits, give_up_at: float) -> Answer:
        try:
            prepared = self._session.prepare_request(request)
            settings = self._session.merge_environment_settings(prepared.url or "", {}, True, None, None)
            timeouts = (limits.connect_timeout, limits.read_timeout)
            with (
                time_left(lambda: give_up_at - self._monotonic()),
                self._session.send(prepared, timeout=timeouts, allow_redirects=False, **settings) as response,
            ):
                return Answer(response.status_code, response.headers, self._body(response, limits, give_up_at))
        except (failed.RequestException, wire.HTTPError, OSError, UnicodeError) as problem:
            if self._monotonic() >= give_up_at:
                raise self._too_slow(limits) from None
            raise self._explain(problem) from None  # the cause's own text holds the whole address

    def _body(self, response: requests.Response, limits: Limits, give_up_at: float) -> bytes:
        if announced(response) > limits.body_cap:
            raise self._too_large(limits)
        body = bytearray()
        # read1 returns what one receive brought: `iter_content` would wait for a whole chunk from a server that drips.
        while chunk := response.raw.read1(CHUNK, decode_content=True):
            body += chunk
            if len(body) > limits.body_cap:
                raise self._too_large(limits)
            if self._monotonic() > give_up_at:
                raise self._too_slow(limits)
        return bytes(body)

    def _too_large(self, limits: Limits) -> Misbehaving:
        return Misbehaving(
            f"{self.origin} sent more than {limits.body_cap:,} bytes in one answer",
            source=self.source,
            advice="Use a smaller page_limit, or raise body_cap.",
        )

    def _too_slow(self, limits: Limits) -> Retryable:
        return Retryable(
            f"{self.origin} took more than {limits.deadline:g} s for one answer",
            source=self.source,
            advice="Use a smaller page_limit, or raise deadline.",
        )

    def _explain(self, problem: Exception) -> ConnectorError | _Again:
        inner = problem.args[0] if problem.args else problem
        seen = (getattr(inner, "reason", inner), inner, problem)
        trouble = next(t for t in TROUBLES if any(isinstance(one, t.kinds) for one in seen))
        error = trouble.error(f"{self.origin}: {trouble.message}", source=self.source, advice=trouble.advice)
        return _Again(error) if isinstance(error, Retryable) else error

    def _judge(self, answer: Answer) -> Answer:
        status = answer.status
        if 200 <= status < 300:
            return answer
        if status in LATER:
            raise _Again(self._later(status), self._retry_after(answer))
        if status in (401, 403) or (status == 400 and speaks_of_sign_in(answer)):
            raise Refused(
                f"{self.origin} does not accept the credentials (HTTP {status})",
                source=self.source,
                advice="Check user and password (or token), and that they may read statements.",
                status=status,
            )
        if 300 <= status < 400:
            raise self._redirected(answer)
        if status >= 500:
            raise self._later(status)
        raise Unusable(
            f"{self.origin} answered HTTP {status}",
            source=self.source,
            advice="Check the endpoint's path and the xAPI version.",
            status=status,
        )

    def _later(self, status: int) -> Retryable:
        said, advice = IN_WORDS.get(status, (f"answered HTTP {status}", TRIED_AGAIN))
        return Retryable(f"{self.origin} {said}", source=self.source, advice=advice, status=status)

    def _redirected(self, answer: Answer) -> Unusable:
        try:
            target = f"to {origin_of(answer.headers.get('Location', ''))} "
        except ValueError:
            target = ""
        return Unusable(
            f"{self.origin} redirects {target}(HTTP {answer.status}), which is not followed: "
            "credentials go nowhere that was not configured",
            source=self.source,
            advice="Set the endpoint to the final address (https instead of http? another path?).",
            status=answer.status,
        )

    def _retry_after(self, answer: Answer) -> float | None:
        """Seconds or an HTTP date (RFC 9110 10.2.3), the date measured on the server's own clock where it is told."""
        text = answer.headers.get("Retry-After", "").strip()
        if text.isascii() and text.isdigit():
            return float(text[:9])
        until = parse_http_date(text)
        return max((until - (answer.date or self._now())).total_seconds(), 0.0) if until else None


def announced(response: requests.Response) -> int:
    """How many bytes are to come, compressed or not; 0 if that is not told."""
    text = response.headers.get("Content-Length", "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else 0


def speaks_of_sign_in(answer: Answer) -> bool:
    """Some servers answer 400 where they mean 401."""
    if "WWW-Authenticate" in answer.headers:
        return True
    start = answer.body[:2000].lower()
    return any(word in start for word in SPEAKS_OF_SIGN_IN)
