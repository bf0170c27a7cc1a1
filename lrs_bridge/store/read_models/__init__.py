"""What pages and reports read: one module a page, each a few queries that return frozen dataclasses.

Every function takes a connection (see `store.engine.read`) and, for a list, a `Request` of `listing`. Hours are
hours, money is in hundredths of the organisation's currency, times are aware UTC. Nothing here writes.
"""

from lrs_bridge.store.read_models.activities import (
    OffContractActivity,
    UnmatchedActivity,
    off_contract_activities,
    unmatched_activities,
)
from lrs_bridge.store.read_models.actors import UnknownActor, unknown_actors
from lrs_bridge.store.read_models.completion import Story, completion_story
from lrs_bridge.store.read_models.completions import ListedCompletion, completions
from lrs_bridge.store.read_models.follow_ups import ListedFollowUp, follow_ups
from lrs_bridge.store.read_models.funnel import Funnel, Step, funnel
from lrs_bridge.store.read_models.histories import History, histories
from lrs_bridge.store.read_models.listing import Request, RequestError, Slice
from lrs_bridge.store.read_models.overview import Overview, Waiting, overview
from lrs_bridge.store.read_models.quadrants import QuadrantTotal, quadrants
from lrs_bridge.store.read_models.sources import (
    Freshness,
    ListedSource,
    NoiseKind,
    QuarantinedRecord,
    noise_kinds,
    quarantined,
    source_states,
)
from lrs_bridge.store.read_models.waste import (
    ListedFinding,
    MonthTotal,
    ReasonTotal,
    WasteGroup,
    WasteSummary,
    waste_findings,
    waste_groups,
    waste_summary,
)

__all__ = [
    "Freshness",
    "Funnel",
    "History",
    "ListedCompletion",
    "ListedFinding",
    "ListedFollowUp",
    "ListedSource",
    "MonthTotal",
    "NoiseKind",
    "OffContractActivity",
    "Overview",
    "QuadrantTotal",
    "QuarantinedRecord",
    "ReasonTotal",
    "Request",
    "RequestError",
    "Slice",
    "Step",
    "Story",
    "UnknownActor",
    "UnmatchedActivity",
    "Waiting",
    "WasteGroup",
    "WasteSummary",
    "completion_story",
    "completions",
    "follow_ups",
    "funnel",
    "histories",
    "noise_kinds",
    "off_contract_activities",
    "overview",
    "quadrants",
    "quarantined",
    "source_states",
    "unknown_actors",
    "unmatched_activities",
    "waste_findings",
    "waste_groups",
    "waste_summary",
]
