"""Findings: why a completion was, or is about to be, wasted; in hours and money.

The texts speak of the training and the arrangement, never of anybody's fault.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from lrs_bridge.domain.names import named_id

FINDING_NAMESPACE = UUID("d5b2b7a4-63c1-5f0e-9a0a-94f2d0a6c7e3")


class WasteReason(StrEnum):
    """The eight reasons, in the order in which the first that fits carries the hours and the money."""

    UNALIGNED = "unaligned"
    NO_CONTRACT = "no-contract"
    SUPPORT_MISSING = "support-missing"
    ALREADY_KNOWN = "already-known"
    NO_GAIN = "no-gain"
    REPEAT = "repeat"
    ABANDONED = "abandoned"
    NOT_APPLIED = "not-applied"


@dataclass(frozen=True, slots=True)
class ReasonText:
    """What a reason says on a page: a heading, one sentence, and what can be done about it."""

    heading: str
    sentence: str
    advice: str


REASONS = {
    WasteReason.UNALIGNED: ReasonText(
        "Neither needed nor wanted",
        "The organisation has no need for it, and it is on no growth agenda.",
        "Look at why it is offered; add the need or the wish if one is missing.",
    ),
    WasteReason.NO_CONTRACT: ReasonText(
        "No contract",
        "It was done without any learning contract in force.",
        "Agree a contract before the next training, or exclude this activity with a reason.",
    ),
    WasteReason.SUPPORT_MISSING: ReasonText(
        "Support missing",
        "What is needed to use the learning was not ready when the training ended.",
        "Ask the provider of the support for a date; once it is there the learning can still be used.",
    ),
    WasteReason.ALREADY_KNOWN: ReasonText(
        "Already known",
        "A test before the training had already shown mastery.",
        "Let those who pass the pre-test skip the course.",
    ),
    WasteReason.NO_GAIN: ReasonText(
        "No gain",
        "The score after the training is not better than the one before.",
        "Look at the material, and at whether the test measures what it teaches.",
    ),
    WasteReason.REPEAT: ReasonText(
        "Done again",
        "An earlier completion of the same activity was still valid.",
        "Check who assigns it again, and set how long a completion is valid.",
    ),
    WasteReason.ABANDONED: ReasonText(
        "Started, never finished",
        "It was started and has not been finished since.",
        "Ask whether time or interest was missing; bad material shows here first.",
    ),
    WasteReason.NOT_APPLIED: ReasonText(
        "Not applied",
        "The application tasks ran out or were declined.",
        "Talk about a fresh occasion to use it: a late application still counts.",
    ),
}

#: What can still be turned into use; shown first, with whom to nudge.
RESCUABLE = frozenset({WasteReason.SUPPORT_MISSING, WasteReason.NOT_APPLIED})


class FindingStatus(StrEnum):
    """Open; rescued, because the cause has gone; accepted, by somebody with a reason."""

    OPEN = "open"
    RESCUED = "rescued"
    ACCEPTED = "accepted"


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason at one completion (or at one goal whose training is still ahead). Stored as it stands here.

    `hours` and `money` (hundredths of the currency) are what is at stake. A completion can be waste for several
    reasons; its hours and money are `counted` once, at the first open one, so that sums are true.
    `rescuer` is the person who can still turn it into use.
    """

    id: str
    reason: WasteReason
    status: FindingStatus
    since: datetime
    completion_id: str | None
    goal_id: str | None
    activity_id: str
    provider: str
    hours: float
    money: int
    counted: bool
    rescuer: str | None = None

    @property
    def rescuable(self) -> bool:
        return self.status is FindingStatus.OPEN and self.reason in RESCUABLE


def finding_id(reason: WasteReason, subject_id: str) -> str:
    """The id of a finding at a completion or goal: always the same."""
    return named_id(FINDING_NAMESPACE, f"{reason} {subject_id}")
