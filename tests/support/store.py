"""What tests of the store share: records as the pull hands them over, one round of reconciling, a count of writes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid5

import msgspec
from sqlalchemy import Engine, event

from lrs_bridge.domain.facts import StatementFact
from lrs_bridge.domain.learner import Identity, Learner
from lrs_bridge.domain.plan import plan
from lrs_bridge.jobs.sorting import wanted_of
from lrs_bridge.store import due, people
from lrs_bridge.store.apply import Applied, Planned, apply_all
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.ingest import PageSaved, Rejected, Wanted, save_page
from lrs_bridge.store.load import Loaded, load, load_organisation
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import VOIDED, decode_statement
from support.builders import NOON, a_learner, a_ruleset

_IDS = UUID("3f0d5c1b-7f6e-5d5c-8a3e-2b9b8d6c5a11")


def wanted(said: StatementFact | dict[str, Any], **changes: Any) -> Wanted:
    """A statement as the pull hands it over."""
    body = json.dumps(said).encode() if isinstance(said, dict) else msgspec.json.encode(said.statement)
    return replace(wanted_of(decode_statement(body), body), **changes)


def a_voider(target: str, at: datetime = NOON) -> dict[str, Any]:
    """A statement of the LMS itself that voids another one."""
    return {
        "id": str(uuid5(_IDS, f"voids {target}")),
        "actor": {"mbox": "mailto:lms@example.org"},
        "verb": {"id": VOIDED},
        "object": {"objectType": "StatementRef", "id": target},
        "timestamp": at.isoformat(),
    }


def take_in(
    engine: Engine, *statements: Wanted, rejected: tuple[Rejected, ...] = (), now: datetime = NOON, **changes: Any
) -> PageSaved:
    """Save one page of the source `lms`."""
    given: dict[str, Any] = {"source": "lms", "noise": {}, "cursor": None, "latest": None}
    with write(engine) as connection:
        return save_page(connection, wanted=statements, rejected=rejected, now=now, **(given | changes))


def enrol(engine: Engine, *learners: Learner, now: datetime = NOON) -> None:
    """Save learners (Ada unless others are given), each known by NAME@example.org."""
    them = learners or (a_learner(),)
    identities = [Identity(f"mbox:{each.id}@example.org", each.id, now) for each in them]
    with write(engine) as connection:
        people.save_learners(connection, them, identities, now)


def loaded(engine: Engine, learner_id: str = "ada") -> Loaded:
    with read(engine) as connection:
        organisation = load_organisation(connection, time_zone=UTC, hourly_rate=4000)
        return load(connection, [learner_id], organisation)[learner_id]


def planned(engine: Engine, now: datetime, ruleset: Ruleset | None = None) -> list[Planned]:
    """Claim, load and plan whoever is due."""
    claims = due.claim(engine, now=now, limit=1000)
    with read(engine) as connection:
        organisation = load_organisation(connection, time_zone=UTC, hourly_rate=4000)
        found = load(connection, [each.learner_id for each in claims], organisation)
    rules = ruleset or a_ruleset()
    return [Planned(each, found[each.learner_id], plan(found[each.learner_id].facts, rules, now)) for each in claims]


def reconcile(engine: Engine, now: datetime, ruleset: Ruleset | None = None) -> list[Applied]:
    """One round: whoever is due is planned, and the differences are written."""
    chunk = planned(engine, now, ruleset)
    with write(engine) as connection:
        return apply_all(connection, chunk, now)


def make_all_due(engine: Engine, now: datetime) -> None:
    with write(engine) as connection:
        due.mark_due(connection, None, now)


@contextmanager
def counted_writes(engine: Engine) -> Iterator[list[str]]:
    """The writing statements that reach the database, but for claiming and giving back leases."""
    found: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        words = statement.split()
        if words[0].upper() in {"INSERT", "UPDATE", "DELETE", "COPY"} and words[:2] != ["UPDATE", "due"]:
            found.append(statement)

    event.listen(engine, "before_cursor_execute", note)
    try:
        yield found
    finally:
        event.remove(engine, "before_cursor_execute", note)
