"""Who may do what: one table from act to roles. A manager acts for the own line, a learner for themselves."""

from __future__ import annotations

from collections.abc import Collection

from lrs_bridge.acts.actor import AccountRole, Actor
from lrs_bridge.acts.errors import NotAllowed
from lrs_bridge.domain.learner import Learner

_ADMIN = frozenset({AccountRole.ADMINISTRATOR})
_LINE = frozenset({AccountRole.ADMINISTRATOR, AccountRole.MANAGER})
_ALL = frozenset({AccountRole.ADMINISTRATOR, AccountRole.MANAGER, AccountRole.LEARNER})
_READERS = frozenset({AccountRole.ADMINISTRATOR, AccountRole.AUDITOR})

#: act → the roles that may do it. An auditor is in no row: auditors read everything and change nothing.
ROLES = {
    "follow-up.submit": _ALL,
    "follow-up.decline": _ALL,
    "follow-up.confirm": _LINE,
    "follow-up.return": _LINE,
    "follow-up.reopen": _LINE,
    "support.mark-ready": _LINE,
    "goal.measure": _ALL,
    "goal.achieve": _LINE,
    "goal.drop": _LINE,
    "goal.attest": _LINE,
    "decision.decide": _ADMIN,
    "decision.undo": _ADMIN,
    "identity.link": _ADMIN,
    "person.export": _ADMIN,
    "person.erase": _ADMIN,
    "person.readmit": _ADMIN,
    "rules.publish": _ADMIN,
    "quarantine.replay": _ADMIN,
    "statements.forget": _ADMIN,
    "outbox.retry": _ADMIN,
    "import": _ADMIN,
    "user.add": _ADMIN,
    "user.set-password": _ADMIN,
}


_REACH = {
    AccountRole.MANAGER: "for the own line",
    AccountRole.LEARNER: "for themselves",
}


def allow(act: str, by: Actor, learner: Learner | None = None) -> None:
    """Let the act go on, or raise `NotAllowed`. `learner` is whose contract, task or result it touches."""
    _need(ROLES[act], act, by)
    if learner is not None and not _within_reach(act, by, learner):
        raise NotAllowed(f"{act}: {by.login} may do this only {_REACH[by.role]}.")


def allow_reading(what: str, by: Actor) -> None:
    """Let somebody read what concerns everybody, or raise `NotAllowed`."""
    _need(_READERS, what, by)


def _need(roles: Collection[AccountRole], what: str, by: Actor) -> None:
    if by.role not in roles:
        needed = " or ".join(sorted(roles))
        raise NotAllowed(f"{what}: this needs the role {needed}; {by.login} has the role {by.role}.")


def _within_reach(act: str, by: Actor, learner: Learner) -> bool:
    """A manager does for the own line what managers do, and for themselves only what every learner may."""
    if by.role is AccountRole.ADMINISTRATOR:
        return True
    own = by.learner_id == learner.id and AccountRole.LEARNER in ROLES[act]
    line = by.role is AccountRole.MANAGER and by.learner_id == learner.manager_id
    return by.learner_id is not None and (own or line)
