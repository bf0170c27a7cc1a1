"""Many hands at one database, in short: `make hands` is the long form, and docs/reliability.md says what it shows."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.postgres import PostgresServer
from trials.hands.celery_workers import CeleryTrial, a_world_of_today
from trials.hands.databases import two_databases, two_files
from trials.hands.together import Trial, a_world

WORLD = a_world(learners=24, rounds=2)


@pytest.fixture(params=["sqlite", "postgres"])
def two_copies(request: pytest.FixtureRequest) -> Iterator[tuple[str, str]]:
    if request.param == "sqlite":
        with two_files(WORLD) as urls:
            yield urls
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with two_databases(server, WORLD) as urls:
        yield urls


@pytest.mark.slow
@pytest.mark.real_server
def test_processes_and_people_at_once_come_to_what_one_alone_comes_to(two_copies: tuple[str, str]) -> None:
    figures = Trial(WORLD, 2, *two_copies, disturbances=1).run()

    assert figures.differences == []
    assert figures.did.errors == ()
    assert figures.holds, figures.rows()
    assert figures.killed == 1


@pytest.mark.slow
@pytest.mark.real_server
def test_workers_and_beats_on_rabbitmq_lose_nothing_when_one_is_killed(rabbitmq_url: str, tmp_path: Path) -> None:
    """Over Valkey the same is shown in tests/running/test_worker.py, and both in full by `make hands`."""
    world = a_world_of_today(learners=24, rounds=1)
    with two_files(world) as urls:
        figures = CeleryTrial(world, tmp_path, rabbitmq_url, *urls, kills=1).run()

    assert figures.differences == []
    assert figures.holds, figures.rows()
