"""A compiled set of rule documents: reads statements, judges completions, explains itself."""

from __future__ import annotations

from lrs_bridge_rules.follow_up import FollowUpKind, FollowUpTemplate, WasteSettings
from lrs_bridge_rules.verdict import ClauseTrace, EvidenceSpec, Match, RuleTrace, Verdict

__all__ = [
    "ClauseTrace",
    "EvidenceSpec",
    "FollowUpKind",
    "FollowUpTemplate",
    "Match",
    "RuleTrace",
    "Verdict",
    "WasteSettings",
]
