"""The benchmarks, small: that they measure what they say, not how fast this machine is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import main_job, rule_index
from benchmarks.table import Line


@pytest.mark.slow
def test_the_main_job_reads_everything_and_rests_when_nothing_changed() -> None:
    lines = {line.what: line for line in main_job.measure(2000)}

    assert lines["pull + store + plan, 20% of 2,000 wanted"].value > 0
    assert lines["reconciling again: rows written"].holds


def test_idle_rules_are_measured_on_completions_that_match(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rule_index, "COMPLETIONS", 50)
    monkeypatch.setattr(rule_index, "MANY", 200)

    assert [line.value > 0 for line in rule_index.measure()] == [True, True]


@pytest.mark.parametrize(
    ("line", "text"),
    [
        (Line("a", 1.25, "×", 2.5), "holds"),
        (Line("a", 3.0, "×", 2.5), "MISSED"),
        (Line("a", 31_000, "/s", 30_000, at_least=True), "holds"),
        (Line("a", 3.0, "×"), "×"),
    ],
)
def test_a_line_says_whether_it_holds(line: Line, text: str) -> None:
    assert str(line).endswith(text)


def test_make_bench_runs_them() -> None:
    makefile = Path(__file__).parents[2] / "Makefile"

    assert "-m benchmarks" in makefile.read_text()
