"""Builders for the rule engine's tests: statements, readings and rulesets, each with only what the test is about."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.completions.reading import Activity, Reading
from lrs_bridge_rules.completions.subject import Subject
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import Statement, decode_statement

Json = dict[str, Any]

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ADL = "http://adlnet.gov/expapi/verbs/"
COURSE_TYPE = "http://adlnet.gov/expapi/activities/course"
COURSE = "https://courses.example.org/excel"


def an_activity(activity_id: str = COURSE, name: str = "", type_: str = "") -> Json:
    definition = {**({"name": {"en": name}} if name else {}), **({"type": type_} if type_ else {})}
    return {"id": activity_id, **({"definition": definition} if definition else {})}


def a_body(verb: str = "completed", /, **properties: Any) -> Json:
    """A statement as a server sends it; a verb without a colon is one of ADL's."""
    return {
        "actor": {"mbox": "mailto:ada@example.org"},
        "verb": {"id": verb if ":" in verb else ADL + verb},
        "object": an_activity(),
        "timestamp": "2026-03-02T12:00:00Z",
        **properties,
    }


def encoded(body: object) -> bytes:
    return json.dumps(body).encode()


def a_statement(verb: str = "completed", /, **properties: Any) -> Statement:
    return decode_statement(encoded(a_body(verb, **properties)))


def a_reading(outcome: str = "completed", *, minutes: float = 0, **properties: Any) -> Reading:
    """A reading so many minutes after noon."""
    values: Json = {
        "statement_id": f"{outcome}-{minutes}",
        "definition": "a-definition",
        "outcome": Outcome(outcome),
        "activity": Activity(COURSE, "Excel basics", COURSE_TYPE),
        "at": NOON + timedelta(minutes=minutes),
        "attempt": None,
        "percent": None,
        "success": None,
        "duration": None,
        "verb": ADL + outcome,
        "platform": "",
        "registration": None,
        "parents": (),
        "groupings": (),
        "categories": (),
        "others": (),
        "language": "",
        "source": "lrs",
        "statement": a_statement(),
    }
    return Reading(**{**values, **properties})


def a_subject(**properties: Any) -> Subject:
    values: Json = {
        "activity": Activity(COURSE, "Excel basics", COURSE_TYPE),
        "activity_ids": (COURSE,),
        "outcome": Outcome.PASSED,
        "percent": 80.0,
        "success": True,
        "duration": None,
        "at": NOON,
        "verbs": (f"{ADL}passed",),
        "names": ("Excel basics",),
    }
    return Subject(**{**values, **properties})


def a_ruleset(text: str) -> Ruleset:
    return load_texts({"rules.yaml": text})


def a_rule(when: str, more: str = "", *, rule_id: str = "a-rule", status: str = "active") -> str:
    """One rule of a document, in flow style so that the lines of a test stay few."""
    what = more if "exclude" in more or "evidence" in more else f"evidence: {{competency: spreadsheets}}, {more}"
    return f"- {{id: {rule_id}, status: {status}, when: {when}, {what.rstrip(', ')}}}\n"


def fits(when: str, subject: Subject) -> bool:
    """Whether a rule with this condition matches."""
    return bool(a_ruleset("rules:\n" + a_rule(when)).evaluate(subject).matches)
