"""An installation that has grown: a million completions and everything around them, written straight into the tables.

Only what pages read is made, in realistic shares; how it would have come about does not matter here.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import Engine

from benchmarks.world import ADL, NOW, SITE
from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.domain.learner import Identity, Learner
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.domain.waste import FindingStatus, WasteReason
from lrs_bridge.store.bulk import insert_many
from lrs_bridge.store.engine import write
from lrs_bridge.store.people import save_learners
from lrs_bridge.store.tables import (
    Base,
    CompletionLinkRow,
    CompletionRow,
    EvidenceRow,
    FindingRow,
    FollowUpRow,
    GoalProgressRow,
    LinkKind,
    NoiseRow,
    QuarantineRow,
    QuarantineState,
    StatementRow,
)
from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.follow_up import FollowUpKind

PER_LEARNER = 20
ACTIVITIES = 3000
#: Of 250 people each in the largest world: as many as one learning partner can know.
UNITS = 200
PROVIDERS = 60
SPAN = timedelta(days=730)
BATCH = 20_000
_IDS = UUID("6d7b0f11-55f0-5a3c-8a7e-0c1d2e3f4a5b")

#: How completions end, in percent.
_STANDINGS = (
    (Standing.MATCHED, 35),
    (Standing.OFF_CONTRACT, 25),
    (Standing.UNMATCHED, 20),
    (Standing.NOT_COMPLETED, 15),
    (Standing.EXCLUDED, 5),
)
_STATES = tuple(FollowUpState)
_REASONS = tuple(WasteReason)
_QUADRANTS = tuple(Quadrant)
_ORDER = (
    StatementRow,
    CompletionRow,
    CompletionLinkRow,
    EvidenceRow,
    FollowUpRow,
    FindingRow,
    GoalProgressRow,
    QuarantineRow,
    NoiseRow,
)
Rows = Iterator[tuple[type[Base], dict[str, Any]]]


def grow(engine: Engine, completions: int, seed: int = 1) -> None:
    """Fill an empty database of the current schema."""
    learners = max(1, completions // PER_LEARNER)
    with write(engine) as connection:
        connection.exec_driver_sql("PRAGMA cache_size = -1000000")  # of this connection, which makes everything
        save_learners(connection, *_people(learners), NOW - SPAN)
    rows = _rows(completions, learners, random.Random(seed))
    while batch := list(islice(rows, BATCH)):
        with write(engine) as connection:
            for table in _ORDER:  # what is referred to comes first
                insert_many(connection, table, [row for of, row in batch if of is table])


def learner_id(number: int) -> str:
    """The id of one of them."""
    return f"learner-{number}"


def activity_id(number: int) -> str:
    """The id of one of the activities; the lower the number, the more often it is taken."""
    return f"{SITE}/course/view.php?id={number}"


def _people(count: int) -> tuple[list[Learner], list[Identity]]:
    learners = [
        Learner(learner_id(n), f"{_SYLLABLES[n % 40]} {_SYLLABLES[n // 40 % 40]}{n}", "", unit=f"Unit {n % UNITS}")
        for n in range(count)
    ]
    return learners, [Identity(f"account:{SITE}|{n}", learner_id(n), NOW - SPAN) for n in range(count)]


_SYLLABLES = [first + second for first in ("An", "Be", "Ce", "Da", "El", "Fa", "Gu", "Ha") for second in "mnrst"]


def _rows(completions: int, learners: int, chance: random.Random) -> Rows:
    standings = [standing for standing, share in _STANDINGS for _ in range(share)]
    for number in range(completions):
        learner = number % learners
        place = int(ACTIVITIES * chance.random() ** 2)
        yield from _completion(number, learner, place, chance.choice(standings), chance.randbytes(8))
    for learner in range(learners):
        state = (GoalState.LEARNED, GoalState.APPLIED, GoalState.ACHIEVED, GoalState.PLANNED)[learner % 4]
        yield GoalProgressRow, _goal(learner, state)
    yield from _aside()


def _completion(number: int, learner: int, place: int, standing: Standing, dice: bytes) -> Rows:
    key = {"learner_id": learner_id(learner)}
    own = str(uuid5(_IDS, str(number)))
    statement = str(uuid5(_IDS, f"statement {number}"))
    ended = NOW - SPAN * ((int.from_bytes(dice[:4], "big") + 1) / 2**32)
    over = standing is not Standing.NOT_COMPLETED
    yield StatementRow, _statement(statement, learner, place, ended, dice[7])
    yield CompletionRow, {**key, "id": own, "statements": (statement,), **_seen(place, ended, standing, dice)}
    yield CompletionLinkRow, {**key, "completion_id": own, "kind": LinkKind.STATEMENT, "value": statement}
    if standing is Standing.MATCHED:
        evidence = {"goal_id": f"goal-{learner}", "contract_id": f"contract-{learner}", "weight": 1.0, "by": ("rule",)}
        yield EvidenceRow, {**key, "completion_id": own, **evidence}
        if dice[6] % 5 < 3:
            yield FollowUpRow, {**key, **_follow_up(own, learner, ended, dice)}
    if over and dice[7] % 6 == 0:
        yield FindingRow, {**key, **_finding(own, place, ended, dice)}


def _seen(place: int, ended: datetime, standing: Standing, dice: bytes) -> dict[str, Any]:
    """What a plan says of an attempt at one of the activities."""
    over = standing is not Standing.NOT_COMPLETED
    named = standing in (Standing.MATCHED, Standing.OFF_CONTRACT)
    return {
        "activity_id": activity_id(place),
        "activity_name": f"Course {place} on {_SYLLABLES[place % 40].lower()}ing",
        "activity_type": f"{ADL}/activities/course",
        "outcome": Outcome.COMPLETED if over else Outcome.STARTED,
        "standing": standing,
        "started_at": ended - timedelta(hours=2),
        "ended_at": ended if over else None,
        "percent": float(dice[4] % 101) if dice[4] % 2 else None,
        "hours": dice[5] % 16 / 2,
        "cost": dice[5] * 100,
        "provider": f"Provider {place % PROVIDERS}",
        "sources": ("lms",),
        "rules": (f"rule-{place}",) if named else (),
        "shadow_rules": (),
        "competencies": (f"competency-{place % 40}",) if named else (),
        "needs": (),
        "excluded_because": "a taster" if standing is Standing.EXCLUDED else "",
        "quadrant": _QUADRANTS[dice[6] % 4] if over and standing is not Standing.EXCLUDED else None,
        "before": None,
        "after": None,
        "valid_until": None,
        "attested": False,
    }


def _follow_up(completion: str, learner: int, ended: datetime, dice: bytes) -> dict[str, Any]:
    return {
        "id": f"task-{completion}",
        "completion_id": completion,
        "goals": (f"goal-{learner}",),
        "template": "apply",
        "kind": FollowUpKind.APPLY,
        "title": "Use it on the job",
        "state": _STATES[dice[5] % len(_STATES)],
        "since": ended,
        "opened_at": ended,
        "due_at": ended + timedelta(days=30),
        "expires_at": ended + timedelta(days=120),
        "confirm": dice[5] % 2 == 0,
        "job_aid": "",
        "questions": (),
        "reason_gone": dice[4] == 0,
    }


def _finding(completion: str, place: int, ended: datetime, dice: bytes) -> dict[str, Any]:
    return {
        "id": f"finding-{completion}",
        "reason": _REASONS[dice[5] % len(_REASONS)],
        "status": FindingStatus.OPEN if dice[6] % 4 else FindingStatus.RESCUED,
        "since": ended,
        "completion_id": completion,
        "goal_id": None,
        "activity_id": activity_id(place),
        "provider": f"Provider {place % PROVIDERS}",
        "hours": dice[5] % 16 / 2,
        "money": dice[5] * 5000,
        "counted": dice[4] % 3 != 0,
        "rescuer": None,
    }


def _goal(learner: int, state: GoalState) -> dict[str, Any]:
    return {
        "learner_id": learner_id(learner),
        "contract_id": f"contract-{learner}",
        "goal_id": f"goal-{learner}",
        "title": "Use it",
        "state": state,
        "since": NOW,
        "learned": 1.0,
        "required": 1.0,
        "measured": None,
    }


def _statement(own: str, learner: int, place: int, at: datetime, dice: int) -> dict[str, Any]:
    account = {"homePage": SITE, "name": str(learner) if dice else f"stranger-{place % 300}"}
    verb, about = f"{ADL}/verbs/completed", {"objectType": "Activity", "id": activity_id(place)}
    body = {"id": own, "actor": {"account": account}, "verb": {"id": verb}, "object": about, "timestamp": str(at)}
    return {
        "id": own,
        "source": "lms",
        "ifi": f"account:{SITE}|{account['name']}",
        "verb": verb,
        "object_id": activity_id(place),
        "voids": None,
        "timestamp": at,
        "stored": at,
        "received_at": at,
        "digest": own,
        "body": json.dumps(body).encode(),
    }


def _aside() -> Rows:
    for number in range(500):
        state = QuarantineState.WAITING if number % 2 else QuarantineState.DISMISSED
        row = {"id": f"q{number}", "source": "lms", "statement_id": None, "reason": "no actor", "body": b"{}"}
        settled = {"settled_at": None, "settled_by": None}
        yield QuarantineRow, {**row, "at": NOW - timedelta(hours=number), "state": state, **settled}
    for day in range(SPAN.days):
        for kind in range(20):
            row = {"source": "lms", "verb": f"{ADL}/verbs/v{kind}", "activity_type": f"{ADL}/activities/page"}
            yield NoiseRow, {**row, "day": (NOW - timedelta(days=day)).date(), "count": 100 + kind}
