"""Makes real xAPI of the short statements of tests: with ids, times and an actor, as a server would deliver them.

What comes out is decoded and read like any other statement (`domain.rule_testing` takes it the whole way), and keeps to
the format that xAPI 1.0.3 prescribes (Data 2), so that a test shows nothing that no server could send.
"""

from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS, iris_of
from lrs_bridge_rules.statements.identifier import ifi_from_text
from lrs_bridge_rules.statements.statement import VOIDED, decode_statement

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from lrs_bridge_rules.documents.case_model import ShortActivity, ShortScore, ShortStatement

Json = dict[str, Any]

#: When a case begins that does not say otherwise: a Monday.
BEGINNING: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_NAMESPACE: Final = uuid.UUID("5f0d7a52-3f0c-5d4e-9a6b-0f3b1d2c4e60")
_LEARNERS: Final = "https://learners.example.org"
_LEARNER: Final = {"objectType": "Agent", "account": {"homePage": _LEARNERS, "name": "learner"}}
_IRI: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`]+", re.ASCII)
_WORD: Final = re.compile(r"\w+")
_GROUPS: Final = ("parent", "grouping", "category", "other")


def is_iri(text: str) -> bool:
    """Say whether a text can be the id of something: it has a scheme, and no blank."""
    return _IRI.fullmatch(text) is not None


def check_raw(raw: Mapping[str, Any]) -> None:
    """Raise StatementError if a whole statement, completed as a case would do it, could not be read."""
    decode_statement(msgspec.json.encode(_completed(raw, statement_id(1), BEGINNING)))


def statement_id(number: int) -> str:
    """Return the id of the statement that stands at a place of its case, counted from 1."""
    return f"7e575000-0000-5000-8000-{number:012d}"


def beginning_of(statements: Sequence[ShortStatement]) -> datetime:
    """Return the moment from which a case counts: when its first statement happened, if that is said as a moment."""
    first = statements[0].at if statements else None
    return first if isinstance(first, datetime) else BEGINNING


def moment_of(given: datetime | timedelta, beginning: datetime) -> datetime:
    """Return a moment of a case: as it is given, or counted from the beginning."""
    return given if isinstance(given, datetime) else _later(beginning, given)


def _later(moment: datetime, span: timedelta) -> datetime:
    """Stay within the calendar, whatever an author writes."""
    try:
        return moment + span
    except OverflowError:
        return datetime.max.replace(tzinfo=UTC) if span > timedelta(0) else datetime.min.replace(tzinfo=UTC)


def expand_all(statements: Sequence[ShortStatement]) -> list[Json]:
    """Return the xAPI statements of a case. One that does not say when it happened follows a minute after the last."""
    beginning = at = beginning_of(statements)
    bodies: list[Json] = []
    for number, short in enumerate(statements, start=1):
        if short.at is not None:
            at = moment_of(short.at, beginning)
        elif number > 1:
            at = _later(at, timedelta(minutes=1))
        target = bodies[short.voids - 1]["id"] if short.voids is not None else ""
        bodies.append(expand(short, statement_id(number), at, target))
    return bodies


def expand(short: ShortStatement, own_id: str, at: datetime, voided: str = "") -> Json:
    """Return the xAPI statement that a short one stands for; `voided` is the id of the one that it voids, if any."""
    if short.raw is not None:
        return _completed(short.raw, own_id, at)
    if voided:
        target = {"objectType": "StatementRef", "id": voided}
        return _completed({"verb": {"id": VOIDED, "display": {"en": "voided"}}, "object": target}, own_id, at)
    if short.verb is None or short.activity is None:
        raise ValueError("a statement has verb and activity, or voids, or raw")
    body = {
        "verb": {"id": iris_of(short.verb, VERBS)[0], "display": {"en": _last_word(short.verb)}},
        "object": _activity(short.activity),
        "result": _result(short),
        "context": _context(short),
    }
    return _completed({key: value for key, value in body.items() if value}, own_id, at)


def _completed(body: Mapping[str, Any], own_id: str, at: datetime) -> Json:
    return {"id": own_id, "actor": _LEARNER, "timestamp": at.isoformat(), **body}


def _last_word(text: str) -> str:
    words = _WORD.findall(text)
    return words[-1] if words else text


def _activity(short: ShortActivity) -> Json:
    names = {"en": short.name} if isinstance(short.name, str) else dict(short.name or {})
    definition: Json = {"name": names} if names else {}
    if short.type:
        definition["type"] = iris_of(short.type, ACTIVITY_TYPES)[0]
    if short.extensions:
        definition["extensions"] = short.extensions
    slug = "-".join(_WORD.findall(next(iter(names.values()), "unnamed"))).lower()
    own_id = short.id or f"https://activities.example.org/{slug or 'unnamed'}"
    return {"objectType": "Activity", "id": own_id, "definition": definition}


def _result(short: ShortStatement) -> Json:
    result = {
        "score": _score(short.score) if short.score is not None else None,
        "success": short.success,
        "completion": short.completion,
        "response": short.response,
        "duration": short.duration,
        "extensions": short.result_extensions or None,
    }
    return {key: value for key, value in result.items() if value is not None}


def _score(short: ShortScore) -> dict[str, float]:
    if short.percent is not None:
        return {"raw": short.percent, "min": 0, "max": 100, "scaled": short.percent / 100}
    return short.model_dump(exclude={"percent"}, exclude_none=True)


def _context(short: ShortStatement) -> Json:
    around = {group: [_activity(near) for near in getattr(short, group)] for group in _GROUPS}
    context = {
        "registration": _registration(short.registration) if short.registration else None,
        "instructor": agent_of(short.instructor) if short.instructor else None,
        "platform": short.platform,
        "language": short.language,
        "extensions": short.extensions,
        "contextActivities": {group: activities for group, activities in around.items() if activities},
    }
    return {key: value for key, value in context.items() if value}


def _registration(text: str) -> str:
    """Return a UUID as it is; any other word stands for one, always the same."""
    try:
        return str(uuid.UUID(text))
    except ValueError:
        return str(uuid.uuid5(_NAMESPACE, text))


def agent_of(text: str) -> Json:
    """Return the agent of an identifier as administrators type it; a lone word is an account. Raises ValueError."""
    if ":" not in text:
        return {"objectType": "Agent", "account": {"homePage": _LEARNERS, "name": text}}
    kind, _, rest = ifi_from_text(text).partition(":")
    home_page, _, name = rest.partition("|")
    forms: Mapping[str, Json] = {
        "mbox": {"mbox": f"mailto:{rest}"},
        "sha1": {"mbox_sha1sum": rest},
        "openid": {"openid": rest},
        "account": {"account": {"homePage": home_page, "name": name}},
    }
    return {"objectType": "Agent", **forms[kind]}
