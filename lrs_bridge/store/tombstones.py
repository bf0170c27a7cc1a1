"""Erased people do not come back: what a source delivers of them again is turned away before it is kept.

Every way in (pull, rescan, files, replay from quarantine) goes through `save_page`, and `save_page` through `sift`, in
the transaction that keeps the page: whoever was erased a moment ago is turned away as well. Where nobody was ever
erased that costs one look at an empty table.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Final

from sqlalchemy import Connection, delete, insert, select

from lrs_bridge.store.errors import Refused
from lrs_bridge.store.pseudonyms import without_names
from lrs_bridge.store.rows import chunks
from lrs_bridge.store.seal import Seal, SealFor
from lrs_bridge.store.tables import ErasedIdentifierRow
from lrs_bridge_rules.statements.agents import identifiers_in, without
from lrs_bridge_rules.statements.statement import decode_statement

if TYPE_CHECKING:
    from lrs_bridge.store.ingest import Rejected, Wanted

_NO_KEY: Final = (
    "People were erased from this database, and without the key of [privacy] nobody could tell whom not to take in "
    "again. Nothing was kept."
)
_OTHER_KEY: Final = (
    "The key of [privacy] is not the one under which people were erased: it would recognise nobody. Put the right key "
    "back (privacy.secret_key_file or secret_key_env); until then nothing is taken in."
)


@dataclass(frozen=True, slots=True)
class Sifted:
    """What may be kept of a page. `erased` counts the statements that were turned away."""

    wanted: tuple[Wanted, ...]
    rejected: tuple[Rejected, ...]
    erased: int = 0


def sift(
    connection: Connection, seal: SealFor | None, wanted: Iterable[Wanted], rejected: Iterable[Rejected]
) -> Sifted:
    """Leave out what erased people said, and take them out of what others said; no names where none are to be kept.

    Raises Refused where people were erased and the key is not the one it was done with; ConfigurationError without one.
    """
    everything = Sifted(*without_names(connection, seal, tuple(wanted), tuple(rejected)))
    own = recogniser(connection, seal) if everything.wanted or everything.rejected else None
    if own is None:
        return everything
    records: list[Wanted | Rejected] = [*everything.wanted, *everything.rejected]
    named = {id(each): identifiers_in(each.body) for each in records}
    erased = erased_among(connection, own, frozenset[str]().union(*named.values()))
    if not erased:
        return everything
    kept = [_without(each, named[id(each)] & erased) for each in everything.wanted]
    clean = tuple(each for each in everything.rejected if not named[id(each)] & erased)
    left = tuple(each for each in kept if each is not None)
    gone = len(everything.wanted) - len(left) + len(everything.rejected) - len(clean)
    return Sifted(left, clean, gone)


def _without(each: Wanted, erased: Collection[str]) -> Wanted | None:
    """A statement without erased people; None if it is one of theirs. What voids is kept, without who did it."""
    if not erased:
        return each
    body = without(each.body, erased, keep_statement=each.voids is not None)
    if body is None:
        return None
    statement = decode_statement(body)
    return replace(each, body=body, ifi=statement.ifi, member_ifis=statement.member_ifis)


def any_erased(connection: Connection) -> bool:
    """Whether anybody was ever erased."""
    return connection.execute(select(ErasedIdentifierRow.mark).limit(1)).first() is not None


def recogniser(connection: Connection, seal: SealFor | None) -> Seal | None:
    """What recognises erased people; None where there are none. Raises Refused where it is missing or the wrong one."""
    if not any_erased(connection):
        return None
    if seal is None:
        raise Refused(_NO_KEY)
    own = seal()
    check_key(connection, own)
    return own


def marks_of(seal: Seal, learner_id: str, ifis: Iterable[str]) -> list[str]:
    """The hashes by which a person is known again: of each identifier, and of the learner's id."""
    return [*(mark for ifi in ifis for mark in seal.marks(ifi)), seal.mark_of_learner(learner_id)]


def erased_among(connection: Connection, seal: Seal, ifis: Iterable[str]) -> frozenset[str]:
    """Which of these identifiers belonged to people who were erased."""
    marks = {ifi: seal.marks(ifi) for ifi in ifis}
    known = known_marks(connection, (mark for each in marks.values() for mark in each))
    return frozenset(ifi for ifi, own in marks.items() if not known.isdisjoint(own))


def check_key(connection: Connection, seal: Seal) -> None:
    """Return if this key is the one under which people were erased. Raises Refused."""
    if any(
        key_id != seal.key_id for key_id in connection.execute(select(ErasedIdentifierRow.key_id).distinct()).scalars()
    ):
        raise Refused(_OTHER_KEY)


def known_marks(connection: Connection, marks: Iterable[str]) -> frozenset[str]:
    """Which of these hashes are those of erased identifiers."""
    return frozenset(_known(connection, dict.fromkeys(marks)))


def all_marks(connection: Connection) -> frozenset[str]:
    """The hashes of all erased identifiers."""
    return frozenset(connection.execute(select(ErasedIdentifierRow.mark)).scalars())


def _known(connection: Connection, marks: Iterable[str]) -> Iterator[str]:
    for some in chunks(marks):
        yield from connection.execute(
            select(ErasedIdentifierRow.mark).where(ErasedIdentifierRow.mark.in_(some))
        ).scalars()


def add(connection: Connection, seal: Seal, marks: Iterable[str], now: datetime) -> None:
    """Remember the hashes of identifiers that are erased. Raises Refused for another key than before."""
    check_key(connection, seal)
    wanted = dict.fromkeys(marks)
    known = known_marks(connection, wanted)
    rows = [{"mark": mark, "key_id": seal.key_id, "at": now} for mark in wanted if mark not in known]
    if rows:
        connection.execute(insert(ErasedIdentifierRow), rows)


def lift(connection: Connection, marks: Iterable[str]) -> int:
    """Forget hashes, so that whom they stand for may come back; returns how many there were."""
    return sum(
        connection.execute(delete(ErasedIdentifierRow).where(ErasedIdentifierRow.mark.in_(some))).rowcount
        for some in chunks(dict.fromkeys(marks))
    )
