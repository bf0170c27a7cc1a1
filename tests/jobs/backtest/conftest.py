"""Thirty people who paint, on whom drafts are tried in small parts."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4

import msgspec
import pytest

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.learner import Identity
from lrs_bridge.jobs import reconcile
from lrs_bridge.jobs.backtest import running
from lrs_bridge.jobs.sorting import wanted_of
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.engine import write
from lrs_bridge.store.ingest import save_page
from lrs_bridge.store.people import save_learners
from lrs_bridge_rules.statements.statement import decode_statement
from support.bridges import OpenBridge, a_body
from support.builders import PAINTING, a_contract, a_goal, a_learner, day
from support.worlds import NOW

CROWD = 30


@pytest.fixture(autouse=True)
def _small_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "PART", 5)


@pytest.fixture
def bridge(open_bridge: OpenBridge) -> Bridge:
    """Thirty people, each of whom has agreed to paint, and has painted."""
    opened = open_bridge(now=NOW)
    names = [f"painter-{number}" for number in range(CROWD)]
    bodies = [
        msgspec.json.encode(
            {"id": str(uuid4()), **a_body("completed", PAINTING, day(3), actor={"mbox": f"mailto:{each}@example.org"})}
        )
        for each in names
    ]
    art = a_goal(competencies=frozenset({"art"}))
    with write(opened.engine) as connection:
        people = [a_learner(id=each, name=each, email=f"{each}@example.org") for each in names]
        save_learners(
            connection, people, [Identity(f"mbox:{each}@example.org", each, day(0)) for each in names], day(0)
        )
        contracts = [
            a_contract(replace(art, id=f"goal-{each}"), id=f"contract-{each}", learner_id=each) for each in names
        ]
        save_contracts(connection, contracts, day(0))
        wanted = [wanted_of(decode_statement(body), body) for body in bodies]
        save_page(connection, source="lms", wanted=wanted, rejected=[], noise={}, cursor=None, latest=None, now=day(4))
    reconcile(opened, day(5))
    return opened
