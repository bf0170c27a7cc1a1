"""What can go wrong between a learning record store and us, grouped by what the caller should do about it.

    ConnectorError            anything below; `.source`, `.advice`, `.status`: where, what to do, which HTTP status
    ├── Retryable             not now: the network, the server's load. Try again later, from the saved cursor
    ├── Refused               the server does not accept our credentials (401, 403). Somebody must change them
    ├── Misbehaving           the server breaks the contract: a loop, another origin, an unreadable or too large page
    └── Unusable              the configuration cannot work: a wrong path, a wrong version, TLS, a missing file

No message ever holds a body, a credential, or the query or user part of an address.
"""


class ConnectorError(Exception):
    """A source could not do what was asked; nothing that was already delivered is affected.

    `str()` gives one line: the source's name, what happened, and what to do.
    """

    def __init__(self, message: str, *, source: str, advice: str = "", status: int | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.source = source
        self.advice = advice
        self.status = status

    def __str__(self) -> str:
        return " ".join(part for part in (f"{self.source}: {self.message}.", self.advice) if part)


class Retryable(ConnectorError):
    """Try again later; the cursor that was saved last is still right."""


class Refused(ConnectorError):
    """The credentials are not accepted; trying again with the same ones would only lock the account."""


class Misbehaving(ConnectorError):
    """The server answered something that the specification does not allow and that cannot be read around."""


class Unusable(ConnectorError):
    """The source is configured in a way that cannot work."""
