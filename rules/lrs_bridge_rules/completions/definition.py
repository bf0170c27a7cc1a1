"""A completion definition, compiled: makes a reading of a statement that it fits.

Definitions are asked in order, and the first that fits wins (`ruleset.Ruleset.read`).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from lrs_bridge_rules.completions.reading import Activity, Reading
from lrs_bridge_rules.completions.scores import SCORES
from lrs_bridge_rules.conditions.statement_fields import around as activities_around
from lrs_bridge_rules.documents.tree import Place
from lrs_bridge_rules.statements.language import pick
from lrs_bridge_rules.statements.statement import ContextActivities
from lrs_bridge_rules.statements.times import duration_of
from lrs_bridge_rules.tracing import tree_of
from lrs_bridge_rules.verdict import DefinitionTrace

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrs_bridge_rules.completions.outcome import Outcome
    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.conditions.fields import Facts, Told
    from lrs_bridge_rules.documents.test_model import DefinitionCase
    from lrs_bridge_rules.statements.statement import Statement, StatementObject


_NOTHING: Final = ContextActivities()


@dataclass(frozen=True, slots=True)
class Definition:
    """What a statement that fits says; `outcome` None: that it is noise. `group` "" means the object itself."""

    id: str
    condition: Condition[Told]
    outcome: Outcome | None
    group: str = ""
    types: frozenset[str] = frozenset()
    attempt: str = "registration"
    score: str = "scaled"
    place: Place = field(default=Place(""), compare=False)
    lists_used: frozenset[str] = frozenset()
    tests: tuple[DefinitionCase, ...] = ()

    def target(self, facts: Facts[Told]) -> StatementObject | None:
        """Return the activity that a statement speaks about under this definition, None when it doesn't fit."""
        if not self.condition.holds(facts):
            return None
        if not self.group:
            target = facts.subject.statement.object
            return target if target.object_type == "Activity" else None
        return next((near for near in activities_around(facts.subject, self.group) if self._suits(near)), None)

    def explain(self, facts: Facts[Told], *, won_already: bool) -> DefinitionTrace:
        """Return why it fits a statement or doesn't; `won_already`: an earlier definition fits."""
        fits = self.target(facts) is not None
        return DefinitionTrace(
            definition=self.id,
            outcome=self.outcome.value if self.outcome is not None else None,
            fits=fits,
            wins=fits and not won_already,
            tree=tree_of(self.condition, facts),
            clauses=self.condition.trace(facts),
            obstacle="" if fits else self._obstacle(facts),
            path=self.place.path,
            line=self.place.line,
        )

    def _obstacle(self, facts: Facts[Told]) -> str:
        if not self.condition.holds(facts):
            return "its condition does not hold"
        where = f"{self.group} activity" if self.group else "object that is an activity"
        return f"the statement has no {where}{' of the type asked for' if self.types else ''}"

    def _suits(self, near: StatementObject) -> bool:
        if near.object_type != "Activity" or not near.id:
            return False
        return not self.types or (near.definition is not None and near.definition.type in self.types)

    def read(self, told: Told, target: StatementObject, outcome: Outcome, statement_id: str, locale: str) -> Reading:
        """Return what the statement says about `target`."""
        statement = told.statement
        result, context = statement.result, statement.context
        around = (context.context_activities if context is not None else None) or _NOTHING
        return Reading(
            statement_id=statement_id,
            definition=self.id,
            outcome=outcome,
            activity=_activity(target, locale),
            at=statement.at,
            attempt=_ATTEMPTS[self.attempt](statement, target),
            percent=SCORES[self.score](result.score) if result is not None and result.score is not None else None,
            success=result.success if result is not None else None,
            duration=duration_of(result.duration) if result is not None else None,
            verb=statement.verb.id,
            platform=(context.platform or "") if context is not None else "",
            registration=_registration(statement),
            parents=_activities(around.parent, locale),
            groupings=_activities(around.grouping, locale),
            categories=_activities(around.category, locale),
            others=_activities(around.other, locale),
            language=(context.language or "") if context is not None else "",
            source=told.source,
            statement=statement,
            names=_names(target),
            source_kind=told.source_kind,
        )


def _activity(sent: StatementObject, locale: str) -> Activity:
    if sent.definition is None:
        return Activity(sent.id)
    return Activity(sent.id, pick(sent.definition.name or {}, locale), sent.definition.type or "")


def _activities(sent: tuple[StatementObject, ...], locale: str) -> tuple[Activity, ...]:
    return tuple([_activity(each, locale) for each in sent if each.id]) if sent else ()


def _names(sent: StatementObject) -> tuple[str, ...]:
    if sent.definition is None or not sent.definition.name:
        return ()
    if len(sent.definition.name) == 1:  # nearly always
        [only] = sent.definition.name.values()
        return (only.strip(),) if only.strip() else ()
    return tuple(sorted({name.strip() for name in sent.definition.name.values()} - {""}))


def _registration(statement: Statement) -> str | None:
    sent = statement.context.registration if statement.context is not None else None
    return sent.strip().lower() or None if sent is not None else None


# "activity" is for platforms on which an activity is gone through once: whatever is said of it is one attempt.
_ATTEMPTS: Final[Mapping[str, Callable[[Statement, StatementObject], str | None]]] = {
    "registration": lambda statement, _: _registration(statement),
    "object": lambda statement, _: statement.object.id,
    "activity": lambda _, target: target.id,
    "none": lambda _statement, _target: None,
}
