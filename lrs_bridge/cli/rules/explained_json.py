"""An answer to `rules explain` as JSON; its keys are documented in docs/command-line.md and stay."""

from __future__ import annotations

from lrs_bridge.cli.rules.explained import shown_rules
from lrs_bridge.domain import examine_words as words
from lrs_bridge.domain.examine import Examination, GoalTrace, StatementTrace
from lrs_bridge.domain.waste import REASONS
from lrs_bridge.jobs.explain import Answer
from lrs_bridge_rules.explain import names_people
from lrs_bridge_rules.tracing import missing
from lrs_bridge_rules.verdict import ClauseTrace, ExceptionTrace, RuleTrace, Trace

#: Of a list of expected or found values so many are given, and `more` counts the others.
_VALUES = 20


def answer_document(answer: Answer, *, everything: bool) -> dict[str, object]:
    """The whole answer."""
    return {
        "asked": answer.asked,
        "case": answer.case,
        "notes": answer.notes,
        "learner_id": answer.learner_id,
        "statements": [_statement(each) for each in answer.statements],
        "completions": [_completion(each, everything=everything) for each in answer.examinations],
    }


def _completion(found: Examination, *, everything: bool) -> dict[str, object]:
    done, aligned = found.completion, found.alignment
    return {
        "completion_id": done.id,
        "activity_id": done.activity_id,
        "activity_name": done.activity_name,
        "activity_type": done.activity_type,
        "outcome": done.outcome,
        "percent": done.percent,
        "ended_at": done.ended_at,
        "standing": done.standing,
        "why": words.standing_text(found),
        "exclusion": None if found.exclusion is None else {"by": found.exclusion.by, "reason": found.exclusion.reason},
        "statements": [_statement(each) for each in found.statements],
        "rules_total": len(found.rules),
        "rules": [_rule(each) for each in shown_rules(found.rules, everything=everything)],
        "competencies": [{"id": each, "by": by} for each, by in found.grounds.items()],
        "goals": [_goal(each, found) for each in found.goals],
        "quadrant": done.quadrant,
        "alignment": aligned,
        "follow_ups": [
            {"id": each.id, "kind": each.kind, "state": each.state, "due_at": each.due_at} for each in found.follow_ups
        ],
        "findings": [
            {
                "id": each.id,
                "reason": each.reason,
                "status": each.status,
                "since": each.since,
                "why": REASONS[each.reason].sentence,
            }
            for each in found.findings
        ],
    }


def _statement(trace: StatementTrace) -> dict[str, object]:
    winner, reading = trace.winner, trace.reading
    tried = (*trace.passed_over, *([winner] if winner is not None else []))
    return {
        "statement_id": trace.statement_id,
        "source": trace.source,
        "verb": trace.verb,
        "at": trace.at,
        "voided": trace.voided,
        "voids": trace.voids,
        "why": words.statement_text(trace),
        "outcome": reading.outcome if reading is not None else None,
        "percent": reading.percent if reading is not None else None,
        "definitions": [
            {
                "definition": each.definition,
                "outcome": each.outcome,
                "path": each.path,
                "line": each.line,
                "fits": each.fits,
                "wins": each.wins,
                "obstacle": each.obstacle,
                "when": _trace(each.tree),
            }
            for each in tried
        ],
    }


def _rule(trace: RuleTrace) -> dict[str, object]:
    return {
        "rule": trace.rule,
        "title": trace.title,
        "status": trace.status,
        "path": trace.path,
        "line": trace.line,
        "matched": trace.matched,
        "has_effect": trace.has_effect,
        "missing": missing(trace.tree) if trace.tree is not None else 0,
        "evidence": trace.evidence,
        "excludes": trace.excludes,
        "exceptions": [_exception(each) for each in trace.exceptions],
        "when": None if trace.tree is None else _trace(trace.tree),
    }


def _exception(trace: ExceptionTrace) -> dict[str, object]:
    return {
        "reason": trace.reason,
        "author": trace.author,
        "until": trace.until,
        "holds": trace.holds,
        "ended": trace.ended,
        "when": _trace(trace.tree),
    }


def _trace(trace: Trace) -> dict[str, object]:
    if not isinstance(trace, ClauseTrace):
        return {"group": trace.kind, "met": trace.met, "parts": [_trace(part) for part in trace.parts]}
    expected, more = _cut(trace.expected)
    found, more_found = _cut("(not shown)" if names_people(trace) else trace.actual)
    return {
        "field": trace.field,
        "operator": trace.operator,
        "expected": expected,
        "actual": found,
        "met": trace.met,
        **({"more": more + more_found} if more or more_found else {}),
    }


def _cut(value: object) -> tuple[object, int]:
    if isinstance(value, list | tuple) and len(value) > _VALUES:
        return list(value[:_VALUES]), len(value) - _VALUES
    return value, 0


def _goal(goal: GoalTrace, found: Examination) -> dict[str, object]:
    return {
        "goal_id": goal.goal_id,
        "contract_id": goal.contract_id,
        "contract_state": goal.contract_state,
        "in_force": goal.in_force,
        "dropped": goal.dropped,
        "taken": goal.taken,
        "by": goal.by,
        "weight": goal.weight,
        "learned": goal.learned,
        "required": goal.required,
        "why": words.goal_text(goal, found),
        "asks_for": [
            {"what": each.asks_for, "asked": each.asked, "found": each.found, "met": each.met} for each in goal.clauses
        ],
    }
