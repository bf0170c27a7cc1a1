"""Sign-in accounts: add one, set a password, sign in. Passwords are kept as argon2 hashes and never shown.

Repeated failures lock an account for a while, which the answer does not tell apart from a wrong password: whoever
guesses learns nothing.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError
from sqlalchemy import Engine

from lrs_bridge.acts.actor import AccountRole, Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ActRefused, NotAllowed, NotFound
from lrs_bridge.acts.lookups import learner
from lrs_bridge.acts.permission import allow
from lrs_bridge.store import users
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.locks import lock_common
from lrs_bridge.store.users import User

SHORTEST_PASSWORD = 12
LONGEST_PASSWORD = 1024
FAILURES_ALLOWED = 5
LOCKED_FOR = timedelta(minutes=15)

_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@+-]{0,99}", re.ASCII)
_NEED_A_PERSON = frozenset({AccountRole.MANAGER, AccountRole.LEARNER})
_HASHER = PasswordHasher()
#: Checked when there is no such account, so that the answer takes as long as if there were one.
_NOBODY = _HASHER.hash("the password of nobody")


def add(
    engine: Engine,
    by: Actor,
    login: str,
    password: str,
    role: AccountRole,
    now: datetime,
    *,
    learner_id: str | None = None,
) -> Actor:
    """Make an account. Raises ActError: the login is taken or odd, the password too short, the person missing."""
    allow("user.add", by)
    login = login.strip().lower()
    if not _LOGIN.fullmatch(login):
        raise ActRefused("This login cannot be used.", "Use letters, digits and . _ @ + - (at most 100).")
    if role in _NEED_A_PERSON and learner_id is None:
        raise ActRefused(f"An account with the role {role} belongs to a person.", "Say which learner it is.")
    hashed = _hash(password)
    with write(engine) as connection:
        lock_common(connection)  # two accounts of one login at once: the second is told
        if learner_id is not None:
            learner(connection, learner_id)
        if users.get_user(connection, login) is not None:
            raise ActRefused(f"There is an account {login!r} already.", "Choose another login, or set its password.")
        users.add_user(connection, login, hashed, role, now, learner_id=learner_id)
        record(connection, by, "user.add", login, now, role=role)
    return Actor(login, role, learner_id)


def set_password(engine: Engine, by: Actor, login: str, password: str, now: datetime) -> None:
    """Give an account a new password; everybody may do so for their own. Raises ActError."""
    login = login.strip().lower()
    if by.login != login:
        allow("user.set-password", by)
    hashed = _hash(password)
    with write(engine) as connection:
        if users.get_user(connection, login) is None:
            raise NotFound(f"There is no account {login!r}.", "Add it first.")
        users.change_user(connection, login, password_hash=hashed)
        record(connection, by, "user.set-password", login, now)


def sign_in(engine: Engine, login: str, password: str, now: datetime) -> Actor:
    """Check a login and its password. Raises NotAllowed with one and the same text, whatever is wrong."""
    login = login.strip().lower()
    with read(engine) as connection:
        user = users.get_user(connection, login)
    right = _matches(user.password_hash if user else _NOBODY, password)
    if user is None or not user.active or _locked(user, now) or not right:
        _count_failure(engine, user, now)
        raise NotAllowed("The login or the password is wrong.", "After several failures wait a quarter of an hour.")
    with write(engine) as connection:
        users.record_sign_in(connection, login, now)
        if _HASHER.check_needs_rehash(user.password_hash):
            users.change_user(connection, login, password_hash=_HASHER.hash(password))
    return Actor(user.login, user.role, user.learner_id)


def find(engine: Engine, login: str) -> Actor | None:
    """The actor behind an active account; None when there is none (any more)."""
    with read(engine) as connection:
        user = users.get_user(connection, login)
    return Actor(user.login, user.role, user.learner_id) if user is not None and user.active else None


def check_password(password: str) -> str:
    """The password itself, if an account may have it. Raises ActRefused for one that is too short or too long."""
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        expected = f"Use at least {SHORTEST_PASSWORD}, and at most {LONGEST_PASSWORD:,}."
        raise ActRefused(f"The password has {len(password):,} characters.", expected)
    return password


def _hash(password: str) -> str:
    return _HASHER.hash(check_password(password))


def _matches(hashed: str, password: str) -> bool:
    if len(password) > LONGEST_PASSWORD:
        return False
    try:
        return _HASHER.verify(hashed, password)
    except (Argon2Error, InvalidHashError):
        return False


def _locked(user: User, now: datetime) -> bool:
    # Either side of now: a clock that was ahead, and was set right, locks nobody out for as long as it was wrong.
    recent = user.last_failed_at is not None and abs(now - user.last_failed_at) < LOCKED_FOR
    return recent and user.failed_attempts >= FAILURES_ALLOWED


def _count_failure(engine: Engine, user: User | None, now: datetime) -> None:
    """An account that is locked is not locked for longer by further guesses."""
    if user is not None and not _locked(user, now):
        with write(engine) as connection:
            users.record_failure(connection, user.login, now)
