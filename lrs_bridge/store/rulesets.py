"""Published rulesets: immutable versions, one of them in force. A roll-back puts an earlier one in force again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from lrs_bridge.store.due import mark_due
from lrs_bridge.store.errors import NotFound, Refused
from lrs_bridge.store.rows import columns_of, values_of
from lrs_bridge.store.tables import RulesetActivationRow, RulesetRow


@dataclass(frozen=True, slots=True)
class RulesetVersion:
    """One version: the full text of every document by name, packs included as they were."""

    number: int
    author: str
    note: str
    digest: str
    documents: Mapping[str, str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Activation:
    """That a version came into force: by publishing it, or by going back to it."""

    number: int
    by: str
    at: datetime
    note: str


_VERSION = columns_of(RulesetRow, RulesetVersion)
_ACTIVATION = columns_of(RulesetActivationRow, Activation)


def publish(connection: Connection, version: RulesetVersion) -> None:
    """Keep a new version, and put it in force. Raises Refused if the number is taken: no published version changes."""
    if get(connection, version.number) is not None:
        raise Refused(
            f"Version {version.number} of the rules is published already; take number {next_number(connection)}."
        )
    connection.execute(insert(RulesetRow).values(**values_of(version)))
    activate(connection, version.number, by=version.author, now=version.at, note=version.note)


def activate(connection: Connection, number: int, *, by: str, now: datetime, note: str = "") -> bool:
    """Put a version in force; False if it was already. Everybody becomes due. Raises NotFound."""
    if get(connection, number) is None:
        raise NotFound(f"There is no version {number} of the rules.")
    if active_number(connection) == number:
        return False
    connection.execute(insert(RulesetActivationRow).values(number=number, by=by, at=now, note=note))
    mark_due(connection, None, now)
    return True


def active(connection: Connection) -> RulesetVersion | None:
    """The version in force; None while nothing is published."""
    number = active_number(connection)
    return None if number is None else get(connection, number)


def active_number(connection: Connection) -> int | None:
    """The number of the version in force: a cheap question for whoever keeps the compiled rules."""
    latest = select(RulesetActivationRow.number).order_by(RulesetActivationRow.id.desc()).limit(1)
    return connection.execute(latest).scalar_one_or_none()


def activations(connection: Connection, *, since: int | None = None) -> list[Activation]:
    """Which versions came into force, the latest first; `since`: only after that version was in force last."""
    query = select(*_ACTIVATION).order_by(RulesetActivationRow.id.desc())
    if since is not None:
        last = select(func.max(RulesetActivationRow.id)).where(RulesetActivationRow.number == since)
        query = query.where(RulesetActivationRow.id > func.coalesce(last.scalar_subquery(), 0))
    return [Activation(*row) for row in connection.execute(query)]


def next_number(connection: Connection) -> int:
    """The number that the next published version takes; the first takes 1."""
    return (connection.execute(select(func.max(RulesetRow.number))).scalar_one() or 0) + 1


def get(connection: Connection, number: int) -> RulesetVersion | None:
    """A published version; None if the number is not taken."""
    row = connection.execute(select(*_VERSION).where(RulesetRow.number == number)).one_or_none()
    return None if row is None else RulesetVersion(*row)


def versions(connection: Connection) -> list[RulesetVersion]:
    """All versions, the newest first."""
    return [RulesetVersion(*row) for row in connection.execute(select(*_VERSION).order_by(RulesetRow.number.desc()))]
