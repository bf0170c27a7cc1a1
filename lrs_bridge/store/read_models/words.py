"""What people read for the terms of the read models: the same words on the pages and on the command line."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from lrs_bridge.domain.alignment import Quadrant
from lrs_bridge.store.read_models.funnel import Step
from lrs_bridge.store.read_models.sources import Freshness

WORDS: Mapping[StrEnum, str] = {
    Quadrant.SWEET_SPOT: "Sweet spot",
    Quadrant.UPHILL: "Uphill",
    Quadrant.GIFT: "Gift",
    Quadrant.WASTE: "Waste",
    Step.COMPLETED: "Completed",
    Step.MATCHED: "Matched",
    Step.FOLLOWED_UP: "Followed up",
    Step.APPLIED: "Applied",
    Step.ACHIEVED: "Achieved",
    Freshness.FRESH: "Up to date",
    Freshness.STALE: "Stale",
    Freshness.FAILING: "Failing",
    Freshness.NEVER: "Never pulled",
}
