"""A draft for the invented organisation: what a backtest foretells is what publishing brings, to the last figure."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.demo.year import Lived
from lrs_bridge.domain.backtesting.tally import Aspect
from lrs_bridge.jobs import reconcile
from lrs_bridge.jobs.backtest import backtest
from lrs_bridge.settings import Settings
from lrs_bridge.store.erasing import scrub
from support.publishing import differences, foretold, put_in_force, state_of

_DATA = "title: Data analysis, dashboards and statistics show data analysis\n    status: "
#: Two rules are edited, and one has no effect any more.
EDITS = {
    "contains: [excel, spreadsheet]": "contains: [excel, dashboard, python, programming]",
    "contains: pump": "contains: [pump, valve, customer]",
    f"{_DATA}active": f"{_DATA}shadow",
}
DEFINITION = """
completions:
  - {id: a-pass-is-a-completion, when: {verb: passed}, outcome: completed, score: scaled}
"""


@pytest.fixture
def copied(life: Lived, tmp_path: Path) -> Iterator[Bridge]:
    """The installation after its year, in a copy that may be changed; everybody is planned."""
    scrub(life.bridge.engine)  # which empties the write-ahead log, so that the file is everything
    shutil.copy(life.bridge.engine.url.database or "", tmp_path / "copy.db")
    settings = life.bridge.settings
    copy = Settings.model_validate({**settings.model_dump(), "database": {"url": f"sqlite:///{tmp_path}/copy.db"}})
    with Bridge.open(copy, clock=life.clock) as bridge:
        reconcile(bridge, bridge.clock())
        yield bridge


def edited(bridge: Bridge) -> dict[str, str]:
    documents = dict(bridge.ruleset().documents)
    [name] = [name for name in documents if name.endswith("larkfield.yaml")]
    for before, after in EDITS.items():
        assert before in documents[name]
        documents[name] = documents[name].replace(before, after)
    return documents


@pytest.mark.slow
@pytest.mark.parametrize("definition", ["", DEFINITION], ids=["rules", "definitions"])
def test_what_a_backtest_foretells_is_what_publishing_brings(copied: Bridge, definition: str) -> None:
    now = copied.clock()
    draft = {**edited(copied), **({"definition.yaml": definition} if definition else {})}
    was = state_of(copied)

    report = backtest(copied, draft, now=now)

    assert report.tally.weight(Aspect.EVIDENCED).things >= 5
    assert state_of(copied) == was
    put_in_force(copied, draft, now)
    assert foretold(report.tally) == differences(was, state_of(copied))
