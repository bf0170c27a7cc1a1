"""Where an address points to, as far as trust goes: scheme, host and port, and nothing else of it.

Where it stands: credentials and `more` links are held to the origin of the configured endpoint.
"""

import re
from dataclasses import dataclass
from urllib.parse import urlsplit

import idna

DEFAULT_PORTS = {"http": 80, "https": 443}
# Parsers disagree about these (a browser reads a backslash as a slash), and disagreement is how credentials leak.
AMBIGUOUS = re.compile(r"[\x00-\x20\x7f\\]")


@dataclass(frozen=True, slots=True)
class Origin:
    """Scheme, host and port (RFC 6454); `str()` is safe to log: it has no path, query or user part."""

    scheme: str
    host: str
    port: int

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}" + ("" if DEFAULT_PORTS[self.scheme] == self.port else f":{self.port}")


def origin_of(url: str) -> Origin:
    """The origin of an absolute http(s) address.

    Raises ValueError for anything else, for an address with a user part, and for characters that parsers read
    differently. The text of the error names the trouble and never the address.
    """
    reject_ambiguous(url)
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:  # its own text quotes the address
        raise ValueError("the host or port cannot be read") from None
    if parts.scheme not in DEFAULT_PORTS or not parts.hostname:
        raise ValueError("the address is not an absolute http or https address")
    if "@" in parts.netloc:
        raise ValueError("the address carries a user name or password")
    return Origin(parts.scheme, _as_sent(parts.hostname), port or DEFAULT_PORTS[parts.scheme])


def _as_sent(host: str) -> str:
    """The host as `requests` puts it on the wire (IDNA), so that both spellings of one name are one origin."""
    try:
        return host if host.isascii() else idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError:
        raise ValueError("the host name cannot be written in ASCII (IDNA)") from None


def reject_ambiguous(url: str) -> None:
    """Raises ValueError for characters that have no place in an address and are read differently by parsers."""
    if AMBIGUOUS.search(url):
        raise ValueError("the address holds a space, a control character or a backslash")
