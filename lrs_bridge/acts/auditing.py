"""Leaves the line of an act in the audit, within the act's own transaction: neither stands without the other."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection

from lrs_bridge.acts.actor import Actor
from lrs_bridge.store import audit


def record(connection: Connection, by: Actor, act: str, subject: str, now: datetime, **details: str) -> None:
    """Add who did what to which subject. Details are ids, kinds and numbers: nothing that somebody wrote."""
    audit.record(connection, audit.AuditEntry(now, by.login, act, subject, details))
