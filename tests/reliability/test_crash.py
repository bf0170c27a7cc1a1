"""kill -9 in short: a few kills on each kind of database. `make crash` does it at length, see tests/trials/crash."""

from collections import Counter
from dataclasses import replace
from pathlib import Path

import pytest

from support.postgres import PostgresServer
from trials.crash.killing import Ending
from trials.crash.stages import Stage
from trials.crash.trial import Life, figures, kill_it, two_lives
from trials.crash.world import World

WORLD = World(seed=5, turns=4, learners=16)
KILL = Ending(killed=True, status=-9, stage=Stage.HANDING_A_LETTER_OVER, in_flight="one")
QUIET = Life(tables={"unit": {"Sales": {"name": "Sales"}}}, letters=Counter(["one", "two"]), sent=frozenset({"one"}))


@pytest.mark.slow
def test_what_kill_9_interrupts_is_finished_on_sqlite_as_if_nothing_had_happened(tmp_path: Path) -> None:
    found = two_lives(tmp_path, (f"sqlite:///{tmp_path}/one.db", f"sqlite:///{tmp_path}/other.db"), WORLD, kill_it, 6)

    assert found.kills >= 6
    assert found.letters > 0
    assert (found.different, found.lost, found.unexplained, found.failures) == ((), 0, (), ())


@pytest.mark.slow
@pytest.mark.real_server
def test_what_kill_9_interrupts_is_finished_on_postgres_as_if_nothing_had_happened(
    tmp_path: Path, postgres_server: PostgresServer
) -> None:
    with postgres_server.database() as one, postgres_server.database() as other:
        urls = (postgres_server.url(one), postgres_server.url(other))
        found = two_lives(tmp_path, urls, WORLD, kill_it, 4)

    assert found.kills >= 4
    assert (found.different, found.lost, found.unexplained, found.failures) == ((), 0, (), ())


def test_the_trial_holds_against_a_letter_that_came_twice_if_it_was_in_flight_at_a_kill() -> None:
    disturbed = replace(QUIET, letters=Counter(["one", "one", "two"]), kills=[KILL])

    assert figures(disturbed, QUIET).holds


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"letters": Counter(["one", "two", "two"]), "kills": [KILL]}, "two came 2 times"),
        ({"letters": Counter(["one", "one", "one", "two"]), "kills": [KILL]}, "one came 3 times"),
        ({"letters": Counter(["one", "two", "three"])}, "three came without being asked for"),
    ],
)
def test_the_trial_tells_a_letter_that_no_kill_explains(changes: dict[str, object], told: str) -> None:
    assert figures(replace(QUIET, **changes), QUIET).unexplained == (told,)  # type: ignore[arg-type]  # fields of Life


def test_the_trial_tells_a_letter_that_never_came() -> None:
    assert figures(replace(QUIET, letters=Counter(["two"])), QUIET).lost == 1


@pytest.mark.parametrize("unit", [{}, {"Sales": {"name": "Sales "}}])
def test_the_trial_tells_a_row_that_is_missing_or_other(unit: dict[str, dict[str, object]]) -> None:
    assert len(figures(replace(QUIET, tables={"unit": unit}), QUIET).different) == 1
