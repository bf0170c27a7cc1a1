"""Installations for tests: a laid-out database with Ada, her manager, her contract and the rules, and a sandbox LRS.

The organisation is that of `support.builders`: Excel courses evidence the goal of Ada's contract, and open two tasks.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.learner import Identity
from lrs_bridge.settings import Settings
from lrs_bridge.store import schema
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.engine import make_engine, write
from lrs_bridge.store.people import save_learners, save_units
from lrs_bridge.store.rulesets import RulesetVersion, publish
from lrs_bridge_connectors.sandbox import SandboxLrs
from support.builders import EXCEL, NAMES, NOON, a_contract, a_learner, a_ruleset
from support.postgres import PostgresServer

BEGIN = NOON - timedelta(days=90)
Json = dict[str, Any]


def settings_for(url: str, *sources: Mapping[str, Any], **sections: Any) -> Settings:
    """Settings as a file would give them."""
    return Settings.model_validate({"database": {"url": url}, "sources": sources, **sections})


def an_lrs(endpoint: str, **changes: Any) -> Json:
    """The [[sources]] table of a sandbox, read in small pages and without waiting for it to settle."""
    given = {
        "kind": "xapi",
        "name": "lms",
        "endpoint": endpoint,
        "username": "sandbox",
        "password": "sandbox",
        "page_limit": 3,
        "settle": "0s",
        "overlap": "10min",
    }
    return given | changes


def move_in(engine: Engine) -> None:
    """Ada, her manager and her learning partner, her signed contract, and the rules in force."""
    ruleset = a_ruleset()
    people = [
        a_learner(),
        a_learner(id="max", name="Max Muster", email="max@example.org", manager_id=None),
        a_learner(id="lea", name="Lea Lind", email="lea@example.org", manager_id="max", unit="learning"),
    ]
    with write(engine) as connection:
        save_learners(connection, people, [Identity("mbox:ada@example.org", "ada", BEGIN)], BEGIN)
        save_units(connection, {"finance": "lea"})
        save_contracts(connection, [a_contract()], BEGIN)
        publish(connection, RulesetVersion(1, "tests", "", ruleset.digest, ruleset.documents, BEGIN))


def a_body(verb: str = "completed", activity: str = EXCEL, at: datetime = NOON, **changes: Any) -> Json:
    """A statement of Ada's as it is sent to an LRS."""
    given = {
        "actor": {"mbox": "mailto:ada@example.org"},
        "verb": {"id": verb if ":" in verb else f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {"id": activity, "definition": {"name": {"en": NAMES.get(activity, "")}}},
        "timestamp": at.isoformat(),
    }
    return given | changes


def voiding(target: str, at: datetime = NOON, **changes: Any) -> Json:
    """A statement that voids another one."""
    return a_body("voided", at=at, object={"objectType": "StatementRef", "id": target}, **changes)


@contextmanager
def database(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """The address of a laid-out database with everybody in it, copied from a template."""
    if kind == "sqlite":
        file = folder / "bridge.db"
        shutil.copy(request.getfixturevalue("furnished_sqlite"), file)
        yield f"sqlite:///{file}"
        return
    server: PostgresServer = request.getfixturevalue("postgres_server")
    with server.database(template=request.getfixturevalue("furnished_postgres")) as name:
        yield server.url(name)


@pytest.fixture(scope="session")
def furnished_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A laid-out SQLite file with everybody in it, to copy."""
    file = tmp_path_factory.mktemp("furnished") / "bridge.db"
    furnish(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def furnished_postgres(postgres_server: PostgresServer) -> Iterator[str]:
    """The name of a laid-out PostgreSQL database with everybody in it, to copy."""
    with postgres_server.database() as name:
        furnish(postgres_server.url(name))
        yield name


def furnish(url: str) -> None:
    """Lay out an empty database, and let everybody in."""
    engine = make_engine(url)
    schema.upgrade(engine)
    move_in(engine)
    engine.dispose()


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.real_server)])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Asked for by tests that run on both kinds of database."""
    kind: str = request.param
    return kind


@pytest.fixture
def bridge_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An SQLite database of its own; a test that asks for `database_kind` gets PostgreSQL as well."""
    kind = request.getfixturevalue("database_kind") if "database_kind" in request.fixturenames else "sqlite"
    with database(kind, request, tmp_path) as url:
        yield url


OpenBridge = Callable[..., Bridge]


@pytest.fixture
def open_bridge(bridge_url: str) -> Iterator[OpenBridge]:
    """Opens bridges to this test's database; they are closed at its end."""
    opened: list[Bridge] = []

    def open_(*sources: Mapping[str, Any], now: datetime = NOON, **sections: Any) -> Bridge:
        opened.append(Bridge.open(settings_for(bridge_url, *sources, **sections), clock=lambda: now))
        return opened[-1]

    yield open_
    for each in opened:
        each.close()


@pytest.fixture
def sandbox() -> SandboxLrs:
    """An empty LRS whose clock stands at noon, some days after what happens in these tests."""
    return SandboxLrs(clock=lambda: NOON + timedelta(days=20))


@pytest.fixture
def lrs(sandbox: SandboxLrs) -> Iterator[str]:
    """Where the sandbox can be reached."""
    with sandbox.serve() as serving:
        yield serving.endpoint
