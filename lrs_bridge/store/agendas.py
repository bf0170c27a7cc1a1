"""The two sides that alignment compares: the organisation's strategy, and the learners' growth agendas."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from sqlalchemy import Connection, delete, insert, select

from lrs_bridge.domain.agenda import Competency, Initiative, Need, Objective, Scope, Want
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.rows import Saved, by_learner, chunks, columns_of, values_of
from lrs_bridge.store.tables import CompetencyRow, InitiativeRow, NeedRow, ObjectiveRow, WantRow

_WANT = columns_of(WantRow, Want)
_NEED = (
    NeedRow.id,
    NeedRow.competency,
    NeedRow.initiative_id,
    NeedRow.scope_kind,
    NeedRow.scope_name,
    NeedRow.starts_on,
    NeedRow.ends_on,
)

_Part: TypeAlias = Competency | Objective | Initiative | Need


@dataclass(frozen=True, slots=True)
class Strategy:
    """The organisation's chain from the top down, and the competencies; each part in order of its ids."""

    objectives: tuple[Objective, ...] = ()
    initiatives: tuple[Initiative, ...] = ()
    needs: tuple[Need, ...] = ()
    competencies: tuple[Competency, ...] = ()


def load_strategy(connection: Connection) -> Strategy:
    """The organisation's whole chain as it stands, each part in order of the ids."""
    objectives = connection.execute(select(*columns_of(ObjectiveRow, Objective)).order_by(ObjectiveRow.id))
    initiatives = connection.execute(select(*columns_of(InitiativeRow, Initiative)).order_by(InitiativeRow.id))
    return Strategy(
        tuple(Objective(*row) for row in objectives),
        tuple(Initiative(*row) for row in initiatives),
        load_needs(connection),
        load_competencies(connection),
    )


def load_competencies(connection: Connection) -> tuple[Competency, ...]:
    """The competencies that were declared; none where the organisation uses free ids."""
    rows = connection.execute(select(*columns_of(CompetencyRow, Competency)).order_by(CompetencyRow.id))
    return tuple(Competency(*row) for row in rows)


def load_needs(connection: Connection) -> tuple[Need, ...]:
    """What the organisation needs learned, and by whom, in order of the ids."""
    rows = connection.execute(select(*_NEED).order_by(NeedRow.id))
    return tuple(
        Need(own_id, competency, initiative_id, Scope(kind, name), starts_on, ends_on)
        for own_id, competency, initiative_id, kind, name, starts_on, ends_on in rows
    )


def save_strategy(connection: Connection, strategy: Strategy, now: datetime) -> Saved:
    """Add or change competencies, objectives, initiatives and needs; others stay. Changed needs make everybody due."""
    known = load_strategy(connection)
    competencies = _save(connection, CompetencyRow, strategy.competencies, known.competencies)
    objectives = _save(connection, ObjectiveRow, strategy.objectives, known.objectives)
    initiatives = _save(connection, InitiativeRow, strategy.initiatives, known.initiatives)
    needs = _save(connection, NeedRow, strategy.needs, known.needs)
    if needs.new or needs.changed:
        mark_due(connection, None, now)
    return competencies + objectives + initiatives + needs


def remove_needs(connection: Connection, ids: Iterable[str], now: datetime) -> int:
    """Take needs away; returns how many there were."""
    removed = connection.execute(delete(NeedRow).where(NeedRow.id.in_(list(ids)))).rowcount
    if removed:
        mark_due(connection, None, now)
    return removed


def save_wants(connection: Connection, agendas: Mapping[str, Sequence[Want]], now: datetime) -> Saved:
    """Set the growth agenda of each of these learners, by learner id. `Saved` counts agendas."""
    known = load_wants(connection, list(agendas))
    different = [each for each in agendas if tuple(agendas[each]) != known.get(each, ())]
    for ids in chunks(different):
        connection.execute(delete(WantRow).where(WantRow.learner_id.in_(ids)))
    rows = [
        {**values_of(want), "learner_id": learner_id, "position": position}
        for learner_id in different
        for position, want in enumerate(agendas[learner_id])
    ]
    if rows:
        connection.execute(insert(WantRow), rows)
    mark_due(connection, different, now)
    new = sum(1 for each in different if each not in known)
    return Saved(new, len(different) - new, len(agendas) - len(different))


def load_wants(connection: Connection, learner_ids: Sequence[str]) -> dict[str, tuple[Want, ...]]:
    """The growth agendas of these learners; those without one are left out."""
    query = select(WantRow.learner_id, *_WANT).order_by(WantRow.learner_id, WantRow.position)
    return by_learner(connection, query, Want, learner_ids)


def _save(
    connection: Connection,
    table: type[CompetencyRow | ObjectiveRow | InitiativeRow | NeedRow],
    wanted: Sequence[_Part],
    known: Sequence[_Part],
) -> Saved:
    by_id = {each.id: each for each in known}
    different = {each.id: each for each in wanted if by_id.get(each.id) != each}
    changed = [each for each in different if each in by_id]
    for ids in chunks(changed):
        connection.execute(delete(table).where(table.id.in_(ids)))
    if different:
        connection.execute(insert(table), [_values(each) for each in different.values()])
    return Saved(len(different) - len(changed), len(changed), len({each.id for each in wanted}) - len(different))


def _values(item: _Part) -> dict[str, object]:
    values = values_of(item)
    if isinstance(item, Need):
        scope = values.pop("scope")
        values |= {"scope_kind": scope.kind, "scope_name": scope.name}
    return values
