"""How one LRS is to be read: address, credentials, and the limits that keep a pull safe.

Where it stands: the application builds this from its settings and hands it to `XapiSource`.
"""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Literal, get_args

from requests.auth import AuthBase

from lrs_bridge_connectors.errors import Unusable
from lrs_bridge_connectors.origin import Origin, origin_of

Version = Literal["1.0.3", "2.0.0"]
CursorField = Literal["stored", "timestamp"]


@dataclass(frozen=True, slots=True, kw_only=True)
class XapiConfig:
    """One LRS. `endpoint` is the address below which `/statements` is found. Raises `Unusable` for wrong values."""

    name: str
    endpoint: str
    auth: AuthBase | None = field(default=None, repr=False)
    version: Version = "1.0.3"
    page_limit: int = 500
    overlap: timedelta = timedelta(minutes=10)  # read again before the cursor: `stored` values can appear late
    settle: timedelta = timedelta(seconds=30)  # how long a server may take to show what it has stored
    cursor_field: CursorField = "stored"  # "timestamp" for servers that filter `since` by it, such as Ralph
    connect_timeout: float = 5.0  # seconds
    read_timeout: float = 60.0  # seconds without a byte
    deadline: float = 300.0  # seconds for one page, repetitions and pauses included
    body_cap: int = 64_000_000  # bytes of one page, decompressed
    max_pages: int = 100_000  # of one pull; more of them means that the server never comes to an end

    def __post_init__(self) -> None:
        for wrong, what in self._complaints():
            if wrong:
                raise Unusable(what, source=self.name, advice="Correct the configuration of this source.")
        try:
            origin_of(self.endpoint)
        except ValueError as problem:
            raise Unusable(
                f"the endpoint cannot be used: {problem}",
                source=self.name,
                advice="Give it as https://host/path, and the credentials separately.",
            ) from None

    def _complaints(self) -> tuple[tuple[bool, str], ...]:
        return (
            (self.version not in get_args(Version), f"xAPI version must be one of {', '.join(get_args(Version))}"),
            (self.cursor_field not in get_args(CursorField), "cursor_field must be stored or timestamp"),
            (self.page_limit < 1, "page_limit must be at least 1: servers disagree about what 0 means"),
            (self.overlap < timedelta(0), "overlap must not be negative"),
            (self.settle < timedelta(0), "settle must not be negative"),
            (min(self.connect_timeout, self.read_timeout, self.deadline) <= 0, "time-outs must be above 0 seconds"),
            (min(self.body_cap, self.max_pages) < 1, "body_cap and max_pages must be at least 1"),
            ("?" in self.endpoint or "#" in self.endpoint, "the endpoint must not have a query or fragment"),
        )

    @property
    def base(self) -> str:
        """The endpoint without a trailing slash or `/statements`, which people copy along with it."""
        return self.endpoint.rstrip("/").removesuffix("/statements").rstrip("/")

    @property
    def statements_url(self) -> str:
        """Statement Resource (xAPI 1.0.3 Communication 2.1)."""
        return f"{self.base}/statements"

    @property
    def about_url(self) -> str:
        """About Resource (xAPI 1.0.3 Communication 2.8)."""
        return f"{self.base}/about"

    @property
    def origin(self) -> Origin:
        """Where credentials may go, and where `more` may lead."""
        return origin_of(self.endpoint)
