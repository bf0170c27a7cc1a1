"""The list of follow-ups: which application tasks are open, late, waiting for a manager, done, declined or run out."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, select
from sqlalchemy.orm import aliased

from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.store.read_models.listing import Listing, Request, Slice, equals, named, one_of
from lrs_bridge.store.tables import CompletionRow, FollowUpRow, LearnerRow
from lrs_bridge_rules.follow_up import FollowUpKind

_MANAGER = aliased(LearnerRow)


@dataclass(frozen=True, slots=True)
class ListedFollowUp:
    """One application task with the names that people know."""

    id: str
    learner_id: str
    learner_name: str
    unit: str
    manager_name: str | None
    completion_id: str
    activity_name: str | None
    template: str
    kind: FollowUpKind
    title: str
    state: FollowUpState
    since: datetime
    opened_at: datetime
    due_at: datetime
    confirm: bool
    reason_gone: bool


def looks(now: datetime) -> dict[str, ColumnElement[bool]]:
    """The groups of tasks that somebody should look at."""
    return {
        "overdue": and_(FollowUpRow.state == FollowUpState.OPEN, FollowUpRow.due_at < now),
        "waiting": and_(FollowUpRow.state == FollowUpState.SUBMITTED, FollowUpRow.confirm.is_(True)),
        "reason-gone": FollowUpRow.reason_gone.is_(True),
    }


def _listing(now: datetime) -> Listing:
    return Listing(
        sorts={
            "due_at": FollowUpRow.due_at,
            "since": FollowUpRow.since,
            "learner": LearnerRow.name,
            "title": FollowUpRow.title,
            "state": FollowUpRow.state,
            "kind": FollowUpRow.kind,
        },
        order=("due_at", True),
        tie=FollowUpRow.id,
        filters={
            "state": one_of(FollowUpRow.state, FollowUpState),
            "kind": one_of(FollowUpRow.kind, FollowUpKind),
            "look": named(looks(now)),
            "learner": equals(FollowUpRow.learner_id),
            "unit": equals(LearnerRow.unit),
        },
        search=(FollowUpRow.title, LearnerRow.name),
        key=(FollowUpRow.learner_id, FollowUpRow.id),
    )


def follow_ups(connection: Connection, request: Request, now: datetime) -> Slice[ListedFollowUp]:
    """Application tasks, the one due last first."""
    statement = (
        select(
            FollowUpRow.id,
            FollowUpRow.learner_id,
            LearnerRow.name.label("learner_name"),
            LearnerRow.unit,
            _MANAGER.name.label("manager_name"),
            FollowUpRow.completion_id,
            CompletionRow.activity_name,
            FollowUpRow.template,
            FollowUpRow.kind,
            FollowUpRow.title,
            FollowUpRow.state,
            FollowUpRow.since,
            FollowUpRow.opened_at,
            FollowUpRow.due_at,
            FollowUpRow.confirm,
            FollowUpRow.reason_gone,
        )
        .outerjoin(LearnerRow, LearnerRow.id == FollowUpRow.learner_id)  # left out where nothing asks for it
        .outerjoin(_MANAGER, _MANAGER.id == LearnerRow.manager_id)
        .outerjoin(
            CompletionRow,
            and_(CompletionRow.learner_id == FollowUpRow.learner_id, CompletionRow.id == FollowUpRow.completion_id),
        )
    )
    return _listing(now).take(connection, statement, request).map(lambda row: ListedFollowUp(**row._mapping))
