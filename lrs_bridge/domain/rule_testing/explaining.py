"""Why a case came out otherwise: clauses that missed, goals that took nothing, the definition that came nearest.

In the words of `rules explain`, from the same traces.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from lrs_bridge.domain.examine import Examination, GoalTrace, examine
from lrs_bridge.domain.examine_words import clause_text, goal_text
from lrs_bridge.domain.facts import Facts, StatementFact
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.conditions.fields import Facts as Asked
from lrs_bridge_rules.conditions.fields import Told
from lrs_bridge_rules.explain import definition_text, line_of
from lrs_bridge_rules.rule import Rule
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.tracing import missing


def why_match(rule: Rule, subject: Subject, now: datetime) -> Iterator[str]:
    """Why a rule applies to a completion or not: the clauses that decide."""
    trace = rule.explain(Asked(subject), now)
    if trace.exception:
        yield f"an exception holds it back: {trace.exception}"
    else:
        yield from dict.fromkeys(line_of(clause) for clause in trace.clauses if clause.met is trace.matched)


def why_goals(facts: Facts, ruleset: Ruleset, completion_id: str, now: datetime) -> Iterator[str]:
    """What the goals of the case asked for, where they took nothing."""
    found = examine(facts, ruleset, completion_id, now)
    if not found.goals:
        yield "the case has no contract with a goal"
    for goal in found.goals:
        if not goal.taken:
            yield f"the goal “{goal.title}” took nothing: {_why_not(goal, found)}"


def _why_not(goal: GoalTrace, found: Examination) -> str:
    asked = (clause_text(clause) for clause in goal.clauses if goal.in_force)
    return "; ".join((goal_text(goal, found), *asked))


def why_unread(ruleset: Ruleset, statement: StatementFact) -> Iterator[str]:
    """Why nobody reads a statement: the definition that says it is noise, or the one that came nearest."""
    traces = ruleset.explain_reading(Told(statement.statement, statement.source, statement.source_kind))
    if not traces:
        yield "there is no completion definition at all: include a pack"
        return
    noise = next((each for each in traces if each.wins), None)
    if noise is not None:
        yield f"the completion definition {noise.definition} says that the last statement is noise"
        return
    nearest = min(traces, key=lambda each: (missing(each.tree), -len(each.clauses)))
    yield f"no completion definition reads the last statement; {nearest.definition} came nearest"
    yield definition_text(nearest)
