"""A page of records becomes rows: statements, tallies of noise, quarantine, the cursor, and learners who are due.

Everything happens in the caller's transaction, so a crash leaves the page either wholly taken in or not at all; and
since a repeated statement is known by its id and meaning, taking a page in twice is harmless.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from hashlib import sha256

from sqlalchemy import Connection, select

from lrs_bridge.store import quarantine, sources
from lrs_bridge.store.bulk import insert_many
from lrs_bridge.store.due import mark_due, mark_later
from lrs_bridge.store.fitness import unfit_because
from lrs_bridge.store.locks import lock_facts
from lrs_bridge.store.noise import tally
from lrs_bridge.store.people import owners_of
from lrs_bridge.store.rows import chunks
from lrs_bridge.store.seal import SealFor
from lrs_bridge.store.summary_state import mark_stale
from lrs_bridge.store.tables import StatementMemberRow, StatementRow
from lrs_bridge.store.tombstones import sift
from lrs_bridge_rules.statements.meaning import same_meaning

#: Statements that no definition wants, by verb, activity type and the day on which they happened.
Noise = Counter[tuple[str, str, date]]

CONFLICT = "same id, another meaning: a different statement is kept under this id"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A statement to keep. `ifi` and `member_ifis` are canonical identifiers, `voids` the id of a voider's target."""

    id: str
    ifi: str | None
    member_ifis: tuple[str, ...]
    verb: str
    object_id: str
    voids: str | None
    timestamp: datetime | None
    stored: datetime | None
    body: bytes


@dataclass(frozen=True, slots=True)
class Rejected:
    """A record that could not be understood; `reason` says why and quotes nothing of it."""

    statement_id: str | None
    body: bytes
    reason: str


@dataclass(frozen=True, slots=True)
class PageSaved:
    """What became of a page. A record that is in quarantine already is not counted again.

    `erased` counts what people who were erased had said: it is not kept again.
    """

    new: int = 0
    duplicates: int = 0
    quarantined: int = 0
    noise: int = 0
    erased: int = 0


def save_page(
    connection: Connection,
    *,
    source: str,
    wanted: Iterable[Wanted],
    rejected: Iterable[Rejected],
    noise: Mapping[tuple[str, str, date], int],
    cursor: str | None,
    latest: datetime | None,
    now: datetime,
    seal: SealFor | None = None,
    later_at: datetime | None = None,
) -> PageSaved:
    """Take a page in. `cursor` None leaves the saved one as it is; `latest` is the newest time that the source saw.

    `seal` recognises people who were erased. Raises Refused where there are such people and it is not given.
    The learners concerned become due now, or at `later_at` if it is given: for what is history.
    """
    lock_facts(connection)
    sifted = sift(connection, seal, wanted, rejected)
    sorted_out = sort_out(connection, sifted.wanted)
    _insert(connection, source, sorted_out.new, now)
    put_aside = quarantine.put(connection, source, [*sifted.rejected, *sorted_out.rejected], now)
    tally(connection, source, noise)
    concerned = _concerned(connection, sorted_out.new)
    if later_at is None:
        mark_due(connection, concerned, now)
    else:
        mark_later(connection, concerned, later_at)
    if sorted_out.new:
        mark_stale(connection)  # an actor whom nobody knows makes nobody due, but is counted
    saved = PageSaved(len(sorted_out.new), sorted_out.duplicates, put_aside, sum(noise.values()), sifted.erased)
    _advance(connection, source, saved, cursor, latest)
    return saved


@dataclass(frozen=True, slots=True)
class SortedOut:
    """What would be new, how many are kept already, and what cannot be kept, with the reason."""

    new: Sequence[Wanted]
    duplicates: int
    rejected: Sequence[Rejected]


def sort_out(connection: Connection, wanted: Iterable[Wanted]) -> SortedOut:
    """Tell new statements from repeats, conflicts, and those that no database could keep."""
    checked = [(each, unfit_because(each)) for each in wanted]
    bodies = _bodies(connection, (each.id for each, unfit in checked if unfit is None))
    new: list[Wanted] = []
    duplicates = 0
    rejected: list[Rejected] = []
    for each, unfit in checked:
        if unfit is not None:
            rejected.append(Rejected(each.id, each.body, unfit))
        elif each.id not in bodies:
            bodies[each.id] = each.body
            new.append(each)
        elif same_meaning(bodies[each.id], each.body):
            duplicates += 1
        else:
            rejected.append(Rejected(each.id, each.body, CONFLICT))
    return SortedOut(new, duplicates, rejected)


def _bodies(connection: Connection, ids: Iterable[str]) -> dict[str, bytes]:
    """What is kept under these ids. Nearly always nothing, as only an overlap is read twice."""
    query = select(StatementRow.id, StatementRow.body)
    return {
        row.id: row.body
        for some in chunks(dict.fromkeys(ids))
        for row in connection.execute(query.where(StatementRow.id.in_(some)))
    }


def _insert(connection: Connection, source: str, new: Sequence[Wanted], now: datetime) -> None:
    statements = [
        {
            "id": each.id,
            "source": source,
            "ifi": each.ifi,
            "verb": each.verb,
            "object_id": each.object_id,
            "voids": each.voids,
            "timestamp": each.timestamp,
            "stored": each.stored,
            "received_at": now,
            "digest": sha256(each.body).hexdigest(),
            "body": each.body,
        }
        for each in new
    ]
    members = [{"statement_id": each.id, "ifi": ifi} for each in new for ifi in dict.fromkeys(each.member_ifis)]
    insert_many(connection, StatementRow, statements)
    insert_many(connection, StatementMemberRow, members)


def _concerned(connection: Connection, new: Sequence[Wanted]) -> set[str]:
    ifis = {each.ifi for each in new if each.ifi is not None} | {ifi for each in new for ifi in each.member_ifis}
    return concerned_by(connection, ifis, {each.voids for each in new if each.voids is not None})


def concerned_by(connection: Connection, ifis: Iterable[str], voided: Iterable[str]) -> set[str]:
    """The learners whose plan may change: those whom these identifiers name, and those of statements that are voided.

    A voider that came before its target needs no care here: the target brings its own learner along.
    """
    everybody = set(ifis)
    for ids in chunks(voided):
        actors = select(StatementRow.ifi).where(StatementRow.id.in_(ids), StatementRow.ifi.is_not(None))
        members = select(StatementMemberRow.ifi).where(StatementMemberRow.statement_id.in_(ids))
        everybody.update(ifi for ifi in connection.execute(actors).scalars() if ifi is not None)
        everybody.update(connection.execute(members).scalars())
    return set(owners_of(connection, sorted(everybody)).values())


def _advance(
    connection: Connection, source: str, saved: PageSaved, cursor: str | None, latest: datetime | None
) -> None:
    state = sources.get_state(connection, source)
    values: dict[str, object] = {
        "new": state.new + saved.new,
        "duplicates": state.duplicates + saved.duplicates,
        "quarantined": state.quarantined + saved.quarantined,
        "noise": state.noise + saved.noise,
        "erased": state.erased + saved.erased,
    }
    if cursor is not None:
        values["cursor"] = cursor
    if latest is not None and (state.latest is None or latest > state.latest):
        values["latest"] = latest
    sources.change(connection, source, **values)
