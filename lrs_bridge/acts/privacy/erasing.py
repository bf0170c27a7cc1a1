"""Erase somebody, so that it stays so; do it again after a backup was restored; let somebody come back after all.

The audit tells who did it, when and why, and which ghost was left: nothing of what was erased.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

import structlog
from sqlalchemy import Connection

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import ActRefused
from lrs_bridge.acts.permission import allow
from lrs_bridge.acts.privacy.who import Who, find, identifier_from
from lrs_bridge.bridge import Bridge
from lrs_bridge.settings import erasures
from lrs_bridge.store import erasing, people, tombstones
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.erasing import Erased
from lrs_bridge.store.errors import Refused
from lrs_bridge.store.pseudonyms import as_kept
from lrs_bridge.store.seal import Seal

logger = structlog.stdlib.get_logger(__name__)

_ERASE = "person.erase"
_READMIT = "person.readmit"
#: The subject where nobody but an identifier was erased.
_UNKNOWN = "unknown-actor"
_BROUGHT_BACK = "erased before; a backup had brought the person back"
#: Shorter parts of a name may stand in any sentence.
_TELLING = 3


@dataclass(frozen=True, slots=True)
class ErasedAgain:
    """How many people were erased once more, and how many hashes each side learned from the other.

    `identifiers` counts those that are linked to nobody, and were found in what is kept.
    """

    people: int = 0
    to_database: int = 0
    to_file: int = 0
    identifiers: int = 0


def erase(bridge: Bridge, by: Actor, text: str, reason: str, now: datetime) -> Erased:
    """Erase a learner, or an identifier that is linked to nobody. Raises ActError, ConfigurationError and StoreError.

    The database should be scrubbed afterwards (`lrs_bridge.store.erasing.scrub`).
    """
    allow(_ERASE, by)
    seal, ruleset = bridge.seal(make=True), bridge.ruleset()
    with write(bridge.engine) as connection:
        who = find(connection, text, as_kept(connection, bridge.seal))
        _check_reason(who, text, reason)
        before = tombstones.all_marks(connection)
        try:
            if who.learner is None:
                erased = erasing.forget(connection, seal, [who.ifi], now)
            else:
                organisation = bridge.organisation(connection)
                erased = erasing.erase(connection, seal, who.learner.id, ruleset, organisation, now)
        except Refused as refused:
            raise ActRefused(str(refused)) from refused
        _record(connection, by, erased, reason, now)
        # Before the end of the transaction: an erasure that the file does not know could be lost with the database.
        erasures.add(bridge.settings.privacy.erasures_file, erased=tombstones.all_marks(connection) - before, now=now)
    logger.info("erased", ghost=erased.ghost_id, statements=erased.statements, mentions=erased.mentions)
    return erased


def _record(connection: Connection, by: Actor, erased: Erased, reason: str, now: datetime) -> None:
    """If somebody erases themselves, the account that did it is gone as well by now."""
    record(connection, by, _ERASE, erased.ghost_id or _UNKNOWN, now, reason=reason, statements=str(erased.statements))


def _check_reason(who: Who, text: str, reason: str) -> None:
    """The reason is kept for good: it must be there, and name nobody."""
    if not reason.strip():
        raise ActRefused("An erasure needs a reason.", 'For instance "asked for it on 3 May", without a name.')
    telling = [text, who.ifi.rpartition("|")[2].rpartition(":")[2]]
    if who.learner is not None:
        telling += [who.learner.id, who.learner.email, *who.learner.name.split()]
    words = reason.casefold()
    if any(len(each) >= _TELLING and each.casefold() in words for each in telling):
        raise ActRefused("The reason names the person.", "It is kept for good: say it without name, address or id.")


def erase_again(bridge: Bridge, by: Actor, now: datetime) -> ErasedAgain:
    """After an older backup was restored: erase whom the erasures file knows, and let file and database agree.

    Raises ActError, ConfigurationError and StoreError.
    """
    allow(_ERASE, by)
    file = bridge.settings.privacy.erasures_file
    marks = erasures.read(file)
    with read(bridge.engine) as connection:
        known = tombstones.all_marks(connection)
    if not marks and not known:
        return ErasedAgain()
    seal = bridge.seal()
    found = _come_back(bridge, seal, marks)
    for learner_id in found:
        _erase_once_more(bridge, by, seal, learner_id, now)
    with write(bridge.engine) as connection:
        tombstones.add(connection, seal, marks, now)
        # What nobody was linked to when the backup was made; where every hash was known it was never taken in.
        unlinked = _forget_once_more(connection, by, seal, now) if marks - known else 0
        everything = tombstones.all_marks(connection)
    if everything - marks:
        erasures.add(file, erased=everything - marks, now=now)
    return ErasedAgain(len(found), len(marks - known), len(everything - marks), unlinked)


def _come_back(bridge: Bridge, seal: Seal, marks: frozenset[str]) -> list[str]:
    """The learners who had been erased: known by their id, or by one of their identifiers."""
    with read(bridge.engine) as connection:
        owned: dict[str, list[str]] = {each.id: [] for each in people.all_learners(connection)}
        for ifi, owner in people.all_identities(connection).items():
            owned[owner].append(ifi)
    return [own_id for own_id, ifis in owned.items() if not marks.isdisjoint(tombstones.marks_of(seal, own_id, ifis))]


def _erase_once_more(bridge: Bridge, by: Actor, seal: Seal, learner_id: str, now: datetime) -> None:
    with write(bridge.engine) as connection:
        organisation = bridge.organisation(connection)
        erased = erasing.erase(connection, seal, learner_id, bridge.ruleset(), organisation, now)
        _record(connection, by, erased, _BROUGHT_BACK, now)


def _forget_once_more(connection: Connection, by: Actor, seal: Seal, now: datetime) -> int:
    unlinked = erasing.returned(connection, seal)
    if unlinked:
        _record(connection, by, erasing.forget(connection, seal, unlinked, now), _BROUGHT_BACK, now)
    return len(unlinked)


def readmit(bridge: Bridge, by: Actor, identifiers: Iterable[str], reason: str, now: datetime) -> int:
    """Let identifiers (or ids of learners) come back that were erased; how many of them were.

    What was erased stays so; only what is delivered or imported from now on is kept. Raises ActError.
    """
    allow(_READMIT, by)
    if not reason.strip():
        raise ActRefused("To readmit somebody needs a reason.")
    with write(bridge.engine) as connection:
        seal = tombstones.recogniser(connection, bridge.seal)
        if seal is None:
            return 0
        kept = as_kept(connection, bridge.seal)
        marks = {mark for each in identifiers for mark in _marks_of(seal, each, kept)}
        known = tombstones.known_marks(connection, marks)
        if known:
            tombstones.lift(connection, known)
            record(connection, by, _READMIT, _UNKNOWN, now, reason=reason, identifiers=str(len(known)))
            erasures.add(bridge.settings.privacy.erasures_file, readmitted=known, now=now)
    return len(known)


def _marks_of(seal: Seal, text: str, kept: Callable[[str], str]) -> Iterable[str]:
    yield seal.mark_of_learner(text)
    ifi = identifier_from(text)
    if ifi is not None:
        yield from seal.marks(kept(ifi))
