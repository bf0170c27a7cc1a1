"""How the report of a backtest is shown: the verdict first, then what moves, then which completions to look at."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Final

import click

from lrs_bridge.cli.output import Money, Table, Value, show_json, show_tables
from lrs_bridge.cli.prose import Line, show_lines
from lrs_bridge.domain.backtesting.tally import GONE, Aspect, Hits, Move, Weight
from lrs_bridge.jobs.backtest import BacktestReport
from lrs_bridge_rules.wording import counted

#: What "not there" is called on either side.
_ABSENT: Final = "–"
#: How many examples are shown, of moves of as many kinds as possible.
_EXAMPLES: Final = 12
_NOISE: Final = 8

#: Aspects with one row for each way, in the order in which they are shown.
_COMPLETIONS: Final = {
    Aspect.STANDING: "standing",
    Aspect.OUTCOME: "outcome",
    Aspect.SCORE: "score",
    Aspect.QUADRANT: "quadrant",
    Aspect.EVIDENCE: "evidence",
}
#: Aspects of which examples are worth a look.
_WORTH_A_LOOK: Final = (Aspect.STANDING, Aspect.OUTCOME, Aspect.EVIDENCE, Aspect.QUADRANT, Aspect.WASTE, Aspect.SCORE)


def looked_at(report: BacktestReport) -> str:
    """Of how many learners the figures are."""
    everybody = counted(report.learners, "learner")
    return f"{report.tally.learners:,} of {everybody}" if report.partial else everybody


def show(report: BacktestReport, *, as_json: bool) -> None:
    """The report, as tables or as one JSON document."""
    if as_json:
        show_json(_document(report))
        return
    if report.partial:
        click.echo(f"PARTIAL: only {looked_at(report)} were looked at.")
    show_lines([Line(report.line)])
    for line in _circumstances(report):
        click.echo(line)
    tables = [table for table in _tables(report) if table.rows]
    if tables:
        click.echo()
        show_tables(tables)
    for line in _remarks(report):
        show_lines([Line(), Line(line)])


def _circumstances(report: BacktestReport) -> Iterator[str]:
    tally = report.tally
    since = "" if report.since is None else f" that ended since {report.since:%Y-%m-%d}"
    yield (
        f"{looked_at(report)}, {counted(tally.completions_before, 'completion')}{since}; "
        f"{tally.affected:,} of the learners affected."
    )
    yield f"Held against version {report.version} of the rules, in {report.seconds:.1f} s."


def _tables(report: BacktestReport) -> Iterator[Table]:
    yield _completions(report)
    yield _tasks(report)
    yield _findings(report)
    yield _goals(report)
    yield _rules(report)
    yield _examples(report)
    yield _noise(report)


def _completions(report: BacktestReport) -> Table:
    rows: list[Sequence[Value]] = [
        (name, move.way.before or _ABSENT, move.way.after or _ABSENT, move.weight.things, *_stake(move, report))
        for aspect, name in _COMPLETIONS.items()
        for move in sorted(report.tally.of(aspect), key=lambda move: -move.weight.things)
        if move.way.before != move.way.after
    ]
    return Table("Completions", ("", "before", "after", "how many", "hours", "money"), rows)


def _stake(move: Move, report: BacktestReport) -> tuple[Value, Value]:
    """What a completion is worth, for the aspects in which that matters."""
    weight = move.weight
    hours, money = max(weight.hours_before, weight.hours_after), max(weight.money_before, weight.money_after)
    return (hours / 100 if hours else None), (Money(money, report.currency) if money else None)


def _tasks(report: BacktestReport) -> Table:
    """The application tasks that would open and close, by template."""
    return Table(
        "Follow-ups",
        ("template", "open", "close"),
        [
            (template, _sum(moves, before=GONE).things, _sum(moves, after=GONE).things)
            for template, moves in _by_part(report.tally.of(Aspect.TEMPLATE)).items()
        ],
    )


def _findings(report: BacktestReport) -> Table:
    """By reason. A completion can be waste for several: only the verdict's sum counts each once."""
    rows = [_finding(reason, moves, report) for reason, moves in _by_part(report.tally.of(Aspect.FINDING)).items()]
    return Table("Findings", ("reason", "new", "gone", "otherwise", "hours", "money"), rows)


