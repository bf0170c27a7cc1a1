"""A misbehaving LRS: every fault of the table, told as it says, and nothing of it in the store once it is over."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from itertools import count
from pathlib import Path

import pytest

from lrs_bridge_connectors.sandbox import FAULTS
from support.bridges import database
from trials.faults.document import FILE, document
from trials.faults.row import Expected
from trials.faults.run import Fresh, Pace, run
from trials.faults.snapshot import Snapshot
from trials.faults.table import TABLE
from trials.faults.world import PRIVATE

OfKind = Callable[[str], Fresh]
Baselines = dict[str, dict[object, Snapshot]]

PACE = Pace(sleep=lambda _seconds: None, read_timeout=0.1, deadline=0.3, drip=0.02)
#: One of each kind; what the others tell does not depend on the database.
ON_POSTGRES = (
    "reset-in-mid-body",
    "more-expired-for-ever",
    "nul-character",
    "lone-surrogate",
    "long-number",
    "large-statement",
    "voider-first",
    "changing-pages",
)


@pytest.fixture(scope="module")
def baselines() -> Baselines:
    """Runs without a fault, by kind of database: many rows are compared with the same one."""
    return {"sqlite": {}, "postgres": {}}


@pytest.fixture
def fresh(request: pytest.FixtureRequest, tmp_path: Path) -> OfKind:
    """Makes databases of a kind."""
    numbers = count()

    def of(kind: str) -> Fresh:
        def one() -> AbstractContextManager[str]:
            folder = tmp_path / str(next(numbers))
            folder.mkdir()
            return database(kind, request, folder)

        return one

    return of


@pytest.mark.parametrize("row", TABLE, ids=lambda row: row.fault)
def test_a_fault_is_told_and_leaves_nothing_behind(
    row: Expected, fresh: OfKind, baselines: Baselines, capfd: pytest.CaptureFixture[str]
) -> None:
    assert () == run(row, fresh("sqlite"), PACE, baselines["sqlite"])

    logged = "".join(capfd.readouterr())
    assert "pulled" in logged
    assert not [private for private in PRIVATE if private in logged]


@pytest.mark.real_server
@pytest.mark.parametrize("name", ON_POSTGRES)
def test_the_same_on_postgresql(name: str, fresh: OfKind, baselines: Baselines) -> None:
    [row] = [each for each in TABLE if each.fault == name]

    assert () == run(row, fresh("postgres"), PACE, baselines["postgres"])


def test_every_fault_of_the_sandbox_has_its_row() -> None:
    assert list(FAULTS) == [row.fault for row in TABLE]


def test_the_documentation_shows_this_table() -> None:
    assert document() == FILE.read_text(), "make it anew: PYTHONPATH=tests python -m trials.faults --write"
