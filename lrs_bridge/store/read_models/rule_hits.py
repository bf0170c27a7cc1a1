"""How many completions each rule fits: those of rules in effect, and what rules in the shadow would add."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, func, select

from lrs_bridge.store.tables import CompletionLinkRow, CompletionRow
from lrs_bridge.store.tables.derived import LinkKind

_KINDS = (LinkKind.RULE, LinkKind.SHADOW_RULE)


@dataclass(frozen=True, slots=True)
class RuleHits:
    """What one rule fits: completions, the learners whose they are, and when the latest of them ended."""

    completions: int
    learners: int
    last_at: datetime | None


def rule_hits(connection: Connection) -> dict[str, RuleHits]:
    """The hits of each rule by its id, as learners were planned last; rules that fit nothing are left out."""
    counted = (
        select(
            CompletionLinkRow.value,
            func.count(),
            func.count(CompletionLinkRow.learner_id.distinct()),
            func.max(CompletionRow.ended_at),
        )
        .join(
            CompletionRow,
            and_(
                CompletionRow.learner_id == CompletionLinkRow.learner_id,
                CompletionRow.id == CompletionLinkRow.completion_id,
            ),
        )
        .where(CompletionLinkRow.kind.in_(_KINDS))
        .group_by(CompletionLinkRow.value)
    )
    return {row[0]: RuleHits(row[1], row[2], row[3]) for row in connection.execute(counted)}
