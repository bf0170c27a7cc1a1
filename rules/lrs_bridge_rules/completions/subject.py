"""What rules are evaluated on: one completion, with all that its statements and the catalogue know about it."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING

import msgspec

from lrs_bridge_rules.completions.reading import Activity, Reading

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime, timedelta

    from lrs_bridge_rules.completions.attempt import Conclusion
    from lrs_bridge_rules.completions.outcome import Outcome
    from lrs_bridge_rules.statements.statement import Statement


class Subject(msgspec.Struct, frozen=True, gc=False):
    """One completion. `activity_ids` holds the canonical id and every alias; `names` every known name."""

    activity: Activity
    activity_ids: tuple[str, ...]
    outcome: Outcome
    percent: float | None
    success: bool | None
    duration: timedelta | None
    at: datetime
    verbs: tuple[str, ...] = ()
    parents: tuple[Activity, ...] = ()
    groupings: tuple[Activity, ...] = ()
    categories: tuple[Activity, ...] = ()
    others: tuple[Activity, ...] = ()
    platforms: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    registrations: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    unit: str = ""
    job: str = ""
    provider: str = ""
    mandated: bool = False
    statements: tuple[Statement, ...] = ()
    source_kinds: tuple[str, ...] = ()
    provider_kind: str = ""
    mandated_by: str = ""


def subject_of(
    conclusion: Conclusion,
    readings: Iterable[Reading],
    *,
    activity_ids: tuple[str, ...] = (),
    unit: str = "",
    job: str = "",
    provider: str = "",
    mandated: bool = False,
    provider_kind: str = "",
    mandated_by: str = "",
) -> Subject:
    """Return the subject of one attempt, the same whatever the order of its readings and their duplicates.

    The first of `activity_ids` is the canonical one; without any it is the id that the readings give.
    """
    ordered = _distinct(readings)
    latest = ordered[-1]
    own_ids = tuple(dict.fromkeys((*activity_ids, *(reading.activity.id for reading in ordered))))
    return Subject(
        activity=_latest(own_ids[0], ordered),
        activity_ids=own_ids,
        outcome=conclusion.outcome,
        percent=conclusion.percent,
        success=conclusion.success,
        duration=conclusion.duration,
        at=conclusion.ended_at or latest.at,
        verbs=_texts(reading.verb for reading in ordered),
        parents=_activities(reading.parents for reading in ordered),
        groupings=_activities(reading.groupings for reading in ordered),
        categories=_activities(reading.categories for reading in ordered),
        others=_activities(reading.others for reading in ordered),
        platforms=_texts(reading.platform for reading in ordered),
        sources=_texts(reading.source for reading in ordered),
        registrations=_texts(reading.registration for reading in ordered),
        names=_texts(name for reading in ordered for name in (reading.activity.name, *reading.names)),
        unit=unit,
        job=job,
        provider=provider,
        mandated=mandated,
        statements=tuple(reading.statement for reading in ordered),
        source_kinds=_texts(reading.source_kind for reading in ordered),
        provider_kind=provider_kind,
        mandated_by=mandated_by,
    )


def _latest(own_id: str, ordered: list[Reading]) -> Activity:
    """The activity as it was last spoken of."""
    return Activity(
        own_id,
        next((reading.activity.name for reading in reversed(ordered) if reading.activity.name), ""),
        next((reading.activity.type for reading in reversed(ordered) if reading.activity.type), ""),
    )


def _distinct(readings: Iterable[Reading]) -> list[Reading]:
    """Return the readings in one order, one per statement (a statement is read once; a second copy says nothing)."""
    by_id: dict[str, Reading] = {}
    for reading in sorted(readings, key=lambda reading: (reading.at, reading.statement_id, reading.source)):
        by_id.setdefault(reading.statement_id, reading)
    if not by_id:
        raise ValueError("an attempt has at least one reading")
    return list(by_id.values())


def _texts(texts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(dict.fromkeys([text for text in texts if text]))


def _activities(groups: Iterable[tuple[Activity, ...]]) -> tuple[Activity, ...]:
    named = [group for group in groups if group]
    if not named:  # nearly always: few platforms fill more than one of the four groups
        return ()
    return tuple(dict.fromkeys(chain.from_iterable(named)))
