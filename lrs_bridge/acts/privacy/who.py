"""Whom an operator means: a learner by id, mail address or identifier, or an identifier that is linked to nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import Connection, func, select

from lrs_bridge.acts.errors import NotFound
from lrs_bridge.domain.learner import Learner
from lrs_bridge.store import people
from lrs_bridge.store.tables import LearnerRow
from lrs_bridge_rules.statements.identifier import ifi_from_text


@dataclass(frozen=True, slots=True)
class Who:
    """A learner, or (learner None) nobody but an identifier."""

    learner: Learner | None
    ifi: str = ""


def find(connection: Connection, text: str, as_kept: Callable[[str], str]) -> Who:
    """Raises NotFound for a text that is neither a learner's id nor an identifier.

    `as_kept` gives the identifier under which one is kept (`store.pseudonyms.as_kept`).
    """
    learner = people.get_learner(connection, text) or _by_mail(connection, text)
    if learner is not None:
        return Who(learner)
    sent = identifier_from(text)
    if sent is None:
        raise NotFound(
            "There is no learner with this id or mail address.",
            "Give the id as in the learners file, or an identifier: mailto:NAME@DOMAIN, account:HOMEPAGE|NAME, …",
        )
    ifi = as_kept(sent)
    owner = people.find_learner(connection, ifi)
    return Who(None if owner is None else people.get_learner(connection, owner), ifi)


def _by_mail(connection: Connection, text: str) -> Learner | None:
    address = text.removeprefix("mailto:").lower()
    if "@" not in address:
        return None
    query = select(LearnerRow.id).where(func.lower(LearnerRow.email) == address).order_by(LearnerRow.id).limit(1)
    found = connection.execute(query).scalar_one_or_none()
    return None if found is None else people.get_learner(connection, found)


def identifier_from(text: str) -> str | None:
    """The canonical identifier that is meant, a mail address alone being one; None if it is none."""
    try:
        return ifi_from_text(text if ":" in text else f"mbox:{text}")
    except ValueError:
        return None
