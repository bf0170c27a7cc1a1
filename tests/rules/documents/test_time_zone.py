"""Days in rules are days of the document's time zone, also when clocks change."""

from datetime import UTC, datetime

import pytest

from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.errors import DocumentError
from support.xapi import a_rule, a_subject


def _fits(when: str, at: str, zone: str = "Europe/Berlin") -> bool:
    ruleset = load_texts({"r.yaml": f"time_zone: {zone}\nrules:\n" + a_rule(when)})
    return bool(ruleset.evaluate(a_subject(at=datetime.fromisoformat(at))).matches)


@pytest.mark.parametrize(
    ("when", "at", "expected"),
    [
        ("{at: {on: 2026-03-02}}", "2026-03-01T22:59:59.999999+00:00", False),
        ("{at: {on: 2026-03-02}}", "2026-03-01T23:00:00+00:00", True),
        ("{at: {on: 2026-03-02}}", "2026-03-02T22:59:59.999999+00:00", True),
        ("{at: {on: 2026-03-02}}", "2026-03-02T23:00:00+00:00", False),
        ("{at: {before: 2026-03-02}}", "2026-03-01T22:59:59.999999+00:00", True),
        ("{at: {before: 2026-03-02}}", "2026-03-01T23:00:00+00:00", False),
        ("{at: {after: 2026-03-02}}", "2026-03-02T22:59:59.999999+00:00", False),
        ("{at: {after: 2026-03-02}}", "2026-03-02T23:00:00+00:00", True),
        ("{at: {between: [2026-03-02, 2026-03-03]}}", "2026-03-01T23:00:00+00:00", True),
        ("{at: {between: [2026-03-02, 2026-03-03]}}", "2026-03-03T23:00:00+00:00", False),
        # the clocks go forward on 29 March (23 hours) and back on 25 October (25 hours)
        ("{at: {on: 2026-03-29}}", "2026-03-29T21:59:59+00:00", True),
        ("{at: {on: 2026-03-29}}", "2026-03-29T22:00:00+00:00", False),
        ("{at: {on: 2026-10-25}}", "2026-10-24T22:00:00+00:00", True),
        ("{at: {on: 2026-10-25}}", "2026-10-25T22:59:59+00:00", True),
        ("{at: {on: 2026-10-25}}", "2026-10-25T23:00:00+00:00", False),
        # a timestamp with a zone is that moment, one without is told by the clocks of the document
        ("{at: {after: '2026-07-01T12:00:00Z'}}", "2026-07-01T11:00:00+00:00", False),
        ("{at: {after: '2026-07-01T12:00:00'}}", "2026-07-01T11:00:00+00:00", True),
        ("{at: {after: '2026-07-01T12:00:00'}}", "2026-07-01T10:00:00+00:00", False),
    ],
)
def test_a_date_is_a_day_where_the_document_says(when: str, at: str, expected: bool) -> None:
    assert _fits(when, at) is expected


def test_without_a_time_zone_days_are_those_of_utc() -> None:
    ruleset = load_texts({"r.yaml": "rules:\n" + a_rule("{at: {on: 2026-03-02}}")})

    assert ruleset.evaluate(a_subject(at=datetime(2026, 3, 2, 23, 59, tzinfo=UTC))).matches
    assert not ruleset.evaluate(a_subject(at=datetime(2026, 3, 3, tzinfo=UTC))).matches


def test_each_document_has_its_own_time_zone() -> None:
    texts = {
        "a.yaml": "time_zone: Asia/Tokyo\nrules:\n" + a_rule("{at: {on: 2026-03-02}}", rule_id="there"),
        "b.yaml": "rules:\n" + a_rule("{at: {on: 2026-03-02}}", rule_id="here"),
    }

    verdict = load_texts(texts).evaluate(a_subject(at=datetime(2026, 3, 1, 15, tzinfo=UTC)))

    assert [match.rule for match in verdict.matches] == ["there"]


@pytest.mark.parametrize(
    ("zone", "until", "last", "over"),
    [
        ("UTC", "2027-01-31", "2027-01-31T23:59:59.999999+00:00", "2027-02-01T00:00:00+00:00"),
        ("Europe/Berlin", "2027-01-31", "2027-01-31T22:59:59.999999+00:00", "2027-01-31T23:00:00+00:00"),
        ("Europe/Berlin", "2027-03-28", "2027-03-28T21:59:59.999999+00:00", "2027-03-28T22:00:00+00:00"),
        ("Europe/Berlin", "2027-10-31", "2027-10-31T22:59:59.999999+00:00", "2027-10-31T23:00:00+00:00"),
        ("America/New_York", "2027-01-31", "2027-02-01T04:59:59.999999+00:00", "2027-02-01T05:00:00+00:00"),
        ("Europe/Berlin", "'2027-07-01T12:00:00'", "2027-07-01T09:59:59.999999+00:00", "2027-07-01T10:00:00+00:00"),
    ],
)
def test_an_exception_holds_for_the_whole_of_its_last_day(zone: str, until: str, last: str, over: str) -> None:
    exception = f"unless: {{when: {{activity.type: course}}, reason: a pilot, until: {until}}}"
    ruleset = load_texts(
        {
            "r.yaml": f"time_zone: {zone}\nrules:\n"
            + a_rule("{outcome: passed}", f"{exception}, evidence: {{competency: x}}")
        }
    )

    assert not ruleset.evaluate(a_subject(), now=datetime.fromisoformat(last)).matches
    assert ruleset.evaluate(a_subject(), now=datetime.fromisoformat(over)).matches
    assert ruleset.next_change(datetime.fromisoformat(last)) == datetime.fromisoformat(over)


@pytest.mark.parametrize(
    ("zone", "message"),
    [
        ("Europe/Berln", "unknown time zone 'Europe/Berln', did you mean 'Europe/Berlin'?"),
        ("../etc/passwd", "unknown time zone '../etc/passwd', expected a name such as Europe/Berlin"),
        ("Europe", "unknown time zone 'Europe'"),
        ("2", "unknown time zone 2, expected a name such as Europe/Berlin"),
        ("''", "unknown time zone '', expected a name such as Europe/Berlin"),
    ],
)
def test_an_unknown_time_zone_is_refused_where_it_stands(zone: str, message: str) -> None:
    with pytest.raises(DocumentError) as refused:
        load_texts({"r.yaml": f"time_zone: {zone}"})

    assert str(refused.value).startswith(f"r.yaml:1:12: {message}")
