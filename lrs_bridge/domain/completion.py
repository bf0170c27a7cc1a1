"""A completion: one attempt at one activity, however many statements speak of it.

Readings of statements are grouped by canonical activity and then into attempts. A completion's id is given when it is
first seen and carried on by the statements it shares with what was known before, so that a late arrival changes a
completion instead of making a second one.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import groupby
from uuid import UUID

from lrs_bridge.domain.activity import Catalogue
from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.names import named_id
from lrs_bridge_rules.completions.attempt import Conclusion, conclude
from lrs_bridge_rules.completions.outcome import FINISHED, Outcome
from lrs_bridge_rules.completions.reading import Reading

COMPLETION_NAMESPACE = UUID("8b0f6f0e-5c5f-5b0c-9d8e-2f6a3b1c7d90")

#: Statements without an attempt key of their own belong together if no more than this lies between them.
ATTEMPT_GAP = timedelta(days=1)


class Standing(StrEnum):
    """How a completion ended up. Off-contract is a question of alignment, unmatched a gap in the rules."""

    MATCHED = "matched"
    OFF_CONTRACT = "off-contract"
    UNMATCHED = "unmatched"
    EXCLUDED = "excluded"
    NOT_COMPLETED = "not-completed"


@dataclass(frozen=True, slots=True)
class Completion:
    """One attempt with all that was derived of it; equal to what the store keeps.

    `cost` is in hundredths of the organisation's currency; `percent`, `before` and `after` are 0 to 100.
    `needs` are ids of the organisation's needs that it served, from which one can walk up to the objective.
    """

    id: str
    activity_id: str
    activity_name: str
    activity_type: str
    outcome: Outcome
    standing: Standing
    started_at: datetime
    ended_at: datetime | None
    percent: float | None
    hours: float
    cost: int
    provider: str
    statements: tuple[str, ...]
    sources: tuple[str, ...]
    rules: tuple[str, ...] = ()
    shadow_rules: tuple[str, ...] = ()
    competencies: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    excluded_because: str = ""
    quadrant: Quadrant | None = None
    before: float | None = None
    after: float | None = None
    valid_until: datetime | None = None
    attested: bool = False

    @property
    def finished(self) -> bool:
        """Whether the learning was brought to an end with success, or waived."""
        return self.outcome in FINISHED

    @property
    def gain(self) -> float | None:
        """Points of a hundred between the test before and the one after."""
        return None if self.before is None or self.after is None else self.after - self.before


@dataclass(frozen=True, slots=True)
class Attempt:
    """The readings of one attempt at one activity, in order of time, and what they come to."""

    activity_id: str
    readings: tuple[Reading, ...]
    conclusion: Conclusion
    statements: tuple[str, ...]

    @classmethod
    def of(cls, activity_id: str, readings: Sequence[Reading]) -> Attempt:
        statements = tuple(sorted({reading.statement_id for reading in readings}))
        return cls(activity_id, tuple(readings), conclude(readings), statements)


def attempts_of(readings: Iterable[Reading], catalogue: Catalogue) -> tuple[Attempt, ...]:
    """Group readings into attempts, whatever their order; by activity, then in order of time."""
    ordered = sorted(readings, key=lambda r: (catalogue.canonical(r.activity.id), r.at, r.statement_id))
    by_activity = groupby(ordered, key=lambda reading: catalogue.canonical(reading.activity.id))
    return tuple(
        Attempt.of(activity_id, members)
        for activity_id, of_activity in by_activity
        for members in _attempts_at(list(of_activity))
    )


def _attempts_at(readings: Sequence[Reading]) -> list[list[Reading]]:
    """The attempts at one activity, out of its readings in order of time."""
    keyed: dict[str, _Span] = {}
    for reading in readings:
        if reading.attempt is not None:
            keyed.setdefault(reading.attempt, _Span(reading.at, reading.at)).last = reading.at
    placing = _Placing(list(keyed.values()))
    for reading in sorted(readings, key=_turn):
        placing.add(reading, keyed[reading.attempt] if reading.attempt is not None else None)
    attempts = [span.members for span in placing.spans]
    for members in attempts:
        members.sort(key=lambda reading: (reading.at, reading.statement_id))
    return sorted(attempts, key=lambda members: (members[0].at, members[0].statement_id))


def _turn(reading: Reading) -> tuple[datetime, str]:
    """The order of placing: that of time, but a revocation after all else in its second, as a completion beats it."""
    revoked = reading.outcome is Outcome.REVOKED
    return reading.at.replace(microsecond=999_999) if revoked else reading.at, reading.statement_id


@dataclass(slots=True, eq=False)
class _Span:
    """One attempt in the making, and the time that it covers."""

    first: datetime
    last: datetime
    members: list[Reading] = field(default_factory=list)

    def distance(self, moment: datetime) -> timedelta:
        return max(self.first - moment, moment - self.last, timedelta(0))


_ENDS = frozenset({Outcome.COMPLETED, Outcome.PASSED, Outcome.FAILED, Outcome.WAIVED, Outcome.SATISFIED})


class _Placing:
    """Finds the attempt of each reading, one after the other in order of time.

    Keyed readings belong to their key, the others to the nearest attempt in time. Those that are near none make runs:
    what comes after an end, and more than the gap later, is a new one. A score belongs to what was done before, and a
    revocation to what ended last, however long ago that was; what is completed again right after that has never gone.
    """

    def __init__(self, keyed: Sequence[_Span]) -> None:
        self.spans = list(keyed)
        self._ahead = deque(keyed)
        self._near: list[_Span] = []
        self._run: _Span | None = None
        self._run_ended_at: datetime | None = None
        self._ended: _Span | None = None

    def add(self, reading: Reading, own: _Span | None) -> None:
        span = own or self._home(reading)
        span.members.append(reading)
        if reading.outcome in _ENDS:
            self._ended = span
            if span is self._run:
                self._run_ended_at = reading.at

    def _home(self, reading: Reading) -> _Span:
        if reading.outcome is Outcome.REVOKED and self._ended is not None:
            return self._taken_back(self._ended, reading.at)
        return self._nearest(reading.at) or self._run_of(reading)

    def _taken_back(self, ended: _Span, at: datetime) -> _Span:
        ended.last = max(ended.last, at)
        if ended not in self._near:
            self._near.append(ended)
        return ended

    def _nearest(self, at: datetime) -> _Span | None:
        while self._ahead and self._ahead[0].first - at <= ATTEMPT_GAP:
            self._near.append(self._ahead.popleft())
        self._near = [span for span in self._near if at - span.last <= ATTEMPT_GAP]
        return min(self._near, key=lambda span: span.distance(at), default=None)

    def _run_of(self, reading: Reading) -> _Span:
        ended_at, scored = self._run_ended_at, reading.outcome is Outcome.SCORED
        anew = ended_at is not None and reading.at - ended_at > ATTEMPT_GAP and not scored
        if self._run is None or anew:
            self._run, self._run_ended_at = _Span(reading.at, reading.at), None
            self.spans.append(self._run)
        return self._run


def carry_ids(
    attempts: Sequence[Attempt], known: Mapping[str, frozenset[str]], ties: Mapping[str, int] | None = None
) -> tuple[str, ...]:
    """The id of each attempt: that of the known completion with which it shares most statements, else a new one.

    `known` maps completion ids to their statements; `ties` says how much hangs on an id: tasks, acts, decisions. Where
    two known completions became one, the one on which more hangs lives on, so that nothing is asked for again; then the
    one with more shared statements. No id is used twice. A new id follows from the first statement of the attempt.
    """
    hanging = ties or {}
    owner = {statement: old for old in sorted(known) for statement in known[old]}
    shares = Counter(
        (owner[statement], index)
        for index, attempt in enumerate(attempts)
        for statement in attempt.statements
        if statement in owner
    )
    ids: dict[int, str] = {}
    used: set[str] = set()
    for (old, index), _ in sorted(shares.items(), key=lambda each: (-hanging.get(each[0][0], 0), -each[1], each[0])):
        if index not in ids and old not in used:
            ids[index] = old
            used.add(old)
    return tuple(ids.get(index) or _new_id(attempt, used) for index, attempt in enumerate(attempts))


def _new_id(attempt: Attempt, used: set[str]) -> str:
    """A fresh id; should a known completion already bear it (its statements moved on), the next one in line."""
    name = f"{attempt.readings[0].statement_id} {attempt.activity_id}"
    fresh = named_id(COMPLETION_NAMESPACE, name)
    while fresh in used:
        name += "'"
        fresh = named_id(COMPLETION_NAMESPACE, name)
    used.add(fresh)
    return fresh
