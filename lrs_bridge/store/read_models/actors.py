"""Actors whom nobody knows yet: identifiers in statements that are linked to no learner."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Select, exists, func, select

from lrs_bridge.store.read_models.listing import Listing, Request, Slice, equals
from lrs_bridge.store.tables import IdentityRow, StatementRow


@dataclass(frozen=True, slots=True)
class UnknownActor:
    """An identifier with what was received under it."""

    ifi: str
    statements: int
    sources: int
    first_seen: datetime
    last_seen: datetime


_COUNT = func.count().label("statements")
_SOURCES = func.count(StatementRow.source.distinct()).label("sources")
_FIRST = func.min(StatementRow.received_at).label("first_seen")
_LAST = func.max(StatementRow.received_at).label("last_seen")

_LISTING = Listing(
    sorts={"ifi": StatementRow.ifi, "statements": _COUNT, "first_seen": _FIRST, "last_seen": _LAST},
    order=("statements", True),
    tie=StatementRow.ifi,
    filters={"source": equals(StatementRow.source)},
    search=(StatementRow.ifi,),
)


def _strangers() -> Select[str]:
    """The identifiers that are linked to nobody.

    One step from each identifier to the next in the index, as neither database does that for `distinct` by itself:
    reading the statements of all who are known is what takes the time.
    """
    following = select(func.min(StatementRow.ifi).label("ifi")).cte("following", recursive=True)
    after = select(func.min(StatementRow.ifi)).where(StatementRow.ifi > following.c.ifi).scalar_subquery()
    following = following.union_all(select(after).where(following.c.ifi.is_not(None)))
    is_known = exists().where(IdentityRow.ifi == following.c.ifi)
    return select(following.c.ifi).where(following.c.ifi.is_not(None), ~is_known)


#: The identifiers of actors whom nobody knows, each once.
UNKNOWN = _strangers()


def unknown_actors(connection: Connection, request: Request) -> Slice[UnknownActor]:
    """Identifiers without a learner, those with the most statements first."""
    statement = (
        select(StatementRow.ifi, _COUNT, _SOURCES, _FIRST, _LAST)
        .where(StatementRow.ifi.in_(UNKNOWN))
        .group_by(StatementRow.ifi)
    )
    return _LISTING.take(connection, statement, request).map(lambda row: UnknownActor(**row._mapping))
