"""A compiled set of rule documents: reads statements, judges completions, explains itself.

Made by `loader`; immutable. The application keeps one active and asks it for every statement and every completion.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from lrs_bridge_rules.conditions.fields import Facts, Told
from lrs_bridge_rules.conditions.index import Index
from lrs_bridge_rules.conditions.narrowing import Narrowing
from lrs_bridge_rules.follow_up import FollowUpKind, FollowUpTemplate, WasteSettings
from lrs_bridge_rules.rule import Exemption, Rule
from lrs_bridge_rules.templates.library import Library
from lrs_bridge_rules.tracing import missing
from lrs_bridge_rules.verdict import NOTHING, ClauseTrace, DefinitionTrace, EvidenceSpec, Match, RuleTrace, Verdict

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from lrs_bridge_rules.completions.definition import Definition
    from lrs_bridge_rules.completions.reading import Reading
    from lrs_bridge_rules.completions.subject import Subject
    from lrs_bridge_rules.documents.tree import Place
    from lrs_bridge_rules.lint.remark import Allowance
    from lrs_bridge_rules.statements.statement import Statement, StatementObject

__all__ = [
    "ClauseTrace",
    "DefinitionTrace",
    "EvidenceSpec",
    "Exemption",
    "FollowUpKind",
    "FollowUpTemplate",
    "Match",
    "Rule",
    "RuleTrace",
    "Ruleset",
    "Verdict",
    "WasteSettings",
]


class Ruleset:
    """Everything that the documents say. `documents` holds their full texts, those of included packs too.

    `follow_ups_default` are the templates for evidence whose goal and rule name none. `lists` says where each named
    list stands, `allowances` which remarks their authors want to hear no more, `library` what its profiles bring.
    """

    def __init__(
        self,
        documents: Mapping[str, str],
        definitions: tuple[Definition, ...] = (),
        rules: tuple[Rule, ...] = (),
        follow_ups: Mapping[str, FollowUpTemplate] | None = None,
        waste: WasteSettings | None = None,
        follow_ups_default: tuple[str, ...] = (),
        lists: Mapping[str, Place] | None = None,
        allowances: tuple[Allowance, ...] = (),
        library: Library | None = None,
    ) -> None:
        self.documents: Mapping[str, str] = dict(documents)
        self.definitions = definitions
        self.rules = rules
        self.follow_ups: Mapping[str, FollowUpTemplate] = dict(follow_ups or {})
        self.waste = waste or WasteSettings()
        self.follow_ups_default = follow_ups_default
        self.lists: Mapping[str, Place] = dict(lists or {})
        self.allowances = allowances
        self.library = library or Library()
        self.digest = _digest(self.documents)
        self._in_force = tuple(rule for rule in rules if rule.status in {"active", "shadow"})
        ends = (exemption.until for rule in self._in_force for exemption in rule.exemptions)
        self._ends = sorted(end for end in ends if end is not None)
        self._definition_index = Narrowing([definition.condition for definition in definitions])
        self._rule_index = Index([rule.condition for rule in self._in_force])

    def read(
        self,
        statement: Statement,
        *,
        statement_id: str,
        source: str = "",
        source_kind: str = "",
        locale: str = "en",
    ) -> Reading | None:
        """Return what the statement says about its activity; None when it is noise."""
        return self.read_told(Told(statement, source, source_kind), statement_id=statement_id, locale=locale)

    def read_told(self, told: Told, *, statement_id: str, locale: str = "en") -> Reading | None:
        """The same for a statement that is told with where it came from."""
        facts = Facts(told)
        fitting = _fitting(self._candidates(facts), facts)
        if fitting is None or fitting[0].outcome is None:
            return None
        definition, target = fitting
        return definition.read(told, target, fitting[0].outcome, statement_id, locale)

    def wants(self, statement: Statement, *, source: str = "", source_kind: str = "") -> bool:
        """Return whether `read` would return a reading; nothing is read for it, as most statements are noise."""
        facts = Facts(Told(statement, source, source_kind))
        candidates = self._candidates(facts)
        if not any(definition.outcome for definition in candidates):
            return False  # whether one of them says that it is noise or none does
        fitting = _fitting(candidates, facts)
        return fitting is not None and fitting[0].outcome is not None

    def _candidates(self, facts: Facts[Told]) -> list[Definition]:
        return [self.definitions[number] for number in self._definition_index.candidates(facts)]

    def evaluate(self, subject: Subject, *, now: datetime | None = None) -> Verdict:
        """Return what the rules in force say about a completion; `now` decides which exceptions have run out."""
        facts = Facts(subject)
        fitting = [rule for rule in self._that_may_fit(facts) if rule.fits(facts, now)]
        if not fitting:
            return NOTHING
        active = [rule for rule in fitting if rule.status == "active"]
        exclusion = next((rule.match(facts) for rule in active if rule.excludes), None)
        return Verdict(
            matches=tuple([rule.match(facts) for rule in active]) if exclusion is None else (),
            shadow=tuple([rule.match(facts) for rule in fitting if rule.status == "shadow"]),
            exclusion=exclusion,
        )

    def fitting(self, subject: Subject, *, now: datetime | None = None) -> list[Rule]:
        """Return the rules in force that fit a completion, those beaten by an exclusion too."""
        facts = Facts(subject)
        return [rule for rule in self._that_may_fit(facts) if rule.fits(facts, now)]

    def _that_may_fit(self, facts: Facts[Subject]) -> list[Rule]:
        return [self._in_force[number] for number in self._rule_index.candidates(facts)]

    def explain(self, subject: Subject, *, now: datetime | None = None) -> tuple[RuleTrace, ...]:
        """Return the trace of every rule, whatever its status: what fits, then the nearest misses."""
        facts = Facts(subject)
        traces = [rule.explain(facts, now) for rule in self.rules]
        return tuple(sorted(traces, key=_distance))

    def ended_exceptions(self, now: datetime) -> tuple[tuple[Rule, Exemption], ...]:
        """Return the exceptions of rules in force whose time is over: these rules apply again where they stepped back.

        Somebody has to look at them: whoever wrote them believed that they would be needed so long and no longer.
        """
        return tuple((rule, each) for rule in self._in_force for each in rule.exemptions if each.ended(now))

    def explain_reading(self, told: Told) -> tuple[DefinitionTrace, ...]:
        """Return what each definition makes of a statement, in the order in which they are asked: the first wins."""
        facts, traces, won = Facts(told), list[DefinitionTrace](), False
        for definition in self.definitions:
            trace = definition.explain(facts, won_already=won)
            won = won or trace.wins
            traces.append(trace)
        return tuple(traces)

    def next_change(self, after: datetime) -> datetime | None:
        """Return the next moment at which time alone changes a verdict: when an exception ends."""
        return next((end for end in self._ends if end > after), None)


def _fitting(candidates: Sequence[Definition], facts: Facts[Told]) -> tuple[Definition, StatementObject] | None:
    """Return the first definition that fits, with the activity that the statement speaks about under it."""
    for definition in candidates:
        target = definition.target(facts)
        if target is not None:
            return definition, target
    return None


def _distance(trace: RuleTrace) -> tuple[object, ...]:
    """What fits first, then what only an exception holds back, then what misses by least, and by the smallest part."""
    missed = missing(trace.tree) if trace.tree is not None else 0
    return (not trace.matched, missed, missed - len(trace.clauses), trace.rule)


def _digest(documents: Mapping[str, str]) -> str:
    """Hash the texts in the order in which they count, with their lengths so that they cannot run into each other."""
    digest = hashlib.sha256()
    for text in documents.values():
        content = text.encode("utf-8", "surrogatepass")
        digest.update(f"{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
