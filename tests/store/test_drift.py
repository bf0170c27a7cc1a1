"""Comparing with a source, in the store: what would be new, what is kept of a span, and forgetting."""

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import Engine, select

from lrs_bridge.store import drift, due
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import Rejected, Wanted
from lrs_bridge.store.tables import StatementMemberRow
from support.builders import NOON, a_learner, a_statement, day
from support.store import a_voider, enrol, reconcile, take_in, wanted

SAID = wanted(a_statement())
GROUP = {
    "id": "00000000-0000-4000-8000-000000000001",
    "actor": {"objectType": "Group", "member": [{"mbox": "mailto:ada@example.org"}, {"mbox": "mailto:bo@example.org"}]},
    "verb": {"id": "http://adlnet.gov/expapi/verbs/passed"},
    "object": {"id": "https://x.example.org/course"},
    "timestamp": NOON.isoformat(),
}


def who_is_due(engine: Engine) -> set[str]:
    return {claim.learner_id for claim in due.claim(engine, now=NOON, limit=100)}


def compared(engine: Engine, *statements: Wanted, rejected: tuple[Rejected, ...] = ()) -> drift.Compared:
    with read(engine) as connection:
        return drift.compare(connection, "lms", statements, rejected)


def forgotten(engine: Engine, *ids: str, source: str = "lms") -> int:
    with write(engine) as connection:
        return drift.forget(connection, source, ids, NOON)


def kept_between(
    engine: Engine, since: datetime | None, until: datetime | None, field: drift.TimeField = "stored"
) -> list[str]:
    return [each.id for batch in drift.kept_between(engine, "lms", field, since, until) for each in batch]


def at(number: int, when: datetime) -> Wanted:
    return replace(SAID, id=f"id-{number:03}", stored=when, timestamp=when - timedelta(days=100))


def test_comparing_judges_as_taking_in_would_and_keeps_nothing(engine: Engine) -> None:
    other = replace(SAID, body=SAID.body.replace(b"ada@", b"bob@"))
    unfit = replace(SAID, id="id-1", object_id="x" * 2000)

    before = compared(engine, SAID, other, unfit, rejected=(Rejected(None, b"broken", "why"),))
    take_in(engine, SAID, other, unfit, rejected=(Rejected(None, b"broken", "why"),))
    after = compared(engine, SAID, other, unfit, rejected=(Rejected(None, b"broken", "why"),))

    assert ([SAID], [SAID.id], [None, "id-1"]) == (
        list(before.missing),
        [each.statement_id for each in before.changed],
        [each.statement_id for each in before.unread],
    )
    assert drift.Compared((), (), ()) == after


def test_a_span_is_walked_through_in_batches_without_leaving_out_or_repeating(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Several statements share an instant, at the edges of the batches, too."""
    monkeypatch.setattr(drift, "BATCH", 4)
    take_in(engine, *[at(number, day(number // 3)) for number in range(15)])

    assert [f"id-{number:03}" for number in range(15)] == kept_between(engine, None, None)
    assert [f"id-{number:03}" for number in range(3, 9)] == kept_between(engine, day(0), day(2))
    assert ["id-003", "id-004", "id-005"] == kept_between(engine, day(-100), day(-99), "timestamp")


def test_what_other_sources_brought_and_what_has_no_time_is_in_no_span(engine: Engine) -> None:
    take_in(engine, at(0, day(0)), source="other")
    take_in(engine, replace(at(1, day(0)), stored=None))

    assert [] == kept_between(engine, None, None)


def test_forgetting_makes_everybody_due_whom_the_statement_names(engine: Engine) -> None:
    enrol(engine, a_learner(), a_learner(id="bo"))
    take_in(engine, wanted(GROUP))
    reconcile(engine, NOON)

    assert forgotten(engine, wanted(GROUP).id) == 1
    assert {"ada", "bo"} == who_is_due(engine)
    with read(engine) as connection:
        assert [] == connection.execute(select(StatementMemberRow.ifi)).all()


def test_forgetting_what_voids_makes_those_due_whose_statement_counts_again(engine: Engine) -> None:
    enrol(engine)
    voider = wanted(a_voider(SAID.id))
    take_in(engine, SAID, voider)
    reconcile(engine, NOON)

    assert forgotten(engine, voider.id) == 1
    assert {"ada"} == who_is_due(engine)


def test_only_statements_of_the_source_itself_are_forgotten(engine: Engine) -> None:
    take_in(engine, SAID)

    assert forgotten(engine, SAID.id, "unknown", source="other") == 0
    assert forgotten(engine, SAID.id, SAID.id) == 1
    assert forgotten(engine, SAID.id) == 0


def test_it_is_told_which_statements_are_voided(engine: Engine) -> None:
    unseen, third = "00000000-0000-4000-8000-00000000000a", "00000000-0000-4000-8000-00000000000b"
    take_in(engine, SAID, wanted(a_voider(SAID.id)), wanted(a_voider(unseen)))

    with read(engine) as connection:
        assert {SAID.id, unseen} == drift.voided_among(connection, [SAID.id, unseen, third])


def test_only_what_the_tallies_lack_is_uncounted(engine: Engine) -> None:
    one, other = ("viewed", "page", date(2026, 3, 1)), ("v" * 900, "", date(2026, 3, 2))
    take_in(engine, noise={one: 3, other: 2})

    with read(engine) as connection:
        lacking = drift.uncounted(connection, "lms", {one: 5, other: 2, ("viewed", "page", date(2026, 3, 3)): 1})

    assert Counter({one: 2, ("viewed", "page", date(2026, 3, 3)): 1}) == lacking
