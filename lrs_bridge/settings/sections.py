"""What can be set, section by section: each class is one table of the configuration file, with its defaults.

Secrets come from the environment or from a file that is named (`password_env`, `password_file`); the fields that hold
them are `SecretStr`, so that no `repr`, log line or error shows them.
"""

from __future__ import annotations

from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from lrs_bridge.settings.values import (
    Currency,
    Interval,
    Locale,
    MaybeMailAddress,
    MaybeSpan,
    MaybeWebAddress,
    Money,
    Span,
    TimeZone,
    WebAddress,
)


class Section(BaseModel):
    """One table: fixed once read, unknown keys refused, values never shown in errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    def secret(self, name: str) -> str:
        """The text of a secret, "" when it is not set: only for handing it to whom it is for."""
        value = getattr(self, name)
        return value.get_secret_value() if isinstance(value, SecretStr) else ""


class OrganisationSettings(Section):
    """Who it is for. `hourly_rate` is written as an amount (45.50) and kept in hundredths of the currency (4550)."""

    name: str = ""
    time_zone: TimeZone = "UTC"
    currency: Currency = "EUR"
    hourly_rate: Money = 0
    locale: Locale = "en"

    @property
    def zone(self) -> ZoneInfo:
        """The time zone that calendar days follow."""
        return ZoneInfo(self.time_zone)


def _check_database_url(url: SecretStr) -> SecretStr:
    try:
        parsed = make_url(url.get_secret_value())
    except ArgumentError:
        raise ValueError('expected an address such as "sqlite:///lrs_bridge.db"') from None
    if parsed.get_backend_name() not in ("sqlite", "postgresql"):
        raise ValueError('expected "sqlite:///FILE" or "postgresql://USER@HOST/DATABASE"')
    return url


class DatabaseSettings(Section):
    """Where everything is kept. The address may hold a password only if it comes from the environment."""

    url: Annotated[SecretStr, AfterValidator(_check_database_url)] = SecretStr("sqlite:///lrs_bridge.db")
    password: SecretStr | None = None
    password_env: str = ""
    password_file: Path | None = None

    def address(self) -> str:
        """The whole address in SQLAlchemy's form, with the password: for the engine alone."""
        return self._address().render_as_string(hide_password=False)

    def shown(self) -> str:
        """The address without its password."""
        return self._address().render_as_string(hide_password=True)

    def _address(self) -> URL:
        url = make_url(self.url.get_secret_value())
        if url.drivername in ("postgresql", "postgres"):
            url = url.set(drivername="postgresql+psycopg")
        return url if self.password is None else url.set(password=self.password.get_secret_value())


class RulesSettings(Section):
    """Where the organisation's rule documents are; they take effect when they are published."""

    path: Path = Path("config/rules")


def _check_proxy(address: str) -> str:
    if address not in {"", "*"}:
        try:
            ip_address(address)
        except ValueError:
            raise ValueError('expected the IP address of the proxy, such as "127.0.0.1", or "*"') from None
    return address


class WebSettings(Section):
    """Where the pages are served. The key that signs sessions is made on first use if its file does not exist.

    `trusted_proxy` is the IP address from which a reverse proxy connects ("*": whoever connects is one); what it says
    in `trusted_proxy_header` about who asks is believed, `trusted_proxy_count` proxies deep.
    """

    host: str = "127.0.0.1"
    port: Annotated[int, Field(ge=0, le=65535)] = 8080
    threads: Annotated[int, Field(ge=1, le=64)] = 8
    public_url: MaybeWebAddress = ""
    trusted_proxy: Annotated[str, AfterValidator(_check_proxy)] = ""
    trusted_proxy_count: Annotated[int, Field(ge=1, le=16)] = 1
    trusted_proxy_header: Literal["x-forwarded-for", "forwarded"] = "x-forwarded-for"
    secret_key: SecretStr | None = None
    secret_key_env: str = ""
    secret_key_file: Path = Path("lrs_bridge.secret")

    @property
    def address(self) -> str:
        """The address that people use, without a slash at its end: for links in messages."""
        return self.public_url.rstrip("/") or f"http://{self.host}:{self.port}"


_MISSED_PULLS = 3
_LEAST_STALE = timedelta(minutes=15)


class ScheduleSettings(Section):
    """How often each job runs. `rescan_window` is how far back rescans and verifications read.

    `lease` is how long a process may work on a chunk of learners before others take them over: far more than it needs,
    for what a process that was killed held waits so long.
    """

    pull: Interval = timedelta(minutes=5)
    reconcile: Interval = timedelta(minutes=1)
    deliver: Interval = timedelta(minutes=1)
    rescan: Interval = timedelta(days=1)
    rescan_window: Interval = timedelta(days=30)
    verify: Interval = timedelta(days=7)
    retain: Interval = timedelta(days=1)
    lease: Interval = timedelta(minutes=5)

    @property
    def stale_after(self) -> timedelta:
        """A source is stale when it missed several pulls in a row; a restart of the service is no alarm."""
        return max(_LEAST_STALE, _MISSED_PULLS * self.pull)


