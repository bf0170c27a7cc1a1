"""A long history read by workers as processes of their own, over a real Valkey; and by `up` alone."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import func, select, update

from lrs_bridge.store.engine import read, write
from lrs_bridge.store.tables import BackfillRow, BackfillState, BackfillWindowRow, NoiseRow, StatementRow
from support.bridges import a_body
from support.running import Installation, eventually

DAYS, A_DAY = 120, 8
WANTED = DAYS * A_DAY // 4


@pytest.fixture
def long_ago(installation: Installation) -> Installation:
    """Eight statements a day for four months, up to yesterday; a quarter of them is wanted."""
    begin = datetime.now(UTC) - timedelta(days=DAYS)
    times = [begin + timedelta(hours=3) * number for number in range(DAYS * A_DAY - A_DAY)]
    installation.sandbox.load(
        [
            a_body("completed" if number % 4 == 0 else "experienced", at=at)
            | {"id": str(UUID(int=number, version=4)), "stored": at.isoformat()}
            for number, at in enumerate(times)
        ]
    )
    toml = installation.folder / "lrs_bridge.toml"
    toml.write_text(toml.read_text() + 'page_limit = 5\ndeadline = "5s"\n')
    return installation


@pytest.fixture
def production(long_ago: Installation, valkey_url: str) -> Installation:
    toml = long_ago.folder / "lrs_bridge.toml"
    toml.write_text(toml.read_text().replace("[[sources]]", f'[celery]\nbroker = "{valkey_url}"\n[[sources]]'))
    return long_ago


def is_complete(installed: Installation) -> bool:
    with read(installed.engine) as connection:
        return connection.execute(select(BackfillRow.state)).scalars().all() == [BackfillState.DONE]


def done(installed: Installation) -> int:
    with read(installed.engine) as connection:
        return len(connection.execute(select(BackfillWindowRow.id).where(BackfillWindowRow.done)).all())


def counts(installed: Installation) -> tuple[int, int]:
    """Statements kept, and noise counted."""
    with read(installed.engine) as connection:
        return (
            connection.execute(select(func.count()).select_from(StatementRow)).scalar_one(),
            connection.execute(select(func.coalesce(func.sum(NoiseRow.count), 0))).scalar_one(),
        )


def learned_today(installed: Installation) -> bool:
    with read(installed.engine) as connection:
        midnight = datetime.now(UTC) - timedelta(hours=12)
        return bool(connection.execute(select(StatementRow.id).where(StatementRow.stored > midnight)).all())


@pytest.mark.slow
@pytest.mark.real_server
def test_two_workers_share_a_history_and_one_is_killed(production: Installation) -> None:
    with production.start("beat") as beat, production.start("worker", "--pool", "solo") as worker:
        with production.start("worker", "--pool", "solo") as killed:
            eventually(lambda: "read a window" in killed.output(), killed, worker, beat)
            production.learn()
            eventually(lambda: learned_today(production), killed, worker, beat)
            killed.kill()
        with write(production.engine) as connection:  # as if a minute had passed: what it held is over
            connection.execute(update(BackfillWindowRow).values(leased_until=datetime.now(UTC)))
        eventually(lambda: is_complete(production), worker, beat)
        eventually(lambda: production.tasks() == 2, worker, beat)

    assert counts(production) == (WANTED - 2 + 1, 3 * (WANTED - 2))


@pytest.mark.slow
def test_a_history_is_read_by_up_between_its_other_tasks(long_ago: Installation) -> None:
    with long_ago.start("up") as up:
        eventually(lambda: done(long_ago) > 0, up)
        long_ago.learn()
        eventually(lambda: is_complete(long_ago), up)
        eventually(lambda: learned_today(long_ago) and long_ago.tasks() == 2, up)

    assert counts(long_ago) == (WANTED - 2 + 1, 3 * (WANTED - 2))
