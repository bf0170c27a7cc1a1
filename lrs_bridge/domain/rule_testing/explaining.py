"""Why a case came out otherwise: clauses that missed, goals that took nothing, the definition that came nearest."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from lrs_bridge.domain.examine import GoalTrace, examine
from lrs_bridge.domain.facts import Facts, StatementFact
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.condition import misses
from lrs_bridge_rules.conditions.fields import Facts as Asked
from lrs_bridge_rules.conditions.fields import Told
from lrs_bridge_rules.explain import line_of
from lrs_bridge_rules.rule import Rule
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.verdict import ClauseTrace


def why_match(rule: Rule, subject: Subject, now: datetime) -> Iterator[str]:
    """Why a rule applies to a completion or not: the clauses that decide."""
    trace = rule.explain(Asked(subject), now)
    if trace.exception:
        yield f"an exception holds it back: {trace.exception}"
    else:
        yield from _lines(clause for clause in trace.clauses if clause.met is trace.matched)


def why_goals(facts: Facts, ruleset: Ruleset, completion_id: str, now: datetime) -> Iterator[str]:
    """What the goals of the case asked for, where they took nothing."""
    traces = examine(facts, ruleset, completion_id, now).goals
    if not traces:
        yield "the case has no contract with a goal"
    for trace in traces:
        if not trace.taken:
            yield f"the goal “{trace.title}” took nothing: {_why_not_taken(trace)}"


def _why_not_taken(trace: GoalTrace) -> str:
    if trace.dropped:
        return "it was dropped"
    if not trace.in_force:
        return f"its contract was {trace.contract_state} when the completion ended"
    asked = (
        f"it asks for {clause.asks_for} {', '.join(clause.asked)} (found {', '.join(clause.found) or 'none'})"
        for clause in trace.clauses
    )
    return "; ".join(asked) or "it names neither competency nor activity"


def why_unread(ruleset: Ruleset, statement: StatementFact) -> Iterator[str]:
    """Why nobody reads a statement: the definition that says it is noise, or the one that came nearest."""
    told = Asked(Told(statement.statement, statement.source))
    noise = next((each for each in ruleset.definitions if each.target(told) is not None), None)
    if noise is not None:
        yield f"the completion definition {noise.id} says that the last statement is noise"
        return
    traces = [(each.id, each.condition.trace(told)) for each in ruleset.definitions]
    if not traces:
        yield "there is no completion definition at all: include a pack"
        return
    nearest, trace = min(traces, key=lambda pair: _distance(pair[1]))
    yield f"no completion definition reads the last statement; {nearest} came nearest"
    missed = [clause for clause in trace if not clause.met]
    yield from _lines(missed) if missed else ("its activity is not where the definition looks for it",)


def _distance(trace: Sequence[ClauseTrace]) -> tuple[int, int]:
    missed = misses(tuple(trace))
    return missed, missed - len(trace)


def _lines(clauses: Iterator[ClauseTrace] | Sequence[ClauseTrace]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(line_of(clause) for clause in clauses))
