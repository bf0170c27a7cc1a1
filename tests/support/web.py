"""An installation to look at: a dozen people, a year of learning of every kind, and three accounts to sign in with.

Built once a session, with the store's functions and a real reconcile, then copied for each test that changes something.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import Connection
from werkzeug.test import TestResponse

from lrs_bridge.acts import users
from lrs_bridge.acts.actor import OPERATOR, AccountRole
from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.agenda import Competency, Initiative, Need, Objective, Want
from lrs_bridge.domain.contract import Contract, ContractKind, Goal, Measure, Revision, Role, Signature, Support
from lrs_bridge.domain.follow_up import FollowUpAct, FollowUpActKind
from lrs_bridge.domain.learner import Identity, Learner
from lrs_bridge.jobs.reconcile import reconcile
from lrs_bridge.store import schema, sources
from lrs_bridge.store.acts_log import add_follow_up_act
from lrs_bridge.store.agendas import Strategy, save_strategy, save_wants
from lrs_bridge.store.catalogue import save_catalogue
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.engine import make_engine, read, write
from lrs_bridge.store.ingest import Rejected, save_page
from lrs_bridge.store.people import save_learners
from lrs_bridge.store.read_models import Request, follow_ups
from lrs_bridge.store.rulesets import RulesetVersion, publish
from support.bridges import settings_for
from support.builders import EXCEL, NOON, PAINTING, a_ruleset, an_activity, day
from support.store import wanted

PASSWORD = "correct horse battery"
HOSTILE = "<script>alert('x')</script>"
FORMULA = '=HYPERLINK("http://example.test")'
RIGHT_TO_LEFT = "\u202eevil\u202c كتاب"
FIRE = "https://lms.example.org/course/view.php?id=5"
NEGOTIATION = "https://lms.example.org/course/view.php?id=17"
_IDS = UUID("b8a7f0c2-44a6-5a3a-9e0b-9a1d5f1b7a33")
_NAMES = (
    ("ada", "Ada Abt"),
    ("ben", "Ben Blum"),
    ("cem", "Cem Can"),
    ("dora", "Dora Dahl"),
    ("emil", "Emil Ertl"),
    ("fay", "Fay Fink"),
    ("gus", "Gus Gold"),
    ("hana", HOSTILE),
    ("ivo", FORMULA),
    ("jana", RIGHT_TO_LEFT),
    ("kai", "K" * 10_000),
    ("lea", "Lea Lind"),
)
_UNITS = ("finance", "sales", "logistics")
_ACTIVITIES = (
    (EXCEL, "Excel basics"),
    (PAINTING, "Painting with oil"),
    (NEGOTIATION, "Negotiating well"),
    (FIRE, "Fire safety"),
    ("https://lms.example.org/course/view.php?id=901", HOSTILE + " course"),
    ("https://lms.example.org/course/view.php?id=902", "Lunch talk: new tools"),
)


def furnish(bridge: Bridge) -> None:
    """Everything that the pages show, as of NOON."""
    schema.upgrade(bridge.engine)
    with write(bridge.engine) as connection:
        _people(connection)
        _agreements(connection)
        _learning(connection)
        ruleset = a_ruleset()
        publish(connection, RulesetVersion(1, "tests", "", ruleset.digest, ruleset.documents, day(-400)))
        sources.started(connection, "lms", day(-0.01))
        sources.succeeded(connection, "lms", day(-0.005))
        sources.change(
            connection,
            "archive",
            last_ok_at=day(-3),
            last_error="401: the LRS refused the sign-in.",
            last_error_at=day(-0.2),
        )
    for moment in (-200, -120, -60, -20, 0):
        reconcile(bridge, day(moment))
        _work_on_tasks(bridge, day(moment))
    reconcile(bridge, NOON)
    for login, role in (("admin", AccountRole.ADMINISTRATOR), ("audrey", AccountRole.AUDITOR)):
        users.add(bridge.engine, OPERATOR, login, PASSWORD, role, NOON)
    users.add(bridge.engine, OPERATOR, "ada", PASSWORD, AccountRole.LEARNER, NOON, learner_id="ada")


def _people(connection: Connection) -> None:
    learners = [
        Learner(
            own_id,
            name,
            f"{own_id}@example.org",
            None if own_id == "lea" else "lea",
            _UNITS[index % 3],
            "clerk",
            date(2021, 5, 1),
            None,
            4500,
        )
        for index, (own_id, name) in enumerate(_NAMES)
    ]
    linked = [Identity(f"mbox:{own_id}@example.org", own_id, day(-400)) for own_id, _ in _NAMES]
    save_learners(connection, learners, linked, day(-400))


def _agreements(connection: Connection) -> None:
    catalogue = [
        an_activity(),
        an_activity(
            id=PAINTING,
            name="Painting with oil",
            provider="Studio Nord",
            fee=18_000,
            hours=12.0,
            competencies=frozenset({"painting"}),
        ),
        an_activity(
            id=NEGOTIATION,
            name="Negotiating well",
            provider="Sum & Sons",
            fee=90_000,
            hours=16.0,
            competencies=frozenset({"negotiation"}),
        ),
        an_activity(
            id=FIRE,
            name="Fire safety",
            provider="In-house",
            fee=0,
            hours=1.0,
            competencies=frozenset(),
            mandated_by="works council",
            valid_for=timedelta(days=365),
        ),
    ]
    save_catalogue(connection, catalogue, day(-400))
    strategy = Strategy(
        (Objective("o1", "Close the books in three days"),),
        (Initiative("i1", "One report for all units", "o1"),),
        (Need("n1", "spreadsheets", "i1"), Need("n2", "negotiation", "i1")),
        (Competency("spreadsheets", "Working with spreadsheets"), Competency("negotiation", "Negotiating")),
    )
    save_strategy(connection, strategy, day(-400))
    save_wants(connection, {own_id: (Want("painting"), Want("spreadsheets")) for own_id, _ in _NAMES[::2]}, day(-400))
    save_contracts(connection, [_contract(own_id) for own_id, _ in _NAMES[:8]], day(-400))


def _contract(learner_id: str) -> Contract:
    goals = (
        Goal(
            f"{learner_id}-report",
            "Monthly report without help",
            frozenset({"spreadsheets"}),
            measure=Measure("days to close", "d", 9, 3),
            initiative_id="i1",
        ),
        Goal(
            f"{learner_id}-talks",
            "Lead the supplier talks",
            frozenset({"negotiation"}),
            supports=(Support(f"{learner_id}-seat", "a seat at the table", "lea", date(2026, 1, 15)),),
        ),
    )
    signed = tuple(Signature(role, by, day(-390)) for role, by in ((Role.LEARNER, learner_id), (Role.MANAGER, "lea")))
    revision = Revision(1, date(2025, 1, 1), date(2026, 12, 31), goals, signatures=signed)
    return Contract(f"contract-{learner_id}", ContractKind.STRATEGIC, learner_id, "lea", (revision,))


def statement(learner_id: str, verb: str, activity: tuple[str, str], at: datetime, **more: Any) -> dict[str, Any]:
    """A statement as an LMS sends it; its id follows from what it says."""
    body: dict[str, Any] = {
        "actor": {"mbox": f"mailto:{learner_id}@example.org"},
        "verb": {"id": f"http://adlnet.gov/expapi/verbs/{verb}"},
        "object": {
            "id": activity[0],
            "definition": {"name": {"en": activity[1]}, "type": "http://adlnet.gov/expapi/activities/course"},
        },
        "timestamp": at.isoformat(),
        **more,
    }
    return {"id": str(uuid5(_IDS, json.dumps(body, sort_keys=True))), **body}


def _learning(connection: Connection) -> None:
    bodies = []
    for number, (own_id, _) in enumerate(_NAMES):
        for turn, activity in enumerate(_ACTIVITIES):
            if (number + turn) % 4 == 3:
                continue
            at = day(-330 + (number * 37 + turn * 61) % 325)
            verb = "initialized" if (number * turn) % 7 == 5 else "passed"
            score = {"result": {"score": {"raw": 60 + (number * 7 + turn * 11) % 40, "max": 100, "min": 0}}}
            bodies.append(statement(own_id, verb, activity, at, **(score if verb == "passed" else {})))
    bodies += [
        statement("stranger", "passed", _ACTIVITIES[0], day(-9)),
        statement("visitor", "passed", _ACTIVITIES[2], day(-5)),
    ]
    rejected = [
        Rejected(None, b'{"actor": "\\ud800", ' + HOSTILE.encode(), "the record is no JSON: line 1, column 9"),
        Rejected(
            str(uuid5(_IDS, "late")),
            json.dumps(statement("ben", "passed", _ACTIVITIES[0], day(-2))).encode(),
            "timestamp: expected an ISO 8601 time",
        ),
    ]
    noise = Counter(
        {
            ("http://adlnet.gov/expapi/verbs/experienced", "", date(2026, 2, 3)): 4210,
            (
                "http://id.tincanapi.com/verb/viewed",
                "http://adlnet.gov/expapi/activities/module",
                date(2026, 2, 4),
            ): 911,
        }
    )
    save_page(
        connection,
        source="lms",
        wanted=[wanted(body) for body in bodies],
        rejected=rejected,
        noise=noise,
        cursor="2026-03-01T11:55:00.000Z",
        latest=day(-0.01),
        now=day(-330),
    )


def _work_on_tasks(bridge: Bridge, now: datetime) -> None:
    """Every other task is done, some are declined, the others are left lying."""
    with read(bridge.engine) as connection:
        found = follow_ups(connection, Request(filters={"state": "open"}, size=500), now).rows
    with write(bridge.engine) as connection:
        for index, task in enumerate(found):
            kind = (FollowUpActKind.SUBMIT, FollowUpActKind.DECLINE, None, FollowUpActKind.SUBMIT)[index % 4]
            if kind is not None:
                _act(connection, task.learner_id, task.id, kind, now)
            if index % 4 == 0 and task.confirm:
                _act(connection, task.learner_id, task.id, FollowUpActKind.CONFIRM, now + timedelta(hours=1))


def _act(connection: Connection, learner_id: str, task: str, kind: FollowUpActKind, at: datetime) -> None:
    act = FollowUpAct(str(uuid5(_IDS, f"{task} {kind} {at}")), task, kind, learner_id, at, "done")
    add_follow_up_act(connection, learner_id, act, at)


@dataclass
class Clock:
    """A clock that tests set."""

    now: datetime = NOON

    def __call__(self) -> datetime:
        return self.now


def open_web_bridge(file: Path, clock: Clock | None = None, **sections: Any) -> Bridge:
    """A bridge to a database file, in Vienna, with two configured sources."""
    given = {
        "organisation": {"name": "Example Works", "time_zone": "Europe/Vienna", "currency": "EUR", "hourly_rate": 40},
        "web": {"secret_key": "a key for tests alone, long enough to sign"},
    } | sections
    files = [{"kind": "files", "name": name, "path": "none"} for name in ("lms", "archive", "new-lms")]
    settings = settings_for(f"sqlite:///{file}", *files, **given)
    return Bridge.open(settings, clock=clock or Clock())


def furnish_file(file: Path) -> None:
    """A database with everything in it."""
    bridge = open_web_bridge(file)
    furnish(bridge)
    bridge.close()


def empty_file(file: Path) -> None:
    """A laid-out database with one account and nothing else."""
    engine = make_engine(f"sqlite:///{file}")
    schema.upgrade(engine)
    users.add(engine, OPERATOR, "admin", PASSWORD, AccountRole.ADMINISTRATOR, NOON)
    engine.dispose()


_TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


def token(page: TestResponse) -> str:
    """The token of a page's forms."""
    found = _TOKEN.search(page.text)
    assert found is not None
    return found[1]


def sign_in(client: FlaskClient, login: str = "admin", password: str = PASSWORD, **more: str) -> TestResponse:
    """Send the sign-in form as a browser does."""
    form = {"csrf_token": token(client.get("/sign-in")), "login": login, "password": password, **more}
    return client.post("/sign-in", data=form)


OpenApp = Callable[..., Flask]

#: Every page that needs no more than its address.
PAGES = (
    "/",
    "/unmatched",
    "/off-contract",
    "/waste",
    "/waste/by/activity",
    "/waste/by/provider",
    "/waste/by/unit",
    "/follow-ups",
    "/completions",
    "/sources",
    "/sources/quarantine",
    "/sources/unknown-actors",
    "/sources/noise",
)
#: Those of them that are lists.
LISTS = tuple(page for page in PAGES if page not in ("/", "/sources"))


def bridge_of(app: Flask) -> Bridge:
    """The installation behind an application."""
    bridge = app.extensions["lrs_bridge"]
    assert isinstance(bridge, Bridge)
    return bridge
