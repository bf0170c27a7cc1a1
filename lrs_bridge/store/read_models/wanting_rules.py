"""What suggestions of rules are made from: unmatched activities, statements that show them, and all that is known."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, func, select

from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.suggesting.material import GoalTitle, KnownActivity
from lrs_bridge.store.catalogue import load_catalogue
from lrs_bridge.store.rows import chunks
from lrs_bridge.store.tables import CompletionLinkRow, CompletionRow, LearnerRow, LinkKind, RevisionRow, StatementRow

_KNOWN = (Standing.MATCHED, Standing.OFF_CONTRACT, Standing.EXCLUDED)
#: Revisions are read in parts of this size, as their documents are large beside the titles in them.
_PART = 500


@dataclass(frozen=True, slots=True)
class Unmatched:
    """An unmatched activity with what was done at it, and the statements of its latest completion."""

    activity_id: str
    name: str
    type: str
    completions: int
    learners: int
    hours: float
    statements: tuple[str, ...]


def unmatched(connection: Connection, since: datetime | None, most: int) -> list[Unmatched]:
    """Activities that no rule knows, completed after `since`; at most so many, those completed most often.

    Two queries that walk the completions once each: joined to one, the database would compare each with each.
    """
    counted = (
        select(
            CompletionRow.activity_id,
            func.count(),
            func.count(CompletionRow.learner_id.distinct()),
            func.sum(CompletionRow.hours),
        )
        .where(*_unmatched_since(since))
        .group_by(CompletionRow.activity_id)
        .order_by(func.count().desc(), CompletionRow.activity_id)
        .limit(most)
    )
    latest = _latest(connection, since)
    return [
        Unmatched(activity_id, name, type_, completions, learners, hours, statements)
        for activity_id, completions, learners, hours in connection.execute(counted)
        if activity_id in latest  # it is always; but another transaction may have come between the two
        for name, type_, statements in (latest[activity_id],)
    ]


def _latest(connection: Connection, since: datetime | None) -> Mapping[str, tuple[str, str, tuple[str, ...]]]:
    """Name, type and statements of the latest completion of each unmatched activity."""
    order = (CompletionRow.ended_at.desc(), CompletionRow.learner_id, CompletionRow.id)
    rank = func.row_number().over(partition_by=CompletionRow.activity_id, order_by=order).label("rank")
    columns = (CompletionRow.activity_id, CompletionRow.activity_name, CompletionRow.activity_type)
    ranked = select(*columns, CompletionRow.statements, rank).where(*_unmatched_since(since)).subquery()
    wanted = (ranked.c.activity_id, ranked.c.activity_name, ranked.c.activity_type, ranked.c.statements)
    rows = connection.execute(select(*wanted).where(ranked.c.rank == 1))
    return {activity_id: (name, type_, statements) for activity_id, name, type_, statements in rows}


def _unmatched_since(since: datetime | None) -> tuple[ColumnElement[bool], ...]:
    own = CompletionRow.standing == Standing.UNMATCHED
    return (own,) if since is None else (own, CompletionRow.ended_at > since)


def bodies(connection: Connection, statement_ids: Sequence[str]) -> Mapping[str, tuple[str, bytes]]:
    """Source and body of statements, by their ids."""
    columns = (StatementRow.id, StatementRow.source, StatementRow.body)
    return {
        own_id: (source, body)
        for ids in chunks(statement_ids)
        for own_id, source, body in connection.execute(select(*columns).where(StatementRow.id.in_(ids)))
    }


def known_activities(connection: Connection) -> Iterator[KnownActivity]:
    """The catalogue's entries, and all others that rules know: what they show, or that they do not count."""
    shown = _shown(connection)
    catalogue = load_catalogue(connection)
    for entry in catalogue.activities.values():
        competencies = entry.competencies | shown.get(entry.id, frozenset())
        yield KnownActivity(catalogue.ids_of(entry.id), (entry.name,), competencies, entry.id)
    names = (
        select(CompletionRow.activity_id, func.max(CompletionRow.activity_name))
        .where(CompletionRow.standing.in_(_KNOWN), CompletionRow.attested.is_(False))
        .group_by(CompletionRow.activity_id)
    )
    for activity_id, name in connection.execute(names):
        if catalogue.find(activity_id) is None:
            yield KnownActivity((activity_id,), (name,) if name else (), shown.get(activity_id, frozenset()))


def _shown(connection: Connection) -> Mapping[str, frozenset[str]]:
    """The competencies that completions of each activity show."""
    pairs = (
        select(CompletionRow.activity_id, CompletionLinkRow.value)
        .join(
            CompletionLinkRow,
            (CompletionLinkRow.learner_id == CompletionRow.learner_id)
            & (CompletionLinkRow.completion_id == CompletionRow.id),
        )
        .where(
            CompletionLinkRow.kind == LinkKind.COMPETENCY,
            CompletionRow.standing.in_(_KNOWN),
            CompletionRow.attested.is_(False),
        )
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for activity_id, competency in connection.execute(pairs):
        found.setdefault(activity_id, set()).add(competency)
    return {activity_id: frozenset(competencies) for activity_id, competencies in found.items()}


def goal_titles(connection: Connection) -> frozenset[GoalTitle]:
    """What goals of any revision are called that ask for competencies, each title once."""
    rows = connection.execution_options(yield_per=_PART).execute(select(RevisionRow.terms))
    return frozenset(
        GoalTitle(goal.title, goal.competencies) for (terms,) in rows for goal in terms.goals if goal.competencies
    )


def people(connection: Connection) -> frozenset[str]:
    """The names of all learners, so that nothing that names one of them is shown around."""
    return frozenset(connection.execute(select(LearnerRow.name)).scalars())


def learners_of(connection: Connection, activity_ids: Collection[str], since: datetime | None) -> frozenset[str]:
    """Who completed one of these unmatched activities after `since`."""
    query = select(CompletionRow.learner_id).where(*_unmatched_since(since)).distinct()
    return frozenset(
        learner_id
        for ids in chunks(sorted(activity_ids))
        for learner_id in connection.execute(query.where(CompletionRow.activity_id.in_(ids))).scalars()
    )
