"""The cycle collector rests during a chunk, and is never left asleep."""

import gc

import pytest

from lrs_bridge.jobs.collector import collector_at_rest


def test_the_collector_rests_within_and_works_afterwards() -> None:
    with collector_at_rest():
        assert not gc.isenabled()

    assert gc.isenabled()


def test_the_collector_works_again_after_a_failure() -> None:
    with pytest.raises(ZeroDivisionError), collector_at_rest():
        _ = 1 // 0

    assert gc.isenabled()


def test_who_found_the_collector_at_rest_leaves_it_so() -> None:
    with collector_at_rest():
        with collector_at_rest():
            pass

        assert not gc.isenabled()
