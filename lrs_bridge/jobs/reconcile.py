"""Reconcile: for every learner who is due, plan and apply the difference, until nobody is due.

Third step on the way of a statement. Learners are claimed in chunks under a lease, their facts are loaded in a handful
of queries, and a chunk is applied in one transaction. A learner who cannot be planned or applied stops nobody else: the
reason is kept with the learner, who is tried again later, and counted in the report.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from os import getpid
from socket import gethostname

import structlog
from sqlalchemy import Connection

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.plan import plan
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.jobs.collector import collector_at_rest
from lrs_bridge.jobs.summarise import summarise
from lrs_bridge.log import describe_error
from lrs_bridge.store.apply import Applied, Planned, apply_all
from lrs_bridge.store.due import Claim, claim, count_due, postpone, ripen
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.errors import Unreachable
from lrs_bridge.store.fingerprint import of_everybody
from lrs_bridge.store.known_plans import Made, Outlook, look_ahead, remember, rest
from lrs_bridge.store.load import Loaded, load
from lrs_bridge_rules.ruleset import Ruleset

logger = structlog.stdlib.get_logger(__name__)

CHUNK = 200
#: How long a learner who could not be planned waits: somebody has to mend something first.
PAUSE = timedelta(hours=1)
_LONGEST_REASON = 2000


#: Told after every chunk: how many learners are done, and how many are still due.
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class ReconcileReport:
    """How many learners were planned, and what that changed.

    `spared` are those of them for whom nothing had changed that a plan could see, so that the last one holds.
    `superseded` counts learners whom another worker had taken over by then: nothing was written for them here.
    `unreadable` counts kept statements that this version cannot read and that plans were made without; `failed` are
    the ids of learners who could not be planned.
    """

    learners: int = 0
    spared: int = 0
    inserted: int = 0
    updated: int = 0
    deleted: int = 0
    notices: int = 0
    superseded: int = 0
    unreadable: int = 0
    failed: tuple[str, ...] = ()

    @property
    def writes(self) -> int:
        """Rows written; 0 when everything was as it should be."""
        return self.inserted + self.updated + self.deleted + self.notices

    @property
    def ok(self) -> bool:
        """Whether every learner who was due could be planned, with everything that is known."""
        return not self.failed and not self.unreadable

    def plus(self, planned: Planned, applied: Applied) -> ReconcileReport:
        """With one more learner."""
        return replace(
            self,
            learners=self.learners + (not applied.superseded),
            inserted=self.inserted + applied.inserted,
            updated=self.updated + applied.updated,
            deleted=self.deleted + applied.deleted,
            notices=self.notices + applied.notices,
            superseded=self.superseded + applied.superseded,
            unreadable=self.unreadable + len(planned.loaded.unreadable),
        )

    def with_spared(self, count: int) -> ReconcileReport:
        """With some more learners whose plan is known to hold."""
        return replace(self, learners=self.learners + count, spared=self.spared + count)

    def without(self, learner_id: str) -> ReconcileReport:
        """With one more learner who could not be planned."""
        return replace(self, failed=(*self.failed, learner_id))


def reconcile(
    bridge: Bridge, now: datetime, progress: Progress | None = None, limit: int | None = None
) -> ReconcileReport:
    """Plan every learner who is due at `now`, at most about `limit` of them.

    Raises ConfigurationError if no rules are published, and StoreError or SQLAlchemyError if the database fails as a
    whole; what was applied before stays applied, and leases run out.
    """
    bridge.ruleset()  # without rules nobody is claimed in vain
    with write(bridge.engine) as connection:
        ripen(connection, now)
    report = ReconcileReport()
    begun = time.monotonic()
    done = 0
    while limit is None or done < limit:
        size = CHUNK if limit is None else min(CHUNK, limit - done)
        # `now` stands still while we work; a lease counted from it alone would already be over for everybody else.
        lease = bridge.settings.schedule.lease + timedelta(seconds=time.monotonic() - begun)
        claims = claim(bridge.engine, now=now, limit=size, lease=lease, owner=f"{gethostname()}:{getpid()}")
        if not claims:
            break
        with collector_at_rest():
            report = _Chunk(bridge, claims, now).reconcile(report)
        done += len(claims)
        _tell_progress(bridge, progress, done, now)
    summarise(bridge, now)
    if done:
        counts = {name: getattr(report, name) for name in ("learners", "spared", "writes", "notices", "superseded")}
        logger.info("reconciled", failed=len(report.failed), **counts)
    return report


@dataclass(frozen=True, slots=True)
class _Chunk:
    """Some claimed learners."""

    bridge: Bridge
    claims: Sequence[Claim]
    now: datetime

    def reconcile(self, report: ReconcileReport) -> ReconcileReport:
        """All of them together; where one spoils that, each alone."""
        try:
            return self._together(report)
        except (ConfigurationError, Unreachable):  # nobody can be planned, and it is no learner's doing; leases run out
            raise
        except Exception:  # noqa: BLE001 - whatever it is, each learner alone shows whose it is, and that one is recorded
            logger.warning("a chunk of learners is reconciled one by one", learners=len(self.claims))
        for each in self.claims:
            report = replace(self, claims=[each])._alone(report)
        return report

    def _together(self, report: ReconcileReport) -> ReconcileReport:
        # Loaded after the claim: whatever changes from here on raises the revision, and the learner stays due.
        ruleset = self.bridge.ruleset()
        with read(self.bridge.engine) as connection:
            outlook = look_ahead(connection, self.claims, self._common(connection, ruleset), self.now)
            active = [each for each in self.claims if each.learner_id not in outlook.holding]
            loaded = self._load(connection, active)
        # A learner who was deleted meanwhile is not loaded; the claim went with the learner.
        planned = [
            Planned(each, loaded[each.learner_id], plan(loaded[each.learner_id].facts, ruleset, self.now))
            for each in active
            if each.learner_id in loaded
        ]
        report = report.with_spared(self._spare(outlook))
        for one, result in zip(planned, self._apply(planned, outlook), strict=True):
            report = report.plus(one, result)
        return report

    def _common(self, connection: Connection, ruleset: Ruleset) -> str:
        """What stands for all that is the same for every learner."""
        own = self.bridge.settings.organisation
        return of_everybody(
            connection,
            rules=ruleset.digest,
            zone=own.zone,
            hourly_rate=own.hourly_rate,
            locale=own.locale,
            source_kinds=self.bridge.settings.source_kinds,
        )

    def _load(self, connection: Connection, claims: Sequence[Claim]) -> Mapping[str, Loaded]:
        if not claims:
            return {}
        return load(connection, [each.learner_id for each in claims], self.bridge.organisation(connection))

    def _spare(self, outlook: Outlook) -> int:
        holding = [each for each in self.claims if each.learner_id in outlook.holding]
        if not holding:
            return 0
        with write(self.bridge.engine) as connection:
            return rest(connection, holding, outlook.holding)

    def _apply(self, planned: Sequence[Planned], outlook: Outlook) -> Sequence[Applied]:
        if not planned:
            return ()
        with write(self.bridge.engine) as connection:
            applied = apply_all(connection, planned, self.now)
            # What could not be read is to be said each time.
            made = [
                Made(one.claim, one.plan.wake_at)
                for one, result in zip(planned, applied, strict=True)
                if not result.superseded and not one.loaded.unreadable
            ]
            remember(connection, made, outlook.facts, self.now)
        return applied

    def _alone(self, report: ReconcileReport) -> ReconcileReport:
        [only] = self.claims
        try:
            return self._together(report)
        except Unreachable:
            raise
        except Exception as error:  # one learner must not stop the others: recorded, reported, and tried again later
            logger.exception("a learner cannot be reconciled", learner=only.learner_id)
            with write(self.bridge.engine) as connection:
                postpone(connection, [only], reason=_reason(error), retry_at=self.now + PAUSE)
            return report.without(only.learner_id)


def _reason(error: Exception) -> str:
    """What may be kept of an error: its kind and place, and its text only if it is one of ours."""
    return describe_error(error)[-_LONGEST_REASON:]


def _tell_progress(bridge: Bridge, progress: Progress | None, done: int, now: datetime) -> None:
    if progress is not None:
        with read(bridge.engine) as connection:
            due = count_due(connection, now)
        progress(done, due)
