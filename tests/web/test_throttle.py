"""The throttle keeps what failed, and nothing else."""

from datetime import UTC, datetime, timedelta

from lrs_bridge.web.throttle import Throttle

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
A_WHILE = timedelta(minutes=15)


def test_made_up_keys_that_are_only_asked_for_push_nobody_out() -> None:
    throttle = Throttle(limit=2, window=A_WHILE, capacity=3)
    for _ in range(2):
        throttle.failed("admin", NOW)
    for number in range(10):
        throttle.wait(f"invented-{number}", NOW)
    throttle.failed("somebody", NOW)

    assert throttle.wait("admin", NOW) == A_WHILE


def test_the_keys_that_failed_last_are_remembered() -> None:
    throttle = Throttle(limit=1, window=A_WHILE, capacity=2)
    for key in ("first", "second", "third"):
        throttle.failed(key, NOW)

    assert [throttle.wait(key, NOW) > timedelta(0) for key in ("first", "second", "third")] == [False, True, True]


def test_failures_under_a_clock_that_was_ahead_are_forgotten_when_it_is_set_right() -> None:
    throttle = Throttle(limit=1, window=A_WHILE)
    throttle.failed("admin", NOW + timedelta(days=365))

    assert throttle.wait("admin", NOW) == timedelta(0)
