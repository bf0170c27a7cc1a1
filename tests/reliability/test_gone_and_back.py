"""PostgreSQL and the broker go away and come back: processes live on, nothing is lost, and work goes on by itself."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
import requests
from sqlalchemy import func, select, text

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import deliver, pull, reconcile
from lrs_bridge.store.due import failing
from lrs_bridge.store.engine import make_engine, read
from lrs_bridge.store.errors import Unreachable
from lrs_bridge.store.outbox import OutboxState, counts
from lrs_bridge.store.tables import StatementRow
from lrs_bridge_connectors.sandbox import SandboxLrs
from lrs_bridge_connectors.source import Page, Source
from support.bridges import a_body, an_lrs, furnish, settings_for
from support.builders import NOON
from support.mail import Mailbox, mail_server
from support.process import LOOPBACK, Child, free_port
from support.running import Installation, eventually
from support.valkey import valkey_running
from trials.crash.databases import Server, postgres

STATEMENTS = 30


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    """A PostgreSQL that these tests may kill."""
    with postgres() as started:
        yield started


@pytest.fixture
def url(server: Server) -> Iterator[str]:
    """Ada's organisation, in that PostgreSQL."""
    with server.database() as address:
        furnish(address)
        yield address
        if not server.is_up():
            server.start_again()


class Interrupted:
    """A source that does something after its first page."""

    def __init__(self, source: Source, happens: Callable[[], None]) -> None:
        self.name = source.name
        self._source, self._happens = source, happens

    def pages(self, cursor: str | None) -> Iterator[Page]:
        for number, page in enumerate(self._source.pages(cursor)):
            yield page
            if number == 0:
                self._happens()


def learn(sandbox: SandboxLrs, number: int) -> None:
    times = (NOON + timedelta(seconds=each) for each in range(number))
    sandbox.load(
        {"id": str(uuid4()), **a_body(at=at, context={"registration": str(uuid4())}), "stored": at.isoformat()}
        for at in times
    )


@pytest.mark.real_server
def test_a_pull_goes_on_where_the_database_went_away(server: Server, url: str, sandbox: SandboxLrs, lrs: str) -> None:
    learn(sandbox, STATEMENTS)
    with Bridge.open(settings_for(url, an_lrs(lrs, page_limit=10))) as bridge:
        interrupted: Any = Interrupted(bridge.sources()[0], server.kill)
        with pytest.raises(Unreachable, match=r"does not answer.*Start it"):
            pull(bridge, interrupted, NOON)
        with pytest.raises(Unreachable, match=r"does not answer.*Start it"):
            reconcile(bridge, NOON)
        server.start_again()

        assert pull(bridge, bridge.sources()[0], NOON).new == STATEMENTS - 10
        with read(bridge.engine) as connection:
            assert connection.execute(select(func.count()).select_from(StatementRow)).scalar_one() == STATEMENTS


