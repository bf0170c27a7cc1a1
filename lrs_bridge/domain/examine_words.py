"""An examination in words: the same ones on the page of a completion and at the command line. Only ids of people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.contract import ContractState
from lrs_bridge.domain.examine import Examination, GoalClause, GoalTrace, StatementTrace
from lrs_bridge.domain.planning.matching import BY_ATTESTATION, BY_CATALOGUE, BY_CONTRACT, BY_DECISION
from lrs_bridge_rules.explain import definition_text
from lrs_bridge_rules.verdict import DefinitionTrace
from lrs_bridge_rules.wording import counted

#: Why a contract was not in force when the completion ended.
_NOT_IN_FORCE: Mapping[ContractState, str] = {
    ContractState.DRAFT: "nobody had signed its contract (draft)",
    ContractState.PROPOSED: "its contract was not signed by both sides (proposed)",
    ContractState.SIGNED: "its contract was signed, and its period had not begun or was over",
    ContractState.IN_FORCE: "its contract was not in force",
    ContractState.ENDED: "its contract had ended",
    ContractState.WITHDRAWN: "its contract was withdrawn",
}
_GROUNDS: Mapping[str, str] = {
    BY_CATALOGUE: "the catalogue",
    BY_CONTRACT: "the contract (it plans this activity)",
    BY_DECISION: "somebody's decision",
    BY_ATTESTATION: "a manager's word",
}


def ground_text(by: str) -> str:
    """What speaks for something: a rule, or another ground."""
    return _GROUNDS.get(by, f"rule {by}")


def grounds_text(by: Iterable[str]) -> str:
    """Several grounds, with commas."""
    return ", ".join(ground_text(each) for each in by)


def goal_text(goal: GoalTrace, found: Examination) -> str:
    """Whether a goal took the completion and on what grounds, or what kept it from doing so."""
    if goal.taken:
        taken = f"taken by {grounds_text(goal.by)}"
        if goal.weight == goal.required == 1:
            return taken
        return f"{taken}, weight {goal.weight:g}; in all {goal.learned:g} of {goal.required:g}"
    if found.exclusion is not None:
        return "the completion is excluded"
    if not found.finished:
        return f"the attempt was not finished ({found.completion.outcome.value})"
    if goal.dropped:
        return "the goal had been dropped by then"
    if not goal.in_force:
        return f"{_NOT_IN_FORCE[goal.contract_state]} when the completion ended"
    return "it asks for something else"


def clause_text(clause: GoalClause) -> str:
    """What a goal asks for, and what there was instead."""
    asked = f"{clause.asks_for}: any of {', '.join(clause.asked)}"
    return asked if clause.met else f"{asked} (found {', '.join(clause.found) or 'nothing'})"


def standing_text(found: Examination) -> str:
    """What the completion came to, and why it is no evidence where it is none."""
    match found.completion.standing:
        case Standing.MATCHED:
            taken = [goal for goal in found.goals if goal.taken]
            return f"It is evidence for {counted(len(taken), 'goal')}."
        case Standing.EXCLUDED:
            return f"It does not count: {exclusion_text(found)}."
        case Standing.NOT_COMPLETED:
            return "It was not finished, and nothing follows from an attempt before that."
        case Standing.OFF_CONTRACT:
            return f"It is known what it is about, and no goal asked for it: {_no_goal(found)}."
        case Standing.UNMATCHED:
            return "No rule, no entry of the catalogue and no goal says what it is about."


def exclusion_text(found: Examination) -> str:
    """By what it is excluded, with the reason; "" where it is not."""
    if found.exclusion is None:
        return ""
    return f"{found.exclusion.reason} ({grounds_text([found.exclusion.by])})"


def _no_goal(found: Examination) -> str:
    if not found.goals:
        return "the learner has no contract"
    if not found.under_contract:
        return "no contract was in force when it ended"
    if all(goal.dropped for goal in found.goals if goal.in_force):
        return "all goals in force had been dropped"
    return "the goals in force ask for something else"


def about_lines(found: Examination) -> list[str]:
    """The competencies that it is about, each with what says so."""
    return [f"{competency}, by {grounds_text(by)}" for competency, by in found.grounds.items()]


def alignment_lines(found: Examination) -> list[str]:
    """Why the organisation needs it or not, and why the learner wants it or not."""
    aligned = found.alignment
    if aligned is None:
        return ["Nobody asks this of what is not finished, excluded, or about nothing that is known."]
    needed = [
        *(f"need {each}" for each in aligned.needs),
        *(["it is mandated"] if aligned.mandated else []),
        *(f"goal {each}" for each in aligned.needed_by_goals),
    ]
    wanted = [
        *(f"{each} stands on the agenda" for each in aligned.wants),
        *(f"goal {each}" for each in aligned.wanted_by_goals),
    ]
    return [
        f"The organisation needs it: {', '.join(needed)}." if needed else "The organisation has no need for it.",
        f"The learner wants it: {', '.join(wanted)}." if wanted else "It is on no growth agenda, and in no own goal.",
    ]


def statement_text(trace: StatementTrace) -> str:
    """What was made of a statement: the reading, or why there is none."""
    if trace.voids is not None:
        return f"voids the statement {trace.voids}, and is not read itself"
    if trace.voided:
        return "was voided: it counts for nothing"
    winner = trace.winner
    if winner is None:
        return "no completion definition fits: it is noise"
    if winner.outcome is None:
        return f"the definition {winner.definition} says that it is noise"
    percent = trace.reading.percent if trace.reading is not None else None
    score = f", {percent:g} %" if percent is not None else ""
    return f"{winner.outcome}{score}, by the definition {winner.definition}"


def passed_over_text(trace: DefinitionTrace) -> str:
    """Why a definition that was asked before did not fit."""
    return f"{trace.definition}: {definition_text(trace)}"
