"""Builders of the domain for tests: each gives a sensible thing, and takes what the test is about.

Time in these tests is told in days from NOON on the first of March 2026.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from lrs_bridge.domain.activity import Catalogue, CatalogueActivity
from lrs_bridge.domain.agenda import Need, Want
from lrs_bridge.domain.contract import Contract, ContractKind, Goal, Revision, Role, Signature
from lrs_bridge.domain.facts import Facts, Organisation, StatementFact
from lrs_bridge.domain.learner import Learner
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import decode_statement

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
EXCEL = "https://lms.example.org/course/view.php?id=42"
PAINTING = "https://lms.example.org/course/view.php?id=77"
UNKNOWN = "https://lms.example.org/course/view.php?id=999"
NAMES = {EXCEL: "Excel basics", PAINTING: "Painting with oil", UNKNOWN: "Something new"}

_IDS = UUID("9c1c4f2e-2d5c-5f0e-8a54-1a3f1d1f7a11")

RULES = """
completions:
  - {id: started, when: {verb: initialized}, outcome: started, attempt: registration}
  - {id: progressed, when: {verb: progressed}, outcome: progressed, attempt: registration}
  - {id: completed, when: {verb: completed}, outcome: completed, attempt: registration, score: raw/max}
  - {id: passed, when: {verb: passed}, outcome: passed, attempt: registration, score: raw/max}
  - {id: failed, when: {verb: failed}, outcome: failed, attempt: registration, score: raw/max}
  - {id: scored, when: {verb: scored}, outcome: scored, attempt: registration, score: raw/max}
  - {id: waived, when: {verb: "https://w3id.org/xapi/adl/verbs/waived"}, outcome: waived, attempt: registration}
  - {id: undone, when: {verb: "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/uncompleted"}, outcome: revoked}
rules:
  - id: excel-courses
    title: Excel courses evidence spreadsheets
    status: active
    when: {activity.name: {contains: excel}}
    evidence: {competency: spreadsheets}
    follow_up: [apply, share]
    tests:
      - name: a course that was passed
        statements: [{verb: passed, activity: {id: "https://lms.example.org/x", name: Excel basics}}]
        expect: match
      - name: another course
        statements: [{verb: passed, activity: {id: "https://lms.example.org/x", name: Painting}}]
        expect: no-match
  - id: no-onboarding
    title: The welcome tour counts for nothing
    status: active
    when: {activity.id: "https://lms.example.org/welcome"}
    exclude: everybody is sent through it
follow_ups:
  - id: apply
    kind: apply
    title: "Use it: {activity}"
    due: 30d
    confirm: manager
    remind: [7d, 1d]
    escalate: 7d
    expire: 30d
    within: 90d
  - {id: share, kind: share, title: "Tell the team about {activity}", due: 7d, expire: 14d, within: 90d}
  - {id: reflect, kind: reflect, title: "What changed by {goal}?", due: 90d}
