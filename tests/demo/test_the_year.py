"""What the product found in the invented year is what the invention knows of itself."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest
from sqlalchemy import Connection, func, select

from lrs_bridge.demo.report import find, headline, tables
from lrs_bridge.demo.truth import Truth, truth_of
from lrs_bridge.demo.year import Lived
from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.domain.waste import WasteReason
from lrs_bridge.jobs.pull import pull_all
from lrs_bridge.jobs.reconcile import reconcile
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.actors import unknown_actors
from lrs_bridge.store.read_models.listing import LARGEST_PAGE, Request
from lrs_bridge.store.tables import (
    CompletionRow,
    ContractSupportRow,
    FindingRow,
    FollowUpRow,
    GoalProgressRow,
    QuarantineRow,
)
from lrs_bridge_rules.completions.outcome import FINISHED

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

FORETOLD = [each for each in WasteReason if each not in {WasteReason.NOT_APPLIED, WasteReason.SUPPORT_MISSING}]


@pytest.fixture(scope="module")
def truth(life: Lived) -> Truth:
    return truth_of(life.invention)


@pytest.fixture
def found(life: Lived) -> Iterator[Connection]:
    with read(life.bridge.engine) as connection:
        yield connection


def test_every_completion_is_found_at_its_moment_and_no_other(truth: Truth, found: Connection) -> None:
    """Duplicates, voids, noise, late and broken records among them."""
    rows = found.execute(
        select(CompletionRow.learner_id, CompletionRow.activity_id, CompletionRow.ended_at).where(
            CompletionRow.outcome.in_(FINISHED),
            CompletionRow.attested.is_(False),
            CompletionRow.excluded_because.not_like("a test of %"),
        )
    )
    completions: list[tuple[str, str, datetime | None]] = [(row[0], row[1], row[2]) for row in rows]

    assert len(completions) == len(set(completions))
    assert set(completions) == truth.completions


def test_the_unmatched_are_the_activities_that_nobody_entered(truth: Truth, found: Connection) -> None:
    rows = found.execute(select(CompletionRow.activity_id).where(CompletionRow.standing == Standing.UNMATCHED))

    assert set(rows.scalars()) == truth.unmatched


@pytest.mark.parametrize("reason", FORETOLD)
def test_waste_is_found_where_it_was_planted_and_nowhere_else(
    truth: Truth, found: Connection, reason: WasteReason
) -> None:
    rows = found.execute(select(FindingRow.learner_id, FindingRow.activity_id).where(FindingRow.reason == reason))

    assert {(row.learner_id, row.activity_id) for row in rows} == truth.reasons[reason]


def test_support_is_missing_only_where_a_support_came_late_or_never(life: Lived, found: Connection) -> None:
    findings = found.execute(
        select(FindingRow.goal_id, FindingRow.completion_id).where(FindingRow.reason == WasteReason.SUPPORT_MISSING)
    ).all()
    with_supports = set(found.execute(select(ContractSupportRow.support_id)).scalars())
    goals = {
        goal.id: goal
        for each in life.invention.agreements
        for contract in each.contracts
        for goal in contract.latest.goals
    }

    assert findings
    assert all(goals[row.goal_id].supports for row in findings if row.goal_id is not None)
    assert all(support.id in with_supports for row in findings for support in goals[row.goal_id or ""].supports)


def test_what_was_not_applied_has_no_task_that_was_done(found: Connection) -> None:
    completions = select(FindingRow.completion_id).where(FindingRow.reason == WasteReason.NOT_APPLIED)
    states = set(found.execute(select(FollowUpRow.state).where(FollowUpRow.completion_id.in_(completions))).scalars())

    assert states == {FollowUpState.EXPIRED, FollowUpState.DECLINED}


@pytest.mark.parametrize("reason", WasteReason)
def test_every_reason_for_waste_comes_out(found: Connection, reason: WasteReason) -> None:
    assert _count(found, FindingRow, FindingRow.reason == reason) > 0


@pytest.mark.parametrize("quadrant", Quadrant)
def test_every_quadrant_comes_out(found: Connection, quadrant: Quadrant) -> None:
    assert _count(found, CompletionRow, CompletionRow.quadrant == quadrant) > 10


@pytest.mark.parametrize("standing", Standing)
def test_completions_come_in_every_standing(found: Connection, standing: Standing) -> None:
    assert _count(found, CompletionRow, CompletionRow.standing == standing) > 10


@pytest.mark.parametrize("state", GoalState)
def test_goals_come_to_every_state(found: Connection, state: GoalState) -> None:
    assert _count(found, GoalProgressRow, GoalProgressRow.state == state) > 0


@pytest.mark.parametrize("state", FollowUpState)
def test_tasks_come_to_every_state(found: Connection, state: FollowUpState) -> None:
    assert _count(found, FollowUpRow, FollowUpRow.state == state) > 0


def test_the_broken_records_are_set_aside(truth: Truth, found: Connection) -> None:
    assert _count(found, QuarantineRow) == truth.broken


def test_the_addresses_that_nobody_linked_are_unknown_actors(truth: Truth, found: Connection) -> None:
    unknown = {actor.ifi for actor in unknown_actors(found, Request(size=LARGEST_PAGE)).rows}

    assert truth.strangers <= unknown


def test_people_acted_and_hardly_an_act_was_refused(life: Lived) -> None:
    assert life.acts > 500
    assert life.refused < life.acts / 50


def test_doing_it_all_again_changes_nothing(life: Lived) -> None:
    now = life.clock()

    assert sum(report.new for report in pull_all(life.bridge, now)) == 0
    assert reconcile(life.bridge, now).writes == 0


def test_the_report_says_what_it_should_in_eighty_columns(life: Lived) -> None:
    from lrs_bridge.cli.output import plain_lines

    report = tables(find(life.bridge, life.clock()))
    lines = [line for table in report for line in plain_lines(table)]

    assert max(map(len, (*lines, *headline(life.invention).splitlines()))) <= 80
    assert [table.title for table in report] == [
        "What the record stores sent",
        "What came of the learning",
        "Who needed it, who wanted it",
        "What was wasted, and why",
        "Completed often, and no rule knows what it is about",
        "What waits for somebody",
    ]
    assert all(table.rows for table in report)


def _count(connection: Connection, table: type, *conditions: object) -> int:
    return connection.execute(select(func.count()).select_from(table).where(*conditions)).scalar_one()  # type: ignore[arg-type]  # any condition
