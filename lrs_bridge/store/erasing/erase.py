"""Erasing one person, step by step, in one transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import uuid4

from sqlalchemy import Connection, delete, select

from lrs_bridge.domain.facts import Organisation
from lrs_bridge.domain.ghost import become_ghost
from lrs_bridge.domain.learner import GHOST, Identity, is_ghost
from lrs_bridge.store import backtests, people, summary_state, tombstones
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.erasing.ghosts import keep
from lrs_bridge.store.erasing.mentions import every_form, take_out_of_quarantine, take_out_of_statements
from lrs_bridge.store.erasing.references import Person, point_to_ghost, rewriting
from lrs_bridge.store.errors import NotFound, Refused
from lrs_bridge.store.load import load
from lrs_bridge.store.locks import lock_facts
from lrs_bridge.store.seal import Seal
from lrs_bridge.store.tables import ContractRow, LearnerRow, OutboxRow, UserRow
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.identifier import ifi_from_text


@dataclass(frozen=True, slots=True)
class Erased:
    """What was done. `kept` says what results depend on, which therefore stays with the ghost.

    `same` is false where some result could not be kept without what the person had said. `statements` counts those
    that were reduced, `mentions` those of others that named the person, `quarantined` records that were thrown away.
    """

    ghost_id: str
    identifiers: int
    statements: int
    mentions: int
    quarantined: int
    kept: frozenset[tuple[str, ...]] = frozenset()
    same: bool = True


def erase(
    connection: Connection,
    seal: Seal,
    learner_id: str,
    ruleset: Ruleset,
    organisation: Organisation,
    now: datetime,
) -> Erased:
    """Make a ghost of a learner. Raises NotFound for an unknown id, Refused for a ghost or another key than before."""
    lock_facts(connection)
    found = load(connection, [learner_id], organisation).get(learner_id)
    if found is None:
        raise NotFound("There is no learner with this id.")
    if is_ghost(learner_id):
        raise Refused("Nobody is behind this id: that person has been erased already.")
    person = _person(connection, learner_id, found.facts.learner.email)
    tombstones.add(connection, seal, tombstones.marks_of(seal, learner_id, person.ifis), now)
    ghost = become_ghost(found.facts, ruleset, f"{GHOST}{uuid4().hex[:16]}", now)
    ghost_id = ghost.facts.learner.id
    names = {**ghost.names.new, **dict.fromkeys((learner_id, *person.logins), ghost_id)}
    with rewriting(connection, "erase"):
        quarantined = take_out_of_quarantine(connection, person.ifis, frozenset(f.id for f in found.facts.statements))
        mentions, concerned = take_out_of_statements(connection, person)
        _remove(connection, learner_id)
        keep(connection, ghost, found, now)
        point_to_ghost(connection, person, ghost_id, names, concerned, now)
    summary_state.forget(connection)  # titles that somebody wrote stand in it
    backtests.forget(connection)  # completions that are no more stand in them as examples
    return Erased(
        ghost_id=ghost_id,
        identifiers=len(person.ifis),
        statements=len(ghost.facts.statements),
        mentions=mentions,
        quarantined=quarantined,
        kept=ghost.kept,
        same=ghost.same,
    )


def forget(connection: Connection, seal: Seal, unlinked: Collection[str], now: datetime) -> Erased:
    """Erase identifiers that are linked to nobody: their statements go, for no result hangs on them."""
    lock_facts(connection)
    if people.owners_of(connection, unlinked):
        raise Refused("This identifier belongs to a learner: erase the learner.")
    ifis = every_form(connection, unlinked)
    tombstones.add(connection, seal, [mark for each in ifis for mark in seal.marks(each)], now)
    quarantined = take_out_of_quarantine(connection, ifis, frozenset())
    mentions, concerned = take_out_of_statements(connection, Person("", ifis, ()))
    mark_due(connection, concerned, now)
    summary_state.forget(connection)
    backtests.forget(connection)
    return Erased("", len(unlinked), 0, mentions, quarantined)


def _person(connection: Connection, learner_id: str, email: str) -> Person:
    """Under which identifiers and logins the person is known here."""
    identities: list[Identity] = people.identities_of(connection, learner_id)
    ifis = {each.ifi for each in identities}
    if email:
        ifis.add(ifi_from_text(f"mbox:{email}"))
    logins = connection.execute(select(UserRow.login).where(UserRow.learner_id == learner_id)).scalars()
    return Person(learner_id, every_form(connection, ifis), tuple(logins))


def _remove(connection: Connection, learner_id: str) -> None:
    """The person, the account, and what was to be sent; what belongs to the learner goes with the row."""
    connection.execute(delete(UserRow).where(UserRow.learner_id == learner_id))
    connection.execute(delete(OutboxRow).where(OutboxRow.recipient_id == learner_id))
    connection.execute(delete(ContractRow).where(ContractRow.learner_id == learner_id))
    connection.execute(delete(LearnerRow).where(LearnerRow.id == learner_id))
