"""The names that people know, for identifiers that stand in an address."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Connection, select

from lrs_bridge.store.agendas import load_competencies
from lrs_bridge.store.tables import ActivityRow, CompletionRow, LearnerRow


def activity_name(connection: Connection, activity_id: str) -> str:
    """The catalogue's name, else the one that statements give; the id itself where nobody knows one."""
    known = connection.execute(select(ActivityRow.name).where(ActivityRow.id == activity_id)).scalar()
    told = select(CompletionRow.activity_name).where(CompletionRow.activity_id == activity_id).limit(1)
    return known or connection.execute(told).scalar() or activity_id


def competency_titles(connection: Connection) -> Mapping[str, str]:
    """The titles of the competencies that were declared, by id; the others have none but their id."""
    return {each.id: each.title for each in load_competencies(connection)}


def learner_name(connection: Connection, learner_id: str) -> str:
    """The learner's name; the id where there is none."""
    return connection.execute(select(LearnerRow.name).where(LearnerRow.id == learner_id)).scalar() or learner_id
