"""The catalogue: activities with their aliases, providers, fees, mandates and tests."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, delete, insert, select

from lrs_bridge.domain.activity import Catalogue, CatalogueActivity
from lrs_bridge.store.due import mark_due
from lrs_bridge.store.rows import Saved, chunks, columns_of, values_of
from lrs_bridge.store.tables import ActivityAliasRow, ActivityCompetencyRow, ActivityRow

_ACTIVITY = columns_of(ActivityRow, CatalogueActivity)


def save_catalogue(connection: Connection, activities: Iterable[CatalogueActivity], now: datetime) -> Saved:
    """Add or change activities; others stay. A change makes every learner due: anybody may have used them."""
    wanted = {activity.id: activity for activity in activities}
    known = {activity.id: activity for activity in _all(connection)}
    new = [each for each in wanted.values() if each.id not in known]
    changed = [each for each in wanted.values() if each.id in known and known[each.id] != each]
    if new or changed:
        _remove(connection, [each.id for each in changed])
        _insert(connection, [*new, *changed])
        mark_due(connection, None, now)
    return Saved(len(new), len(changed), len(wanted) - len(new) - len(changed))


def remove_activities(connection: Connection, ids: Iterable[str], now: datetime) -> int:
    """Take activities out of the catalogue; returns how many were in it."""
    removed = _remove(connection, list(ids))
    if removed:
        mark_due(connection, None, now)
    return removed


def load_catalogue(connection: Connection) -> Catalogue:
    """All that is known of activities, to be found by any of their ids."""
    return Catalogue.of(_all(connection))


def _all(connection: Connection) -> list[CatalogueActivity]:
    query = select(*_ACTIVITY).order_by(ActivityRow.id)
    return [CatalogueActivity(*row) for row in connection.execute(query)]


def _insert(connection: Connection, activities: list[CatalogueActivity]) -> None:
    connection.execute(insert(ActivityRow), [values_of(activity) for activity in activities])
    competencies = [{"activity_id": each.id, "competency": name} for each in activities for name in each.competencies]
    aliases = [{"activity_id": each.id, "alias": alias} for each in activities for alias in each.aliases]
    if competencies:
        connection.execute(insert(ActivityCompetencyRow), competencies)
    if aliases:
        connection.execute(insert(ActivityAliasRow), aliases)


def _remove(connection: Connection, ids: list[str]) -> int:
    return sum(connection.execute(delete(ActivityRow).where(ActivityRow.id.in_(some))).rowcount for some in chunks(ids))
