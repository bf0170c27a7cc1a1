"""The installation that hostile input meets: whatever statements can touch is there, and each input finds it new.

Ada has a contract, a manager and every identifier that the seeds speak of; the rules look at every part of a statement.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from argon2 import PasswordHasher
from flask.testing import FlaskClient

from lrs_bridge.acts import users
from lrs_bridge.acts.actor import OPERATOR, AccountRole
from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.agenda import Competency, Initiative, Need, Objective, Want
from lrs_bridge.domain.learner import Identity
from lrs_bridge.settings import Settings
from lrs_bridge.store import schema
from lrs_bridge.store.agendas import Strategy, save_strategy, save_wants
from lrs_bridge.store.catalogue import save_catalogue
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.engine import make_engine, write
from lrs_bridge.store.people import save_learners
from lrs_bridge.store.rulesets import RulesetVersion, publish
from lrs_bridge.web import create_app
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.identifier import ifi_of
from lrs_bridge_rules.statements.statement import decode_statement
from support.builders import NOON, RULES, a_contract, a_goal, a_learner, an_activity
from support.golden import inputs
from support.web import sign_in

SOURCE = "lms"
BEGIN = NOON - timedelta(days=90)
NOW = NOON + timedelta(days=20)
#: Long after every date that a plan could have set: what time alone changes has changed by then.
LATER = NOON + timedelta(days=500)
_PASSWORD = "correct horse battery"

ODD_RULES = """
  - id: looks-everywhere
    title: Looks at everything that a statement says
    status: active
    when:
      any:
        - {activity.name: {contains: infection}}
        - {activity.id: {prefix: "https://lms.example.org/"}, score.percent: {gte: 50}, outcome: [passed, completed]}
        - {platform: {glob: "Moo*"}}
        - {category.id: {present: true}, other.name: {contains: spread}, at: {before: "2026-03-02"}}
    unless: [{when: {activity.name: {contains: taster}}, reason: a taster}]
    evidence: {competency: spreadsheets}
    follow_up: [apply, share]
  - id: in-the-shadow
    title: Counts what it would do
    status: shadow
    when: {activity.name: {glob: "*a*"}}
    evidence: {competency: negotiation}
follow_ups:
"""
PACKS = "include: [moodle-logstore, cmi5, scorm, open-edx, generic-adl]\n"


class Ground:
    """An installation in a folder, with a signed-in administrator. `reset` makes it as it was at first."""

    def __init__(self, folder: Path) -> None:
        self.file, self._template = folder / "bridge.db", folder / "template.db"
        self.inbox = folder / "statements.json"
        self.inbox.write_bytes(b"")
        _furnish(self._template)
        shutil.copy(self._template, self.file)
        self.bridge = Bridge.open(_settings(self.file), clock=lambda: NOW)
        self.client = _signed_in(self.bridge)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.bridge.close()

    def reset(self) -> None:
        """Forget everything that was taken in."""
        self.bridge.engine.dispose()
        for ending in ("-wal", "-shm"):
            Path(f"{self.file}{ending}").unlink(missing_ok=True)
        shutil.copyfile(self._template, self.file)


def memory_folder() -> Path | None:
    """A folder in memory, if the machine has one: an input must not wait for a disk."""
    folder = Path("/dev/shm")
    return folder if folder.is_dir() and os.access(folder, os.W_OK) else None


def _settings(file: Path) -> Settings:
    return Settings.model_validate(
        {
            "database": {"url": f"sqlite:///{file}"},
            "sources": [{"kind": "files", "name": SOURCE, "path": str(file)}],
            "organisation": {"time_zone": "Europe/Vienna", "currency": "EUR", "hourly_rate": 40},
            "web": {"secret_key": "a key for trials alone, long enough to sign"},
        }
    )


def _signed_in(bridge: Bridge) -> FlaskClient:
    app = create_app(bridge)
    app.testing = True
    client = app.test_client()
    with _cheap_hashes():
        assert sign_in(client, "admin", _PASSWORD).status_code == 303
    return client


@contextmanager
def _cheap_hashes() -> Iterator[None]:
    """The password is hashed with argon2 all the same, at a cost that leaves the memory to what is measured."""
    before = users._HASHER
    users._HASHER = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    try:
        yield
    finally:
        users._HASHER = before


def _furnish(file: Path) -> None:
    engine = make_engine(f"sqlite:///{file}")
    schema.upgrade(engine)
    texts = {"trial.yaml": PACKS + RULES.replace("follow_ups:\n", ODD_RULES.lstrip("\n"), 1)}
    ruleset = load_texts(texts)
    people = [
        a_learner(),
        a_learner(id="max", name="Max Muster", email="max@example.org", manager_id=None),
        a_learner(id="lea", name="Lea Lind", email="lea@example.org", manager_id="max", unit="learning"),
    ]
    goals = a_goal(), a_goal(id="goal-talks", title="Lead the talks", competencies=frozenset({"negotiation"}))
    with write(engine) as connection:
        save_learners(connection, people, [Identity(ifi, "ada", BEGIN) for ifi in identifiers()], BEGIN)
        save_catalogue(connection, [an_activity()], BEGIN)
        save_strategy(connection, _strategy(), BEGIN)
        save_wants(connection, {"ada": (Want("spreadsheets"),)}, BEGIN)
        save_contracts(connection, [a_contract(*goals)], BEGIN)
        publish(connection, RulesetVersion(1, "trial", "", ruleset.digest, ruleset.documents, BEGIN))
    with _cheap_hashes():
        users.add(engine, OPERATOR, "admin", _PASSWORD, AccountRole.ADMINISTRATOR, NOON)
    engine.dispose()


def _strategy() -> Strategy:
    return Strategy(
        (Objective("o1", "Close the books in three days"),),
        (Initiative("i1", "One report for all units", "o1"),),
        (Need("n1", "spreadsheets", "i1"),),
        (Competency("spreadsheets", "Working with spreadsheets"), Competency("negotiation", "Negotiating")),
    )


def identifiers() -> list[str]:
    """Ada's: her address, and everybody's in the golden statements, so that these become completions of hers."""
    found = {"mbox:ada@example.org"}
    for path in inputs():
        sent: Any = json.loads(path.read_text("utf-8"))
        for body in sent if isinstance(sent, list) else [sent]:
            try:
                ifi = ifi_of(decode_statement(json.dumps(body).encode()).actor)
            except StatementError:
                continue
            found |= {ifi} if ifi else set()
    return sorted(found)
