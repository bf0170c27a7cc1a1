"""Templates of application tasks and the thresholds of waste, as rule documents state them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Literal

from lrs_bridge_rules.documents.tree import Place


class FollowUpKind(StrEnum):
    """The ways in which learning is brought to work."""

    APPLY = "apply"
    SHARE = "share"
    SUMMARY = "summary"
    TEACH_BACK = "teach-back"
    REFLECT = "reflect"
    CHECK_IN = "check-in"
    MEASURE = "measure"


@dataclass(frozen=True, slots=True)
class FollowUpTemplate:
    """One kind of task that a match opens; spans count from the completion, `expire` from the due date."""

    id: str
    kind: FollowUpKind
    title: str
    due: timedelta
    confirm: Literal["manager", "none"] = "none"
    remind: tuple[timedelta, ...] = ()
    escalate: timedelta | None = None
    expire: timedelta = timedelta(days=30)
    within: timedelta = timedelta(days=90)
    questions: tuple[str, ...] = ()
    place: Place = field(default=Place(""), compare=False)


@dataclass(frozen=True, slots=True)
class WasteSettings:
    """When learning counts as stagnating, abandoned or already known (percent), and when certificates are announced."""

    stagnation_tenure: timedelta = timedelta(days=730)
    stagnation_quiet: timedelta = timedelta(days=180)
    abandoned_after: timedelta = timedelta(days=60)
    mastery: float = 85.0
    certificate_ahead: tuple[timedelta, ...] = (timedelta(days=60), timedelta(days=14))
