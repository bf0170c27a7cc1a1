"""The verdict in one line: what weighs most, and nothing that is not there."""

from __future__ import annotations

import pytest

from lrs_bridge.domain.backtesting.tally import GONE, Aspect, Move, Tally, Way, Weight
from lrs_bridge.jobs.backtest import BacktestReport
from support.worlds import NOW


def _move(aspect: Aspect, before: str, after: str, things: int, learners: int = 1, **stake: int) -> Move:
    return Move(Way(aspect, "", before, after), Weight(things, learners, **stake))


@pytest.mark.parametrize(
    ("moves", "line"),
    [
        ((), "Would change nothing."),
        (
            (_move(Aspect.EVIDENCED, GONE, "there", 34), _move(Aspect.EVIDENCED, "there", GONE, 2)),
            "Would give 34 completions evidence and take it from 2.",
        ),
        ((_move(Aspect.EVIDENCED, "there", GONE, 1),), "Would take evidence from 1 completion."),
        (
            (_move(Aspect.TASK, GONE, "there", 61, 28), _move(Aspect.TASK, "there", GONE, 3, 2)),
            "Would open 61 follow-ups for 28 learners and close 3.",
        ),
        ((_move(Aspect.TASK, "there", GONE, 3, 2),), "Would close 3 follow-ups of 2 learners."),
        ((_move(Aspect.WASTE, "repeat", GONE, 1, money_before=420_000),), "Would change waste by −4,200.00 EUR."),
        ((_move(Aspect.WASTE, GONE, "repeat", 1, hours_after=150),), "Would change waste by +1.5 hours."),
        (
            (_move(Aspect.COMPLETION, GONE, "there", 1200), _move(Aspect.COMPLETION, "there", GONE, 1)),
            "Would make 1,200 completions; unmake 1 completion.",
        ),
        ((_move(Aspect.QUADRANT, "waste", "gift", 5),), "Would change details of 1 learner."),
    ],
)
def test_the_verdict_says_what_weighs_most(moves: tuple[Move, ...], line: str) -> None:
    tally = Tally(learners=9, affected=1, moves=tuple(sorted(moves, key=lambda move: move.way)))

    assert BacktestReport(tally, 9, 1, NOW, currency="EUR").line == line
