"""How the words of the domain look: heading, icon and tone. Colour is never the only sign."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.domain.waste import FindingStatus
from lrs_bridge.store.read_models.sources import Freshness
from lrs_bridge.store.read_models.words import WORDS
from lrs_bridge.store.tables import QuarantineState
from lrs_bridge_rules.completions.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Look:
    """A word, an icon, and a tone (a quadrant's own, or good, warn, bad, calm)."""

    word: str
    icon: str
    tone: str = "calm"


LOOKS: Mapping[StrEnum, Look] = {
    Quadrant.SWEET_SPOT: Look(WORDS[Quadrant.SWEET_SPOT], "star", "sweet-spot"),
    Quadrant.UPHILL: Look(WORDS[Quadrant.UPHILL], "mountain", "uphill"),
    Quadrant.GIFT: Look(WORDS[Quadrant.GIFT], "gift", "gift"),
    Quadrant.WASTE: Look(WORDS[Quadrant.WASTE], "trash", "waste"),
    Standing.MATCHED: Look("Matched", "target", "good"),
    Standing.OFF_CONTRACT: Look("Off-contract", "file-off", "warn"),
    Standing.UNMATCHED: Look("Unmatched", "puzzle-off", "warn"),
    Standing.EXCLUDED: Look("Excluded", "ban"),
    Standing.NOT_COMPLETED: Look("Not completed", "circle-dashed"),
    FollowUpState.OPEN: Look("Open", "circle-dashed"),
    FollowUpState.SUBMITTED: Look("Submitted", "send", "warn"),
    FollowUpState.DONE: Look("Done", "circle-check", "good"),
    FollowUpState.DECLINED: Look("Declined", "x"),
    FollowUpState.EXPIRED: Look("Ran out", "clock", "bad"),
    FindingStatus.OPEN: Look("Open", "circle-dashed", "warn"),
    FindingStatus.RESCUED: Look("Rescued", "lifebuoy", "good"),
    FindingStatus.ACCEPTED: Look("Accepted", "circle-check"),
    GoalState.PLANNED: Look("Planned", "circle-dashed"),
    GoalState.LEARNED: Look("Learned", "school", "good"),
    GoalState.APPLIED: Look("Applied", "heart-handshake", "good"),
    GoalState.ACHIEVED: Look("Achieved", "star", "good"),
    GoalState.DROPPED: Look("Dropped", "x"),
    Freshness.FRESH: Look(WORDS[Freshness.FRESH], "circle-check", "good"),
    Freshness.STALE: Look(WORDS[Freshness.STALE], "clock", "bad"),
    Freshness.FAILING: Look(WORDS[Freshness.FAILING], "alert-triangle", "bad"),
    Freshness.NEVER: Look(WORDS[Freshness.NEVER], "circle-dashed", "warn"),
    QuarantineState.WAITING: Look("Waiting", "clock", "warn"),
    QuarantineState.REPLAYED: Look("Taken in", "circle-check", "good"),
    QuarantineState.DISMISSED: Look("Put away", "ban"),
    Outcome.STARTED: Look("Started", "circle-dashed"),
    Outcome.PROGRESSED: Look("In progress", "circle-dashed"),
    Outcome.COMPLETED: Look("Completed", "circle-check", "good"),
    Outcome.PASSED: Look("Passed", "circle-check", "good"),
    Outcome.FAILED: Look("Failed", "circle-x", "bad"),
    Outcome.SCORED: Look("Scored", "circle-dashed"),
    Outcome.WAIVED: Look("Waived", "certificate"),
    Outcome.SATISFIED: Look("Requirement met", "certificate"),
    Outcome.REVOKED: Look("Taken back", "x"),
}