class CelerySettings(Section):
    """The broker between beat and workers. `memory://` is for `lrs-bridge up` alone, which is one process."""

    broker: SecretStr = SecretStr("memory://")
    visibility_timeout: Interval = timedelta(minutes=10)

    @property
    def in_memory(self) -> bool:
        """Whether tasks cannot leave this process."""
        return self.broker.get_secret_value().startswith("memory:")


class MailSettings(Section):
    """The mail server that messages are handed to. `tls` is "starttls", "tls" (from the first byte) or "none"."""

    host: str = ""
    port: Annotated[int, Field(ge=1, le=65535)] = 587
    sender: MaybeMailAddress = ""
    tls: Literal["starttls", "tls", "none"] = "starttls"
    username: str = ""
    password: SecretStr | None = None
    password_env: str = ""
    password_file: Path | None = None
    timeout: Interval = timedelta(seconds=20)


class DeliverySettings(Section):
    """How messages go out: written to the log (nobody is told), or mailed. Then how often a failure is tried again."""

    channel: Literal["log", "mail"] = "log"
    attempts: Annotated[int, Field(ge=1, le=50)] = 8
    backoff: Interval = timedelta(minutes=5)


class PrivacySettings(Section):
    """How people are kept. The key hashes identifiers; it is made with the first erasure if its file does not exist.

    `erasures_file` repeats the hashes of erased identifiers beside the database, so that a restored backup knows them.
    With `pseudonyms` no name and no address is ever kept; a database begins so, or never does.
    """

    pseudonyms: bool = False
    secret_key: SecretStr | None = None
    secret_key_env: str = ""
    secret_key_file: Path = Path("lrs_bridge.privacy")
    erasures_file: Path = Path("lrs_bridge.erasures")


class RetentionSettings(Section):
    """How long each kind of data is kept; "" keeps it for good. Nothing that waits for somebody is touched."""

    noise: MaybeSpan = timedelta(days=2 * 365)
    quarantine: MaybeSpan = timedelta(days=90)
    messages: MaybeSpan = timedelta(days=365)
    sign_ins: MaybeSpan = timedelta(days=365)
    failed_sign_ins: MaybeSpan = timedelta(days=90)
    backtests: MaybeSpan = timedelta(days=30)
    audit: MaybeSpan = None
    leavers: MaybeSpan = None


class LogSettings(Section):
    """What is logged. "auto" means readable lines on a terminal, and JSON lines anywhere else."""

    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["auto", "json", "console"] = "auto"


class XapiSourceSettings(Section):
    """One LRS. `endpoint` is the address below which `/statements` is found; credentials are given separately."""

    kind: Literal["xapi"] = "xapi"
    name: Annotated[str, Field(min_length=1, max_length=100)]
    endpoint: WebAddress
    auth: Literal["basic", "bearer", "oauth", "none"] = "basic"
    username: str = ""
    password: SecretStr | None = None
    password_env: str = ""
    password_file: Path | None = None
    token: SecretStr | None = None
    token_env: str = ""
    token_file: Path | None = None
    token_url: str = ""
    client_id: str = ""
    client_secret: SecretStr | None = None
    client_secret_env: str = ""
    client_secret_file: Path | None = None
    scope: str = ""
    version: Literal["1.0.3", "2.0.0"] = "1.0.3"
    cursor_field: Literal["stored", "timestamp"] = "stored"
    page_limit: Annotated[int, Field(ge=1, le=10_000)] = 500
    overlap: Span = timedelta(minutes=10)
    settle: Span = timedelta(seconds=30)
    first_pull: Literal["windows", "whole"] = "windows"
    windows_at_once: Annotated[int, Field(ge=1, le=64)] = 4
    connect_timeout: Interval = timedelta(seconds=5)
    read_timeout: Interval = timedelta(minutes=1)
    deadline: Interval = timedelta(minutes=5)
    body_cap: Annotated[int, Field(ge=1_000_000, le=1_000_000_000)] = 64_000_000


class FileSourceSettings(Section):
    """Statements in files: `path` is a file, a folder, or a glob pattern."""

    kind: Literal["files"] = "files"
    name: Annotated[str, Field(min_length=1, max_length=100)]
    path: Path


SourceSettings = XapiSourceSettings | FileSourceSettings

#: The kinds of sources; a new one is a class and a row.
SOURCE_KINDS: dict[str, type[XapiSourceSettings | FileSourceSettings]] = {
    "xapi": XapiSourceSettings,
    "files": FileSourceSettings,
}

#: What a way of signing in cannot do without.
SIGN_IN_NEEDS: dict[str, tuple[str, ...]] = {
    "basic": ("username", "password"),
    "bearer": ("token",),
    "oauth": ("token_url", "client_id", "client_secret"),
    "none": (),
}

#: Fields that hold secrets: never in the file itself.
SECRETS = ("password", "token", "client_secret", "secret_key")
