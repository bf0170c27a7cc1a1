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


#: What a statement says with it, for rule authors.
ABOUT_OUTCOMES: Final = {
    Outcome.STARTED: "The attempt was begun.",
    Outcome.PROGRESSED: "Something was done on the way.",
    Outcome.COMPLETED: "It was gone through to the end; nobody judged it.",
    Outcome.PASSED: "It was judged, and is passed.",
    Outcome.FAILED: "It was judged, and is not passed.",
    Outcome.SCORED: "There is a score; it belongs to what was done before.",
    Outcome.WAIVED: "It counts as done without training.",
    Outcome.SATISFIED: "The requirements of something larger are met; a completion of its own says more.",
    Outcome.REVOKED: "The completion was taken back.",
}
#: As what an attempt counts as done, so that it can be evidence.
FINISHED: Final = frozenset((Outcome.COMPLETED, Outcome.PASSED, Outcome.WAIVED))
#: What an attempt can end as; the other two are steps on the way.
ENDS: Final = tuple(each for each in Outcome if each not in {Outcome.PROGRESSED, Outcome.SCORED})
