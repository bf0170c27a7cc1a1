"""Runs the tests that stand inside rules: short statements become real ones and take the whole way.

Short statement -> xAPI -> `decode_statement` -> the ruleset's definitions -> `conclude` -> `subject_of` -> the rule.
An active rule must show at least one match and one no-match; publishing asks for it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final

import msgspec

from lrs_bridge_rules.completions.attempt import conclude
from lrs_bridge_rules.completions.subject import subject_of
from lrs_bridge_rules.conditions.fields import Facts
from lrs_bridge_rules.documents.vocabulary import ACTIVITY_TYPES, VERBS, iris_of
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.statements.statement import decode_statement

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lrs_bridge_rules.completions.reading import Reading
    from lrs_bridge_rules.documents.test_model import ShortActivity, ShortScore, ShortStatement, TestModel
    from lrs_bridge_rules.rule import Rule
    from lrs_bridge_rules.ruleset import Ruleset

_START: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)
_LEARNER: Final = {"account": {"homePage": "https://learners.example.org", "name": "learner"}}
_MATCH: Final = "match"
_NO_MATCH: Final = "no-match"


@dataclass(frozen=True, slots=True)
class TestResult:
    """How one case went; `where` is PATH:LINE of its rule, `actual` is match, no-match, or why neither came out."""

    __test__ = False

    rule: str
    case: str
    passed: bool
    expected: str
    actual: str
    where: str


def run(ruleset: Ruleset) -> list[TestResult]:
    """Return the result of every case of every rule, and one more for each active rule that lacks a needed case."""
    return [result for rule in ruleset.rules for result in (*_cases(ruleset, rule), *_lacking(rule))]


def _cases(ruleset: Ruleset, rule: Rule) -> Iterator[TestResult]:
    for test in rule.tests:
        actual = _actual(ruleset, rule, test)
        yield TestResult(rule.id, test.name, actual == test.expect, test.expect, actual, _where(rule))


def _lacking(rule: Rule) -> Iterator[TestResult]:
    shown = {test.expect for test in rule.tests}
    for expected in (_MATCH, _NO_MATCH) if rule.status == "active" else ():
        if expected not in shown:
            case = f"has a test that expects {expected}"
            yield TestResult(rule.id, case, False, expected, "no such test", _where(rule))


def _where(rule: Rule) -> str:
    return f"{rule.place.path}:{rule.place.line}"


def _actual(ruleset: Ruleset, rule: Rule, test: TestModel) -> str:
    try:
        readings = list(_readings(ruleset, test))
    except (StatementError, ValueError) as error:
        return f"a statement is wrong: {error}"
    if not readings:
        return "no completion definition reads any of the statements"
    about = [reading for reading in readings if reading.activity.id == readings[-1].activity.id]
    subject = subject_of(
        conclude(about),
        about,
        unit=test.unit,
        job=test.job,
        provider=test.provider,
        mandated=test.mandated,
    )
    return _MATCH if rule.fits(Facts(subject), subject.at) else _NO_MATCH


def _readings(ruleset: Ruleset, test: TestModel) -> Iterator[Reading]:
    for number, short in enumerate(test.statements):
        body = msgspec.json.encode(expand(short, _START + timedelta(minutes=number)))
        reading = ruleset.read(decode_statement(body), statement_id=f"statement {number + 1}", source="test")
        if reading is not None:
            yield reading


def expand(short: ShortStatement, at: datetime) -> dict[str, Any]:
    """Return the xAPI statement that a short one stands for. Raises ValueError for words that are not known."""
    statement = {
        "actor": _LEARNER,
        "verb": {"id": iris_of(short.verb, VERBS)[0]},
        "object": _activity(short.activity),
        "timestamp": short.at or at.isoformat(),
        "result": _result(short),
        "context": _context(short),
    }
    return {key: value for key, value in statement.items() if value}


def _activity(short: ShortActivity) -> dict[str, Any]:
    slug = "-".join("".join(letter if letter.isalnum() else " " for letter in (short.name or "")).split()).lower()
    definition: dict[str, Any] = {"name": {"en": short.name}} if short.name else {}
    if short.type:
        definition["type"] = iris_of(short.type, ACTIVITY_TYPES)[0]
    return {"id": short.id or f"https://activities.example.org/{slug or 'unnamed'}", "definition": definition}


def _result(short: ShortStatement) -> dict[str, Any]:
    result = {
        "score": _score(short.score) if short.score is not None else None,
        "success": short.success,
        "completion": short.completion,
        "duration": short.duration,
    }
    return {key: value for key, value in result.items() if value is not None}


def _score(short: ShortScore) -> dict[str, float]:
    if short.percent is not None:
        return {"raw": short.percent, "min": 0, "max": 100, "scaled": short.percent / 100}
    return short.model_dump(exclude={"percent"}, exclude_none=True)


def _context(short: ShortStatement) -> dict[str, Any]:
    groups = {
        "parent": short.parent,
        "grouping": short.grouping,
        "category": short.category,
        "other": short.other,
    }
    context = {
        "registration": short.registration,
        "platform": short.platform,
        "extensions": short.extensions,
        "contextActivities": {name: [_activity(near) for near in group] for name, group in groups.items() if group},
    }
    return {key: value for key, value in context.items() if value}
