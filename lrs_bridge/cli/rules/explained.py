"""How an answer to `rules explain` is shown: for people, line by line, and as JSON."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from lrs_bridge.cli.output import cell_text
from lrs_bridge.cli.prose import Line, heading
from lrs_bridge.domain import examine_words as words
from lrs_bridge.domain.examine import Examination, GoalTrace, StatementTrace
from lrs_bridge.domain.waste import REASONS
from lrs_bridge.jobs.explain import Answer
from lrs_bridge.store.read_models.words import WORDS
from lrs_bridge_rules.differences.difference import short_name
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS
from lrs_bridge_rules.documents.vocabulary import short_name as short_word
from lrs_bridge_rules.explain import exception_text, tree_lines, verdict_of
from lrs_bridge_rules.verdict import RuleTrace
from lrs_bridge_rules.wording import counted

#: So many near misses of rules, and definitions that were asked in vain, are shown unless all are asked for.
NEAR = 5
_NEAR_OF_SEVERAL = 2
#: Of an attempt so many statements are shown, the latest; most have one or two.
_STATEMENTS = 5
_MET, _MISSED = ("✓", "green"), ("✗", "red")


def answer_lines(answer: Answer, *, everything: bool) -> Iterator[Line]:
    """The whole answer."""
    yield heading(f"{answer.asked}{f' (learner {answer.learner_id})' if answer.learner_id else ''}")
    yield from (Line(note, 2) for note in answer.notes)
    for trace in answer.statements:
        yield Line()
        yield from _statement(trace, everything=everything)
    for found in answer.examinations:
        yield Line()
        yield from _completion(found, known=bool(answer.learner_id), everything=everything)
        if answer.learner_id:
            yield from _consequences(found)


def _completion(found: Examination, *, known: bool, everything: bool) -> Iterator[Line]:
    yield from _result(found, known=known)
    yield from _part("What the statements say", _statements(found, everything=everything))
    yield from _part("What the rules say", _rules(found.rules, everything=everything))
    yield from _part("What it is about", [Line(line, 2) for line in words.about_lines(found)], "nothing that is known")


def _consequences(found: Examination) -> Iterator[Line]:
    """What only the agreements with a known learner decide."""
    yield from _part("Which goals take it", _goals(found.goals, found), "none: the learner has no contract")
    yield from _part("Needed and wanted?", [Line(line, 2) for line in words.alignment_lines(found)])
    yield from _part("What followed", _followed(found), "no tasks and no findings")


def _part(title: str, lines: Iterable[Line], empty: str = "") -> Iterator[Line]:
    yield Line()
    yield heading(title)
    shown = list(lines)
    yield from shown or [Line(empty, 2, style="dim")]


def _result(found: Examination, *, known: bool) -> Iterator[Line]:
    done = found.completion
    kind = f" ({short_word(done.activity_type, ACTIVITY_TYPES)})" if done.activity_type else ""
    yield Line(f"{done.activity_name}{kind}", style="bold")
    yield Line(done.activity_id, 2)
    percent = f", {done.percent:g} %" if done.percent is not None else ""
    ended = f", ended {cell_text(done.ended_at)}" if done.ended_at is not None else ", not ended"
    yield Line(f"{done.outcome.value}{percent}{ended}; completion {done.id}", 2)
    quadrant = f" {WORDS[done.quadrant]}." if done.quadrant is not None else ""
    if known:
        yield Line(f"{words.standing_text(found)}{quadrant}", 2)


def _statements(found: Examination, *, everything: bool) -> Iterator[Line]:
    if not found.statements:
        yield Line("nothing: a manager attested it", 2)
    shown = found.statements if everything else found.statements[-_STATEMENTS:]
    if len(found.statements) > len(shown):
        yield Line(f"{counted(len(found.statements) - len(shown), 'earlier statement')} (--all shows them)", 2)
    for trace in shown:
        yield from _statement(trace, everything=everything, near=NEAR if len(shown) == 1 else _NEAR_OF_SEVERAL)


def _statement(trace: StatementTrace, *, everything: bool, near: int = NEAR) -> Iterator[Line]:
    verb, source = short_word(trace.verb, VERBS), f" from {trace.source}" if trace.source else ""
    yield Line(f"{trace.statement_id}: {verb}, {cell_text(trace.at)}{source}", 2)
    winner = trace.winner
    where = _place(winner.path, winner.line) if winner is not None else ""
    sign, style = _MET if trace.reading is not None else _MISSED
    yield Line(f"{words.statement_text(trace)}{where}", 4, sign, style)
    if trace.voids is not None or trace.voided:
        return
    over = trace.passed_over
    shown = over if everything else trace.nearest_passed_over(near)
    if over:
        first = "" if len(over) == len(shown) else f", these {len(shown)} by least (--all shows all)"
        yield Line(f"{counted(len(over), 'definition')} asked before did not fit{first}:", 6)
    yield from (Line(words.passed_over_text(each), 6, *_MISSED) for each in shown)


def _place(path: str, line: int) -> str:
    return f" ({short_name(path)}:{line})" if path else ""


def shown_rules(rules: Iterable[RuleTrace], *, everything: bool) -> list[RuleTrace]:
    """The rules that fit, and the nearest misses."""
    traces = list(rules)
    matched = sum(trace.matched for trace in traces)
    return traces if everything else traces[: matched + NEAR]


def _rules(rules: tuple[RuleTrace, ...], *, everything: bool) -> Iterator[Line]:
    shown = shown_rules(rules, everything=everything)
    for trace in shown:
        yield from _rule(trace, everything=everything)
    if not rules:
        yield Line("nothing: there are no rules, or it was attested", 2)
    if len(rules) > len(shown):
        yield Line(f"{counted(len(rules) - len(shown), 'more rule')} miss by as much or more (--all shows them)", 2)


def _rule(trace: RuleTrace, *, everything: bool) -> Iterator[Line]:
    status = f" ({trace.status})" if trace.status != "active" and not trace.matched else ""
    yield Line(f"{trace.rule}{status}{_place(trace.path, trace.line)}: {verdict_of(trace)}", 2, *_sign(trace.matched))
    if trace.matched and not trace.excludes:
        yield Line(f"evidence for {_evidence(trace)}", 6)
    yield from (Line(exception_text(each), 6, "unless") for each in trace.exceptions if each.holds or everything)
    if trace.tree is not None:
        yield from (Line(line.text, 6 + 2 * line.depth, *_sign(line.met)) for line in tree_lines(trace.tree))


def _sign(met: bool) -> tuple[str, str]:
    return _MET if met else _MISSED


def _evidence(trace: RuleTrace) -> str:
    said = (
        (
            f"competency {each.competency}"
            if each.competency
            else f"activity {each.activity}"
            if each.activity
            else f"goals titled “{each.goal}”",
            each.weight,
        )
        for each in trace.evidence
    )
    return ", ".join(f"{what}{f' (weight {weight:g})' if weight != 1 else ''}" for what, weight in said)


def _goals(goals: Iterable[GoalTrace], found: Examination) -> Iterator[Line]:
    for goal in goals:
        yield Line(
            f"{goal.goal_id} (contract {goal.contract_id}): {words.goal_text(goal, found)}", 2, *_sign(goal.taken)
        )
        yield from (Line(words.clause_text(clause), 6, *_sign(clause.met)) for clause in goal.clauses)


def _followed(found: Examination) -> Iterator[Line]:
    for task in found.follow_ups:
        yield Line(f"task {task.kind.value}: {task.state.value}, due {cell_text(task.due_at)}", 2)
    for finding in found.findings:
        text = REASONS[finding.reason]
        yield Line(f"finding {finding.reason.value} ({finding.status.value}): {text.sentence} {text.advice}", 2)
