"""What can go wrong in the application, and with which exit code a command ends because of it.

    BridgeError               anything below; `str()` is one line: what happened, where, what to do
    ├── UsageError            2   the command or the act was asked for in a way that cannot work
    ├── ConfigurationError    2   settings, rules or secrets are missing or wrong
    └── ProblemsFound         1   the work was done, and found problems that somebody should look at

The store, the connectors and the rules have trees of their own (`errors.py` in each). No message holds a statement's
body, a credential, a person's name or an address.
"""

from __future__ import annotations

from typing import ClassVar


class BridgeError(Exception):
    """Root of what the application raises on purpose. `advice` says what to do about it."""

    exit_code: ClassVar[int] = 1

    def __init__(self, message: str, advice: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice

    def __str__(self) -> str:
        return " ".join(part for part in (self.message, self.advice) if part)


class UsageError(BridgeError):
    """Asked for in a way that cannot work; nothing was done."""

    exit_code = 2


class ConfigurationError(BridgeError):
    """Settings, rules or secrets are missing or wrong; nothing was done."""

    exit_code = 2


class ProblemsFound(BridgeError):
    """The work was done, and problems were found on the way."""

    exit_code = 1
