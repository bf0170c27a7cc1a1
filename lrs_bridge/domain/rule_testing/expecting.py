"""What came of a case, in the words in which tests say what they expect; and whether the two are the same.

One row a key of `Expectation`: a newcomer adds a key to the model and a row here.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import isclose
from typing import Any, Final

from pydantic import BaseModel

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.plan import Plan
from lrs_bridge.domain.rule_testing.result import Miss
from lrs_bridge.domain.waste import FindingStatus, WasteReason
from lrs_bridge_rules.documents.test_model import Expectation
from lrs_bridge_rules.expansion import moment_of

NONE: Final = "none"


@dataclass(frozen=True, slots=True)
class Came:
    """What came of a case, seen from one of its completions; `matches`: whether the rule applies to it.

    `titles` are those of all goals by id, also of a contract that is signed only after the moment of looking.
    """

    plan: Plan
    completion: Completion
    matches: bool
    beginning: datetime
    titles: Mapping[str, str]


def misses_of(expectation: Expectation, came: Came) -> Iterator[Miss]:
    """What was stated and did not come true, in the order of the keys."""
    for key, row in _ROWS.items():
        wanted = getattr(expectation, key)
        if wanted is None:
            continue
        expected, actual = _plain(wanted, came), row.actual(came)
        if not row.same(expected, actual):
            yield Miss(key if row.named else "", shown(expected), shown(actual))


def expectable(came: Came) -> dict[str, object]:
    """Everything that a case could expect, as it came; written into the case, it passes."""
    values = {key: row.actual(came) for key, row in _ROWS.items()}
    if values["valid_until"] == NONE:
        del values["valid_until"]
    return values | {"match": came.matches}


def _plain(wanted: object, came: Came) -> Any:  # noqa: ANN401 -- whatever YAML can hold
    match wanted:
        case bool():
            return "match" if wanted else "no-match"
        case BaseModel():
            return _plain_part(wanted, came)
        case list():
            return [_plain(each, came) for each in wanted]
        case datetime() | timedelta():
            return _day(moment_of(wanted, came.beginning))
        case _:
            return wanted


def _plain_part(part: BaseModel, came: Came) -> dict[str, object]:
    given = {key: getattr(part, key) for key in type(part).model_fields}
    return {key: _plain(value, came) for key, value in given.items() if value is not None}


def _day(moment: datetime) -> str:
    return moment.date().isoformat()


def _evidence(came: Came) -> list[dict[str, object]]:
    return [
        {"goal": came.titles[item.goal_id], "weight": item.weight, "by": list(item.by)}
        for item in came.plan.evidence
        if item.completion_id == came.completion.id
    ]


def _follow_ups(came: Came) -> list[dict[str, object]]:
    return [
        {"template": task.template, "due": _day(task.due_at), "state": task.state.value}
        for task in came.plan.follow_ups
        if task.completion_id == came.completion.id
    ]


def _findings(came: Came) -> list[str]:
    open_ones = {
        finding.reason
        for finding in came.plan.findings
        if finding.completion_id == came.completion.id and finding.status is FindingStatus.OPEN
    }
    return [reason.value for reason in WasteReason if reason in open_ones]


def _goals(came: Came) -> dict[str, object]:
    return {goal.title: goal.state.value for goal in came.plan.goals}


def _or_none(value: float | str | None) -> float | str:
    return NONE if value is None else value


def same(expected: Any, actual: Any) -> bool:  # noqa: ANN401 -- whatever YAML can hold
    if isinstance(expected, int | float) and isinstance(actual, int | float):
        return isclose(expected, actual, abs_tol=0.005)
    return bool(expected == actual)


def _same_set(expected: Sequence[str], actual: Sequence[str]) -> bool:
    return set(expected) == set(actual)


def _same_items(expected: Sequence[Mapping[str, Any]], actual: Sequence[Mapping[str, Any]]) -> bool:
    """As many, and each expected one is one that came, as far as it says how that should be.

    The most exact ones choose first, so that a vague one cannot take away what only an exact one could have had.
    """
    left = list(actual)
    for item in sorted(expected, key=len, reverse=True):
        found = next((each for each in left if _covers(item, each)), None)
        if found is None:
            return False
        left.remove(found)
    return not left


def _covers(item: Mapping[str, Any], came: Mapping[str, Any]) -> bool:
    return all(
        _same_set(value, came[key]) if isinstance(value, list) else same(value, came[key])
        for key, value in item.items()
    )


def _same_states(expected: Mapping[str, str], actual: Mapping[str, str]) -> bool:
    return all(actual.get(title) == state for title, state in expected.items())


@dataclass(frozen=True, slots=True)
class _Row:
    """How one key is looked up in what came, and how it is compared."""

    actual: Callable[[Came], Any]
    same: Callable[[Any, Any], bool] = same
    named: bool = True


_ROWS: Final[Mapping[str, _Row]] = {
    "match": _Row(lambda came: "match" if came.matches else "no-match", named=False),
    "completions": _Row(lambda came: len(came.plan.completions)),
    "outcome": _Row(lambda came: came.completion.outcome.value),
    "score": _Row(lambda came: _or_none(came.completion.percent)),
    "standing": _Row(lambda came: came.completion.standing.value),
    "evidence": _Row(_evidence, _same_items),
    "follow_ups": _Row(_follow_ups, _same_items),
    "quadrant": _Row(lambda came: _or_none(came.completion.quadrant)),
    "findings": _Row(_findings, _same_set),
    "shadow": _Row(lambda came: list(came.completion.shadow_rules), _same_set),
    "competencies": _Row(lambda came: list(came.completion.competencies), _same_set),
    "goals": _Row(_goals, _same_states),
    "hours": _Row(lambda came: came.completion.hours),
    "cost": _Row(lambda came: came.completion.cost / 100),
    "gain": _Row(lambda came: _or_none(came.completion.gain)),
    "valid_until": _Row(
        lambda came: NONE if came.completion.valid_until is None else _day(came.completion.valid_until)
    ),
}


def shown(value: object) -> str:
    """A value as an author would have written it."""
    match value:
        case dict():
            return ", ".join(f"{key} {shown(each)}" for key, each in value.items()) or NONE
        case list():
            return "; ".join(map(shown, value)) or NONE
        case float():
            return f"{value:g}"
        case _:
            return str(value)
