"""A rule, compiled: judges one completion and says why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from lrs_bridge_rules.documents.tree import Place
from lrs_bridge_rules.tracing import tree_of
from lrs_bridge_rules.verdict import EvidenceSpec, ExceptionTrace, Match, RuleTrace

if TYPE_CHECKING:
    from datetime import datetime

    from lrs_bridge_rules.completions.subject import Subject
    from lrs_bridge_rules.conditions.condition import Condition
    from lrs_bridge_rules.conditions.fields import Facts
    from lrs_bridge_rules.documents.document import Status
    from lrs_bridge_rules.documents.test_model import RuleCase


@dataclass(frozen=True, slots=True)
class Exemption:
    """An `unless`: from the moment `until` on it no longer holds; without one it always does.

    `last` is its end as the author wrote it: a day where the document says, which `until` is the first moment after.
    """

    condition: Condition[Subject]
    reason: str
    author: str = ""
    until: datetime | None = None
    place: Place = field(default=Place(""), compare=False)
    last: str = field(default="", compare=False)

    def ended(self, now: datetime) -> bool:
        """Say whether its time is over."""
        return self.until is not None and self.until <= now

    def holds(self, facts: Facts[Subject], now: datetime | None) -> bool:
        """Say whether it keeps the rule from applying; without a `now` nothing has run out."""
        return (now is None or not self.ended(now)) and self.condition.holds(facts)

    def explain(self, facts: Facts[Subject], now: datetime | None) -> ExceptionTrace:
        """Return what it comes to for a completion, whether it keeps the rule off or not."""
        return ExceptionTrace(
            reason=self.reason,
            author=self.author,
            until=self.until,
            last=self.last,
            holds=self.condition.holds(facts),
            ended=now is not None and self.ended(now),
            tree=tree_of(self.condition, facts),
        )


@dataclass(frozen=True, slots=True)
class Rule:
    """What a completion that fits is evidence of, or (with a `reason`) why it does not count."""

    id: str
    title: str
    status: Status
    condition: Condition[Subject]
    place: Place
    exemptions: tuple[Exemption, ...] = ()
    evidence: tuple[EvidenceSpec, ...] = ()
    reason: str = ""
    follow_ups: tuple[str, ...] = ()
    tests: tuple[RuleCase, ...] = ()
    lists_used: frozenset[str] = frozenset()

    @property
    def excludes(self) -> bool:
        return bool(self.reason)

    def fits(self, facts: Facts[Subject], now: datetime | None) -> bool:
        return self.condition.holds(facts) and self._exemption(facts, now) is None

    def match(self, facts: Facts[Subject]) -> Match:
        """Return the match of a completion that fits, with its trace."""
        trace = self.condition.trace(facts)
        return Match(self.id, self.title, self.evidence, self.follow_ups, trace, self.reason)

    def explain(self, facts: Facts[Subject], now: datetime | None) -> RuleTrace:
        """Return why it fits or doesn't, with every clause and every exception, whatever the status."""
        holds = self.condition.holds(facts)
        exemption = self._exemption(facts, now) if holds else None
        return RuleTrace(
            rule=self.id,
            title=self.title,
            status=self.status,
            matched=holds and exemption is None,
            clauses=self.condition.trace(facts),
            exception=exemption.reason if exemption is not None else "",
            tree=tree_of(self.condition, facts),
            exceptions=tuple([each.explain(facts, now) for each in self.exemptions]),
            evidence=self.evidence,
            excludes=self.reason,
            path=self.place.path,
            line=self.place.line,
        )

    def _exemption(self, facts: Facts[Subject], now: datetime | None) -> Exemption | None:
        return next((exemption for exemption in self.exemptions if exemption.holds(facts, now)), None)
