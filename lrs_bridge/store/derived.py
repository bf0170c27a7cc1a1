"""The derived rows as domain objects: which table keeps what of a plan, and what of it is kept at present.

One line in `PARTS` is all that a further derived thing needs to be loaded, compared and written.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from sqlalchemy import Connection, func, select

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.facts import Previous
from lrs_bridge.domain.follow_up import FollowUp
from lrs_bridge.domain.notice import Notice
from lrs_bridge.domain.plan import Plan
from lrs_bridge.domain.planning.growing import Growth
from lrs_bridge.domain.planning.matching import Evidence
from lrs_bridge.domain.planning.progressing import GoalProgress
from lrs_bridge.domain.waste import Finding
from lrs_bridge.store.rows import chunks, columns_of
from lrs_bridge.store.tables import (
    Base,
    CompletionRow,
    EvidenceRow,
    FindingRow,
    FollowUpRow,
    GoalProgressRow,
    GrowthRow,
    OutboxRow,
    OutboxState,
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a plan: its name there, the table, the domain's type, and what makes two of a learner's the same."""

    name: str
    table: type[Base]
    kind: type[Any]
    key: tuple[str, ...]

    def key_of(self, item: object) -> tuple[object, ...]:
        return tuple(getattr(item, name) for name in self.key)

    def of(self, plan: Plan | StoredPlan) -> tuple[Any, ...]:
        """The part's items in a plan; growth is a single one, kept when there is something to say."""
        found = getattr(plan, self.name)
        if isinstance(found, Growth):
            return () if found == Growth() else (found,)
        items: tuple[Any, ...] = found
        return items


PARTS: Final = (
    Part("completions", CompletionRow, Completion, ("id",)),
    Part("evidence", EvidenceRow, Evidence, ("completion_id", "goal_id")),
    Part("goals", GoalProgressRow, GoalProgress, ("contract_id", "goal_id")),
    Part("follow_ups", FollowUpRow, FollowUp, ("id",)),
    Part("findings", FindingRow, Finding, ("id",)),
    Part("growth", GrowthRow, Growth, ()),
)
_FOLLOW_UPS: Final = next(part for part in PARTS if part.kind is FollowUp)


@dataclass(frozen=True, slots=True)
class StoredMessage:
    """A notice as it stands in the outbox. `holds`: whether the plan still asked for it when last applied."""

    notice: Notice
    state: OutboxState
    holds: bool


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """What is kept of one learner's plan; messages by the key of their notice."""

    completions: tuple[Completion, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    goals: tuple[GoalProgress, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    findings: tuple[Finding, ...] = ()
    growth: Growth = field(default_factory=Growth)
    messages: Mapping[str, StoredMessage] = field(default_factory=dict)

    def as_previous(self) -> Previous:
        """What the next plan must carry on."""
        return Previous({each.id: frozenset(each.statements) for each in self.completions}, self.follow_ups)


def load_stored(connection: Connection, learner_ids: Sequence[str]) -> dict[str, StoredPlan]:
    """What is kept of the plans of these learners, in one query a table; for a learner without any, an empty one."""
    found: dict[str, dict[str, Any]] = {learner_id: {} for learner_id in learner_ids}
    for part in PARTS:
        for learner_id, items in _load(connection, part, learner_ids).items():
            found[learner_id][part.name] = items[0] if part.kind is Growth else tuple(items)
    for learner_id, messages in _load_messages(connection, learner_ids).items():
        found[learner_id]["messages"] = messages
    return {learner_id: StoredPlan(**parts) for learner_id, parts in found.items()}


def load_previous(connection: Connection, learner_ids: Sequence[str]) -> dict[str, Previous]:
    """Of the plans of these learners what the next ones must carry on, and nothing else."""
    completions: defaultdict[str, dict[str, frozenset[str]]] = defaultdict(dict)
    query = select(CompletionRow.learner_id, CompletionRow.id, CompletionRow.statements)
    for ids in chunks(learner_ids):
        for learner_id, own_id, statements in connection.execute(query.where(CompletionRow.learner_id.in_(ids))).all():
            completions[learner_id][own_id] = frozenset(statements)
    follow_ups = _load(connection, _FOLLOW_UPS, learner_ids)
    return {each: Previous(completions[each], tuple(follow_ups.get(each, ()))) for each in learner_ids}


def count_completions(connection: Connection, learner_ids: Sequence[str], since: datetime | None = None) -> int:
    """How many completions these learners have; with `since` those that ended from then on (or began, if not ended)."""
    query = select(func.count()).select_from(CompletionRow)
    if since is not None:
        query = query.where(func.coalesce(CompletionRow.ended_at, CompletionRow.started_at) >= since)
    return sum(
        connection.execute(query.where(CompletionRow.learner_id.in_(ids))).scalar_one() for ids in chunks(learner_ids)
    )


def _load(connection: Connection, part: Part, learner_ids: Sequence[str]) -> dict[str, list[Any]]:
    table: Any = part.table
    query = select(table.learner_id, *columns_of(table, part.kind))
    found: defaultdict[str, list[Any]] = defaultdict(list)
    for ids in chunks(learner_ids):
        for learner_id, *values in connection.execute(query.where(table.learner_id.in_(ids))).all():
            found[learner_id].append(part.kind(*values))
    return found


_MESSAGE = (
    OutboxRow.notice_key,
    OutboxRow.kind,
    OutboxRow.recipient_id,
    OutboxRow.learner_id,
    OutboxRow.due_at,
    OutboxRow.details,
    OutboxRow.state,
    OutboxRow.holds,
)


def _load_messages(connection: Connection, learner_ids: Sequence[str]) -> dict[str, dict[str, StoredMessage]]:
    found: defaultdict[str, dict[str, StoredMessage]] = defaultdict(dict)
    for ids in chunks(learner_ids):
        for row in connection.execute(select(*_MESSAGE).where(OutboxRow.learner_id.in_(ids))):
            key, kind, recipient_id, learner_id, due_at, details, state, holds = row
            notice = Notice(key, kind, recipient_id, learner_id, due_at, details)
            found[learner_id][key] = StoredMessage(notice, state, holds)
    return found
