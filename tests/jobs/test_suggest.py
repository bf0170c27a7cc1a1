"""Suggestions out of the store: what the statements tell is compared, the drafts hold, nothing is written."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.suggest import suggest
from lrs_bridge.settings import load_settings
from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import RulesetRow
from support.builders import NOON
from support.installation import STATEMENTS, a_statement, fill, write_files

PAINTS = "https://lms.example.org/course/view.php?id=501"
SHEETS = "https://lms.example.org/course/view.php?id=502"
LAW = "https://lms.example.org/course/view.php?id=503"


def named(activity: str, names: dict[str, str]) -> dict[str, object]:
    return {"id": activity, "definition": {"name": names, "type": "http://adlnet.gov/expapi/activities/course"}}


def done(user: int, activity: str, names: dict[str, str], at: datetime, verb: str = "completed") -> dict[str, object]:
    return a_statement(
        user, verb, activity, at, object=named(activity, names), result={"duration": "PT2H", "completion": True}
    )


TOLD = (
    *STATEMENTS,
    done(17, PAINTS, {"en": "Colours", "de": "Painting: Farben mischen"}, NOON + timedelta(hours=4)),
    done(18, PAINTS, {"en": "Colours", "de": "Painting: Farben mischen"}, NOON + timedelta(hours=5)),
    done(17, SHEETS, {"en": "Spreadsheet formulas"}, NOON + timedelta(hours=6)),
    done(17, LAW, {"en": "Traffic law"}, NOON + timedelta(hours=7)),
)


@pytest.fixture(scope="module")
def bridge(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Bridge]:
    folder: Path = tmp_path_factory.mktemp("suggest")
    now = NOON + timedelta(days=1)
    with Bridge.open(load_settings(write_files(folder, TOLD), {}), clock=lambda: now) as bridge:
        fill(bridge, folder, now)
        yield bridge


def test_names_of_all_languages_are_compared_and_hours_lead(bridge: Bridge) -> None:
    found = suggest(bridge, bridge.clock()).suggestions

    assert [(each.target.id, each.hours, each.completions, each.learners) for each in found] == [
        ("painting", 4.0, 2, 2),
        ("spreadsheets", 2.0, 1, 1),
    ]


def test_each_comes_with_what_it_would_have_done(bridge: Bridge) -> None:
    lines = {each.target.id: each.verdict for each in suggest(bridge, bridge.clock()).suggestions}

    assert lines["spreadsheets"].startswith("Would give 1 completion evidence")
    assert "evidence" not in lines["painting"]


def test_without_backtest_nothing_is_tried(bridge: Bridge) -> None:
    assert {each.verdict for each in suggest(bridge, bridge.clock(), backtests=False).suggestions} == {""}


def test_what_is_long_past_can_be_left_out(bridge: Bridge) -> None:
    now = bridge.clock() + timedelta(days=300)

    assert suggest(bridge, now, since=timedelta(days=90)).suggestions == ()


def test_the_limit_holds(bridge: Bridge) -> None:
    came = suggest(bridge, bridge.clock(), limit=1)

    assert [each.target.id for each in came.suggestions] == ["painting"]
    assert came.left.found == 2
    assert came.left.unlike == 2


def test_nothing_is_written(bridge: Bridge) -> None:
    suggest(bridge, bridge.clock())

    with read(bridge.engine) as connection:
        assert connection.execute(select(func.count()).select_from(RulesetRow)).scalar_one() == 1


def test_a_test_of_a_draft_holds_a_real_activity_and_nobody(bridge: Bridge) -> None:
    rule = suggest(bridge, bridge.clock()).suggestions[1].rule

    assert rule["tests"][0]["statements"] == [
        {"verb": "completed", "activity": {"id": SHEETS, "name": "Spreadsheet formulas", "type": "course"}}
    ]
