"""A backtest in one process: drafts one after the other, learners who cannot be planned, and stopping in between."""

from __future__ import annotations

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.backtesting.tally import Tally
from lrs_bridge.domain.backtesting.trial import Trial
from lrs_bridge.domain.facts import Facts
from lrs_bridge.jobs.backtest import Backtester, BacktestReport, backtest
from lrs_bridge_rules.documents.loader import load_texts
from support.builders import RULES, a_ruleset
from support.drafts import edited
from support.worlds import NOW

_RULE = "rules: [{id: x, status: active, when: WHEN, evidence: {competency: art}}]"
#: One has to look at everybody, the other only where the text stands.
EVERYTHING = {"tests.yaml": RULES, "draft.yaml": _RULE.replace("WHEN", "{outcome: completed}")}
BY_NAME = {"tests.yaml": RULES, "draft.yaml": _RULE.replace("WHEN", "{activity.name: {contains: paint}}")}


def test_drafts_one_after_the_other_find_what_each_alone_finds(bridge: Bridge) -> None:
    tester = Backtester(bridge, NOW)
    for documents in (EVERYTHING, BY_NAME, EVERYTHING):
        assert tester.report(load_texts(documents)).tally == backtest(bridge, documents, now=NOW).tally
        assert tester.line(documents) == "Would give 30 completions evidence; open 30 follow-ups for 30 learners."


def test_who_cannot_be_planned_is_counted_and_stops_nobody(bridge: Bridge, monkeypatch: pytest.MonkeyPatch) -> None:
    def of(trial: Trial, facts: Facts, *given: object) -> Tally:
        if facts.learner.id == "painter-7":
            raise ArithmeticError
        return original(trial, facts)

    original = Trial.of
    monkeypatch.setattr(Trial, "of", of)
    report = backtest(bridge, EVERYTHING, now=NOW)

    assert (report.tally.failed, report.tally.learners, report.tally.affected) == (1, report.learners, 29)
    assert not report.partial


def test_it_can_be_stopped_between_two_parts(bridge: Bridge) -> None:
    seen: list[BacktestReport] = []
    report = backtest(bridge, BY_NAME, now=NOW, progress=seen.append, cancelled=lambda: len(seen) == 2)

    assert report == seen[-1]
    assert report.partial
    assert 0 < report.tally.learners < report.learners


@pytest.mark.parametrize(
    ("edits", "line"),
    [
        (("only the writing changes",), "Would change nothing."),
        (("a pass is a completion",), "Would change nothing."),
        (
            ("a rule is added",),
            "Would give 30 completions evidence; open 30 follow-ups for 30 learners.",
        ),
    ],
)
def test_the_verdict_is_one_line(bridge: Bridge, edits: tuple[str, ...], line: str) -> None:
    assert backtest(bridge, edited(*edits).documents, now=NOW).line == line


def test_a_draft_in_force_is_held_against_nothing_else(bridge: Bridge) -> None:
    assert backtest(bridge, a_ruleset().documents, now=NOW, learners=["painter-1"]).learners == 1
