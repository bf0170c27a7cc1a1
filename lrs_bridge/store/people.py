"""Learners, the identifiers that name them, and units with their learning partners."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from lrs_bridge.domain.learner import Identity, Learner
from lrs_bridge.store.due import enrol, mark_due
from lrs_bridge.store.errors import NotFound
from lrs_bridge.store.locks import lock_facts
from lrs_bridge.store.rows import Saved, chunks, columns_of, values_of
from lrs_bridge.store.summary_state import mark_stale
from lrs_bridge.store.tables import IdentityRow, LearnerRow, UnitRow

_LEARNER = columns_of(LearnerRow, Learner)
_IDENTITY = columns_of(IdentityRow, Identity)


def save_learners(
    connection: Connection, learners: Iterable[Learner], identities: Iterable[Identity], now: datetime
) -> Saved:
    """Add or change learners and link identities to them. A learner counts as changed if an identity came or went.

    An identity that belonged to somebody else moves; both become due.
    """
    lock_facts(connection)
    wanted = {learner.id: learner for learner in learners}
    known = {each.id: each for ids in chunks(wanted) for each in _find(connection, ids)}
    new = [learner for learner in wanted.values() if learner.id not in known]
    changed = [each for each in wanted.values() if each.id in known and known[each.id] != each]
    if new:
        connection.execute(insert(LearnerRow), [values_of(learner) for learner in new])
        enrol(connection, sorted(learner.id for learner in new), now)
    _update(connection, changed)
    touched = {learner.id for learner in changed} | _link(connection, identities)
    touched -= {learner.id for learner in new}  # they were made due when they were enrolled
    mark_due(connection, touched, now)
    if new or touched:
        mark_stale(connection)  # a plan may stay as it is where an actor is no longer unknown
    altered = len(touched & wanted.keys())
    return Saved(len(new), altered, len(wanted) - len(new) - altered)


def link(connection: Connection, identity: Identity, now: datetime) -> bool:
    """Say whose an identifier is; True if that was news. Raises NotFound if there is no such learner."""
    lock_facts(connection)
    if get_learner(connection, identity.learner_id) is None:
        raise NotFound(f"There is no learner {identity.learner_id}; import the learner first.")
    touched = _link(connection, [identity])
    mark_due(connection, touched, now)
    if touched:
        mark_stale(connection)
    return bool(touched)


def unlink(connection: Connection, ifi: str, now: datetime) -> bool:
    """Take an identifier away from whom it is linked to; True if it was linked."""
    lock_facts(connection)
    owner = find_learner(connection, ifi)
    if owner is None:
        return False
    connection.execute(delete(IdentityRow).where(IdentityRow.ifi == ifi))
    mark_due(connection, [owner], now)
    mark_stale(connection)
    return True


def get_learner(connection: Connection, learner_id: str) -> Learner | None:
    """A learner by id; None if nobody has it."""
    return next(iter(_find(connection, [learner_id])), None)


def all_learners(connection: Connection) -> list[Learner]:
    """Everybody, in order of their ids."""
    return [Learner(*row) for row in connection.execute(select(*_LEARNER).order_by(LearnerRow.id))]


def learner_ids(connection: Connection) -> list[str]:
    """The ids of all learners, in order."""
    return list(connection.execute(select(LearnerRow.id).order_by(LearnerRow.id)).scalars())


def reports_of(connection: Connection, manager_id: str) -> list[Learner]:
    """The people whose manager this is, in order of their names."""
    query = select(*_LEARNER).where(LearnerRow.manager_id == manager_id).order_by(LearnerRow.name, LearnerRow.id)
    return [Learner(*row) for row in connection.execute(query)]


def identities_of(connection: Connection, learner_id: str) -> list[Identity]:
    """The identifiers that are linked to a learner, in order of their texts."""
    query = select(*_IDENTITY).where(IdentityRow.learner_id == learner_id).order_by(IdentityRow.ifi)
    return [Identity(*row) for row in connection.execute(query)]


def all_identities(connection: Connection) -> dict[str, str]:
    """Every identifier that is linked to somebody, with the learner's id."""
    return {row.ifi: row.learner_id for row in connection.execute(select(IdentityRow.ifi, IdentityRow.learner_id))}


def find_learner(connection: Connection, ifi: str) -> str | None:
    """The id of the learner whom an identifier is linked to."""
    return connection.execute(select(IdentityRow.learner_id).where(IdentityRow.ifi == ifi)).scalar_one_or_none()


def owners_of(connection: Connection, ifis: Iterable[str]) -> dict[str, str]:
    """Whose these identifiers are; those of nobody are left out."""
    query = select(IdentityRow.ifi, IdentityRow.learner_id)
    return {
        row.ifi: row.learner_id
        for some in chunks(dict.fromkeys(ifis))
        for row in connection.execute(query.where(IdentityRow.ifi.in_(some)))
    }


def save_units(connection: Connection, partners: Mapping[str, str | None]) -> Saved:
    """Set the learning partner (a learner's id) of each unit. Nobody becomes due: plans do not depend on it."""
    known = learning_partners(connection)
    new = [{"name": name, "partner_id": partner} for name, partner in partners.items() if name not in known]
    changed = [name for name, partner in partners.items() if name in known and known[name] != partner]
    if new:
        connection.execute(insert(UnitRow), new)
    for name in changed:
        connection.execute(update(UnitRow).where(UnitRow.name == name).values(partner_id=partners[name]))
    return Saved(len(new), len(changed), len(partners) - len(new) - len(changed))


def learning_partners(connection: Connection) -> dict[str, str | None]:
    """The learning partner of each unit that has been told of."""
    return {row.name: row.partner_id for row in connection.execute(select(UnitRow.name, UnitRow.partner_id))}


def _find(connection: Connection, ids: Sequence[str]) -> list[Learner]:
    return [Learner(*row) for row in connection.execute(select(*_LEARNER).where(LearnerRow.id.in_(ids)))]


def _update(connection: Connection, learners: Sequence[Learner]) -> None:
    """Write these learners over those that are kept, in one go."""
    if learners:
        own = [column.key for column in _LEARNER if column.key != "id"]
        changes = update(LearnerRow).where(LearnerRow.id == bindparam("which"))
        rows = [{"which": each.id, **{key: getattr(each, key) for key in own}} for each in learners]
        connection.execute(changes, rows)


def _link(connection: Connection, identities: Iterable[Identity]) -> set[str]:
    """Link what is not linked so yet; the learners who won or lost an identifier."""
    wanted = {identity.ifi: identity for identity in identities}
    owners = owners_of(connection, wanted)
    moved = [each for each in wanted.values() if owners.get(each.ifi, each.learner_id) != each.learner_id]
    new = [each for each in wanted.values() if each.ifi not in owners]
    if new:
        connection.execute(insert(IdentityRow), [values_of(each) for each in new])
    for each in moved:
        connection.execute(update(IdentityRow).where(IdentityRow.ifi == each.ifi).values(values_of(each)))
    return {each.learner_id for each in (*new, *moved)} | {owners[each.ifi] for each in moved}
