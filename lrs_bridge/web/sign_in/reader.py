"""Who is reading: the account behind a session, as long as it is active and its password is the same."""

from __future__ import annotations

import hashlib
import hmac
from dataclasses import dataclass
from datetime import timedelta

from flask import Flask, g
from flask_login import AnonymousUserMixin, LoginManager, UserMixin

from lrs_bridge.acts.actor import AccountRole, Actor
from lrs_bridge.store import users
from lrs_bridge.store.engine import read
from lrs_bridge.store.users import User
from lrs_bridge.web.current import the_bridge

SESSION_LENGTH = timedelta(hours=12)


@dataclass
class Reader(UserMixin):  # type: ignore[misc]  # flask-login is published without annotations
    """A signed-in account. `stamp` changes with the password, and with it the identity that sessions carry."""

    login: str
    role: AccountRole
    learner_id: str | None
    stamp: str

    def get_id(self) -> str:
        return f"{self.stamp}:{self.login}"

    @property
    def actor(self) -> Actor:
        """The same person for the acts."""
        return Actor(self.login, self.role, self.learner_id)


def reader_of(login: str) -> Reader | None:
    """The reader behind an active account; None where there is none."""
    with read(the_bridge().engine) as connection:
        user = users.get_user(connection, login)
    if user is None or not user.active:
        return None
    return Reader(user.login, user.role, user.learner_id, _stamp(user))


def _stamp(user: User) -> str:
    return hashlib.sha256(user.password_hash.encode()).hexdigest()[:20]


def show_to_nobody_in_particular() -> None:
    """Show this page without asking who reads it: where the database does not answer, nobody can be looked up."""
    if not hasattr(g, "_login_user"):
        g._login_user = AnonymousUserMixin()  # where Flask-Login keeps whom it has looked up


def add_sessions(app: Flask) -> None:
    """Let Flask-Login find the reader of each request."""
    manager = LoginManager(app)

    @manager.user_loader  # type: ignore[untyped-decorator]  # flask-login is published without annotations
    def load(identity: str) -> Reader | None:
        _, _, login = identity.partition(":")
        reader = reader_of(login)
        if reader is None or not hmac.compare_digest(reader.get_id().encode(), identity.encode()):
            return None
        return reader