follow_ups_default: [reflect]
waste: {stagnation: {tenure: 2y, quiet: 6mo}, abandoned_after: 60d, mastery: 85}
"""


@cache
def a_ruleset(text: str = RULES) -> Ruleset:
    """The rules of these tests: Excel courses evidence spreadsheets; painting is unknown to them."""
    return load_texts({"tests.yaml": text})


def day(number: float) -> datetime:
    """Noon of the first of March 2026, and so many days later."""
    return NOON + timedelta(days=number)


def a_learner(**changes: Any) -> Learner:
    given: dict[str, Any] = {
        "id": "ada",
        "name": "Ada Abt",
        "email": "ada@example.org",
        "manager_id": "max",
        "unit": "finance",
        "job": "controller",
        "hired_on": date(2025, 9, 1),
        "hourly_rate": 5000,
    }
    return Learner(**(given | changes))


def a_goal(**changes: Any) -> Goal:
    given: dict[str, Any] = {
        "id": "goal-spreadsheets",
        "title": "Monthly report without help",
        "competencies": frozenset({"spreadsheets"}),
    }
    return Goal(**(given | changes))


def signatures(at: datetime) -> tuple[Signature, ...]:
    return Signature(Role.LEARNER, "ada", at), Signature(Role.MANAGER, "max", at)


def a_contract(*goals: Goal, signed: datetime | None = NOON - timedelta(days=60), **changes: Any) -> Contract:
    """A strategic contract for 2026, signed in December 2025 unless said otherwise."""
    revision = Revision(
        number=1,
        starts_on=date(2026, 1, 1),
        ends_on=date(2026, 12, 31),
        goals=goals or (a_goal(),),
        signatures=signatures(signed) if signed is not None else (),
    )
    given: dict[str, Any] = {
        "id": "contract-2026",
        "kind": ContractKind.STRATEGIC,
        "learner_id": "ada",
        "manager_id": "max",
        "revisions": (revision,),
    }
    return Contract(**(given | changes))


def a_statement(
    verb: str = "completed",
    activity: str = EXCEL,
    at: datetime = NOON,
    *,
    name: str | None = None,
    registration: str | None = None,
    score: tuple[float, float] | None = None,
    duration: str | None = None,
    own_id: str | None = None,
    source: str = "lms",
) -> StatementFact:
    """A statement of Ada's; its id follows from its content unless given."""
    iri = verb if ":" in verb else _VERBS.get(verb, f"http://adlnet.gov/expapi/verbs/{verb}")
    result: dict[str, Any] = {"duration": duration} if duration else {}
    if score is not None:
        result["score"] = {"raw": score[0], "max": score[1], "min": 0}
    body: dict[str, Any] = {
        "actor": {"mbox": "mailto:ada@example.org"},
        "verb": {"id": iri},
        "object": {"id": activity, "definition": {"name": {"en": name or NAMES.get(activity, "")}}},
        "timestamp": at.isoformat(),
        **({"result": result} if result else {}),
        **({"context": {"registration": str(uuid5(_IDS, registration))}} if registration else {}),
    }
    body["id"] = own_id or str(uuid5(_IDS, json.dumps(body, sort_keys=True)))
    return StatementFact(body["id"], source, decode_statement(json.dumps(body).encode()))


_VERBS = {
    "waived": "https://w3id.org/xapi/adl/verbs/waived",
    "uncompleted": "https://xapi.edlm/profiles/edlm-lms/concepts/verbs/uncompleted",
}


def an_activity(**changes: Any) -> CatalogueActivity:
    """The Excel course as the catalogue knows it: one day, 300.00, by an external partner."""
    given: dict[str, Any] = {
        "id": EXCEL,
        "name": "Excel basics",
        "provider": "Sum & Sons",
        "fee": 30000,
        "hours": 8.0,
        "competencies": frozenset({"spreadsheets"}),
    }
    return CatalogueActivity(**(given | changes))


def an_organisation(*activities: CatalogueActivity, needs: Iterable[Need] = (), **changes: Any) -> Organisation:
    return Organisation(catalogue=Catalogue.of(activities), needs=tuple(needs), hourly_rate=4000, **changes)


def a_need(competency: str = "spreadsheets", **changes: Any) -> Need:
    given: dict[str, Any] = {"id": f"need-{competency}", "competency": competency, "initiative_id": "reporting"}
    return Need(**(given | changes))


def a_want(competency: str = "spreadsheets", **changes: Any) -> Want:
    return Want(competency, **changes)


def facts(*statements: StatementFact, **changes: Any) -> Facts:
    """Ada's facts: these statements, a signed contract with one goal, and the Excel course in the catalogue."""
    given: dict[str, Any] = {
        "learner": a_learner(),
        "organisation": an_organisation(an_activity()),
        "statements": statements,
        "contracts": (a_contract(),),
    }
    return Facts(**(given | changes))