def _finding(reason: str, moves: Sequence[Move], report: BacktestReport) -> Sequence[Value]:
    new, gone, all_ = _sum(moves, before=GONE), _sum(moves, after=GONE), _sum(moves)
    return (
        reason,
        new.things,
        gone.things,
        all_.things - new.things - gone.things,
        (new.hours_after - gone.hours_before) / 100,
        Money(new.money_after - gone.money_before, report.currency),
    )


def _goals(report: BacktestReport) -> Table:
    rows = [
        (move.way.before or _ABSENT, move.way.after or _ABSENT, move.weight.things, move.weight.learners)
        for move in report.tally.of(Aspect.GOAL)
    ]
    return Table("Goals", ("before", "after", "goals", "learners"), rows)


def _rules(report: BacktestReport) -> Table:
    """Rules that differ, that have no effect yet, or that fit another number of completions."""
    rows = [
        (each.rule, _status(each), each.before, each.after)
        for each in report.hits
        if each.differs or each.before != each.after
    ]
    return Table("Rules, and how many completions they fit", ("rule", "status", "before", "after"), rows)


def _status(hits: Hits) -> str:
    edited = hits.differs and hits.status_before == hits.status_after
    return f"{hits.status_after}, edited" if edited else _from_to(hits.status_before, hits.status_after)


def _from_to(before: str, after: str) -> str:
    return before if before == after else f"{before or _ABSENT} → {after or _ABSENT}"


def _examples(report: BacktestReport) -> Table:
    """One example of each way in turn, so that the few are not hidden behind the many."""
    moves = [
        move
        for aspect in _WORTH_A_LOOK
        for move in report.tally.of(aspect)
        if move.examples and move.way.before != move.way.after
    ]
    longest = max((len(move.examples) for move in moves), default=0)
    rows: dict[str, Sequence[Value]] = {}
    for turn in range(longest):
        for move in moves:
            if turn < len(move.examples) and len(rows) < _EXAMPLES:
                example = move.examples[turn]
                name = example.activity_name or example.activity_id
                rows.setdefault(example.id, (example.id, _from_to(move.way.before, move.way.after), name))
    return Table("Examples (lrs-bridge rules explain ID)", ("completion", "", "activity"), list(rows.values()))


def _noise(report: BacktestReport) -> Table:
    rows = [(each.verb, each.activity_type or _ABSENT, each.count) for each in report.noise[:_NOISE]]
    return Table("Noise so far, which the draft may want", ("verb", "activity type", "at most"), rows)


def _remarks(report: BacktestReport) -> Iterator[str]:
    tally = report.tally
    if report.noise:
        count = sum(each.count for each in report.noise)
        yield (
            f"The draft may want at most {counted(count, 'statement')} that the rules in force make noise of: counted, "
            "but not stored, so nothing above tells of them. Once the draft is published, "
            "`lrs-bridge rescan SOURCE --since DAY` takes them in."
        )
    if tally.failed:
        yield f"{counted(tally.failed, 'learner')} could not be looked at; `lrs-bridge doctor` may say why."
    if tally.unreadable:
        yield f"{counted(tally.unreadable, 'statement')} cannot be read by this version, and were left out."


def _by_part(moves: Iterator[Move]) -> Mapping[str, list[Move]]:
    found: dict[str, list[Move]] = {}
    for move in moves:
        found.setdefault(move.way.part, []).append(move)
    return found


def _sum(moves: Sequence[Move], before: str | None = None, after: str | None = None) -> Weight:
    chosen = [move.weight for move in moves if before in {None, move.way.before} and after in {None, move.way.after}]
    return sum(chosen, Weight())


def _document(report: BacktestReport) -> dict[str, object]:
    tally = report.tally
    return {
        "line": report.line,
        "partial": report.partial,
        "version": report.version,
        "now": report.now,
        "since": report.since,
        "seconds": round(report.seconds, 2),
        "currency": report.currency,
        "learners": report.learners,
        "looked_at": tally.learners,
        "affected": tally.affected,
        "failed": tally.failed,
        "unreadable": tally.unreadable,
        "statements": tally.statements,
        "completions": {"before": tally.completions_before, "after": tally.completions_after},
        "waste": {"hours": report.waste_hours / 100, "money": report.waste},
        "moves": [_move(move) for move in tally.moves],
        "rules": [asdict(each) for each in report.hits],
        "noise": [asdict(each) for each in report.noise],
    }


def _move(move: Move) -> dict[str, object]:
    weight = asdict(move.weight)
    hours = {name: weight.pop(name) / 100 for name in ("hours_before", "hours_after")}
    return {**asdict(move.way), **weight, **hours, "examples": [asdict(each) for each in move.examples]}
