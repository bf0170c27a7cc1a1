"""Who acts: a signed-in account, or the operator at the command line."""

from __future__ import annotations

from dataclasses import dataclass

from lrs_bridge.store.tables.users import UserRole as AccountRole

__all__ = ["OPERATOR", "AccountRole", "Actor"]


@dataclass(frozen=True, slots=True)
class Actor:
    """Whoever does an act. `learner_id` is the person behind the account, where it is one of the learners."""

    login: str
    role: AccountRole
    learner_id: str | None = None

    @property
    def id(self) -> str:
        """What facts and the audit keep: the person, or else the account."""
        return self.learner_id or self.login


#: Whoever can run the program on its own machine may do what an administrator may.
OPERATOR = Actor("command-line", AccountRole.ADMINISTRATOR)
