"""Quarantine: what could not be taken in is tried again after something was mended, or put away by somebody.

A replay goes the way of a pull: the same sorting, the same saving. Sorting is the jobs' business, and is handed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from sqlalchemy import Connection

from lrs_bridge.acts.actor import Actor
from lrs_bridge.acts.auditing import record
from lrs_bridge.acts.errors import NotFound, Overtaken
from lrs_bridge.acts.permission import allow
from lrs_bridge.bridge import Bridge
from lrs_bridge.settings import Settings
from lrs_bridge.store import errors, quarantine
from lrs_bridge.store.engine import write
from lrs_bridge.store.ingest import Noise, Rejected, Wanted, save_page
from lrs_bridge.store.quarantine import Held, QuarantineState
from lrs_bridge_connectors.source import Record
from lrs_bridge_rules.ruleset import Ruleset

_REPLAY = "quarantine.replay"


class SortedRecords(Protocol):
    """What sorting a page comes to; `lrs_bridge.jobs.sorting.Sorted` is one."""

    wanted: list[Wanted]
    rejected: list[Rejected]

    def noise_after(self, latest: datetime | None) -> Noise: ...


class Sorter(Protocol):
    """Sorts records; `lrs_bridge.jobs.sorting.Sorter` is one."""

    def sort(self, records: Iterable[Record]) -> SortedRecords: ...


#: `lrs_bridge.jobs.sorting.sorter_for` is one.
SorterFor = Callable[[Settings, str, Ruleset], Sorter]


class Fate(StrEnum):
    """What became of a record: kept, known already, wanted by no definition, or still not understood.

    One of somebody who was erased is thrown away.
    """

    STORED = "stored"
    DUPLICATE = "duplicate"
    NOISE = "noise"
    ERASED = "erased"
    STILL_WAITING = "still-waiting"


@dataclass(frozen=True, slots=True)
class Replayed:
    """One record after its replay; `reason` says why it still waits."""

    id: str
    fate: Fate
    reason: str = ""


def replay(bridge: Bridge, by: Actor, held_id: str, now: datetime, *, sorter_for: SorterFor) -> Replayed:
    """Take a record in after all, if it can be understood now. Raises ActError: it is settled already, or unknown."""
    allow(_REPLAY, by)
    ruleset = bridge.ruleset()
    with write(bridge.engine) as connection:
        held = _waiting(connection, held_id)
        found = sorter_for(bridge.settings, held.source, ruleset).sort([Record(held.statement_id, None, held.body)])
        if found.rejected:
            return Replayed(held_id, Fate.STILL_WAITING, found.rejected[0].reason)
        saved = save_page(
            connection,
            source=held.source,
            wanted=found.wanted,
            rejected=(),
            noise=found.noise_after(None),
            cursor=None,
            latest=None,
            now=now,
            seal=bridge.seal,
        )
        if saved.erased:
            quarantine.remove(connection, held_id)
            record(connection, by, _REPLAY, held_id, now, fate=Fate.ERASED)
            return Replayed(held_id, Fate.ERASED)
        if saved.quarantined or (found.wanted and not saved.new and not saved.duplicates):
            return Replayed(held_id, Fate.STILL_WAITING, held.reason)
        fate = Fate.STORED if saved.new else Fate.DUPLICATE if found.wanted else Fate.NOISE
        quarantine.mark_replayed(connection, held_id, by=by.id, now=now)
        record(connection, by, _REPLAY, held_id, now, fate=fate)
    return Replayed(held_id, fate)


def replay_all(
    bridge: Bridge, by: Actor, held_ids: Sequence[str], now: datetime, *, sorter_for: SorterFor
) -> tuple[Replayed, ...]:
    """Several records, each for itself. Raises as `replay` does; those before are done then."""
    return tuple(replay(bridge, by, each, now, sorter_for=sorter_for) for each in held_ids)


def dismiss(bridge: Bridge, by: Actor, held_id: str, now: datetime) -> None:
    """Put a record away: somebody looked at it. Raises ActError."""
    allow(_REPLAY, by)
    with write(bridge.engine) as connection:
        _waiting(connection, held_id)
        quarantine.dismiss(connection, held_id, by=by.id, now=now)
        record(connection, by, "quarantine.dismiss", held_id, now)


def _waiting(connection: Connection, held_id: str) -> Held:
    try:
        held = quarantine.get_alone(connection, held_id)
    except errors.NotFound as error:
        raise NotFound(str(error)) from error
    if held.state is not QuarantineState.WAITING:
        raise Overtaken(f"This record is {held.state} already.", "Only what waits can be replayed or dismissed.")
    return held
