"""Why a completion came out as it did: what `plan` saw of it, told step by step instead of only the result.

Pure, and built from the very steps that `plan` takes (seeing, matching, completing), so that an explanation cannot tell
another story than the result. Nothing here is stored.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.contract import Contract, ContractState, Goal
from lrs_bridge.domain.facts import Facts, StatementFact
from lrs_bridge.domain.follow_up import FollowUp
from lrs_bridge.domain.plan import derive
from lrs_bridge.domain.planning.completing import Alignment, alignment_of
from lrs_bridge.domain.planning.context import AgreedGoal, Context
from lrs_bridge.domain.planning.matching import (
    Exclusion,
    Matched,
    competencies_of,
    exclusion_of,
    grounds_of,
    match,
)
from lrs_bridge.domain.planning.seeing import Seen, readings_of, see
from lrs_bridge.domain.waste import Finding
from lrs_bridge_rules.completions.reading import Reading
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.tracing import missing
from lrs_bridge_rules.verdict import DefinitionTrace, RuleTrace


class NoSuchCompletionError(LookupError):
    """The facts hold no completion of that id: its statements were voided, or another attempt took them over."""


@dataclass(frozen=True, slots=True)
class GoalClause:
    """One thing that a goal asks for, and what the completion had to show: competencies, activity ids or a title."""

    asks_for: str
    asked: tuple[str, ...]
    found: tuple[str, ...]
    met: bool


@dataclass(frozen=True, slots=True)
class GoalTrace:
    """Why one goal of the learner took the completion as evidence, or didn't.

    `in_force` says whether its contract was in force when the completion ended (else `contract_state` says how it
    stood), `dropped` whether somebody had dropped the goal by then. `by` names the grounds on which it was taken;
    `learned` is how much of what is `required` all completions come to, as weights.
    """

    goal_id: str
    title: str
    contract_id: str
    contract_state: ContractState
    in_force: bool
    dropped: bool
    by: tuple[str, ...]
    weight: float
    learned: float
    required: float
    clauses: tuple[GoalClause, ...]

    @property
    def taken(self) -> bool:
        return bool(self.by)


@dataclass(frozen=True, slots=True)
class StatementTrace:
    """What was made of one statement: the definitions in the order in which they are asked, and the reading, if any.

    `voided`: somebody took it back. `voids` is the id of the statement that it takes back itself. Neither is read.
    """

    statement_id: str
    source: str
    verb: str
    at: datetime
    voided: bool
    voids: str | None
    definitions: tuple[DefinitionTrace, ...]
    reading: Reading | None

    @property
    def winner(self) -> DefinitionTrace | None:
        return next((trace for trace in self.definitions if trace.wins), None)

    @property
    def passed_over(self) -> tuple[DefinitionTrace, ...]:
        """The definitions that were asked before the one that fits (all, where none does)."""
        winner = self.winner
        return self.definitions if winner is None else self.definitions[: self.definitions.index(winner)]

    def nearest_passed_over(self, most: int) -> tuple[DefinitionTrace, ...]:
        """Those of them that missed by least, in the order in which they were asked."""
        nearest = sorted(self.passed_over, key=lambda trace: missing(trace.tree))[:most]
        return tuple(trace for trace in self.passed_over if trace in nearest)


@dataclass(frozen=True, slots=True)
class Examination:
    """The whole derivation of one completion. `rules` stand nearest misses first, after those that match.

    `about` are its competencies; `grounds` says of each what says so (rules by id, `catalogue`, `decision`).
    `alignment` is None where nobody knows what it is about.
    """

    completion: Completion
    statements: tuple[StatementTrace, ...]
    subject: Subject
    rules: tuple[RuleTrace, ...]
    goals: tuple[GoalTrace, ...]
    about: tuple[str, ...]
    grounds: Mapping[str, tuple[str, ...]]
    exclusion: Exclusion | None
    alignment: Alignment | None
    findings: tuple[Finding, ...]
    follow_ups: tuple[FollowUp, ...]
    under_contract: bool

    @property
    def readings(self) -> tuple[Reading, ...]:
        return tuple(each.reading for each in self.statements if each.reading is not None)

    @property
    def excluded_because(self) -> str:
        return self.exclusion.reason if self.exclusion is not None else ""

    @property
    def finished(self) -> bool:
        return self.completion.finished


def examine(facts: Facts, ruleset: Ruleset, completion_id: str, now: datetime) -> Examination:
    """Tell how `plan(facts, ruleset, now)` comes to what it says about one completion.

    :raises NoSuchCompletionError: the plan has no completion of that id.
    """
    found = examine_all(facts, ruleset, now, only=lambda seen: seen.id == completion_id)
    if not found:
        raise NoSuchCompletionError(
            f"the facts of this learner hold no completion {completion_id}; reconcile, then look again"
        )
    return found[0]


def examine_all(
    facts: Facts, ruleset: Ruleset, now: datetime, *, only: Callable[[Seen], bool] | None = None
) -> tuple[Examination, ...]:
    """The same for every completion of the plan, or for those that are asked for, in order of their end."""
    context = Context(facts, ruleset, now)
    seen = see(context)
    planned = derive(context, seen)
    completions = {each.id: each for each in planned.completions}
    learned = {goal.goal_id: goal.learned for goal in planned.goals}
    readings = {reading.statement_id: reading for reading in readings_of(context)}
    said = {fact.id: fact for fact in facts.statements}
    return tuple(
        Examination(
            completion=completions[each.id],
            statements=tuple(_trace(context, fact, readings.get(fact.id)) for fact in _in_order(each, said)),
            subject=each.subject,
            rules=ruleset.explain(each.subject, now=now) if each.attestation is None else (),
            goals=tuple(_goal_traces(context, match(context, each), learned)),
            about=tuple(sorted(competencies_of(context, each))),
            grounds=_grounds(context, each),
            exclusion=exclusion_of(context, each),
            alignment=alignment_of(context, match(context, each)),
            findings=tuple(finding for finding in planned.findings if finding.completion_id == each.id),
            follow_ups=tuple(task for task in planned.follow_ups if task.completion_id == each.id),
            under_contract=context.under_contract(each.ended_at),
        )
        for each in seen
        if only is None or only(each)
    )


def trace_statement(facts: Facts, ruleset: Ruleset, statement_id: str, now: datetime) -> StatementTrace | None:
    """What the definitions make of one statement, also of one that is voided or that none of them wants.

    None where the facts hold no such statement.
    """
    context = Context(facts, ruleset, now)
    fact = next((each for each in facts.statements if each.id == statement_id), None)
    if fact is None:
        return None
    reading = next((each for each in readings_of(context) if each.statement_id == statement_id), None)
    return _trace(context, fact, reading)


def _in_order(seen: Seen, said: Mapping[str, StatementFact]) -> list[StatementFact]:
    return sorted((said[own_id] for own_id in seen.statements), key=lambda fact: (fact.statement.at, fact.id))


def _trace(context: Context, fact: StatementFact, reading: Reading | None) -> StatementTrace:
    return StatementTrace(
        statement_id=fact.id,
        source=fact.source,
        verb=fact.statement.verb.id,
        at=fact.statement.at,
        voided=fact.id in context.facts.voided,
        voids=fact.statement.voids,
        definitions=context.ruleset.explain_reading(context.facts.organisation.told(fact)),
        reading=reading,
    )


def _grounds(context: Context, seen: Seen) -> Mapping[str, tuple[str, ...]]:
    grounds: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for competency, by in grounds_of(context, seen):
        grounds[competency][by] = None
    return {competency: tuple(grounds[competency]) for competency in sorted(grounds)}


def _goal_traces(context: Context, matched: Matched, learned: Mapping[str, float]) -> Iterator[GoalTrace]:
    """One trace a goal: those that took it first, then those in force, then the others."""
    traces = [_goal_trace(context, matched, agreed, learned) for agreed in _all_goals(context, matched.seen.ended_at)]
    yield from sorted(traces, key=lambda trace: (not trace.taken, not trace.in_force, trace.title, trace.goal_id))


def _all_goals(context: Context, at: datetime) -> Iterator[AgreedGoal]:
    """Every goal of every contract, in the words of the revision that held then, else of the latest."""
    for contract in context.facts.contracts:
        revision = contract.in_force(at, context.day_of(at)) or contract.latest
        yield from (AgreedGoal(contract, goal) for goal in revision.goals)


def _goal_trace(context: Context, matched: Matched, agreed: AgreedGoal, learned: Mapping[str, float]) -> GoalTrace:
    at = matched.seen.ended_at
    contract, goal = agreed.contract, agreed.goal
    evidence = next((each for each in matched.evidence if each.goal_id == goal.id), None)
    return GoalTrace(
        goal_id=goal.id,
        title=goal.title,
        contract_id=contract.id,
        contract_state=contract.state(at, context.day_of(at)),
        in_force=contract.in_force(at, context.day_of(at)) is not None,
        dropped=context.dropped(goal.id, at),
        by=evidence.by if evidence is not None else (),
        weight=evidence.weight if evidence is not None else 0.0,
        learned=learned.get(goal.id, 0.0),
        required=goal.required,
        clauses=tuple(_clauses(context, matched.seen, contract, goal)),
    )


def _clauses(context: Context, seen: Seen, contract: Contract, goal: Goal) -> Iterator[GoalClause]:
    titles = tuple(spec.goal for found in seen.verdict.matches for spec in found.evidence if spec.goal is not None)
    by_rules = tuple(spec.activity for found in seen.verdict.matches for spec in found.evidence if spec.activity)
    planned = (
        tuple(sorted(goal.activities | {contract.opportunity})) if contract.opportunity else sorted(goal.activities)
    )
    asked = (
        ("competencies", tuple(sorted(goal.competencies)), tuple(sorted(competencies_of(context, seen)))),
        ("activities", tuple(planned), tuple(dict.fromkeys((*seen.subject.activity_ids, *by_rules)))),
        ("title", (goal.title,) if titles else (), titles),
    )
    for asks_for, wanted, found in asked:
        if wanted:
            yield GoalClause(asks_for, wanted, found, met=not set(wanted).isdisjoint(found))