@pytest.mark.real_server
def test_no_learner_is_blamed_for_a_database_that_went_away(
    server: Server, url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    really = reconcile.__globals__["plan"]

    def plan(*given: Any) -> Any:
        if server.is_up():
            server.kill()
        return really(*given)

    monkeypatch.setitem(reconcile.__globals__, "plan", plan)
    with Bridge.open(settings_for(url)) as bridge:
        with pytest.raises(Unreachable):
            reconcile(bridge, NOON)
        server.start_again()
        monkeypatch.setitem(reconcile.__globals__, "plan", really)

        assert reconcile(bridge, NOON + timedelta(minutes=6)).learners == 3, "their leases have run out"
        with read(bridge.engine) as connection:
            assert failing(connection) == []


@pytest.mark.real_server
def test_a_server_that_ends_all_sessions_because_one_crashed_is_one_that_stopped_answering(
    server: Server, url: str
) -> None:
    ours, theirs = make_engine(url), make_engine(url)

    def crash() -> None:
        with read(theirs), read(ours) as connection:
            connection.execute(text("SELECT 1"))
            server.kill_a_session()
            connection.execute(text("SELECT pg_sleep(30)"))

    with pytest.raises(Unreachable, match="stopped answering"):
        crash()
    for engine in (ours, theirs):
        engine.dispose()
    server.wait()


class DeadlyMailbox(Mailbox):
    """Takes a letter, and the database is gone before its sender can note it."""

    happens: Callable[[], None] = staticmethod(lambda: None)

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        answer = await super().handle_DATA(_server, _session, envelope)
        self.happens()
        return answer


@pytest.mark.real_server
def test_only_the_letter_that_was_in_flight_comes_again(
    server: Server, url: str, sandbox: SandboxLrs, lrs: str
) -> None:
    learn(sandbox, 1)
    box = DeadlyMailbox()
    with mail_server(box) as port:
        mail = {"host": LOOPBACK, "port": port, "sender": "learning@example.org", "tls": "none"}
        given = settings_for(url, an_lrs(lrs), mail=mail, delivery={"channel": "mail"})
        with Bridge.open(given) as bridge:
            pull(bridge, bridge.sources()[0], NOON)
            reconcile(bridge, NOON)
            box.happens = server.kill
            with pytest.raises(Unreachable):
                deliver(bridge, NOON)
            server.start_again()
            box.happens = lambda: None
            assert deliver(bridge, NOON).sent == 0, "they are still somebody's"
            assert deliver(bridge, NOON + timedelta(minutes=15)).sent == 2

            with read(bridge.engine) as connection:
                assert counts(connection) == {OutboxState.SENT: 2}
    ids = [mail["Message-ID"] for mail in box.mails]
    assert (len(ids), len(set(ids)), ids[0] in ids[1:]) == (3, 2, True)


def address_of(up: Child) -> str:
    up.wait_for_line("Listening on http://")
    found = re.search(r"Listening on (http://\S+)", up.output())
    assert found is not None
    return found[1]


def rewrite(installation: Installation, before: str, more: str) -> None:
    file = installation.folder / "lrs_bridge.toml"
    file.write_text(file.read_text().replace(before, more + before))


@pytest.mark.slow
@pytest.mark.real_server
def test_up_lives_through_a_database_that_is_gone_for_a_while(
    server: Server, url: str, installation: Installation
) -> None:
    rewrite(installation, "[web]", f'[database]\nurl = "{url}"\n')
    with installation.start("up") as up:
        address = address_of(up)
        eventually(lambda: '"pulled"' in up.output(), up)
        server.kill()
        eventually(lambda: "task put off" in up.output(), up)
        health, page = requests.get(f"{address}/healthz", timeout=30), requests.get(f"{address}/sign-in", timeout=30)
        signing_in = requests.get(f"{address}/", timeout=30, allow_redirects=False)
        server.start_again()
        pulls = up.output().count('"pulled"')
        eventually(lambda: up.output().count('"pulled"') > pulls, up)
        eventually(lambda: requests.get(f"{address}/healthz", timeout=30).status_code == 200, up)
        up.process.send_signal(signal.SIGTERM)
        assert up.wait_for_end() == 0

    assert (health.status_code, health.json()["status"]) == (503, "failing")
    assert (page.status_code, signing_in.status_code) == (200, 302), "these ask the database nothing"
    assert "does not answer, or refuses the sign-in. Start it" in up.output()
    assert "Traceback" not in up.output()


@pytest.mark.slow
@pytest.mark.real_server
def test_worker_and_beat_live_through_a_broker_that_is_gone_for_a_while(
    installation: Installation, tmp_path: Path
) -> None:
    port = free_port()
    rewrite(installation, "[[sources]]", f'[celery]\nbroker = "redis://{LOOPBACK}:{port}/0"\n')
    before, after = tmp_path / "before", tmp_path / "after"
    for each in (before, after):
        each.mkdir()
    with (
        valkey_running(before, port=port) as (_, broker),
        installation.start("worker", "--pool", "solo") as worker,
        installation.start("beat") as beat,
    ):
        eventually(lambda: '"pulled"' in worker.output(), worker, beat)
        broker.kill()
        eventually(lambda: "Cannot connect to redis" in worker.output(), worker, beat)
        installation.learn()
        with valkey_running(after, port=port):
            eventually(lambda: installation.tasks() == 2, worker, beat, seconds=60)
            for child in (beat, worker):
                child.process.send_signal(signal.SIGTERM)
                assert child.wait_for_end() == 0, child.output()[-2000:]

    assert "Traceback" not in worker.output() + beat.output()
