"""Traces in words: why a rule fits a completion, or what kept it from fitting.

`Ruleset.explain` gives the traces; pages and the command line show these lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lrs_bridge_rules.verdict import ClauseTrace, RuleTrace

_PHRASES: Final[Mapping[str, str]] = {
    "is": "is",
    "in": "is one of",
    "not_in": "is none of",
    "glob": "looks like",
    "prefix": "begins with",
    "contains": "contains",
    "gt": "is above",
    "gte": "is at least",
    "lt": "is below",
    "lte": "is at most",
    "between": "is between",
    "before": "is before",
    "after": "is after",
    "present": "is present:",
}


def lines_of(trace: RuleTrace) -> tuple[str, ...]:
    """Return a headline and one line per clause."""
    return (_headline(trace), *(f"  {line_of(clause)}" for clause in trace.clauses))


def line_of(clause: ClauseTrace) -> str:
    """Return one clause in words, with what was found."""
    negated = clause.operator.startswith("not ")
    phrase = _PHRASES[clause.operator.removeprefix("not ")]
    expected = f"{'it is not so that it ' if negated else ''}{phrase} {_shown(clause.expected)}"
    return f"{'met' if clause.met else 'missed'}: {clause.field} {expected} (found {_shown(clause.actual)})"


def _headline(trace: RuleTrace) -> str:
    if trace.matched:
        return f"{trace.rule} ({trace.status}): fits"
    if trace.exception:
        return f"{trace.rule} ({trace.status}): excepted, {trace.exception}"
    missed = sum(not clause.met for clause in trace.clauses)
    return f"{trace.rule} ({trace.status}): {missed} of {len(trace.clauses)} clauses missed"


def _shown(value: object) -> str:
    match value:
        case None:
            return "nothing"
        case bool():
            return "true" if value else "false"
        case list() | tuple():
            return ", ".join(_shown(item) for item in value)
        case dict():
            return ", ".join(f"{key} {_shown(item)}" for key, item in value.items())
        case _:
            return str(value)
