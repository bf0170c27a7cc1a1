"""What a score is in percent, under each convention that a completion definition may name (`score:`).

Used where a definition makes a reading, and by the field `score.percent` of statements.
"""

from __future__ import annotations

from math import isfinite
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from lrs_bridge_rules.statements.statement import Score


def raw_percent(score: Score) -> float | None:
    """Return raw of max in percent (0 to 100), None when it is not said; a scale below 0 counts from its min.

    More points than there are (a bonus) are all of them. A scale without width says nothing.
    """
    if score.raw is None or score.max is None:
        return None
    floor = score.min if score.min is not None and score.min < 0 else 0.0
    width = score.max - floor
    share = (score.raw - floor) / width if width > 0 else None
    return None if share is None or not isfinite(share) else 100.0 * min(1.0, max(0.0, share))


def _scaled_percent(score: Score) -> float | None:
    """Scaled from 0 to 1, as the specification has it for most; raw of max goes before, as it cannot be misread."""
    return _first(raw_percent(score), score.scaled, lambda scaled: 100.0 * max(0.0, scaled))


def _centred_percent(score: Score) -> float | None:
    """Scaled from -1 to 1, where 0 is half of the points; raw of max goes before."""
    return _first(raw_percent(score), score.scaled, lambda scaled: 50.0 * (scaled + 1.0))


def _first(sure: float | None, scaled: float | None, read: Callable[[float], float]) -> float | None:
    """What is sure, else what `scaled` means; outside of -1 to 1 (xAPI 1.0.3, Data 2.4.5.1) it means nothing."""
    if sure is not None or scaled is None or not -1.0 <= scaled <= 1.0:
        return sure
    return read(scaled)


#: Convention -> percent from 0 to 100, None where the score does not say.
SCORES: Final[Mapping[str, Callable[[Score], float | None]]] = {
    "raw/max": raw_percent,
    "scaled": _scaled_percent,
    "centred": _centred_percent,
}
