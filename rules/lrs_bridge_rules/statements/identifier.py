"""Who is it: one canonical text per inverse functional identifier (xAPI 1.0.3 Data 2.4.2.3).

A decoded actor becomes one text here; people are found by it, and administrators type the same texts to link one.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.errors import StatementError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrs_bridge_rules.statements.statement import Actor

_SHA1: Final = re.compile(r"[0-9a-f]{40}", re.ASCII)
_EXPECTED: Final = (
    "expected mailto:NAME@DOMAIN, mbox:NAME@DOMAIN, sha1:40 HEX DIGITS, openid:URI or account:HOMEPAGE|NAME"
)


def ifi_of(actor: Actor) -> str | None:
    """Return the canonical identifier of an agent or group; None when it is anonymous.

    Raises StatementError when it carries more than one, or one that cannot be read.
    """
    if actor.account is not None and actor.mbox is None and actor.mbox_sha1sum is None and actor.openid is None:
        return _checked("actor.account", _account, actor.account.home_page, actor.account.name)
    found = []
    if actor.account is not None:
        found.append(_checked("actor.account", _account, actor.account.home_page, actor.account.name))
    if actor.mbox is not None:
        found.append(_checked("actor.mbox", _mbox, actor.mbox))
    if actor.mbox_sha1sum is not None:
        found.append(_checked("actor.mbox_sha1sum", _sha1, actor.mbox_sha1sum))
    if actor.openid is not None:
        found.append(_checked("actor.openid", _openid, actor.openid))
    if len(found) > 1:
        raise StatementError("the actor carries more than one identifier; xAPI allows exactly one")
    return found[0] if found else None


def ifi_from_text(text: str) -> str:
    """Return the canonical form of an identifier that a person typed. Raises ValueError that says what is expected."""
    kind, colon, rest = text.strip().partition(":")
    reader = _READERS.get(kind.lower())
    if not colon or reader is None:
        raise ValueError(_EXPECTED)
    return reader(rest.strip())


def mbox_sha1(ifi: str) -> str:
    """Return the `sha1:` identifier that belongs to an `mbox:` one: SHA-1 over the whole `mailto:` address."""
    kind, _, address = ifi.partition(":")
    if kind != "mbox":
        raise ValueError("only an mbox: identifier has a SHA-1 form")
    return "sha1:" + hashlib.sha1(f"mailto:{address}".encode(), usedforsecurity=False).hexdigest()


def _checked(where: str, read: Callable[..., str], *parts: str) -> str:
    try:
        return read(*parts)
    except ValueError as error:
        raise StatementError(f"{where}: {error}") from None


def _mbox(text: str) -> str:
    address = text.strip()
    if address[:7].lower() == "mailto:":
        address = address[7:]
    local, at, domain = address.rpartition("@")
    if not (local and at and domain):
        raise ValueError("expected mailto:NAME@DOMAIN")
    return f"mbox:{local}@{domain.lower()}"


def _sha1(text: str) -> str:
    digits = text.strip().lower()
    if _SHA1.fullmatch(digits) is None:
        raise ValueError("expected 40 hexadecimal digits")
    return f"sha1:{digits}"


def _openid(text: str) -> str:
    if not text.strip():
        raise ValueError("expected a URI")
    return f"openid:{text.strip()}"


def _account(home_page: str, name: str) -> str:
    if not home_page.strip() or not name.strip():
        raise ValueError("expected both a homePage and a name")
    # An IRI holds no bare "|", so it may separate; one that does all the same must not be taken for the separator.
    return f"account:{home_page.strip().replace('|', '%7C')}|{name.strip()}"


def _account_text(text: str) -> str:
    home_page, bar, name = text.partition("|")
    if not bar:
        raise ValueError("expected account:HOMEPAGE|NAME")
    return _account(home_page, name)


_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "mailto": _mbox,
    "mbox": _mbox,
    "sha1": _sha1,
    "openid": _openid,
    "account": _account_text,
}
