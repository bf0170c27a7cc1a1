"""How an attempt ended: which word wins, what a revocation undoes, and that order and duplicates never matter."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lrs_bridge_rules.completions.attempt import conclude
from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.completions.reading import Reading
from lrs_bridge_rules.completions.subject import subject_of
from support.xapi import NOON, a_reading

_MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("said", "outcome"),
    [
        (["started"], "started"),
        (["progressed", "scored"], "started"),
        (["started", "completed"], "completed"),
        (["completed", "passed"], "passed"),
        (["passed", "completed"], "passed"),
        (["failed", "completed"], "failed"),
        (["failed", "passed"], "passed"),
        (["passed", "failed"], "failed"),
        (["waived", "satisfied"], "waived"),
        (["waived", "completed"], "completed"),
        (["failed", "waived"], "failed"),
        (["satisfied", "started"], "satisfied"),
        (["completed", "revoked"], "revoked"),
        (["passed", "revoked"], "revoked"),
        (["revoked", "completed"], "completed"),
        (["completed", "revoked", "passed"], "passed"),
        (["passed", "revoked", "completed"], "completed"),
        (["started", "revoked"], "revoked"),
        (["revoked", "started"], "revoked"),
    ],
)
def test_what_was_said_minute_by_minute_ends_as(said: list[str], outcome: str) -> None:
    conclusion = conclude(a_reading(word, minutes=minute) for minute, word in enumerate(said))

    assert conclusion.outcome == outcome


def test_passed_and_failed_at_one_instant_is_passed() -> None:
    assert conclude([a_reading("passed"), a_reading("failed")]).outcome is Outcome.PASSED


def test_in_one_and_the_same_second_completed_wins_over_its_revocation() -> None:
    later = NOON + timedelta(milliseconds=900)

    assert conclude([a_reading("completed"), a_reading("revoked", at=later)]).outcome is Outcome.COMPLETED


def test_a_second_later_the_revocation_wins() -> None:
    later = NOON + timedelta(seconds=1)

    assert conclude([a_reading("completed"), a_reading("revoked", at=later)]).outcome is Outcome.REVOKED


def test_the_end_is_the_first_time_that_the_final_word_was_said() -> None:
    conclusion = conclude([a_reading("completed"), a_reading("passed", minutes=1), a_reading("passed", minutes=5)])

    assert conclusion.ended_at == NOON + _MINUTE


def test_what_was_revoked_is_not_the_end() -> None:
    said = [a_reading("completed"), a_reading("revoked", minutes=1), a_reading("completed", minutes=2)]

    assert conclude(said).ended_at == NOON + 2 * _MINUTE


@pytest.mark.parametrize("said", [["started"], ["completed", "revoked"]])
def test_what_is_not_finished_has_no_end(said: list[str]) -> None:
    assert conclude(a_reading(word, minutes=minute) for minute, word in enumerate(said)).ended_at is None


def test_the_latest_score_counts() -> None:
    said = [a_reading("failed", percent=40.0), a_reading("passed", minutes=1, percent=90.0)]

    assert conclude([*said, a_reading("completed", minutes=2)]).percent == 90.0


def test_it_started_with_the_first_word_or_so_long_before_the_end_as_it_took() -> None:
    ended = a_reading("completed", minutes=60, duration=90 * _MINUTE)

    assert conclude([ended]).started_at == NOON - 30 * _MINUTE
    assert conclude([a_reading("started", minutes=-45), ended]).started_at == NOON - 45 * _MINUTE


def test_a_duration_longer_than_history_is_borne() -> None:
    endless = a_reading("completed", duration=timedelta(days=999_999))

    assert conclude([endless]).started_at == NOON


def test_success_follows_the_judgement_and_a_waiver_keeps_what_it_carries() -> None:
    assert conclude([a_reading("failed", success=None)]).success is False
    assert conclude([a_reading("waived", success=True)]).success is True


def test_an_attempt_without_a_reading_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(ValueError, match="at least one"):
        conclude([])


_READINGS = st.lists(
    st.builds(
        lambda outcome, seconds, percent, success, length, number: a_reading(
            outcome,
            at=NOON + timedelta(milliseconds=500 * seconds),
            percent=percent,
            success=success,
            duration=length,
            statement_id=f"{number}-{outcome}-{seconds}-{percent}-{success}-{length}",
        ),
        st.sampled_from(list(Outcome)),
        st.integers(0, 5),
        st.none() | st.sampled_from([0.0, 50.0, 100.0]),
        st.none() | st.booleans(),
        st.none() | st.sampled_from([timedelta(0), _MINUTE]),
        st.integers(0, 2),
    ),
    min_size=1,
    max_size=6,
)


@given(_READINGS, st.randoms(use_true_random=False))
def test_the_order_of_arrival_and_duplicates_make_no_difference(readings: list[Reading], chance: Random) -> None:
    shuffled = [*readings, *readings[:2]]
    chance.shuffle(shuffled)
    conclusion = conclude(readings)

    assert conclude(shuffled) == conclusion
    assert subject_of(conclusion, shuffled) == subject_of(conclusion, readings)


@given(_READINGS)
def test_a_conclusion_is_finished_exactly_if_it_has_an_end_that_somebody_told(readings: list[Reading]) -> None:
    conclusion = conclude(readings)

    assert conclusion.outcome not in {Outcome.PROGRESSED, Outcome.SCORED}
    assert (conclusion.ended_at is None) == (conclusion.outcome in {Outcome.STARTED, Outcome.REVOKED})
    assert conclusion.started_at <= min(reading.at for reading in readings)
