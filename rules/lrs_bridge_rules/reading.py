"""What a completion definition makes of one statement: the first step from raw statement to completion."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from lrs_bridge_rules.outcome import Outcome
    from lrs_bridge_rules.statement import Statement


@dataclass(frozen=True, slots=True)
class Activity:
    """An activity as a statement speaks of it; `name` is picked for a reader, `type` is an IRI or ""."""

    id: str
    name: str = ""
    type: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """One statement, understood. `percent` runs from 0 to 100; `attempt` None means that it names no attempt."""

    statement_id: str
    definition: str
    outcome: Outcome
    activity: Activity
    at: datetime
    attempt: str | None
    percent: float | None
    success: bool | None
    duration: timedelta | None
    verb: str
    platform: str
    registration: str | None
    parents: tuple[Activity, ...]
    groupings: tuple[Activity, ...]
    categories: tuple[Activity, ...]
    others: tuple[Activity, ...]
    language: str
    source: str
    statement: Statement
    names: tuple[str, ...] = ()
