"""What somebody means by an id: a completion, a statement, or a record in quarantine; whole, or its beginning.

For explanations. Says of a statement whose it is and what voided it, so that each case gets an answer of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, or_, select

from lrs_bridge.store.tables import (
    CompletionRow,
    IdentityRow,
    QuarantineRow,
    QuarantineState,
    StatementMemberRow,
    StatementRow,
)

#: So much of an id has to be given; fewer characters name too many by chance.
SHORTEST = 6
_CANDIDATES = 10


@dataclass(frozen=True, slots=True)
class OwnCompletion:
    """A completion, and whose it is: a group's completion has the same id for each of its members."""

    id: str
    learner_id: str


@dataclass(frozen=True, slots=True)
class KeptStatement:
    """A statement that is kept. `owners` are the learners whom its actor, or its members, are linked to.

    `anonymous`: it names nobody who could be linked. `voided_by`: the id of the statement that took it back.
    """

    id: str
    source: str
    received_at: datetime
    body: bytes
    owners: tuple[str, ...]
    anonymous: bool
    voids: str | None
    voided_by: str | None


@dataclass(frozen=True, slots=True)
class PutAside:
    """A record in quarantine, by its own id; `statement_id` is what it called itself."""

    id: str
    source: str
    statement_id: str | None
    reason: str
    state: QuarantineState


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Everything that an id may mean. `candidates`: the whole ids, where the beginning of one fits several."""

    completions: tuple[OwnCompletion, ...] = ()
    statement: KeptStatement | None = None
    put_aside: tuple[PutAside, ...] = ()
    candidates: tuple[str, ...] = ()


def whereabouts(connection: Connection, wanted: str) -> Whereabouts:
    """Find what an id stands for, or the beginning of one (6 characters or more), whatever the case of its letters."""
    text = wanted.strip()
    spellings = list(dict.fromkeys((text, text.lower())))
    exact = _of_ids(connection, spellings)
    if exact is not None or len(text) < SHORTEST:
        return exact or Whereabouts()
    ids = _beginning_with(connection, spellings)
    if len(ids) == 1:
        return _of_ids(connection, ids) or Whereabouts()
    return Whereabouts(candidates=tuple(ids))


def _of_ids(connection: Connection, ids: Sequence[str]) -> Whereabouts | None:
    completions = connection.execute(
        select(CompletionRow.id, CompletionRow.learner_id)
        .where(CompletionRow.id.in_(ids))
        .order_by(CompletionRow.learner_id)
    )
    own = tuple(OwnCompletion(*row) for row in completions)
    statement = _statement(connection, ids)
    aside = _put_aside(connection, ids)
    return Whereabouts(own, statement, aside) if own or statement is not None or aside else None


def _beginning_with(connection: Connection, spellings: Sequence[str]) -> list[str]:
    found: dict[str, None] = {}
    for column in (CompletionRow.id, StatementRow.id, QuarantineRow.id, QuarantineRow.statement_id):
        query = select(column).where(or_(*(column.startswith(each, autoescape=True) for each in spellings)))
        rows = connection.execute(query.distinct().order_by(column).limit(_CANDIDATES)).scalars()
        found.update(dict.fromkeys(each for each in rows if each is not None))
    return list(found)


def _statement(connection: Connection, ids: Sequence[str]) -> KeptStatement | None:
    own = StatementRow
    query = select(own.id, own.source, own.received_at, own.body, own.ifi, own.voids).where(own.id.in_(ids))
    row = connection.execute(query).first()
    if row is None:
        return None
    members = select(StatementMemberRow.ifi).where(StatementMemberRow.statement_id == row.id)
    ifis = [*connection.execute(members).scalars(), *([row.ifi] if row.ifi is not None else [])]
    owners = select(IdentityRow.learner_id).where(IdentityRow.ifi.in_(ifis)).distinct()
    voider = select(own.id).where(own.voids == row.id).order_by(own.id).limit(1)
    return KeptStatement(
        id=row.id,
        source=row.source,
        received_at=row.received_at,
        body=row.body,
        owners=tuple(connection.execute(owners.order_by(IdentityRow.learner_id)).scalars()),
        anonymous=not ifis,
        voids=row.voids,
        voided_by=connection.execute(voider).scalar_one_or_none() if row.voids is None else None,
    )


def _put_aside(connection: Connection, ids: Sequence[str]) -> tuple[PutAside, ...]:
    query = select(
        QuarantineRow.id, QuarantineRow.source, QuarantineRow.statement_id, QuarantineRow.reason, QuarantineRow.state
    ).where(or_(QuarantineRow.id.in_(ids), QuarantineRow.statement_id.in_(ids)))
    return tuple(PutAside(*row) for row in connection.execute(query.order_by(QuarantineRow.at, QuarantineRow.id)))
