"""One completion with its whole story: what was received, what it serves, which tasks and findings hang on it.

Why it came out so is told by `domain.examine`; here is what is stored.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, and_, select
from sqlalchemy.orm import aliased

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.follow_up import FollowUp
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.domain.waste import Finding
from lrs_bridge.store.tables import (
    CompletionLinkRow,
    CompletionRow,
    EvidenceRow,
    FindingRow,
    FollowUpRow,
    GoalProgressRow,
    InitiativeRow,
    LearnerRow,
    LinkKind,
    NeedRow,
    ObjectiveRow,
    StatementRow,
)

if TYPE_CHECKING:
    from lrs_bridge.store.read_models.listing import AnyRow


@dataclass(frozen=True, slots=True)
class ReceivedStatement:
    """A statement as it came; `body` is kept byte for byte."""

    id: str
    source: str
    verb: str
    timestamp: datetime | None
    stored: datetime | None
    received_at: datetime
    body: bytes


@dataclass(frozen=True, slots=True)
class ServedGoal:
    """A goal that took the completion as evidence: with which weight, and how much of what it requires is there."""

    goal_id: str
    contract_id: str
    title: str
    state: GoalState | None
    weight: float
    by: tuple[str, ...]
    learned: float | None = None
    required: float | None = None

    @property
    def partly(self) -> bool:
        """Whether more than this completion had or has to come together for the goal."""
        return self.weight != 1 or self.required not in (None, 1)


@dataclass(frozen=True, slots=True)
class ServedNeed:
    """A need of the organisation, up to the objective; titles are empty where the chain is broken."""

    competency: str
    initiative: str
    objective: str


@dataclass(frozen=True, slots=True)
class Story:
    """Everything stored about one completion."""

    completion: Completion
    learner_id: str
    learner_name: str
    unit: str
    job: str
    manager_name: str
    statements: tuple[ReceivedStatement, ...]
    goals: tuple[ServedGoal, ...]
    needs: tuple[ServedNeed, ...]
    follow_ups: tuple[FollowUp, ...]
    findings: tuple[Finding, ...]


def completion_story(connection: Connection, learner_id: str, completion_id: str) -> Story | None:
    """The story of one learner's completion; None where there is no such completion."""
    manager = aliased(LearnerRow)
    found = connection.execute(
        select(*CompletionRow.__table__.columns, LearnerRow.name, LearnerRow.unit, LearnerRow.job)
        .add_columns(manager.name.label("manager_name"))
        .join(LearnerRow, LearnerRow.id == CompletionRow.learner_id)
        .outerjoin(manager, manager.id == LearnerRow.manager_id)
        .where(CompletionRow.learner_id == learner_id, CompletionRow.id == completion_id)
    ).one_or_none()
    if found is None:
        return None
    return Story(
        completion=_as(Completion, found),
        learner_id=learner_id,
        learner_name=found.name,
        unit=found.unit,
        job=found.job,
        manager_name=found.manager_name or "",
        statements=_statements(connection, learner_id, completion_id),
        goals=_goals(connection, learner_id, completion_id),
        needs=_needs(connection, found.needs),
        follow_ups=_follow_ups(connection, learner_id, completion_id),
        findings=_findings(connection, learner_id, completion_id),
    )


def _as(kind: type[Any], row: AnyRow) -> Any:  # noqa: ANN401  # the caller knows which
    """A row whose columns bear the names of a dataclass's fields, as that dataclass."""
    values = row._mapping
    return kind(**{field.name: values[field.name] for field in fields(kind)})


def _statements(connection: Connection, learner_id: str, completion_id: str) -> tuple[ReceivedStatement, ...]:
    names = [field.name for field in fields(ReceivedStatement)]
    rows = connection.execute(
        select(*(getattr(StatementRow, name) for name in names))
        .join(CompletionLinkRow, CompletionLinkRow.value == StatementRow.id)
        .where(
            CompletionLinkRow.learner_id == learner_id,
            CompletionLinkRow.completion_id == completion_id,
            CompletionLinkRow.kind == LinkKind.STATEMENT,
        )
        .order_by(StatementRow.timestamp, StatementRow.id)
    )
    return tuple(ReceivedStatement(**row._mapping) for row in rows)


def _goals(connection: Connection, learner_id: str, completion_id: str) -> tuple[ServedGoal, ...]:
    rows = connection.execute(
        select(
            EvidenceRow.goal_id,
            EvidenceRow.contract_id,
            EvidenceRow.weight,
            EvidenceRow.by,
            GoalProgressRow.title,
            GoalProgressRow.state,
            GoalProgressRow.learned,
            GoalProgressRow.required,
        )
        .outerjoin(
            GoalProgressRow,
            and_(
                GoalProgressRow.learner_id == EvidenceRow.learner_id,
                GoalProgressRow.contract_id == EvidenceRow.contract_id,
                GoalProgressRow.goal_id == EvidenceRow.goal_id,
            ),
        )
        .where(EvidenceRow.learner_id == learner_id, EvidenceRow.completion_id == completion_id)
        .order_by(GoalProgressRow.title, EvidenceRow.goal_id)
    )
    return tuple(
        ServedGoal(
            row.goal_id,
            row.contract_id,
            row.title or row.goal_id,
            row.state,
            row.weight,
            row.by,
            row.learned,
            row.required,
        )
        for row in rows
    )


def _needs(connection: Connection, need_ids: tuple[str, ...]) -> tuple[ServedNeed, ...]:
    rows = connection.execute(
        select(NeedRow.competency, InitiativeRow.title, ObjectiveRow.title.label("objective"))
        .outerjoin(InitiativeRow, InitiativeRow.id == NeedRow.initiative_id)
        .outerjoin(ObjectiveRow, ObjectiveRow.id == InitiativeRow.objective_id)
        .where(NeedRow.id.in_(need_ids))
        .order_by(NeedRow.id)
    )
    return tuple(ServedNeed(row.competency, row.title or "", row.objective or "") for row in rows)


def _follow_ups(connection: Connection, learner_id: str, completion_id: str) -> tuple[FollowUp, ...]:
    rows = connection.execute(
        select(*FollowUpRow.__table__.columns)
        .where(FollowUpRow.learner_id == learner_id, FollowUpRow.completion_id == completion_id)
        .order_by(FollowUpRow.due_at, FollowUpRow.id)
    )
    return tuple(_as(FollowUp, row) for row in rows)


def _findings(connection: Connection, learner_id: str, completion_id: str) -> tuple[Finding, ...]:
    rows = connection.execute(
        select(*FindingRow.__table__.columns)
        .where(FindingRow.learner_id == learner_id, FindingRow.completion_id == completion_id)
        .order_by(FindingRow.counted.desc(), FindingRow.since, FindingRow.id)
    )
    return tuple(_as(Finding, row) for row in rows)
