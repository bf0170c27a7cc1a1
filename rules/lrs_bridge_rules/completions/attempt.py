"""How one attempt ended, out of all that was said about it, in whatever order it arrived.

An attempt's readings become one `Conclusion`; with them it becomes the `subject` that rules look at.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final, TypeVar

import msgspec

from lrs_bridge_rules.completions.outcome import Outcome

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lrs_bridge_rules.completions.reading import Reading

# How much an ending says: a judgement beats plain completion, training a waiver, a waiver "requirements met".
_RANK: Final = {
    Outcome.SATISFIED: 1,
    Outcome.WAIVED: 2,
    Outcome.COMPLETED: 3,
    Outcome.FAILED: 4,
    Outcome.PASSED: 4,
}
_EARLIEST: Final = datetime(1, 1, 2, tzinfo=UTC)
_T = TypeVar("_T")
_JUDGEMENTS: Final = frozenset((Outcome.PASSED, Outcome.FAILED))


class Conclusion(msgspec.Struct, frozen=True, gc=False):
    """How it stands: `outcome` is never PROGRESSED or SCORED; `ended_at` is None unless it is finished."""

    outcome: Outcome
    started_at: datetime
    ended_at: datetime | None
    percent: float | None
    success: bool | None
    duration: timedelta | None


def conclude(readings: Iterable[Reading]) -> Conclusion:
    """Return the conclusion of one attempt; order and duplicates make no difference. At least one reading is needed."""
    ordered = sorted(readings, key=_order)
    if not ordered:
        raise ValueError("an attempt has at least one reading")
    finishes = [reading for reading in ordered if reading.outcome in _RANK]
    surviving = _surviving(finishes, ordered)
    outcome = _outcome(surviving, ordered)
    final = [reading for reading in surviving if reading.outcome is outcome]
    ended_at = final[0].at if final else None
    duration = _last([reading.duration for reading in final or ordered])
    return Conclusion(
        outcome=outcome,
        started_at=_started_at(ordered, ended_at, duration),
        ended_at=ended_at,
        percent=_last([reading.percent for reading in ordered]),
        success=_success(outcome, final or ordered),
        duration=duration,
    )


def _order(reading: Reading) -> tuple[object, ...]:
    """Sort by time; at one instant by what is said, `passed` last, so that the last one is the one that wins."""
    return (
        reading.at,
        _RANK.get(reading.outcome, 0),
        reading.outcome is Outcome.PASSED,
        -1.0 if reading.percent is None else reading.percent,
        reading.duration or timedelta(0),
        reading.statement_id,
    )


def _surviving(finishes: Sequence[Reading], ordered: Sequence[Reading]) -> list[Reading]:
    """Drop finishes that were taken back later. In one and the same second the completion wins over the taking back."""
    taken_back = [_second(reading.at) for reading in ordered if reading.outcome is Outcome.REVOKED]
    if not taken_back:
        return list(finishes)
    last = max(taken_back)
    return [reading for reading in finishes if _second(reading.at) >= last]


def _outcome(surviving: Sequence[Reading], ordered: Sequence[Reading]) -> Outcome:
    judgements = [reading for reading in surviving if reading.outcome in _JUDGEMENTS]
    if judgements:
        return judgements[-1].outcome
    if surviving:
        return max((reading.outcome for reading in surviving), key=lambda outcome: _RANK[outcome])
    # Only what was finished can be taken back, so a revocation tells of a finish even when that one never arrived.
    taken_back = any(reading.outcome is Outcome.REVOKED for reading in ordered)
    return Outcome.REVOKED if taken_back else Outcome.STARTED


def _started_at(ordered: Sequence[Reading], ended_at: datetime | None, duration: timedelta | None) -> datetime:
    moments = [ordered[0].at]
    if ended_at is not None and duration is not None and duration < ended_at - _EARLIEST:
        moments.append(ended_at - duration)
    return min(moments)


def _success(outcome: Outcome, readings: Sequence[Reading]) -> bool | None:
    if outcome in _JUDGEMENTS:
        return outcome is Outcome.PASSED
    return _last([reading.success for reading in readings])


def _last(values: Sequence[_T | None]) -> _T | None:
    return next((value for value in reversed(values) if value is not None), None)


def _second(moment: datetime) -> datetime:
    return moment.replace(microsecond=0)
