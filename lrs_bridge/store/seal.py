"""Hashes identifiers, for those who were erased and for those who are known by pseudonyms alone."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from typing import Final, Protocol

from lrs_bridge_rules.statements.identifier import mbox_sha1

#: Beside identifiers the ids of learners are hashed: whoever was erased is not imported again by mistake.
_LEARNER: Final = "learner:"
#: Where a pseudonym's account is.
PSEUDONYM: Final = "urn:lrs-bridge:pseudonym"


class Seal:
    """Hashes identifiers under the installation's own key (HMAC-SHA256): without it nobody can try names out."""

    def __init__(self, key: str) -> None:
        self._key = key.encode()
        self.key_id = self._hash("which key is this?")[:16]

    def marks(self, ifi: str) -> tuple[str, ...]:
        """The hashes of an identifier; a mail address is known by its SHA-1 form as well, whatever its letter case."""
        if not ifi.startswith("mbox:"):
            return (self._hash(ifi),)
        lower = ifi.lower()
        return tuple(dict.fromkeys(self._hash(each) for each in (lower, mbox_sha1(ifi), mbox_sha1(lower))))

    def account(self, ifi: str) -> dict[str, str]:
        """The account that stands for an identifier where names are not kept; a pseudonym stands for itself."""
        kept, _, name = ifi.partition("|")
        own = name if kept == f"account:{PSEUDONYM}" else self.marks(ifi)[0]
        return {"homePage": PSEUDONYM, "name": own}

    def pseudonym(self, ifi: str) -> str:
        """The canonical identifier that stands for another one where names are not kept."""
        account = self.account(ifi)
        return f"account:{account['homePage']}|{account['name']}"

    def mark_of_learner(self, learner_id: str) -> str:
        """The hash of a learner's own id."""
        return self._hash(f"{_LEARNER}{learner_id}")

    def _hash(self, text: str) -> str:
        return hmac.new(self._key, text.encode("utf-8", "surrogatepass"), hashlib.sha256).hexdigest()


class SealFor(Protocol):
    """Gives the seal when it is needed, which mostly it is not. Raises ConfigurationError."""

    def __call__(self, *, make: bool = False) -> Seal:
        """`make`: make the key if it is not there."""


class Sealer:
    """The seal of an installation, and whether it is to keep no names."""

    def __init__(self, key: Callable[[bool], str], *, pseudonyms: bool = False) -> None:
        self.pseudonyms = pseudonyms
        self._key = key
        self._seal: Seal | None = None

    def __call__(self, *, make: bool = False) -> Seal:
        if self._seal is None:
            self._seal = Seal(self._key(make))
        return self._seal
