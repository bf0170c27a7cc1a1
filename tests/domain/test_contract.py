"""A contract is in force by the latest revision that both sides had signed."""

from __future__ import annotations

from datetime import date

import pytest

from lrs_bridge.domain.contract import Contract, ContractState, Measure, Revision, Role, Signature
from support.builders import a_contract, a_goal, day, signatures


def revision(number: int = 1, **changes: object) -> Revision:
    given = {"number": number, "starts_on": date(2026, 1, 1), "ends_on": date(2026, 12, 31), "goals": (a_goal(),)}
    return Revision(**(given | changes))  # type: ignore[arg-type]  # a builder takes what the test is about


def signed_yesterday(**changes: date) -> Revision:
    return revision(1, signatures=signatures(day(-1)), **changes)


def test_one_signature_is_no_agreement() -> None:
    half = revision(signatures=(Signature(Role.LEARNER, "ada", day(0)),))

    assert half.signed_at is None


def test_an_agreement_holds_from_the_second_signature_on() -> None:
    both = revision(signatures=(Signature(Role.LEARNER, "ada", day(0)), Signature(Role.MANAGER, "max", day(3))))

    assert both.signed_at == day(3)


def test_a_signature_of_the_same_side_twice_is_still_one_side() -> None:
    twice = revision(signatures=(Signature(Role.LEARNER, "ada", day(0)), Signature(Role.LEARNER, "ada", day(1))))

    assert twice.signed_at is None


def test_until_both_sign_the_new_revision_the_earlier_one_holds() -> None:
    first = revision(1, signatures=signatures(day(-30)))
    second = revision(2, goals=(), signatures=(Signature(Role.MANAGER, "max", day(0)),))
    contract = a_contract(revisions=(first, second))

    assert contract.in_force(day(5), date(2026, 3, 6)) == first


def test_a_signed_revision_replaces_the_earlier_one_from_then_on() -> None:
    first = revision(1, signatures=signatures(day(-30)))
    second = revision(2, goals=(), signatures=signatures(day(2)))
    contract = a_contract(revisions=(first, second))

    assert [contract.in_force(day(at), date(2026, 3, 1)) for at in (1, 2)] == [first, second]


def test_a_new_period_ends_the_old_one() -> None:
    first = revision(1, signatures=signatures(day(-30)))
    later = revision(2, starts_on=date(2026, 6, 1), signatures=signatures(day(1)))
    contract = a_contract(revisions=(first, later))

    assert contract.in_force(day(2), date(2026, 3, 3)) is None


@pytest.mark.parametrize(
    ("contract", "state"),
    [
        (a_contract(revisions=(revision(),)), ContractState.DRAFT),
        (a_contract(revisions=(revision(proposed_at=day(-1)),)), ContractState.PROPOSED),
        (a_contract(revisions=(revision(signatures=signatures(day(-1))[:1]),)), ContractState.PROPOSED),
        (a_contract(), ContractState.IN_FORCE),
        (a_contract(revisions=(signed_yesterday(starts_on=date(2026, 4, 1)),)), ContractState.SIGNED),
        (a_contract(revisions=(signed_yesterday(ends_on=date(2026, 2, 1)),)), ContractState.ENDED),
        (a_contract(withdrawn_at=day(-1)), ContractState.WITHDRAWN),
    ],
)  # fmt: skip
def test_the_state_follows_from_revisions_signatures_and_the_day(contract: Contract, state: ContractState) -> None:
    assert contract.state(day(0), date(2026, 3, 1)) is state


@pytest.mark.parametrize(
    ("baseline", "target", "value", "reached"),
    [(2.0, 8.0, 8.0, True), (2.0, 8.0, 7.9, False), (40.0, 20.0, 20.0, True), (40.0, 20.0, 21.0, False)],
)
def test_a_measure_is_reached_in_the_direction_of_its_target(
    baseline: float, target: float, value: float, reached: bool
) -> None:
    assert Measure("errors", "per month", baseline, target).reached(value) is reached
