"""The two throttles of the sign-in, kept with the application."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import cast

from flask import current_app

from lrs_bridge.web.throttle import Throttle

_EXTENSION = "lrs_bridge.guesses"
WINDOW = timedelta(minutes=15)
PER_ACCOUNT = 5
#: More than for one account: behind one address there can be a whole office.
PER_ADDRESS = 30


@dataclass
class Guesses:
    """Failures by account, whether there is such an account or not, and by address."""

    accounts: Throttle = field(default_factory=lambda: Throttle(PER_ACCOUNT, WINDOW))
    addresses: Throttle = field(default_factory=lambda: Throttle(PER_ADDRESS, WINDOW))

    def wait(self, login: str, address: str, now: datetime) -> timedelta:
        return max(self.accounts.wait(login, now), self.addresses.wait(address, now))

    def failed(self, login: str, address: str, now: datetime) -> None:
        self.accounts.failed(login, now)
        self.addresses.failed(address, now)

    def succeeded(self, login: str) -> None:
        """Forgive the account. The address stays counted: a guesser may own one account there."""
        self.accounts.succeeded(login)


def guesses() -> Guesses:
    """The throttles of this application."""
    return cast("Guesses", current_app.extensions.setdefault(_EXTENSION, Guesses()))
