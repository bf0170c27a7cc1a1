"""Takes a person out of statements that others share: groups, instructors, sub-statements; and out of quarantine."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from hashlib import sha256

import msgspec
from sqlalchemy import Connection, LargeBinary, String, cast, delete, func, insert, or_, select, update
from sqlalchemy.sql import ColumnElement

from lrs_bridge.store.engine import is_postgres
from lrs_bridge.store.erasing.references import Person
from lrs_bridge.store.people import owners_of
from lrs_bridge.store.rows import chunks
from lrs_bridge.store.seal import Seal
from lrs_bridge.store.tables import QuarantineRow, StatementMemberRow, StatementRow
from lrs_bridge.store.tombstones import erased_among
from lrs_bridge_rules.statements.agents import identifiers_in, without
from lrs_bridge_rules.statements.identifier import mbox_sha1
from lrs_bridge_rules.statements.statement import decode_statement

_AT_ONCE = 500


def every_form(connection: Connection, ifis: Collection[str]) -> frozenset[str]:
    """These identifiers, with mail addresses as statements spell them (whatever the letter case), and their SHA-1s."""
    mails = {ifi for ifi in ifis if ifi.startswith("mbox:")}
    lowered = sorted({ifi.lower() for ifi in mails})
    for column in (StatementRow.ifi, StatementMemberRow.ifi):
        for some in chunks(lowered):
            spelled = connection.execute(select(column).where(func.lower(column).in_(some)).distinct()).scalars()
            mails |= {ifi for ifi in spelled if ifi is not None}
    for some in chunks(lowered):
        mails |= set(_spelled_in_bodies(connection, some))
    return frozenset({*ifis, *mails, *map(mbox_sha1, mails)})


def _spelled_in_bodies(connection: Connection, lowered: Collection[str]) -> Iterator[str]:
    """How bodies spell these mail addresses, which are given in lower case."""
    needles = {ifi.removeprefix("mbox:").rpartition("@")[0] + "@" for ifi in lowered}
    if is_postgres(connection):  # as text in ASCII, whatever bytes it has
        found = [func.strpos(func.lower(func.encode(StatementRow.body, "escape")), each) > 0 for each in needles]
    else:
        found = [func.instr(func.lower(cast(StatementRow.body, String)), each) > 0 for each in needles]
    query = select(StatementRow.body).where(or_(False, *found))
    for body in connection.execute(query, execution_options={"yield_per": _AT_ONCE}).scalars():
        yield from (ifi for ifi in identifiers_in(body) if ifi.lower() in lowered)


def returned(connection: Connection, seal: Seal) -> frozenset[str]:
    """The identifiers in kept statements and records that were erased. Every body is read."""
    judged: dict[str, bool] = {}
    for column in (StatementRow.body, QuarantineRow.body):
        for body in connection.execute(select(column), execution_options={"yield_per": _AT_ONCE}).scalars():
            unknown = identifiers_in(body) - judged.keys()
            erased = erased_among(connection, seal, unknown) if unknown else frozenset[str]()
            judged |= {ifi: ifi in erased for ifi in unknown}
    return frozenset(ifi for ifi, erased in judged.items() if erased)


def take_out_of_statements(connection: Connection, person: Person) -> tuple[int, set[str]]:
    """Rewrite every kept statement that names the person, or remove it if nobody else said it.

    What voids is kept, without who did it, as it is when a source delivers it again (`tombstones.sift`).
    Returns how many were rewritten, and the learners whose they are.
    """
    naming = [
        (own_id, without(body, person.ifis, keep_statement=voids is not None))
        for own_id, voids, body in statements_naming(connection, person.ifis)
    ]
    removed = [own_id for own_id, left in naming if left is None]
    for some in chunks(removed):
        connection.execute(delete(StatementRow).where(StatementRow.id.in_(some)))
    rewritten = {own_id: left for own_id, left in naming if left is not None}
    concerned = [_rewrite(connection, own_id, left) for own_id, left in rewritten.items()]
    return len(rewritten), set[str]().union(*concerned)


def statements_naming(connection: Connection, ifis: Collection[str]) -> Iterator[tuple[str, str | None, bytes]]:
    """All kept statements that name one of these people anywhere."""
    own = select(StatementRow.id).where(StatementRow.ifi.in_(ifis))
    member = select(StatementMemberRow.statement_id).where(StatementMemberRow.ifi.in_(ifis))
    ids = {*connection.execute(own).scalars(), *connection.execute(member).scalars()}
    ids |= set(connection.execute(select(StatementRow.id).where(or_(*_mentioning(connection, ifis)))).scalars())
    query = select(StatementRow.id, StatementRow.voids, StatementRow.body)
    for some in chunks(sorted(ids), _AT_ONCE):
        for row in connection.execute(query.where(StatementRow.id.in_(some))).all():
            if not identifiers_in(row.body).isdisjoint(ifis):
                yield row.id, row.voids, row.body


def _mentioning(connection: Connection, ifis: Iterable[str]) -> Iterator[ColumnElement[bool]]:
    """Conditions that no body escapes that names one of them; they may find more, which is looked through then."""
    for needle in sorted({each for ifi in ifis for each in _needles(ifi)}):
        part = cast(needle, LargeBinary)
        if is_postgres(connection):
            yield func.position(part.op("IN")(StatementRow.body)) > 0
        else:
            yield func.instr(StatementRow.body, part) > 0
    yield StatementRow.id == ""


def _needles(ifi: str) -> Iterator[bytes]:
    """The telling part of an identifier as it stands in JSON, written in UTF-8 or escaped."""
    kind, _, rest = ifi.partition(":")
    telling = {
        "mbox": rest.rpartition("@")[0] + "@",
        "account": rest.partition("|")[2],
    }.get(kind, rest)
    plain = msgspec.json.encode(telling)[1:-1]
    yield plain
    escaped = telling.encode("ascii", "backslashreplace")
    if escaped != plain:
        yield escaped


def _rewrite(connection: Connection, own_id: str, body: bytes) -> set[str]:
    """Keep another body; the learners whose the statement still is."""
    statement = decode_statement(body)
    connection.execute(
        update(StatementRow)
        .where(StatementRow.id == own_id)
        .values(body=body, ifi=statement.ifi, digest=sha256(body).hexdigest())
    )
    connection.execute(delete(StatementMemberRow).where(StatementMemberRow.statement_id == own_id))
    members = [{"statement_id": own_id, "ifi": ifi} for ifi in statement.member_ifis]
    if members:
        connection.execute(insert(StatementMemberRow), members)
    whose = (*statement.member_ifis, *((statement.ifi,) if statement.ifi else ()))
    return set(owners_of(connection, whose).values())


def take_out_of_quarantine(connection: Connection, ifis: Collection[str], statements: Collection[str]) -> int:
    """Throw away every record that names the person, or is another version of a statement of theirs."""
    gone = held_naming(connection, ifis, statements)
    for some in chunks(gone):
        connection.execute(delete(QuarantineRow).where(QuarantineRow.id.in_(some)))
    return len(gone)


def held_naming(connection: Connection, ifis: Collection[str], statements: Collection[str]) -> list[str]:
    """The records in quarantine that name one of these people, or bear the id of one of these statements."""
    query = select(QuarantineRow.id, QuarantineRow.statement_id, QuarantineRow.body).order_by(QuarantineRow.id)
    folded = {_folded(ifi) for ifi in ifis}
    return [
        row.id
        for row in connection.execute(query, execution_options={"yield_per": _AT_ONCE})
        if row.statement_id in statements or not folded.isdisjoint(map(_folded, identifiers_in(row.body)))
    ]


def _folded(ifi: str) -> str:
    return ifi.lower() if ifi.startswith("mbox:") else ifi
