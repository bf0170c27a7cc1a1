"""What a backtest says: the figures, how many learners they are of, and one line as a verdict."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from lrs_bridge.domain.backtesting.tally import GONE, Aspect, Hits, Tally
from lrs_bridge_rules.wording import counted


@dataclass(frozen=True, slots=True)
class NewlyWanted:
    """Noise that definitions of the draft may want, by verb and activity type: counted, but never stored."""

    verb: str
    activity_type: str
    count: int
    definitions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BacktestReport:
    """What a draft would do. `tally` is of `tally.learners` of all `learners` that were to be looked at.

    `version` is that of the rules in force which the draft is held against, `now` the moment of both plans.
    """

    tally: Tally
    learners: int
    version: int
    now: datetime
    since: datetime | None = None
    currency: str = ""
    noise: tuple[NewlyWanted, ...] = field(default=())
    seconds: float = 0.0

    @property
    def partial(self) -> bool:
        """Whether some learners were not looked at: it was cancelled, or is still going on."""
        return self.tally.learners < self.learners

    @property
    def hits(self) -> tuple[Hits, ...]:
        """Per rule: how many completions it fits, before and after."""
        return self.tally.hits

    @property
    def waste(self) -> int:
        """By how much the money that counts as waste would change, in hundredths of the currency."""
        weight = self.tally.weight(Aspect.WASTE)
        return weight.money_after - weight.money_before

    @property
    def waste_hours(self) -> int:
        """By how many hundredths of an hour waste would change."""
        weight = self.tally.weight(Aspect.WASTE)
        return weight.hours_after - weight.hours_before

    @property
    def line(self) -> str:
        """The verdict in one line."""
        found = list(_parts(self))
        return f"Would {'; '.join(found)}." if found else "Would change nothing."


def _parts(report: BacktestReport) -> Iterator[str]:
    """What there is to say, the weightiest first; figures that nobody tunes rules for only where nothing else is."""
    tally = report.tally
    found = [
        *_pair(tally, Aspect.COMPLETION, "make {}", "unmake {}", "completion"),
        *_evidence(tally),
        *_tasks(tally),
        *_waste(report),
    ]
    if not found and not tally.is_empty:
        found = [f"change details of {counted(tally.affected, 'learner')}"]
    yield from found


def _pair(tally: Tally, aspect: Aspect, gains: str, loses: str, noun: str) -> Iterator[str]:
    gained, lost = tally.weight(aspect, before=GONE).things, tally.weight(aspect, after=GONE).things
    if gained:
        yield gains.format(counted(gained, noun))
    if lost:
        yield loses.format(counted(lost, noun))


def _evidence(tally: Tally) -> Iterator[str]:
    given = tally.weight(Aspect.EVIDENCED, before=GONE).things
    taken = tally.weight(Aspect.EVIDENCED, after=GONE).things
    if given:
        yield f"give {counted(given, 'completion')} evidence" + (f" and take it from {taken:,}" if taken else "")
    elif taken:
        yield f"take evidence from {counted(taken, 'completion')}"


def _tasks(tally: Tally) -> Iterator[str]:
    opened, closed = tally.weight(Aspect.TASK, before=GONE), tally.weight(Aspect.TASK, after=GONE)
    if opened.things:
        people = counted(opened.learners, "learner")
        yield f"open {counted(opened.things, 'follow-up')} for {people}" + (
            f" and close {closed.things:,}" if closed.things else ""
        )
    elif closed.things:
        yield f"close {counted(closed.things, 'follow-up')} of {counted(closed.learners, 'learner')}"


def _waste(report: BacktestReport) -> Iterator[str]:
    """In money; in hours where nothing of it costs anything."""
    if report.waste:
        yield f"change waste by {_signed(report.waste, 2)} {report.currency}".rstrip()
    elif report.waste_hours:
        yield f"change waste by {_signed(report.waste_hours, 1)} hours"


def _signed(hundredths: int, digits: int) -> str:
    """A difference with its sign."""
    return f"{'−' if hundredths < 0 else '+'}{abs(hundredths) / 100:,.{digits}f}"
