"""What pages and reports read is the same on both databases, and does not walk through everything for one page."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import Connection, event, select

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.waste import FindingStatus, WasteReason
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models import (
    Freshness,
    Request,
    RequestError,
    Step,
    activities,
    completions,
    follow_ups,
    funnel,
    noise_kinds,
    off_contract_activities,
    overview,
    quadrants,
    source_states,
    unknown_actors,
    unmatched_activities,
    waste_findings,
    waste_groups,
    waste_summary,
)
from lrs_bridge.store.read_models.activities import count_activities
from lrs_bridge.store.read_models.figures import count_figures, decode_figures, encode_figures, kept_figures
from lrs_bridge.store.read_models.periods import PERIODS, Period
from lrs_bridge.store.read_models.waste import GroupedBy
from lrs_bridge.store.read_models.weeks import months_until, weeks_until
from lrs_bridge.store.tables import ActivitySummaryRow
from support.bridges import settings_for
from support.builders import NOON, PAINTING, day
from support.postgres import PostgresServer
from support.web import Clock, furnish, open_web_bridge

VIENNA = ZoneInfo("Europe/Vienna")
VIENNESE = {"time_zone": VIENNA.key}
HOUR = timedelta(hours=1)


@pytest.fixture(scope="module")
def postgres_bridge(postgres_server: PostgresServer, cheap_hashes: None) -> Iterator[Bridge]:
    with (
        postgres_server.database() as name,
        Bridge.open(settings_for(postgres_server.url(name), organisation=VIENNESE), clock=Clock()) as bridge,
    ):
        furnish(bridge)
        yield bridge


@pytest.fixture(scope="module")
def sqlite_bridge(furnished: Path) -> Iterator[Bridge]:
    with open_web_bridge(furnished) as bridge:
        yield bridge


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real_server)])
def connection(request: pytest.FixtureRequest) -> Iterator[Connection]:
    bridge: Bridge = request.getfixturevalue(f"{request.param}_bridge")
    with read(bridge.engine) as connection:
        yield connection


def test_the_funnel_narrows_from_step_to_step(connection: Connection) -> None:
    counts = [count for _, count in funnel(connection).steps]

    assert counts[:4] == sorted(counts[:4], reverse=True)
    assert counts[0] > counts[1] > counts[2] > 0


def test_a_period_takes_only_what_ended_in_it(connection: Connection) -> None:
    since = day(-60)
    behind = completions(connection, Request(filters={"step": "completed", "from": since.isoformat()}, size=100))

    assert funnel(connection, since).completed == behind.total
    assert 0 < behind.total < funnel(connection).completed
    assert all(row.at >= since for row in behind.rows)


def test_every_quadrant_has_its_sums_also_one_without_completions(connection: Connection) -> None:
    totals = quadrants(connection)
    listed = completions(connection, Request(filters={"quadrant": "waste"}, size=100)).rows
    ended = [row for row in listed if row.standing != "not-completed"]

    assert [total.quadrant for total in totals] == list(Quadrant)
    waste = totals[-1]
    assert (waste.completions, waste.hours, waste.cost) == (
        len(ended),
        sum(row.hours for row in ended),
        sum(row.cost for row in ended),
    )
    assert [total.completions for total in quadrants(connection, NOON + timedelta(days=1))] == [0, 0, 0, 0]


def test_unmatched_activities_are_grouped_with_their_trend(connection: Connection) -> None:
    found = unmatched_activities(connection, Request(), NOON)
    first = found.rows[0]
    behind = completions(connection, Request(filters={"standing": "unmatched", "activity": first.activity_id})).rows

    assert first.completions == len(behind)
    assert first.learners == len({row.learner_id for row in behind})
    assert first.last_seen == max(row.at for row in behind)
    assert len(first.trend) == 12
    assert sum(first.trend) == sum(row.at >= weeks_until(NOON)[0] for row in behind)


def test_off_contract_activities_say_how_they_were_aligned(connection: Connection) -> None:
    painting = off_contract_activities(connection, Request(filters={"activity": PAINTING})).rows[0]

    assert sum(count for _, count in painting.quadrants) == painting.completions
    assert dict(painting.quadrants)[Quadrant.GIFT] > 0
    assert dict(painting.quadrants)[Quadrant.WASTE] > 0


def test_waste_is_summed_once_whatever_it_is_gathered_by(connection: Connection) -> None:
    summary = waste_summary(connection, NOON, VIENNA)
    counted = [row for row in waste_findings(connection, Request(size=500)).rows if row.counted]

    assert summary.money == sum(row.money for row in counted)
    for by in GroupedBy:
        groups = waste_groups(connection, by, Request(size=500)).rows
        assert sum(group.money for group in groups) == summary.money
        assert sum(group.hours for group in groups) == pytest.approx(summary.hours)
        assert sum(group.findings for group in groups) == summary.findings
        assert sum(group.rescuable for group in groups) == summary.rescuable


def test_waste_shows_what_can_be_rescued_first_and_only_what_is_open(connection: Connection) -> None:
    rows = waste_findings(connection, Request(size=500)).rows
    rescuable = [row.rescuable for row in rows]

    assert rescuable == sorted(rescuable, reverse=True)
    assert {row.status for row in rows} == {FindingStatus.OPEN}
    assert sum(rescuable) == waste_summary(connection, NOON, VIENNA).rescuable


def test_what_most_is_lost_with_stands_first_among_what_can_be_rescued(connection: Connection) -> None:
    rows = waste_findings(connection, Request(size=200)).rows
    at_stake = [(row.rescuable, row.money) for row in rows]

    assert len(set(at_stake)) > 2
    assert at_stake == sorted(at_stake, reverse=True)


def test_every_reason_has_its_row_those_that_can_be_rescued_first(connection: Connection) -> None:
    reasons = [total.reason for total in waste_summary(connection, NOON, VIENNA).reasons]

    assert reasons[:2] == [WasteReason.SUPPORT_MISSING, WasteReason.NOT_APPLIED]
    assert reasons[2:] == [reason for reason in WasteReason if reason not in reasons[:2]]


def test_a_finding_at_a_goal_bears_the_title_of_the_goal(connection: Connection) -> None:
    ahead = [row for row in waste_findings(connection, Request(size=500)).rows if row.completion_id is None]

    assert {row.goal_title for row in ahead} == {"Lead the supplier talks"}


def test_a_source_is_judged_by_its_last_success_and_error(connection: Connection) -> None:
    states = {state.name: state for state in source_states(connection, NOON, stale_after=HOUR, names=("lms", "new"))}
    later = {state.name: state for state in source_states(connection, day(1), stale_after=HOUR)}

    assert {name: state.freshness for name, state in states.items()} == {
        "archive": Freshness.FAILING,
        "lms": Freshness.FRESH,
        "new": Freshness.NEVER,
    }
    assert later["lms"].freshness is Freshness.STALE
    assert states["lms"].waiting == 2


def test_unknown_actors_are_those_whom_no_learner_owns(connection: Connection) -> None:
    assert {actor.ifi for actor in unknown_actors(connection, Request()).rows} == {
        "mbox:stranger@example.org",
        "mbox:visitor@example.org",
    }


def test_what_nobody_wants_is_counted_by_its_kind(connection: Connection) -> None:
    found = noise_kinds(connection, Request(size=1))

    assert found.total == 2
    assert found.rows[0].statements == 4210


def test_tasks_that_wait_for_a_manager_are_found(connection: Connection) -> None:
    found = follow_ups(connection, Request(filters={"look": "waiting"}), NOON)

    assert found.total > 0
    assert all(row.confirm and row.state == "submitted" for row in found.rows)


def test_the_overview_counts_what_waits(connection: Connection) -> None:
    seen = overview(connection, NOON, stale_after=HOUR, zone=VIENNA)

    assert seen.learners == 12
    assert seen.waiting.unknown_actors == 2
    assert seen.waiting.quarantined_records == 2
    assert seen.waiting.unmatched_activities == unmatched_activities(connection, Request(), NOON).total
    assert seen.waiting.rescuable_findings == seen.waste.rescuable


@pytest.mark.parametrize("sort", ["at", "learner", "percent", "quadrant", "cost"])
@pytest.mark.parametrize("descending", [True, False])
def test_pages_of_any_order_hold_every_row_once(connection: Connection, sort: str, descending: bool) -> None:
    pages = [
        completions(connection, Request(sort=sort, descending=descending, page=number, size=7))
        for number in range(1, 9)
    ]
    ids = [(row.learner_id, row.id) for page in pages for row in page.rows]

    assert len(ids) == len(set(ids)) == pages[0].total


def test_a_full_page_counts_and_a_short_first_page_knows(sqlite_bridge: Bridge) -> None:
    asked: list[str] = []
    event.listen(sqlite_bridge.engine, "before_cursor_execute", lambda *args: asked.append(args[2]))
    with read(sqlite_bridge.engine) as connection:
        assert completions(connection, Request(size=1)).total > 1
        assert sum("count(*)" in each for each in asked) == 1
        asked.clear()
        completions(connection, Request(size=500))
        assert [each for each in asked if "count(*)" in each] == []


def test_a_long_list_is_counted_no_further_than_asked(connection: Connection) -> None:
    everything = completions(connection, Request(size=2)).total
    cut = completions(connection, Request(size=2, count_to=3))

    assert (cut.total, cut.more, cut.has_next) == (3, True, True)
    assert completions(connection, Request(size=2, count_to=everything)).more is False
    last = completions(connection, Request(size=2, count_to=3, page=-(-everything // 2)))
    assert last.rows
    assert not completions(connection, Request(size=2, count_to=3, page=last.page + 1)).rows


@pytest.mark.parametrize("period", PERIODS.values(), ids=lambda period: period.name)
def test_the_figures_that_are_kept_are_those_that_would_be_counted(connection: Connection, period: Period) -> None:
    since = period.since(NOON, VIENNA)
    kept = kept_figures(connection, since)

    assert kept is not None
    assert kept.figures == count_figures(connection, kept.at, since, VIENNA)
    assert kept.figures == decode_figures(encode_figures(kept.figures))


def test_the_activities_that_are_kept_are_those_that_would_be_counted(connection: Connection) -> None:
    names = [column.name for column in ActivitySummaryRow.__table__.columns]
    columns = [getattr(ActivitySummaryRow, name) for name in names]
    kept = [dict(zip(names, row, strict=True)) for row in connection.execute(select(*columns))]
    by_key = itemgetter("standing", "part", "value", "activity_id")

    assert len(kept) > 4
    assert sorted(kept, key=by_key) == sorted(count_activities(connection, NOON), key=by_key)


@pytest.mark.parametrize("filters", [{}, {"quadrant": "waste"}, {"provider": "Studio Nord"}, {"type": ""}])
def test_a_list_is_the_same_whether_it_was_kept_or_is_counted(
    connection: Connection, monkeypatch: pytest.MonkeyPatch, filters: dict[str, str]
) -> None:
    request = Request(filters=filters, sort="hours", descending=True)
    kept = off_contract_activities(connection, request)
    monkeypatch.setattr(activities, "_is_kept", lambda *_: False)
    counted = off_contract_activities(connection, request)

    assert [(row.activity_id, row.learners, row.completions, row.hours) for row in kept.rows] == [
        (row.activity_id, row.learners, row.completions, row.hours) for row in counted.rows
    ]
    assert kept.rows


def test_a_unit_has_its_own_part_of_the_unmatched(connection: Connection) -> None:
    units = ("finance", "sales", "logistics")
    of_units = [unmatched_activities(connection, Request(filters={"unit": unit}), NOON) for unit in units]

    everything = unmatched_activities(connection, Request(), NOON)
    assert sum(row.completions for found in of_units for row in found.rows) == sum(
        row.completions for row in everything.rows
    )


def test_what_a_list_does_not_know_is_refused_by_name(connection: Connection) -> None:
    with pytest.raises(RequestError, match="cannot be filtered by “colour”"):
        completions(connection, Request(filters={"colour": "red"}))
    with pytest.raises(RequestError, match="It knows: activity"):
        completions(connection, Request(sort="colour"))


def test_months_follow_the_calendar_of_the_organisation() -> None:
    just_before = datetime(2026, 1, 31, 22, 59, tzinfo=UTC)

    assert months_until(just_before, VIENNA)[-1] == datetime(2026, 1, 1, tzinfo=VIENNA)
    assert months_until(just_before + timedelta(minutes=1), VIENNA)[-1] == datetime(2026, 2, 1, tzinfo=VIENNA)
    assert len(months_until(just_before, VIENNA)) == 12


def test_every_step_has_a_condition(connection: Connection) -> None:
    for step, count in funnel(connection).steps:
        assert completions(connection, Request(filters={"step": step.value})).total == count
    assert len(Step) == 5
