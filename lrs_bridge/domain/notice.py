"""Notices: what somebody should be told. Each has a key, so that nobody is told the same thing twice."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class NoticeKind(StrEnum):
    """The occasions on which the product writes to somebody."""

    FOLLOW_UP_OPENED = "follow-up-opened"
    FOLLOW_UP_RETURNED = "follow-up-returned"
    FOLLOW_UP_REMINDER = "follow-up-reminder"
    FOLLOW_UP_OVERDUE = "follow-up-overdue"
    CONFIRMATION_WAITING = "confirmation-waiting"
    SUPPORT_LATE = "support-late"
    CERTIFICATE_EXPIRING = "certificate-expiring"
    STAGNATION = "stagnation"


@dataclass(frozen=True, slots=True)
class Notice:
    """One message to one person. `details` are plain values for the text (titles and days, no addresses)."""

    key: str
    kind: NoticeKind
    recipient_id: str
    learner_id: str
    due_at: datetime
    details: Mapping[str, str] = field(default_factory=dict)


def notice_key(kind: NoticeKind, recipient_id: str, subject_id: str, occasion: str = "") -> str:
    """What makes a message the same message: its kind, its recipient, what it is about, and the occasion."""
    return f"{kind}|{recipient_id}|{subject_id}|{occasion}"
