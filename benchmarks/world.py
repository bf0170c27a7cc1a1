"""What is measured on: a Moodle site's statements in a realistic mix, learners with contracts, and many rules.

A fifth of the statements is wanted (attempts at quizzes, two statements each); the rest is what people click.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from uuid import UUID, uuid5

from lrs_bridge.domain.contract import Contract, ContractKind, Goal, Revision, Role, Signature
from lrs_bridge.domain.learner import Identity, Learner

SITE = "https://moodle.example.org"
START = datetime(2026, 1, 5, 8, tzinfo=UTC)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SIGNED = datetime(2025, 12, 15, 12, tzinfo=UTC)
PLUGIN = "https://github.com/xAPI-vle/moodle-logstore_xapi"
ADL = "http://adlnet.gov/expapi"
QUIZZES = 1000
COMPETENCIES = 40
DOCUMENT = 1000  # rules in one document

_IDS = UUID("b7d0c6b2-7c55-5b3e-9b57-1f6c2f0f4c11")


def statements(
    count: int, learners: int, *, wanted: float = 0.2, quizzes: int = QUIZZES, seed: int = 1
) -> Iterator[bytes]:
    """`count` statements, oldest first, spread over 300 days; `wanted` of them open or end an attempt at a quiz."""
    chance = random.Random(seed)
    pace = timedelta(days=300) / count
    number = attempt = 0
    while number < count:
        at = START + number * pace
        learner = chance.randrange(learners)
        # Each attempt is two statements, so that half as many dice decide.
        if chance.random() < wanted / (2 - wanted) and number + 1 < count:
            quiz = chance.randrange(quizzes)
            attempt += 1
            yield _encoded(number, at, learner, "http://activitystrea.ms/start", _attempt(attempt, quiz))
            ended = _encoded(number + 1, at + pace, learner, f"{ADL}/verbs/completed", _attempt(attempt, quiz))
            yield ended[:-1] + b',"result":' + _result(chance.randrange(40, 101)) + b"}"
            number += 2
        else:
            yield _encoded(number, at, learner, "http://id.tincanapi.com/verb/viewed", _page(chance.randrange(5000)))
            number += 1


def _encoded(number: int, at: datetime, learner: int, verb: str, about: dict[str, object]) -> bytes:
    time = at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    body = {
        "id": str(uuid5(_IDS, str(number))),
        "stored": time,
        "timestamp": time,
        "version": "1.0.0",
        "actor": {"objectType": "Agent", "name": f"Learner {learner}", "account": _account(learner)},
        "verb": {"id": verb, "display": {"en": verb.rsplit("/", 1)[1]}},
        **about,
    }
    return json.dumps(body, separators=(",", ":")).encode()


def _account(learner: int) -> dict[str, str]:
    return {"homePage": SITE, "name": str(learner)}


def _attempt(attempt: int, quiz: int) -> dict[str, object]:
    return {
        "object": {
            "objectType": "Activity",
            "id": f"{SITE}/mod/quiz/attempt.php?attempt={attempt}&cmid={quiz}",
            "definition": {"type": f"{ADL}/activities/attempt", "name": {"en": f"Quiz {quiz} Attempt"}},
        },
        "context": _context(
            [
                _activity(f"/mod/quiz/view.php?id={quiz}", f"{ADL}/activities/assessment", f"Quiz {quiz}"),
                _activity(
                    f"/course/view.php?id={quiz // 10}", "https://w3id.org/xapi/cmi5/activitytype/course", "Course"
                ),
            ]
        ),
    }


def _page(page: int) -> dict[str, object]:
    kind = "https://w3id.org/xapi/acrossx/activities/page"
    course = "https://w3id.org/xapi/cmi5/activitytype/course"
    return {
        "object": {"objectType": "Activity", **_activity(f"/mod/page/view.php?id={page}", kind, f"Page {page}")},
        "context": _context([_activity(f"/course/view.php?id={page // 50}", course, f"Course {page // 50}")]),
    }


def _activity(path: str, kind: str, name: str) -> dict[str, object]:
    return {"id": f"{SITE}{path}", "definition": {"type": kind, "name": {"en": name}}}


def _context(parents: list[dict[str, object]]) -> dict[str, object]:
    info = {"http://moodle.org": "4.5.6", PLUGIN: "5.0.1"}
    return {
        "platform": "Moodle",
        "language": "en",
        "extensions": {"http://lrs.learninglocker.net/define/extensions/info": info},
        "contextActivities": {"parent": parents},
    }


def _result(percent: int) -> bytes:
    score = {"raw": percent, "min": 0, "max": 100, "scaled": percent / 50 - 1}
    return json.dumps({"score": score, "completion": True, "success": percent >= 60, "duration": "PT17M"}).encode()


def people(count: int) -> tuple[list[Learner], list[Identity]]:
    """Learners with the account that Moodle names them by."""
    learners = [Learner(f"learner-{n}", f"Learner {n}", f"learner{n}@example.org") for n in range(count)]
    identities = [Identity(f"account:{SITE}|{n}", f"learner-{n}", SIGNED) for n in range(count)]
    return learners, identities


def contracts(count: int) -> list[Contract]:
    """A signed contract with one goal for each learner."""
    return [_contract(number) for number in range(count)]


def _contract(number: int) -> Contract:
    learner = f"learner-{number}"
    signatures = (Signature(Role.LEARNER, learner, SIGNED), Signature(Role.MANAGER, "manager", SIGNED))
    goal = Goal(f"goal-{number}", "Use it", frozenset({f"competency-{number % COMPETENCIES}"}))
    revision = Revision(1, date(2026, 1, 1), date(2026, 12, 31), (goal,), signatures=signatures)
    return Contract(f"contract-{number}", ContractKind.STRATEGIC, learner, None, (revision,))


def rules(count: int) -> dict[str, str]:
    """Documents with `count` active rules: a third by id, a third by type and name, a third by name and score."""
    opening = ["include: [moodle-logstore, generic-adl]", "follow_ups:"]
    opening.append('  - {id: apply, kind: apply, title: "Use it: {activity}", due: 30d}')
    documents = {"organisation.yaml": "\n".join(opening)}
    for first in range(0, count, DOCUMENT):
        lines = [line for number in range(first, min(count, first + DOCUMENT)) for line in _rule(number)]
        documents[f"rules-{first}.yaml"] = "\n".join(["rules:", *lines])
    return documents


def _rule(number: int) -> list[str]:
    conditions = (
        f'{{activity.id: "{SITE}/mod/quiz/view.php?id={number}"}}',
        f'{{activity.type: assessment, activity.name: {{contains: "quiz {number} "}}}}',
        f'{{activity.name: "Quiz {number}", score.percent: {{gte: 70}}}}',
    )
    return [
        f"  - id: rule-{number}",
        "    status: active",
        f"    when: {conditions[number % 3]}",
        f"    evidence: {{competency: competency-{number % COMPETENCIES}}}",
        "    follow_up: [apply]",
    ]
