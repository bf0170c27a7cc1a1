"""The benchmarks, small: that they measure what they say, not how fast this machine is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from benchmarks import __main__ as bench
from benchmarks import backtest, engines, main_job, pages, readers, rule_index, suggestions
from benchmarks.table import Line
from lrs_bridge_rules.documents.loader import load_texts

_WITH_A_PREFIX = """
rules:
  - {id: beginning, status: draft, when: {activity.id: {prefix: "https://lms.example.org/"}}, evidence: {competency: x}}
"""
PAGE = Path(__file__).parents[2] / "docs/benchmarks.md"


@pytest.fixture(scope="module")
def main_lines() -> dict[str, Line]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main_job, "LEARNERS", 100)
        patch.setattr(main_job, "RULES", 100)
        patch.setattr(main_job, "ROUNDS", 1)
        return {line.what: line for line in main_job.measure(2000)}


@pytest.fixture(scope="module")
def rule_lines() -> list[Line]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rule_index, "COMPLETIONS", 50)
        return rule_index.measure()


@pytest.fixture(scope="module")
def engine_lines() -> list[Line]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(rule_index, "COMPLETIONS", 30)
        return list(engines.measure())


@pytest.fixture(scope="module")
def suggestion_lines() -> list[Line]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(suggestions, "MANY", 1000)
        return list(suggestions.measure())


@pytest.fixture(scope="module")
def backtest_lines() -> list[Line]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(main_job, "LEARNERS", 30)
        patch.setattr(main_job, "RULES", 40)
        patch.setattr(backtest, "ROUNDS", 1)
        return list(backtest.measure(400))


@pytest.mark.slow
def test_the_main_job_reads_everything_and_rests_when_nothing_changed(main_lines: dict[str, Line]) -> None:
    assert main_lines["pull + store + plan, 20% of 2,000 wanted"].value > 0
    assert main_lines["reconciling again: rows written"].holds
    assert main_lines["planning everybody anew: rows written"].holds


@pytest.mark.slow
def test_backtests_are_measured_beside_reading(backtest_lines: list[Line]) -> None:
    assert all(line.value > 0 for line in backtest_lines)
    assert [line.target for line in backtest_lines if "backtest," in line.what] == [5.0, 5.0, 5.0, None]


def test_idle_rules_are_measured_on_completions_that_match(rule_lines: list[Line]) -> None:
    assert [line.value > 0 for line in rule_lines] == [True, True, True]


def test_other_engines_find_the_same_matches_and_say_how_long_they_take(engine_lines: list[Line]) -> None:
    assert [line.absent for line in engine_lines] == ["", "", ""]
    assert all(line.value > 0 for line in engine_lines)


def test_an_engine_without_words_for_an_operator_says_so() -> None:
    [rule] = load_texts({"rules.yaml": _WITH_A_PREFIX}).rules

    for engine in engines.ENGINES:
        with pytest.raises(engines.CannotExpressError, match="Prefix"):
            engine.judge([rule.condition])


@pytest.mark.slow
def test_every_line_is_explained(
    main_lines: dict[str, Line],
    rule_lines: list[Line],
    engine_lines: list[Line],
    suggestion_lines: list[Line],
    backtest_lines: list[Line],
) -> None:
    page_lines = pages.lines([pages.Timed("/", (0.01,))], 1000)
    others = (*rule_lines, *engine_lines, *suggestion_lines, *backtest_lines, *page_lines)
    measured = {*main_lines, *(_open_organisation(line.what) for line in others)}
    explained = re.findall(r"^\| `([^`]+)` \|", PAGE.read_text(), re.MULTILINE)

    assert sorted(explained) == sorted(
        re.sub(r"(?:of|over) [\d,]+ (wanted|completions)", _open_number, what.strip()) for what in measured
    )


def _open_organisation(what: str) -> str:
    what = re.sub(r"^suggestions, [a-z-]+:", "suggestions, …:", what)
    return re.sub(r"^(suggestions for) [\d,]+", r"\1 …", what)


def _open_number(found: re.Match[str]) -> str:
    return "… wanted" if found[1] == "wanted" else "over … completions"


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


def test_a_line_that_could_not_be_measured_says_why_and_is_not_missed() -> None:
    line = Line("a", 0.0, "×", 1 / 3, absent="as it is not installed")

    assert str(line).endswith("×: not measured, as it is not installed")
    assert line.holds is None


def test_a_reader_that_is_not_there_is_said_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readers, "RALPH", Path("/nowhere/ralph"))

    assert "does not run here" in str(main_job.beside_ralph("http://127.0.0.1:9/xapi", 1000, 1.0))


def test_what_is_not_in_the_table_cannot_be_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        bench.main(["main-job"])

    assert "there is no 'main-job' to measure, only main_job" in capsys.readouterr().err
