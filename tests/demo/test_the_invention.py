"""The invented organisation: repeatable to the byte, and of the shapes that real platforms send."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from lrs_bridge.demo.agreements import known_at
from lrs_bridge.demo.documents import copy_rules, write_contracts
from lrs_bridge.demo.moodle import PAGE, UNCOMPLETED
from lrs_bridge.demo.organisation import Invention, invent
from lrs_bridge.demo.people import DIRECTOR
from lrs_bridge.demo.times import Year, start_of_day
from lrs_bridge.demo.truth import truth_of
from lrs_bridge.domain.contract import ContractState
from lrs_bridge.domain.rule_testing import run
from lrs_bridge.domain.waste import WasteReason
from lrs_bridge_rules.documents.loader import load
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.statement import decode_statement

NOW = datetime(2026, 11, 21, 15, tzinfo=UTC)


@pytest.fixture(scope="module")
def whole() -> Invention:
    return invent(now=NOW)


def as_bytes(invention: Invention, folder: Path) -> bytes:
    contracts = [contract for each in invention.agreements for contract in each.contracts]
    written = b"".join(path.read_bytes() for path in write_contracts(folder, "contracts", contracts))
    return (
        written
        + json.dumps([(each.store, each.stored.isoformat(), each.statement) for each in invention.sent]).encode()
    )


def test_the_same_seed_makes_the_same_bytes(tmp_path: Path) -> None:
    first = as_bytes(invent(7, 40, now=NOW), tmp_path)

    assert as_bytes(invent(7, 40, now=NOW), tmp_path) == first


def test_another_seed_makes_another_organisation(tmp_path: Path) -> None:
    first = as_bytes(invent(7, 40, now=NOW), tmp_path)

    assert as_bytes(invent(8, 40, now=NOW), tmp_path) != first


def test_there_are_200_people_under_one_director(whole: Invention) -> None:
    managers = {person.id: person.learner.manager_id for person in whole.people}

    assert len(managers) == 200
    assert [person.learner.job for person in whole.people if person.learner.manager_id is None] == [DIRECTOR]
    assert all(_ends_at_the_top(person.id, managers) for person in whole.people)


def _ends_at_the_top(own_id: str, managers: dict[str, str | None]) -> bool:
    steps = 0
    while (manager := managers[own_id]) is not None and steps < 10:
        own_id, steps = manager, steps + 1
    return managers[own_id] is None


@pytest.mark.parametrize("count", [20, 33, 61, 120, 500])
def test_an_organisation_of_any_size_has_as_many_people_as_asked_for(count: int) -> None:
    people = invent(3, count, now=NOW).people

    assert len({person.id for person in people}) == count
    assert len({person.learner.email for person in people}) == count


def test_fewer_than_twenty_people_are_refused() -> None:
    with pytest.raises(ValueError, match="at least 20"):
        invent(1, 19, now=NOW)


def test_all_addresses_are_in_domains_kept_for_examples(whole: Invention) -> None:
    addresses = [person.learner.email for person in whole.people] + [person.stray for person in whole.people]

    assert all(address.endswith((".example.org", ".example.net")) for address in addresses if address)


def test_the_year_has_twelve_months_without_gap_and_ends_now() -> None:
    months = Year(NOW).months

    assert len(months) == 12
    assert months[-1].end == NOW
    assert all(one.end == other.start for one, other in pairwise(months))


@pytest.mark.parametrize("day", ["2026-01-01", "2028-02-29", "2026-03-29", "2026-12-31", "2027-06-30"])
def test_a_year_can_end_on_any_day(day: str) -> None:
    invention = invent(5, 30, now=start_of_day(datetime.fromisoformat(f"{day}T12:00:00+00:00")))

    assert truth_of(invention).completions
    assert all(each.stored < invention.year.now for each in invention.sent)


def test_the_whole_day_long_the_demo_shows_the_same_year() -> None:
    morning = datetime(2026, 11, 21, 6, tzinfo=UTC)

    assert start_of_day(morning) == start_of_day(NOW) == datetime(2026, 11, 20, 23, tzinfo=UTC)


def test_nothing_arrives_before_it_happened_or_after_now(whole: Invention) -> None:
    early = [each for each in whole.sent if each.stored < datetime.fromisoformat(each.statement["timestamp"])]

    assert early == []
    assert max(each.stored for each in whole.sent) < NOW


def test_only_the_records_broken_on_purpose_cannot_be_decoded(whole: Invention) -> None:
    undecodable = 0
    for each in whole.sent:
        try:
            decode_statement(json.dumps(each.statement).encode())
        except StatementError:
            undecodable += 1

    assert undecodable == truth_of(whole).broken > 0


def test_people_are_named_by_account_by_address_and_by_its_hash(whole: Invention) -> None:
    kinds = Counter(
        kind for each in whole.sent for kind in ("account", "mbox", "mbox_sha1sum") if kind in each.statement["actor"]
    )

    assert min(kinds.values()) > 500
    assert len(kinds) == 3


def test_most_of_what_a_platform_sends_says_nothing_of_a_completion(whole: Invention) -> None:
    ends = ("/completed", "/passed", "/failed", "/waived")
    telling = [
        each
        for each in whole.sent
        if each.statement["verb"]["id"].endswith(ends) and each.statement["object"]["definition"].get("type") != PAGE
    ]

    assert 0 < len(telling) < len(whole.sent) / 5


def test_some_statements_come_twice_with_the_same_id_and_some_with_another(whole: Invention) -> None:
    ids = Counter(each.id for each in whole.sent)
    meanings = Counter(
        json.dumps({key: value for key, value in each.statement.items() if key != "id"}) for each in whole.sent
    )

    assert max(ids.values()) == 2
    assert sum(count > 1 for count in meanings.values()) > sum(count > 1 for count in ids.values()) > 0


def test_a_mistake_is_voided_before_it_arrives_and_after(whole: Invention) -> None:
    voided = {
        each.statement["object"]["id"]: each.stored
        for each in whole.sent
        if each.statement["verb"]["id"].endswith("/voided")
    }
    arrived = {each.id: each.stored for each in whole.sent if each.id in voided}

    assert {voided[own_id] < arrived[own_id] for own_id in voided} == {True, False}


def test_ticks_are_taken_back_now_and_then(whole: Invention) -> None:
    assert any(each.statement["verb"] == UNCOMPLETED for each in whole.sent)


def test_contracts_stand_in_every_state_that_people_leave_them_in(whole: Invention) -> None:
    states = Counter(
        contract.state(NOW, NOW.date()) for each in whole.agreements for contract in each.contracts
    )  # fmt: skip

    assert {ContractState.DRAFT, ContractState.PROPOSED, ContractState.IN_FORCE} <= set(states)
    assert any(len(contract.revisions) == 2 for each in whole.agreements for contract in each.contracts)


def test_a_contract_shows_only_what_was_known_at_the_time(whole: Invention) -> None:
    moment = whole.year.start + timedelta(days=20)
    contracts = [contract for each in whole.agreements for contract in each.contracts]
    signatures = [
        signature.at
        for contract in known_at(contracts, moment)
        for revision in contract.revisions
        for signature in revision.signatures
    ]

    assert signatures
    assert max(signatures) <= moment


@pytest.mark.parametrize(
    "reason", [each for each in WasteReason if each not in {WasteReason.NOT_APPLIED, WasteReason.SUPPORT_MISSING}]
)
def test_every_reason_that_attendances_decide_is_planted(whole: Invention, reason: WasteReason) -> None:
    assert len(truth_of(whole).reasons[reason]) > 5


def test_files_of_contracts_stay_small_enough_to_be_imported(tmp_path: Path) -> None:
    contracts = [contract for each in invent(1, 400, now=NOW).agreements for contract in each.contracts]
    paths = write_contracts(tmp_path, "drafts", contracts)

    assert [path.name for path in paths] == ["drafts.yaml", "drafts-2.yaml"]
    assert max(path.stat().st_size for path in paths) < 800_000


def test_the_rules_of_the_demo_pass_their_own_tests(tmp_path: Path) -> None:
    results = run(load([copy_rules(tmp_path / "rules")]))

    assert [result for result in results if not result.passed] == []
    assert len(results) > 12
