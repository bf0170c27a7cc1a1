"""`rules backtest`: the verdict first, then what moves; nothing is changed by it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.backtest import running, sharing
from lrs_bridge.settings import load_settings
from lrs_bridge.store.engine import write
from lrs_bridge.store.noise import tally
from support.builders import PAINTING

DRAFT = f"""
rules:
  - id: painting
    status: active
    when: {{activity.id: "{PAINTING}"}}
    evidence: {{competency: spreadsheets}}
"""
VIEWED = "http://id.tincanapi.com/verb/viewed"


@pytest.fixture
def draft(tmp_path: Path) -> Callable[[str], str]:
    def written(text: str = DRAFT) -> str:
        (tmp_path / "draft.yaml").write_text(text)
        return str(tmp_path / "draft.yaml")

    return written


def test_the_verdict_stands_first_and_examples_can_be_explained(installation: Any, draft: Callable[..., str]) -> None:
    answer = installation("rules", "backtest", draft(), "--add")
    first, *lines = answer.out.splitlines()

    assert answer.code == 0, answer.err
    assert first.startswith("Would ")
    assert any(line.split() == ["painting", "–", "→", "active", "0", "1"] for line in lines)
    assert "Painting with oil" in answer.out
    assert "Alice" not in answer.out + answer.err


def test_without_a_draft_the_documents_of_the_configuration_are_tried(installation: Any) -> None:
    answer = installation("rules", "backtest")

    assert (answer.code, answer.out.splitlines()[0]) == (0, "Would change nothing.")


def test_trying_a_draft_changes_nothing(installation: Any, draft: Callable[..., str]) -> None:
    before = installation("status", "--json").json
    installation("rules", "backtest", draft(), "--add")

    assert installation("rules", "list", "--json").json["versions"][0]["number"] == 1
    assert installation("status", "--json").json == before


def test_alone_a_draft_stands_in_the_place_of_all_rules(installation: Any, draft: Callable[..., str]) -> None:
    report = installation("rules", "backtest", draft(), "--json").json

    assert report["completions"]["after"] == 0, "no definition is left that wants anything"
    assert report["line"].startswith("Would unmake ")


def test_only_some_learners_are_looked_at_on_request(installation: Any, draft: Callable[..., str]) -> None:
    report = installation("rules", "backtest", draft(), "--add", "--learners", "al,", "--json").json

    assert (report["learners"], report["looked_at"]) == (1, 1)


def test_a_learner_who_is_not_there_is_told_and_not_passed_over(installation: Any, draft: Callable[..., str]) -> None:
    answer = installation("rules", "backtest", draft(), "--add", "--learners", "al,nobody")

    assert answer.code == 2
    assert "There is no learner 'nobody'." in answer.err


def test_what_ended_too_long_ago_is_not_counted(installation: Any, draft: Callable[..., str]) -> None:
    report = installation("rules", "backtest", draft(), "--add", "--since", "1h", "--json").json

    assert (report["completions"], report["moves"]) == ({"before": 0, "after": 0}, [])


def test_a_wrong_draft_is_told_with_its_place(installation: Any, draft: Callable[..., str]) -> None:
    answer = installation("rules", "backtest", draft("rules: [{id: x}]"), "--add")

    assert answer.code == 1
    assert "draft.yaml:1:" in answer.err


def test_noise_that_the_draft_would_want_is_estimated(installation: Any, draft: Callable[..., str]) -> None:
    with Bridge.open(load_settings(installation.config, {})) as bridge, write(bridge.engine) as connection:
        noise = {(VIEWED, "", date(2026, 2, 1)): 7, ("https://example.org/other", "", date(2026, 2, 1)): 9}
        tally(connection, "lms", noise)
    wanting = draft(f'completions: [{{id: viewed, when: {{verb: "{VIEWED}"}}, outcome: completed}}]')

    answer = installation("rules", "backtest", wanting, "--add")

    assert "The draft may want at most 7 statements" in answer.out
    assert "`lrs-bridge rescan SOURCE --since DAY`" in answer.out.replace("\n", " ")


def test_stopping_it_shows_what_is_known_by_then(
    installation: Any, draft: Callable[..., str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(running, "PART", 1)
    once = iter([True])

    def work(worker: sharing.Worker, now: Any) -> bool:
        if next(once, False):
            return original(worker, now)
        raise KeyboardInterrupt

    original = sharing.Worker.work
    monkeypatch.setattr(sharing.Worker, "work", work)

    answer = installation("rules", "backtest", draft(), "--add")

    assert answer.code == 130
    assert answer.out.startswith("PARTIAL: only ")
    assert " of 3 learners" in answer.err
