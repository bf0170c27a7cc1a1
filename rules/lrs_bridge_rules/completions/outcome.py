"""The words for what a statement says about its activity, and for how an attempt ended."""

from __future__ import annotations

from enum import StrEnum
from typing import Final


class Outcome(StrEnum):
    """What was said: PROGRESSED and SCORED are steps on the way; the others may also be an attempt's conclusion."""

    STARTED = "started"
    PROGRESSED = "progressed"
    COMPLETED = "completed"
    PASSED = "passed"
    FAILED = "failed"
    SCORED = "scored"
    WAIVED = "waived"
    SATISFIED = "satisfied"
    REVOKED = "revoked"


#: What an attempt can end as; the other two are steps on the way.
ENDS: Final = tuple(each for each in Outcome if each not in {Outcome.PROGRESSED, Outcome.SCORED})
