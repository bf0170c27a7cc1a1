"""Statements as a Moodle site sends them, invented and deterministic: enough of them to fill a real LRS.

Four in five are noise (pages viewed, sign-ins); the rest finish modules, quizzes and courses. The shapes are those of
Moodle's logstore plugin, but for the ids, which are sent along so that a test can say which statement is missing.
"""

import random
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

SITE = "https://moodle.example.org"
START = datetime(2026, 3, 2, 7, 0, tzinfo=UTC)
_PACE = timedelta(seconds=7, milliseconds=311)
_NAMES = uuid.UUID("6f1f4a0e-6f0d-4d0c-9a55-0c9f0d1a7b11")

Json = dict[str, Any]

_VERBS = {
    "viewed": "http://id.tincanapi.com/verb/viewed",
    "loggedin": "https://w3id.org/xapi/adl/verbs/logged-in",
    "completed": "http://adlnet.gov/expapi/verbs/completed",
}
_TYPES = {
    "site": "http://id.tincanapi.com/activitytype/lms",
    "course": "http://id.tincanapi.com/activitytype/lms/course",
    "page": "http://activitystrea.ms/schema/1.0/page",
    "quiz": "http://adlnet.gov/expapi/activities/assessment",
}
# What happens how often: weight, verb, kind of activity, whether it is scored.
_MIX = (
    (70, "viewed", "page", False),
    (10, "loggedin", "site", False),
    (9, "completed", "page", False),
    (8, "completed", "quiz", True),
    (3, "completed", "course", False),
)


def moodle_statements(count: int, *, seed: int = 1, start: datetime = START) -> Iterator[Json]:
    """`count` statements in the order of their timestamps. The same seed gives the same statements."""
    chance = random.Random(seed)
    weights = [row[0] for row in _MIX]
    for number in range(count):
        _weight, verb, kind, scored = chance.choices(_MIX, weights)[0]
        yield {
            "id": str(uuid.uuid5(_NAMES, f"{seed}/{number}")),
            "actor": _learner(chance.randrange(1, 201)),
            "verb": {"id": _VERBS[verb], "display": {"en": verb}},
            "object": _activity(kind, chance.randrange(1, 41)),
            "context": {"platform": "Moodle", "language": "en", "contextActivities": {"grouping": [_site()]}},
            "timestamp": (start + number * _PACE).isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            **({"result": _result(chance.randrange(20, 101))} if scored else {}),
        }


def _learner(number: int) -> Json:
    return {"objectType": "Agent", "name": f"Learner {number}", "account": {"homePage": SITE, "name": str(number)}}


def _activity(kind: str, number: int) -> Json:
    if kind == "site":
        return _site()
    address = f"{SITE}/course/view.php?id={number}" if kind == "course" else f"{SITE}/mod/{kind}/view.php?id={number}"
    definition = {"type": _TYPES[kind], "name": {"en": f"{kind.capitalize()} {number}"}}
    return {"objectType": "Activity", "id": address, "definition": definition}


def _site() -> Json:
    return {"objectType": "Activity", "id": SITE, "definition": {"type": _TYPES["site"], "name": {"en": "Academy"}}}


def _result(percent: int) -> Json:
    score = {"min": 0, "max": 100, "raw": percent, "scaled": round(2 * percent / 100 - 1, 4)}
    return {"score": score, "completion": True, "success": percent >= 50}
