"""What is known of the fields beside their tables: how many values they can have, which, and what follows from which.

Every line is a promise about real statements and completions; `tests/rules/lint/test_knowledge.py` holds them to it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.conditions.completion_fields import SUBJECT_FIELDS
from lrs_bridge_rules.lint.sayings import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrs_bridge_rules.conditions.operators import Operator


def _anything(field: str, test: Operator) -> bool:  # noqa: ARG001 -- what is asked where nothing more is known
    return True


@dataclass(frozen=True, slots=True)
class Level:
    """What is known of the fields of one level.

    `single` have at most one value; `always` have one at least (given is a usual one). `domains` are all the values
    that there are, `bounds` between which limits they lie. `follows`: where the first field has that value, the second
    has that one. `same` gives the other name of a field that stands under two. `reachable` says whether a value that
    passes can turn up.
    """

    single: frozenset[str]
    always: Mapping[str, object] = field(default_factory=dict)
    domains: Mapping[str, frozenset[Any]] = field(default_factory=dict)
    bounds: Mapping[str, Span] = field(default_factory=dict)
    follows: Mapping[tuple[str, object], tuple[str, object]] = field(default_factory=dict)
    same: Mapping[str, str] = field(default_factory=dict)
    reachable: Callable[[str, Operator], bool] = _anything


_TRUTH: Final = frozenset((True, False))
_PERCENT: Final = Span(0.0, 100.0)
_MOMENT: Final = datetime(2026, 1, 5, 9, 0, tzinfo=UTC)

#: What definitions look at.
OF_STATEMENTS: Final = Level(
    single=frozenset(
        (
            "verb",
            "activity.id",
            "activity.type",
            "object.type",
            "result.success",
            "result.completion",
            "result.response",
            "result.score.raw",
            "result.score.min",
            "result.score.max",
            "result.score.scaled",
            "score.percent",
            "duration",
            "context.platform",
            "context.registration",
            "context.language",
            "context.revision",
            "source",
            "source.kind",
            "at",
        )
    ),
    always={"verb": "http://adlnet.gov/expapi/verbs/completed", "object.type": "Activity", "at": _MOMENT},
    domains={"result.success": _TRUTH, "result.completion": _TRUTH},
    bounds={"score.percent": _PERCENT},
    same={"object.id": "activity.id"},
)

#: What rules look at.
OF_COMPLETIONS: Final = Level(
    single=frozenset(
        (
            "outcome",
            "activity.type",
            "score.percent",
            "duration",
            "result.success",
            "mandated",
            "mandated.by",
            "at",
            "learner.unit",
            "learner.job",
            "provider",
            "provider.kind",
        )
    ),
    always={"outcome": Outcome.PASSED.value, "mandated": False, "at": _MOMENT},
    domains={
        "outcome": frozenset(SUBJECT_FIELDS["outcome"].words),
        "provider.kind": frozenset(SUBJECT_FIELDS["provider.kind"].words),
        "result.success": _TRUTH,
        "mandated": _TRUTH,
    },
    bounds={"score.percent": _PERCENT},
    follows={
        ("outcome", Outcome.PASSED.value): ("result.success", True),
        ("outcome", Outcome.FAILED.value): ("result.success", False),
    },
)
