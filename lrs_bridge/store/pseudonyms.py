"""A database without names: people stand in it under pseudonyms from the first day on, and nobody else can name them.

Names and addresses are taken off before anything is kept: from statements here, from the learners file in its import.
Which kind a database is stands in it, so that no way in can forget it; it cannot be changed later, for what was kept
under names once is not under pseudonyms, and the other way round.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

import msgspec
from sqlalchemy import Connection, insert, select

from lrs_bridge.store.errors import Refused
from lrs_bridge.store.seal import Seal, Sealer, SealFor
from lrs_bridge.store.tables import LearnerRow, PseudonymsRow, StatementRow
from lrs_bridge_rules.statements.agents import renamed
from lrs_bridge_rules.statements.statement import decode_statement

if TYPE_CHECKING:
    from lrs_bridge.store.ingest import Rejected, Wanted

_NAMELESS: Final = (
    "This database keeps no names, and privacy.pseudonyms is not set. Set it again; nothing was kept, as names would "
    "have been."
)
_NAMED: Final = (
    "privacy.pseudonyms is set, and this database holds people under their names already. Begin with an empty "
    "database, or take the setting away."
)
_OTHER_KEY: Final = (
    "The key of [privacy] is not the one under which this database's pseudonyms were made. Put the right key back "
    "(privacy.secret_key_file or secret_key_env); until then nothing is taken in."
)


def in_force(connection: Connection, seal: SealFor | None) -> Seal | None:
    """What makes this database's pseudonyms; None where it keeps names.

    An empty database becomes one without names when that is set. Raises Refused where setting, key and database do not
    go together, and ConfigurationError where the key cannot be had.
    """
    wanted = isinstance(seal, Sealer) and seal.pseudonyms
    key_id = connection.execute(select(PseudonymsRow.key_id)).scalar_one_or_none()
    if key_id is None and not wanted:
        return None
    if seal is None or not wanted:
        raise Refused(_NAMELESS)
    if key_id is None:
        return _begin(connection, seal(make=True))
    own = seal()
    if own.key_id != key_id:
        raise Refused(_OTHER_KEY)
    return own


def is_nameless(connection: Connection) -> bool:
    """Whether this database keeps no names."""
    return connection.execute(select(PseudonymsRow.key_id)).first() is not None


def _begin(connection: Connection, seal: Seal) -> Seal:
    for column in (LearnerRow.id, StatementRow.id):
        if connection.execute(select(column).limit(1)).first() is not None:
            raise Refused(_NAMED)
    connection.execute(insert(PseudonymsRow).values(key_id=seal.key_id, since=datetime.now(UTC)))
    return seal


def as_kept(connection: Connection, seal: SealFor | None) -> Callable[[str], str]:
    """From a canonical identifier to the one under which it is kept."""
    own = in_force(connection, seal)
    return _as_it_is if own is None else own.pseudonym


def _as_it_is(ifi: str) -> str:
    return ifi


def without_names(
    connection: Connection, seal: SealFor | None, wanted: Sequence[Wanted], rejected: Sequence[Rejected]
) -> tuple[tuple[Wanted, ...], tuple[Rejected, ...]]:
    """A page as it may be kept: with names, or (in a database without) under pseudonyms. Raises as `in_force` does."""
    own = in_force(connection, seal) if wanted or rejected else None
    if own is None:
        return tuple(wanted), tuple(rejected)
    return tuple(_wanted(each, own) for each in wanted), tuple(_rejected(each, own) for each in rejected)


def _wanted(each: Wanted, seal: Seal) -> Wanted:
    body = renamed(each.body, seal.account)
    statement = decode_statement(body)
    return replace(each, body=body, ifi=statement.ifi, member_ifis=statement.member_ifis)


def _rejected(each: Rejected, seal: Seal) -> Rejected:
    """What cannot be read could name anybody: of its content only a hash is kept, by which it is known again."""
    return replace(each, body=msgspec.json.encode({"withheld": seal.marks(each.body.decode("latin-1"))[0]}))
