"""The names that people know, for identifiers that stand in an address."""

from __future__ import annotations

from sqlalchemy import Connection, select

from lrs_bridge.store.tables import ActivityRow, CompletionRow, LearnerRow


def activity_name(connection: Connection, activity_id: str) -> str:
    """The catalogue's name, else the one that statements give; the id itself where nobody knows one."""
    known = connection.execute(select(ActivityRow.name).where(ActivityRow.id == activity_id)).scalar()
    told = select(CompletionRow.activity_name).where(CompletionRow.activity_id == activity_id).limit(1)
    return known or connection.execute(told).scalar() or activity_id


def learner_name(connection: Connection, learner_id: str) -> str:
    """The learner's name; the id where there is none."""
    return connection.execute(select(LearnerRow.name).where(LearnerRow.id == learner_id)).scalar() or learner_id
