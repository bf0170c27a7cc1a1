"""What a completion definition makes of one statement: the first step from raw statement to completion.

Structs, not dataclasses, from here to the `Subject`: one is made for every statement, in a fraction of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    from datetime import datetime, timedelta

    from lrs_bridge_rules.completions.outcome import Outcome
    from lrs_bridge_rules.statements.statement import Statement


class Activity(msgspec.Struct, frozen=True, gc=False):
    """An activity as a statement speaks of it; `name` is picked for a reader, `type` is an IRI or ""."""

    id: str
    name: str = ""
    type: str = ""


class Reading(msgspec.Struct, frozen=True, gc=False):
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
    source_kind: str = ""
