"""Verify: what the LRS and the store differ in is found, named, counted by window, and mended as far as told."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select

from lrs_bridge.acts import privacy
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.acts.deleted import forget_deleted
from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import VerifyReport, pull, reconcile, retain, verify
from lrs_bridge.jobs.backfill import begin, work
from lrs_bridge.jobs.drift import NAMED, Count, Kind
from lrs_bridge.store import audit, quarantine
from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import CompletionRow
from lrs_bridge_connectors.errors import Misbehaving
from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.source import Found, Source, Window
from support.bridges import OpenBridge, a_body, an_lrs, voiding
from support.builders import NOON, day
from support.drifting import Shelf
from support.pages import Told, a_page, a_record, due, fill, kept, nobody_is_due, noise, state

pytestmark = pytest.mark.usefixtures("database_kind")

SPAN = Window(NOON - timedelta(days=1), day(20))
Verify = Callable[..., VerifyReport]


@pytest.fixture
def bridge(open_bridge: OpenBridge, lrs: str) -> Bridge:
    return open_bridge(an_lrs(lrs), now=day(20))


@pytest.fixture
def check(bridge: Bridge) -> Verify:
    """Verifies the sandbox over the days of these tests."""

    def run(**how: Any) -> VerifyReport:
        return verify(bridge, how.pop("source", bridge.source("lms")), how.pop("span", SPAN), day(20), **how)

    return run


def number(n: int) -> str:
    return str(UUID(int=n + 1, version=4))


def forgetting(bridge: Bridge) -> Callable[[str, Sequence[str]], int]:
    return lambda source, ids: forget_deleted(bridge, OPERATOR, source, ids, day(20))


def stored(at: datetime, body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "stored": at.isoformat()}


def differences(report: VerifyReport) -> dict[str, list[str | None]]:
    """The ids that were named, by kind."""
    found: dict[str, list[str | None]] = {}
    for each in report.named:
        found.setdefault(each.kind, []).append(each.id)
    assert {kind: len(ids) for kind, ids in found.items()} == report.differences
    return {kind: sorted(ids, key=str) for kind, ids in found.items()}


def completions(bridge: Bridge) -> int:
    with read(bridge.engine) as connection:
        return connection.execute(select(func.count()).select_from(CompletionRow)).scalar_one()


@pytest.fixture
def pulled(bridge: Bridge, sandbox: SandboxLrs) -> None:
    """Seven wanted statements and five that are noise, a minute apart, all of them pulled."""
    wanted = [a_body(id=number(n), at=day(n), activity=f"https://x.example.org/{n}") for n in range(7)]
    fill(sandbox, *wanted, *[a_body("experienced", at=day(n)) for n in range(5)])
    pull(bridge, bridge.source("lms"), day(20))
    reconcile(bridge, day(20))


@pytest.mark.usefixtures("pulled")
def test_where_nothing_differs_the_report_is_clean_and_counts_both_sides(check: Verify, bridge: Bridge) -> None:
    report = check()

    assert report.ok
    assert report.differences == {}
    assert (report.totals[Count.READ], report.totals[Count.WANTED], report.totals[Count.NOISE]) == (12, 7, 5)
    assert (report.totals[Count.KEPT], report.uncounted, report.paged) == (7, 0, None)
    assert (state(bridge).verified_at, state(bridge).differences) == (day(20), 0)


@pytest.mark.usefixtures("pulled")
def test_what_was_stored_behind_the_cursor_is_found_and_taken_in(
    check: Verify, bridge: Bridge, sandbox: SandboxLrs
) -> None:
    late = [stored(NOON + timedelta(seconds=90 + n), a_body(id=number(70 + n))) for n in range(2)]
    sandbox.load([*late, stored(NOON, a_body("experienced", id=number(99)))])
    assert pull(bridge, bridge.source("lms"), day(20)).new == 2, "the overlap of this source reaches back to them"
    older = stored(NOON - timedelta(hours=2), a_body(id=number(80)))
    sandbox.load([older])
    cursor = state(bridge).cursor

    found, mended, again = check(), check(mend=True), check()

    assert differences(found) == {"missing": [number(80)]}
    assert not found.ok
    assert not found.truncated, "paging shows it: it was late"
    assert (mended.mended, mended.ok, again.ok, again.differences) == (1, True, True, {})
    assert (kept(bridge), state(bridge).cursor) == (10, cursor)


@pytest.mark.usefixtures("pulled")
def test_whom_a_mended_statement_concerns_becomes_due(check: Verify, bridge: Bridge, sandbox: SandboxLrs) -> None:
    sandbox.load([stored(NOON - timedelta(hours=2), a_body(id=number(80)))])
    nobody_is_due(bridge)
    check()
    assert due(bridge) == 0, "looking changes nothing"

    check(mend=True)

    assert due(bridge) == 1


@pytest.mark.usefixtures("pulled")
def test_a_statement_that_was_deleted_there_is_named_and_goes_only_when_told(
    check: Verify, bridge: Bridge, sandbox: SandboxLrs
) -> None:
    before = completions(bridge)
    sandbox.store.delete(number(3))
    nobody_is_due(bridge)

    mended = check(mend=True)
    assert differences(mended) == {"gone": [number(3)]}
    assert (mended.ok, kept(bridge), due(bridge)) == (False, 7, 0)
    forgotten, again = check(forget=forgetting(bridge)), check()

    assert (forgotten.forgotten, forgotten.ok) == (1, True)
    assert (again.ok, kept(bridge), due(bridge)) == (True, 6, 1)
    reconcile(bridge, day(20))
    assert completions(bridge) == before - 1, "what followed from it went with the next plan"
    with read(bridge.engine) as connection:
        [entry] = audit.entries(connection, subject="lms")
    assert (entry.act, entry.details) == ("statements.forget", {"statements": "1", "ids": number(3)})


@pytest.mark.usefixtures("pulled")
def test_what_was_forgotten_comes_back_if_the_source_shows_it_again(
    check: Verify, bridge: Bridge, sandbox: SandboxLrs
) -> None:
    sandbox.store.delete(number(3))
    check(forget=forgetting(bridge))
    sandbox.load([stored(NOON + timedelta(minutes=3), a_body(id=number(3), at=day(3)))])

    check(mend=True)

    assert kept(bridge) == 7


@pytest.mark.usefixtures("pulled")
def test_a_statement_that_is_there_and_in_no_list_is_no_deletion(
    check: Verify, bridge: Bridge, sandbox: SandboxLrs
) -> None:
    sandbox.store.hide(number(4))

    report = check(mend=True, forget=forgetting(bridge))

    assert differences(report) == {"hidden": [number(4)]}
    assert not report.ok, "there may be others that nobody was ever shown"
    assert kept(bridge) == 7


@pytest.mark.usefixtures("pulled")
def test_what_is_voided_by_a_statement_that_came_late_is_settled_by_taking_it_in(
    check: Verify, bridge: Bridge, sandbox: SandboxLrs
) -> None:
    sandbox.load([stored(NOON - timedelta(hours=2), voiding(number(2), id=number(50)))])

    found, mended, again = check(), check(mend=True), check()

    assert differences(found) == {"missing": [number(50)], "unvoided": [number(2)]}
    assert differences(mended) == {"missing": [number(50)]}
    assert (mended.ok, again.ok, again.totals[Count.VOIDED]) == (True, True, 1)


@pytest.mark.usefixtures("pulled")
def test_what_is_voided_by_a_statement_that_nobody_shows_is_said_and_can_be_taken_out(
    check: Verify, bridge: Bridge, sandbox: SandboxLrs
) -> None:
    sandbox.load([stored(NOON - timedelta(hours=2), voiding(number(2), id=number(50)))])
    sandbox.store.hide(number(50))

    found, told = check(mend=True), check(forget=forgetting(bridge))

    assert differences(found) == {"unvoided": [number(2)]}
    assert not found.ok
    assert (told.forgotten, told.ok, check().ok, kept(bridge)) == (1, True, True, 6)


@pytest.mark.usefixtures("pulled")
def test_what_is_voided_here_and_there_is_no_difference_and_is_not_looked_up(
    check: Verify, bridge: Bridge, sandbox: SandboxLrs
) -> None:
    sandbox.load([stored(NOON + timedelta(minutes=12), voiding(number(2), id=number(50)))])
    pull(bridge, bridge.source("lms"), day(20))

    report = check(look_ups=0)

    assert report.ok
    assert (report.totals[Count.KEPT], report.totals[Count.VOIDED]) == (8, 1)


@pytest.mark.usefixtures("pulled")
def test_a_statement_that_was_edited_there_is_named_once_and_put_aside(
    check: Verify, bridge: Bridge, sandbox: SandboxLrs
) -> None:
    sandbox.store.delete(number(1))
    edited = a_body("passed", id=number(1), at=day(1), activity="https://x.example.org/1")
    sandbox.load([stored(NOON + timedelta(minutes=1), edited)])

    found, mended, again = check(), check(mend=True), check()

    assert differences(found) == {"changed": [number(1)]}
    assert (mended.mended, mended.ok, again.ok, kept(bridge)) == (1, True, True, 7)
    with read(bridge.engine) as connection:
        [held] = quarantine.find(connection)
    assert held.statement_id == number(1)


def test_what_cannot_be_taken_in_is_no_difference_once_it_is_put_aside(check: Verify, bridge: Bridge) -> None:
    source = Shelf()
    source.put(a_record({**a_body(), "id": number(0), "timestamp": "yesterday"}, stored=day(1)))

    found, mended, again = check(source=source), check(source=source, mend=True), check(source=source)

    assert differences(found) == {"unread": [number(0)]}
    assert (mended.ok, again.ok, again.totals[Count.UNDECODABLE]) == (True, True, 1)
    with read(bridge.engine) as connection:
        assert quarantine.count(connection) == 1


@pytest.mark.usefixtures("pulled")
def test_what_came_after_the_last_pull_is_no_difference_yet(check: Verify, bridge: Bridge, sandbox: SandboxLrs) -> None:
    sandbox.load([stored(day(20) + timedelta(hours=1), a_body(id=number(80)))])

    report = check(span=Window(NOON - timedelta(days=1), day(21)), mend=True)

    assert (report.ok, report.totals[Count.PENDING], kept(bridge)) == (True, 1, 7)
    assert pull(bridge, bridge.source("lms"), day(22)).new == 1


def test_a_history_that_is_being_read_is_on_its_way(check: Verify, bridge: Bridge, sandbox: SandboxLrs) -> None:
    fill(sandbox, *[a_body(at=day(n)) for n in range(6)], *[a_body("experienced", at=day(n)) for n in range(3)])
    source = bridge.source("lms")
    begin(bridge, source, day(20))

    report = check(mend=True)
    assert (report.ok, report.uncounted, kept(bridge)) == (True, 0, 0)
    assert report.totals[Count.PENDING] == 6
    while work(bridge, day(20)) is not None:
        pass

    again = check(mend=True)
    assert (again.ok, again.totals[Count.PENDING], again.uncounted, kept(bridge)) == (True, 0, 0, 6)
    assert sum(noise(bridge).values()) == 3


@pytest.mark.usefixtures("pulled")
def test_noise_that_was_never_counted_is_told_and_mending_counts_it(
    check: Verify, bridge: Bridge, sandbox: SandboxLrs
) -> None:
    before = noise(bridge)
    late = [a_body("experienced", id=number(60 + n), at=day(1)) for n in range(3)]
    sandbox.load([stored(NOON - timedelta(hours=2), each) for each in late])

    found, mended, again = check(), check(mend=True), check()

    assert [each.uncounted for each in (found, mended, again)] == [3, 3, 0]
    assert found.ok, "no statement that anybody wants is missing"
    assert sum(noise(bridge).values()) == sum(before.values()) + 3


@pytest.mark.usefixtures("pulled")
def test_counts_of_noise_that_were_let_go_of_are_not_missed(check: Verify, bridge: Bridge) -> None:
    later = day(20) + timedelta(days=3 * 365)
    assert retain(bridge, later).counts["noise"] == 5

    report = verify(bridge, bridge.source("lms"), SPAN, later, mend=True)

    assert (report.uncounted, noise(bridge)) == (0, {})


@pytest.mark.usefixtures("pulled")
def test_counts_and_differences_are_told_by_window(check: Verify, sandbox: SandboxLrs) -> None:
    sandbox.load([stored(NOON - timedelta(hours=20), a_body(id=number(80)))])
    sandbox.store.delete(number(6))

    report = check(width=timedelta(hours=12))

    assert [(each.since, dict(each.differences)) for each in report.windows] == [
        (NOON - timedelta(hours=24), {Kind.MISSING: 1}),
        (NOON, {Kind.GONE: 1}),
    ]
    assert report.windows[1].counts == {Count.READ: 11, Count.WANTED: 6, Count.NOISE: 5, Count.KEPT: 7}


def test_a_list_that_is_cut_short_by_paging_is_said(check: Verify, bridge: Bridge) -> None:
    source = Shelf(pages_lose={number(n) for n in range(4, 9)})
    source.put(*[a_record({**a_body(at=day(n)), "id": number(n)}, stored=day(n)) for n in range(10)])
    pull(bridge, source, day(20))

    report = check(source=source, mend=True)

    assert differences(report) == {"missing": [number(n) for n in range(4, 9)]}
    assert (report.truncated, report.paged, report.totals[Count.READ]) == (True, 5, 10)
    assert (report.ok, kept(bridge), check(source=source).ok) == (True, 10, True)


@pytest.mark.parametrize("able", ["not able", "asked enough", "finds nothing", "misbehaves"])
def test_a_source_that_cannot_be_asked_is_not_said_to_have_deleted_anything(
    check: Verify, bridge: Bridge, able: str
) -> None:
    source = Shelf()
    source.put(*[a_record({**a_body(at=day(n)), "id": number(n)}, stored=day(n)) for n in range(5)])
    pull(bridge, source, day(20))
    if able == "finds nothing":  # not even what it lists
        source.look_up = partial(Shelf.look_up, Shelf())  # type: ignore[method-assign]  # a server that is broken there
    if able == "misbehaves":
        source.look_up = _misbehave  # type: ignore[method-assign, assignment]  # likewise
    del source.records[number(2)]
    mute: Source = _Mute(source) if able == "not able" else source

    report = check(source=mute, look_ups=0 if able == "asked enough" else 10, forget=forgetting(bridge))

    assert differences(report) == {"unknown": [number(2)]}
    assert kept(bridge) == 5


def test_an_empty_lrs_is_no_reason_to_forget_everything(check: Verify, bridge: Bridge) -> None:
    source = Shelf()
    source.put(*[a_record({**a_body(at=day(n)), "id": number(n)}, stored=day(n)) for n in range(5)])
    pull(bridge, source, day(20))

    report = check(source=Shelf(), forget=forgetting(bridge))

    assert report.differences == {Kind.UNKNOWN: 5}
    assert kept(bridge) == 5


def test_a_statement_whose_time_was_rewritten_at_the_source_is_not_hidden(check: Verify, bridge: Bridge) -> None:
    source = Shelf(parts_at=1)
    source.put(*[a_record({**a_body(at=day(n)), "id": number(n)}, stored=day(n)) for n in range(4)])
    pull(bridge, source, day(20))
    source.put(a_record({**a_body(at=day(1)), "id": number(1)}, stored=day(9)))

    assert check(source=source).ok


def test_what_another_source_brought_is_not_missing(check: Verify, bridge: Bridge) -> None:
    one, other = Shelf(name="other"), Shelf()
    record = a_record({**a_body(), "id": number(0)}, stored=day(1))
    one.put(record)
    other.put(record)
    pull(bridge, one, day(20))

    assert check(source=other).ok


def test_of_files_only_what_is_missing_is_told(check: Verify, bridge: Bridge) -> None:
    kept_record, missing = (a_record({**a_body(at=day(n)), "id": number(n)}, stored=day(n)) for n in range(2))
    pull(bridge, Told(a_page(kept_record)), day(20))
    with_more, without = Told(a_page(missing)), Told(a_page())

    assert differences(check(source=with_more)) == {"missing": [number(1)]}
    report = check(source=without)
    assert (report.ok, report.surplus_compared) == (True, False)


def test_what_people_had_said_who_were_erased_is_neither_missing_nor_too_much(
    open_bridge: OpenBridge, lrs: str, sandbox: SandboxLrs, tmp_path: Path
) -> None:
    files = {name: str(tmp_path / name) for name in ("secret_key_file", "erasures_file")}
    bridge = open_bridge(an_lrs(lrs), now=day(20), privacy=files)
    ada, stranger = {"mbox": "mailto:ada@example.org"}, {"mbox": "mailto:stranger@example.org"}
    actors: list[dict[str, Any]] = [ada, ada, stranger, {"objectType": "Group", "member": [stranger, ada]}]
    fill(sandbox, *[a_body(id=number(n), actor=actor) for n, actor in enumerate(actors)])
    pull(bridge, bridge.source("lms"), day(20))
    privacy.erase(bridge, OPERATOR, "ada", "asked for it", day(20))
    before = kept(bridge)

    report = verify(bridge, bridge.source("lms"), SPAN, day(20), mend=True, forget=forgetting(bridge))

    assert (report.ok, report.differences, report.totals[Count.READ]) == (True, {}, 4)
    assert kept(bridge) == before


def test_a_source_that_breaks_is_reported_with_what_was_found_before(open_bridge: OpenBridge, lrs: str) -> None:
    refused = open_bridge(an_lrs(lrs, password="wrong"))

    report = verify(refused, refused.source("lms"), SPAN, day(20))

    assert not report.ok
    assert "does not accept the credentials" in report.error


def test_many_differences_are_all_counted_and_not_all_named(check: Verify) -> None:
    source = Shelf(parts_at=200)
    source.put(
        *[a_record({**a_body(), "id": number(n)}, stored=NOON + timedelta(seconds=n)) for n in range(NAMED + 20)]
    )

    report = check(source=source)

    assert report.differences == {Kind.MISSING: NAMED + 20}
    assert len(report.named) == NAMED


def _misbehave(_: str) -> Found:
    raise Misbehaving("answered with others", source="lms")


class _Mute:
    """A source that reads in parts and cannot be asked for single statements."""

    def __init__(self, inner: Shelf) -> None:
        self.name, self.pages, self.window = inner.name, inner.pages, inner.window
        self.parts, self.check = inner.parts, inner.check
