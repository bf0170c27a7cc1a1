"""A database that takes nothing in: what is said, that nothing half is kept, and that the next step goes on."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import func, select

import lrs_bridge.cli.work  # now, for a user without privileges may be unable to enter the folders of Python
from lrs_bridge.bridge import Bridge
from lrs_bridge.cli.program import run
from lrs_bridge.cli.session import Session
from lrs_bridge.jobs import deliver, pull, reconcile
from lrs_bridge.store.due import failing
from lrs_bridge.store.engine import make_engine, read, write
from lrs_bridge.store.errors import Busy, Damaged, Full, ReadOnly
from lrs_bridge.store.tables import CompletionRow, StatementRow
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import OpenBridge, a_body, an_lrs, settings_for
from support.builders import NOON
from support.disks import Disk, give_away, open_folder, small_disk, without_privileges

STATEMENTS = 120


@pytest.fixture
def lrs_with_much(sandbox: SandboxLrs) -> Iterator[str]:
    """Where a sandbox with attempts of Ada's can be reached."""
    times = (NOON + timedelta(seconds=number) for number in range(STATEMENTS))
    sandbox.load(
        {
            "id": str(uuid4()),
            **a_body(at=at, context={"registration": str(uuid4())}),
            "stored": at.isoformat(),
        }
        for at in times
    )
    with sandbox.serve() as serving:
        yield serving.endpoint


def count(bridge: Bridge, table: type[StatementRow | CompletionRow]) -> int:
    with read(bridge.engine) as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


@pytest.fixture
def disk() -> Iterator[Disk]:
    with small_disk() as made:
        yield made


def test_what_finds_no_room_is_done_once_there_is_some(disk: Disk, furnished_sqlite: Path, lrs_with_much: str) -> None:
    file = disk.folder / "bridge.db"
    shutil.copy(furnished_sqlite, file)
    with Bridge.open(settings_for(f"sqlite:///{file}", an_lrs(lrs_with_much, page_limit=20))) as bridge:
        [source] = bridge.sources()
        disk.fill(bridge.engine)
        with pytest.raises(Full, match=r"no room left .*bridge\.db\. Nothing of this step was kept; make room"):
            pull(bridge, source, NOON)
        disk.make_room(bridge.engine)
        assert pull(bridge, source, NOON).new == STATEMENTS
        disk.fill(bridge.engine)
        with pytest.raises(Full):
            reconcile(bridge, NOON)
        with read(bridge.engine) as connection:
            assert failing(connection) == [], "a full disk is no learner's doing"
        disk.make_room(bridge.engine)
        reconcile(bridge, NOON + timedelta(minutes=6))

        assert count(bridge, StatementRow) == count(bridge, CompletionRow) == STATEMENTS


@pytest.fixture
def lockable(furnished_sqlite: Path) -> Iterator[Path]:
    """A database file in a folder, both of which belong to a user to whom permissions apply."""
    with open_folder() as folder:
        shutil.copy(furnished_sqlite, folder / "bridge.db")
        give_away(folder / "bridge.db")
        yield folder / "bridge.db"


@pytest.mark.parametrize("what", ["the file", "the folder"])
def test_what_can_only_be_read_is_named_and_nothing_is_lost(what: str, lockable: Path, lrs: str) -> None:
    locked = lockable if what == "the file" else lockable.parent
    mode = 0o755
    with without_privileges(), Bridge.open(settings_for(f"sqlite:///{lockable}", an_lrs(lrs))) as bridge:
        [source] = bridge.sources()
        locked.chmod(0o444 if what == "the file" else 0o555)
        for job in (lambda: pull(bridge, source, NOON), lambda: reconcile(bridge, NOON), lambda: deliver(bridge, NOON)):
            with pytest.raises(ReadOnly, match=r"bridge\.db can only be read.*this user may write to it"):
                job()
        for each in (locked, *lockable.parent.glob("bridge.db-*")):  # SQLite made those as it found the file
            each.chmod(mode)

        assert pull(bridge, source, NOON).ok
        assert reconcile(bridge, NOON).learners == 3


def test_a_command_says_it_in_one_sentence(lockable: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    config = lockable.parent / "lrs_bridge.toml"
    config.write_text(f'[database]\nurl = "sqlite:///{lockable}"\n')
    lockable.chmod(0o444)
    with without_privileges():
        code = run(["deliver"], Session(config, debug=False))

    assert lrs_bridge.cli.work.deliver.name == "deliver"
    assert code == 2
    [sentence] = capfd.readouterr().err.splitlines()
    assert sentence.startswith(
        f"The database file {lockable} can only be read. Nothing of this step was kept; see that"
    )


def test_a_file_that_somebody_else_keeps_for_long_is_waited_for_and_then_named(
    open_bridge: OpenBridge, bridge_url: str, lrs_with_much: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lrs_bridge.store.engine.BUSY_SECONDS", 0.05)
    bridge, other = open_bridge(an_lrs(lrs_with_much, page_limit=50)), make_engine(bridge_url)
    [source] = bridge.sources()

    with write(other):
        for job in (lambda: pull(bridge, source, NOON), lambda: reconcile(bridge, NOON), lambda: deliver(bridge, NOON)):
            with pytest.raises(
                Busy, match=r"Another process has kept .*bridge\.db busy for too long.*end that process"
            ):
                job()
    other.dispose()

    assert pull(bridge, source, NOON).new == STATEMENTS
    assert reconcile(bridge, NOON).failed == ()


def test_a_damaged_file_is_told_from_one_that_is_not_there(tmp_path: Path, furnished_sqlite: Path) -> None:
    file = tmp_path / "bridge.db"
    shutil.copy(furnished_sqlite, file)
    with file.open("r+b") as opened:
        opened.seek(8192)
        opened.write(os.urandom(file.stat().st_size - 8192))
    with Bridge.open(settings_for(f"sqlite:///{file}")) as bridge, pytest.raises(Damaged, match="restore a backup"):
        reconcile(bridge, NOON)
