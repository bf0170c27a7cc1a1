"""Why a completion came out as it did: what `plan` saw of it, told step by step instead of only the result.

Pure, and built from the very steps that `plan` takes (seeing, matching), so that an explanation cannot tell another
story than the result. Nothing here is stored.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from lrs_bridge.domain.contract import Contract, ContractState, Goal
from lrs_bridge.domain.facts import Facts
from lrs_bridge.domain.planning.context import AgreedGoal, Context
from lrs_bridge.domain.planning.matching import Matched, competencies_of, match
from lrs_bridge.domain.planning.seeing import Seen, readings_of, see
from lrs_bridge_rules.completions.reading import Reading
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.verdict import RuleTrace


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
    stood), `dropped` whether somebody had dropped the goal by then. `by` names the grounds on which it was taken.
    """

    goal_id: str
    title: str
    contract_id: str
    contract_state: ContractState
    in_force: bool
    dropped: bool
    by: tuple[str, ...]
    weight: float
    clauses: tuple[GoalClause, ...]

    @property
    def taken(self) -> bool:
        return bool(self.by)


@dataclass(frozen=True, slots=True)
class Examination:
    """The whole derivation of one completion. `rules` stand nearest misses first, after those that match."""

    readings: tuple[Reading, ...]
    subject: Subject
    rules: tuple[RuleTrace, ...]
    goals: tuple[GoalTrace, ...]
    about: tuple[str, ...]
    excluded_because: str
    finished: bool


def examine(facts: Facts, ruleset: Ruleset, completion_id: str, now: datetime) -> Examination:
    """Tell how `plan(facts, ruleset, now)` comes to what it says about one completion.

    :raises NoSuchCompletionError: the plan has no completion of that id.
    """
    context = Context(facts, ruleset, now)
    seen = next((each for each in see(context) if each.id == completion_id), None)
    if seen is None:
        raise NoSuchCompletionError(
            f"the facts of this learner hold no completion {completion_id}; reconcile, then look again"
        )
    matched = match(context, seen)
    own = frozenset(seen.statements)
    return Examination(
        readings=tuple(reading for reading in readings_of(context) if reading.statement_id in own),
        subject=seen.subject,
        rules=ruleset.explain(seen.subject, now=now) if seen.attestation is None else (),
        goals=tuple(_goal_traces(context, matched)),
        about=tuple(sorted(competencies_of(context, seen))),
        excluded_because=matched.excluded_because,
        finished=seen.finished,
    )


def _goal_traces(context: Context, matched: Matched) -> Iterator[GoalTrace]:
    """One trace a goal: those that took it first, then those in force, then the others."""
    traces = [_goal_trace(context, matched, agreed) for agreed in _all_goals(context, matched.seen.ended_at)]
    yield from sorted(traces, key=lambda trace: (not trace.taken, not trace.in_force, trace.title, trace.goal_id))


def _all_goals(context: Context, at: datetime) -> Iterator[AgreedGoal]:
    """Every goal of every contract, in the words of the revision that held then, else of the latest."""
    for contract in context.facts.contracts:
        revision = contract.in_force(at, context.day_of(at)) or contract.latest
        yield from (AgreedGoal(contract, goal) for goal in revision.goals)


def _goal_trace(context: Context, matched: Matched, agreed: AgreedGoal) -> GoalTrace:
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
