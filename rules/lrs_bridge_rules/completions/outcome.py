"""The words for what a statement says about its activity, and for how an attempt ended."""

from __future__ import annotations

from enum import StrEnum


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
