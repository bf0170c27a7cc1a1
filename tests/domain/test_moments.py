"""Days and moments at the edges of the calendar: nobody is left unplanned because of one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest

from lrs_bridge.domain.contract import Support
from lrs_bridge.domain.facts import Facts
from lrs_bridge.domain.moments import EARLIEST, LATEST, day_of, end_of, shifted, start_of
from lrs_bridge.domain.plan import plan
from support.builders import (
    RULES,
    a_contract,
    a_goal,
    a_learner,
    a_ruleset,
    a_statement,
    an_activity,
    an_organisation,
    day,
    facts,
)

ZONES = [UTC, timezone(timedelta(hours=14)), timezone(timedelta(hours=-12))]
FIRST, LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)


def test_a_span_leads_to_the_moment_that_much_later() -> None:
    assert shifted(day(1), timedelta(days=2)) == day(3)
    assert shifted(day(1), timedelta(days=-2)) == day(-1)


def test_no_span_leads_off_the_calendar() -> None:
    assert shifted(day(1), timedelta.max) == shifted(LAST, timedelta(1)) == LATEST
    assert shifted(day(1), timedelta.min) == shifted(FIRST, timedelta(-1)) == EARLIEST


@pytest.mark.parametrize("zone", ZONES)
def test_every_moment_and_every_day_has_its_place(zone: timezone) -> None:
    assert day_of(FIRST, zone) < day_of(day(0), zone) < day_of(LAST, zone)
    assert start_of(date.min, zone) < start_of(date(2026, 3, 1), zone) < end_of(date(2026, 3, 1), zone)
    assert end_of(date(2026, 3, 1), zone) == start_of(date(2026, 3, 2), zone) < end_of(date.max, zone)


def _contract(**changes: Any) -> Facts:
    contract = a_contract(a_goal(supports=(Support("s1", "a licence", "ida", date.max),)))
    return facts(a_statement(), contracts=(replace(contract, revisions=(replace(contract.revisions[0], **changes),)),))


@pytest.mark.parametrize("zone", ZONES)
@pytest.mark.parametrize(
    "given",
    [
        _contract(ends_on=date.max),
        _contract(starts_on=date.min),
        facts(a_statement(at=FIRST), a_statement("initialized", at=FIRST + timedelta(days=9))),
        facts(a_statement(at=LAST), a_statement("initialized", at=LAST - timedelta(days=9))),
        facts(learner=a_learner(hired_on=date.min)),
        facts(learner=a_learner(hired_on=date.max)),
    ],
)
def test_a_person_is_planned_whatever_the_dates(given: Facts, zone: timezone) -> None:
    mandated = an_activity(mandated_by="the regulator", valid_for=timedelta(days=400))
    given = replace(given, organisation=an_organisation(mandated, time_zone=zone))
    rules = a_ruleset(RULES.replace("due: 7d", "due: 99999y"))

    first = plan(given, rules, day(1))

    assert plan(replace(given, previous=first.as_previous()), rules, day(1)) == first
