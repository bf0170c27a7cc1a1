"""Retain: what was kept long enough goes. Each kind of data has its own time, under [retention].

Two things hold for every kind. Nothing that waits for somebody is touched: what is settled loses its content, and keeps
the key that keeps it from being done twice. And nothing is taken from what plans are made of, but by erasing a person
as a whole: results stay what `plan` says.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from sqlalchemy import ColumnElement, Connection, and_, delete, func, or_, select, update

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.learner import GHOST
from lrs_bridge.settings import RetentionSettings, erasures
from lrs_bridge.store import audit, erasing, tombstones
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.erasing.references import rewriting
from lrs_bridge.store.tables import (
    AuditRow,
    BacktestRow,
    Base,
    LearnerRow,
    NoiseRow,
    OutboxRow,
    OutboxState,
    QuarantineRow,
    QuarantineState,
    UserRow,
)

logger = structlog.stdlib.get_logger(__name__)

BY = "retention"


@dataclass(frozen=True, slots=True)
class RetainReport:
    """How many of each kind went, or (`dry_run`) would go; kinds that are kept for good are left out.

    `scrubbed` is false where people were erased and the database was too busy to be written anew after that.
    """

    counts: Mapping[str, int] = field(default_factory=dict)
    dry_run: bool = False
    scrubbed: bool = True


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of data: which rows are too old, and what becomes of them."""

    row: type[Base]
    old: Callable[[datetime], ColumnElement[bool]]
    thin_out: Callable[[Connection, ColumnElement[bool]], object]


def _old_noise(before: datetime) -> ColumnElement[bool]:
    return NoiseRow.day < before.date()


def _drop_noise(connection: Connection, old: ColumnElement[bool]) -> None:
    connection.execute(delete(NoiseRow).where(old))


def _old_records(before: datetime) -> ColumnElement[bool]:
    """Settled, and not emptied yet."""
    settled = QuarantineRow.state != QuarantineState.WAITING
    return and_(settled, QuarantineRow.settled_at < before, QuarantineRow.body != b"")


def _empty_records(connection: Connection, old: ColumnElement[bool]) -> None:
    """The id follows from what the record said: it stays, or the next rescan would put the same record aside anew."""
    connection.execute(update(QuarantineRow).where(old).values(body=b"", statement_id=None))


def _old_messages(before: datetime) -> ColumnElement[bool]:
    """Sent and not emptied yet, or given up after the reason had gone."""
    settled = func.coalesce(OutboxRow.settled_at, OutboxRow.created_at) < before
    sent = and_(OutboxRow.state == OutboxState.SENT, OutboxRow.details != {})
    pointless = and_(OutboxRow.state.in_((OutboxState.WITHDRAWN, OutboxState.DEAD)), OutboxRow.holds.is_(False))
    return and_(settled, or_(sent, pointless))


def _empty_messages(connection: Connection, old: ColumnElement[bool]) -> None:
    """What was sent keeps its key: by it nobody is told the same thing twice."""
    connection.execute(delete(OutboxRow).where(old, OutboxRow.state != OutboxState.SENT))
    connection.execute(update(OutboxRow).where(old).values(details={}))


def _old_sign_ins(before: datetime) -> ColumnElement[bool]:
    return UserRow.last_sign_in_at < before


def _forget_sign_ins(connection: Connection, old: ColumnElement[bool]) -> None:
    connection.execute(update(UserRow).where(old).values(last_sign_in_at=None))


def _old_failures(before: datetime) -> ColumnElement[bool]:
    return UserRow.last_failed_at < before


def _forget_failures(connection: Connection, old: ColumnElement[bool]) -> None:
    connection.execute(update(UserRow).where(old).values(last_failed_at=None, failed_attempts=0))


def _old_entries(before: datetime) -> ColumnElement[bool]:
    return AuditRow.at < before


def _drop_entries(connection: Connection, old: ColumnElement[bool]) -> None:
    with rewriting(connection, "retention"):
        connection.execute(delete(AuditRow).where(old))


def _old_backtests(before: datetime) -> ColumnElement[bool]:
    return BacktestRow.begun_at < before


def _drop_backtests(connection: Connection, old: ColumnElement[bool]) -> None:
    connection.execute(delete(BacktestRow).where(old))


#: Key of [retention] → what it means. People who left are erased one by one, see `_erase_leavers`.
KINDS: Mapping[str, Kind] = {
    "noise": Kind(NoiseRow, _old_noise, _drop_noise),
    "quarantine": Kind(QuarantineRow, _old_records, _empty_records),
    "messages": Kind(OutboxRow, _old_messages, _empty_messages),
    "sign_ins": Kind(UserRow, _old_sign_ins, _forget_sign_ins),
    "failed_sign_ins": Kind(UserRow, _old_failures, _forget_failures),
    "backtests": Kind(BacktestRow, _old_backtests, _drop_backtests),
    "audit": Kind(AuditRow, _old_entries, _drop_entries),
}


def retain(bridge: Bridge, now: datetime, *, dry_run: bool = False) -> RetainReport:
    """Let go of what was kept long enough.

    Raises ConfigurationError and StoreError; what was done before that stays done.
    """
    settings = bridge.settings.retention
    counts = {name: _thin_out(bridge, KINDS[name], now - span, dry_run=dry_run) for name, span in _spans(settings)}
    scrubbed = True
    if settings.leavers is not None:
        leavers = _leavers(bridge, now - settings.leavers)
        counts["leavers"] = len(leavers)
        if leavers and not dry_run:
            for learner_id in leavers:
                _erase(bridge, learner_id, now)
            scrubbed = erasing.scrub(bridge.engine)
    if any(counts.values()) and not dry_run:
        logger.info("let go", scrubbed=scrubbed, **counts)
    return RetainReport(counts, dry_run, scrubbed)


def _spans(settings: RetentionSettings) -> Iterator[tuple[str, timedelta]]:
    """The kinds that are not kept for good."""
    for name in KINDS:
        span: timedelta | None = getattr(settings, name)
        if span is not None:
            yield name, span


def _thin_out(bridge: Bridge, kind: Kind, before: datetime, *, dry_run: bool) -> int:
    old = kind.old(before)
    counted = select(func.count()).select_from(kind.row).where(old)
    with (read if dry_run else write)(bridge.engine) as connection:
        count = connection.execute(counted).scalar_one()
        if count and not dry_run:
            kind.thin_out(connection, old)
    return count


def _leavers(bridge: Bridge, before: datetime) -> list[str]:
    """People whose last day is too long ago; nobody leaves twice."""
    day = before.astimezone(bridge.settings.organisation.zone).date()
    query = select(LearnerRow.id).where(LearnerRow.left_on < day, LearnerRow.id.not_like(f"{GHOST}%"))
    with read(bridge.engine) as connection:
        return list(connection.execute(query.order_by(LearnerRow.id)).scalars())


def _erase(bridge: Bridge, learner_id: str, now: datetime) -> None:
    """As an administrator would, with the setting as the reason."""
    seal = bridge.seal(make=True)
    with write(bridge.engine) as connection:
        known = tombstones.all_marks(connection)
        organisation = bridge.organisation(connection)
        erased = erasing.erase(connection, seal, learner_id, bridge.ruleset(), organisation, now)
        details = {"reason": "retention.leavers", "statements": str(erased.statements)}
        audit.record(connection, audit.AuditEntry(now, BY, "person.erase", erased.ghost_id, details))
        erasures.add(bridge.settings.privacy.erasures_file, erased=tombstones.all_marks(connection) - known, now=now)
