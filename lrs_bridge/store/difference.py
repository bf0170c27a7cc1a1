"""What separates a plan from what is kept: rows to insert, to update and to delete, for many learners at once.

Pure. `apply` collects the differences of a whole chunk here and then writes each table in one go.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.plan import Plan
from lrs_bridge.store.derived import PARTS, Part, StoredPlan
from lrs_bridge.store.rows import values_of
from lrs_bridge.store.tables import Base, CompletionLinkRow, LinkKind

Values = dict[str, Any]


@dataclass(slots=True)
class Changes:
    """What is to be written to one table."""

    inserts: list[Values] = field(default_factory=list)
    updates: list[Values] = field(default_factory=list)
    deletes: list[Values] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Counted:
    """How many derived rows of one learner differ."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0


class Difference:
    """The changes of a chunk of learners, by table."""

    def __init__(self) -> None:
        self.tables: defaultdict[type[Base], Changes] = defaultdict(Changes)

    def add(self, learner_id: str, stored: StoredPlan, plan: Plan) -> Counted:
        """Compare one learner's plan with what is kept of it."""
        counted = [self._add_part(part, learner_id, part.of(stored), part.of(plan)) for part in PARTS]
        return Counted(
            sum(each.inserted for each in counted),
            sum(each.updated for each in counted),
            sum(each.deleted for each in counted),
        )

    def _add_part(self, part: Part, learner_id: str, stored: Sequence[Any], wanted: Sequence[Any]) -> Counted:
        before = {part.key_of(item): item for item in stored}
        after = {part.key_of(item): item for item in wanted}
        inserted = [item for key, item in after.items() if key not in before]
        updated = [item for key, item in after.items() if key in before and before[key] != item]
        deleted = [item for key, item in before.items() if key not in after]
        if not (inserted or updated or deleted):
            return Counted()
        changes = self.tables[part.table]
        changes.inserts += [{"learner_id": learner_id, **values_of(item)} for item in inserted]
        changes.updates += [{"learner_id": learner_id, **values_of(item)} for item in updated]
        changes.deletes += [_key_values(part, learner_id, item) for item in deleted]
        if part.kind is Completion:
            self._add_links(learner_id, [before[part.key_of(item)] for item in updated], [*inserted, *updated])
        return Counted(len(inserted), len(updated), len(deleted))

    def _add_links(self, learner_id: str, before: Iterable[Completion], after: Iterable[Completion]) -> None:
        """Links of deleted completions go with them; of the others, those that came and those that went."""
        old = {link for completion in before for link in _links(completion)}
        new = {link for completion in after for link in _links(completion)}
        changes = self.tables[CompletionLinkRow]
        changes.inserts += [_link_values(learner_id, link) for link in sorted(new - old)]
        changes.deletes += [_link_values(learner_id, link) for link in sorted(old - new)]


def _key_values(part: Part, learner_id: str, item: object) -> Values:
    return {"learner_id": learner_id, **dict(zip(part.key, part.key_of(item), strict=True))}


def _links(completion: Completion) -> set[tuple[str, LinkKind, str]]:
    lists = (
        (LinkKind.STATEMENT, completion.statements),
        (LinkKind.NEED, completion.needs),
        (LinkKind.COMPETENCY, completion.competencies),
        (LinkKind.RULE, completion.rules),
        (LinkKind.SHADOW_RULE, completion.shadow_rules),
    )
    return {(completion.id, kind, value) for kind, values in lists for value in values}


def _link_values(learner_id: str, link: tuple[str, LinkKind, str]) -> Values:
    completion_id, kind, value = link
    return {"learner_id": learner_id, "completion_id": completion_id, "kind": kind, "value": value}
