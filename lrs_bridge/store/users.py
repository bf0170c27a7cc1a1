"""Sign-in accounts. The store keeps hashes and counts failures; who may sign in is decided by the acts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, insert, select, update

from lrs_bridge.store.errors import NotFound, Refused
from lrs_bridge.store.rows import columns_of, values_of
from lrs_bridge.store.tables import UserRole, UserRow

__all__ = ["User", "UserRole", "add_user", "all_users", "change_user", "get_user", "record_failure", "record_sign_in"]


@dataclass(frozen=True, slots=True)
class User:
    """An account; `password_hash` is argon2's text, and stays out of every representation."""

    login: str
    password_hash: str
    role: UserRole
    learner_id: str | None
    active: bool
    created_at: datetime
    failed_attempts: int = 0
    last_failed_at: datetime | None = None
    last_sign_in_at: datetime | None = None

    def __repr__(self) -> str:
        return f"User(login={self.login!r}, role={self.role.value!r})"


_USER = columns_of(UserRow, User)


def add_user(
    connection: Connection,
    login: str,
    password_hash: str,
    role: UserRole,
    now: datetime,
    *,
    learner_id: str | None = None,
) -> User:
    """Make an account. Raises Refused if the login is taken."""
    if get_user(connection, login) is not None:
        raise Refused("There is an account with this login already; choose another, or set its password.")
    user = User(login, password_hash, role, learner_id, active=True, created_at=now)
    connection.execute(insert(UserRow).values(**values_of(user)))
    return user


def change_user(
    connection: Connection,
    login: str,
    *,
    password_hash: str | None = None,
    role: UserRole | None = None,
    active: bool | None = None,
) -> None:
    """Change what is given. A new password forgives the failures. Raises NotFound."""
    wanted = {"password_hash": password_hash, "role": role, "active": active}
    values: dict[str, object] = {name: value for name, value in wanted.items() if value is not None}
    if password_hash is not None:
        values |= {"failed_attempts": 0, "last_failed_at": None}
    if values:
        _change(connection, login, **values)


def get_user(connection: Connection, login: str) -> User | None:
    """An account by its login; None if there is none."""
    row = connection.execute(select(*_USER).where(UserRow.login == login)).one_or_none()
    return None if row is None else User(*row)


def all_users(connection: Connection) -> list[User]:
    """Every account, in order of the logins."""
    return [User(*row) for row in connection.execute(select(*_USER).order_by(UserRow.login))]


def record_failure(connection: Connection, login: str, now: datetime) -> None:
    """Count a wrong password. Raises NotFound."""
    _change(connection, login, failed_attempts=UserRow.failed_attempts + 1, last_failed_at=now)


def record_sign_in(connection: Connection, login: str, now: datetime) -> None:
    """Note a sign-in, which ends the count of failures. Raises NotFound."""
    _change(connection, login, failed_attempts=0, last_failed_at=None, last_sign_in_at=now)


def _change(connection: Connection, login: str, **values: object) -> None:
    if connection.execute(update(UserRow).where(UserRow.login == login).values(**values)).rowcount == 0:
        raise NotFound("There is no account with this login; add it first.")
