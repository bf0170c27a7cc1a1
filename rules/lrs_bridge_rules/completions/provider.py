"""The words for who provides an activity: the blend of services that an organisation chooses between."""

from __future__ import annotations

from enum import StrEnum


class ProviderKind(StrEnum):
    """What a provider is. The catalogue says it of each activity; results and waste are reported by it."""

    INTERNAL_TEAM = "internal-team"
    IN_BUSINESS_EXPERT = "in-business-expert"
    EXTERNAL_PARTNER = "external-partner"
    AD_HOC = "ad-hoc"
