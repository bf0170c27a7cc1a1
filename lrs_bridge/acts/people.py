"""Whose an identifier is: what an administrator says when a source names somebody whom nobody knew."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Engine

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ActRefused
from lrs_bridge.acts.lookups import learner as find_learner
from lrs_bridge.acts.permission import allow
from lrs_bridge.domain.learner import Identity, is_ghost
from lrs_bridge.store import people, pseudonyms, tombstones
from lrs_bridge.store.engine import write
from lrs_bridge.store.locks import lock_facts
from lrs_bridge.store.seal import SealFor
from lrs_bridge_rules.statements.identifier import ifi_from_text

_LINK = "identity.link"


def link(engine: Engine, by: Actor, ifi: str, learner_id: str, now: datetime, *, seal: SealFor | None = None) -> bool:
    """Say whose an identifier is; False if that was known. Raises ActError, also when it is somebody else's.

    `seal` recognises people who were erased; where there are any, nothing is linked without it (store.errors.Refused).
    """
    with write(engine) as connection:
        allow(_LINK, by)
        canonical = _canonical(ifi)
        if pseudonyms.is_nameless(connection):
            raise ActRefused("This database keeps no names.", "Give the identifier in the learners file instead.")
        lock_facts(connection)  # whoever links it at this moment has to be done before we look
        find_learner(connection, learner_id)
        _refuse_erased(connection, seal, canonical, learner_id)
        owner = people.find_learner(connection, canonical)
        if owner not in {None, learner_id}:
            raise ActRefused(f"This identifier belongs to the learner {owner!r}.", "Unlink it there first.")
        news = people.link(connection, Identity(canonical, learner_id, now, "linked"), now)
        if news:
            record(connection, by, _LINK, learner_id, now)
    return news


def unlink(engine: Engine, by: Actor, ifi: str, now: datetime) -> None:
    """Take an identifier away from whom it is linked to. Raises ActError, also when it is nobody's."""
    with write(engine) as connection:
        allow(_LINK, by)
        canonical = _canonical(ifi)
        lock_facts(connection)
        owner = people.find_learner(connection, canonical)
        if owner is None:
            raise ActRefused("This identifier is nobody's.", "It can be linked to a learner.")
        people.unlink(connection, canonical, now)
        record(connection, by, "identity.unlink", owner, now)


def _refuse_erased(connection: Connection, seal: SealFor | None, ifi: str, learner_id: str) -> None:
    if is_ghost(learner_id):
        raise ActRefused("Nobody is behind this id: that person has been erased.", "Choose another learner.")
    own = tombstones.recogniser(connection, seal)
    if own is not None and tombstones.erased_among(connection, own, [ifi]):
        raise ActRefused(
            "This identifier was erased.", "Let it back in with `lrs-bridge people readmit` if that is what is wanted."
        )


def _canonical(ifi: str) -> str:
    try:
        return ifi_from_text(ifi)
    except ValueError as error:
        raise ActRefused("This is no identifier.", f"{str(error).capitalize()}.") from error
