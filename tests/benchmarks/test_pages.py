"""The pages of a grown installation, small: every address that is measured answers, and each line says what it is."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import pages


@pytest.mark.slow
def test_every_page_answers_and_is_measured(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "ROUNDS", 1)
    with pages.installed(tmp_path, 2000) as bridge:
        answers = list(pages.ask_all(bridge))
        lines = list(pages.lines(answers, 2000))

    assert {each.address for each in answers} == set(pages.addresses())
    assert all(line.value > 0 for line in lines)
    assert [line.target for line in lines] == [100, None, None]
