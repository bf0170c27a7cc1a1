"""Deliver: messages of the outbox leave through the configured channel.

Last step on the way of a statement, when it asks something of somebody. A message is taken under a lease, written with
the names of the moment, handed over, and settled at once: a crash in between repeats at most one letter, whose id is
the same as before.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs.delivery.channels import CHANNELS, Channel, ChannelDown, NotNow, Undeliverable
from lrs_bridge.jobs.delivery.directory import occasion_of
from lrs_bridge.jobs.delivery.letters import write_letter
from lrs_bridge.store.engine import read, write
from lrs_bridge.store.outbox import Message, failed, sent, take

logger = structlog.stdlib.get_logger(__name__)

#: Few at a time: each may take a mail server's whole time-out, and the lease has to last for all of them.
BATCH = 20
LEASE = timedelta(minutes=15)
_LONGEST_PAUSE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DeliverReport:
    """What became of the messages whose time had come. `dead` ones wait for a person; `error`: nothing can leave."""

    sent: int = 0
    retried: int = 0
    dead: int = 0
    error: str = ""

    @property
    def ok(self) -> bool:
        """Whether every message left, or will be tried again for a reason of its own."""
        return not self.error and not self.dead


def deliver(bridge: Bridge, now: datetime) -> DeliverReport:
    """Send every message whose time has come. What the channel refuses is in the report and with the message.

    Raises StoreError or SQLAlchemyError if the database fails.
    """
    report = DeliverReport()
    channel = CHANNELS[bridge.settings.delivery.channel](bridge.settings)
    while not report.error:
        messages = take(bridge.engine, now=now, limit=BATCH, lease=LEASE)
        if not messages:
            break
        report = _Batch(bridge, now).send(channel, messages, report)
    if report != DeliverReport():
        log = logger.info if report.ok else logger.error
        log("delivered", sent=report.sent, retried=report.retried, dead=report.dead, error=report.error)
    return report


@dataclass(frozen=True, slots=True)
class _Batch:
    """Some messages that were taken."""

    bridge: Bridge
    now: datetime

    def send(self, channel: Channel, messages: list[Message], report: DeliverReport) -> DeliverReport:
        """All of them over one connection; if that breaks, what is left waits without losing an attempt's worth."""
        left = list(messages)
        try:
            with channel:
                while left:
                    report = self._one(channel, left[0], report)
                    left.pop(0)
        except ChannelDown as down:
            for message in left:
                self._later(message, down.reason)
            report = replace(report, retried=report.retried + len(left), error=down.reason)
        return report

    def _one(self, channel: Channel, message: Message, report: DeliverReport) -> DeliverReport:
        try:
            with read(self.bridge.engine) as connection:
                occasion = occasion_of(connection, message, f"{self.bridge.settings.web.address}/")
            channel.send(write_letter(occasion))
        except Undeliverable as never:
            self._give_up(message, never.reason)
            return replace(report, dead=report.dead + 1)
        except NotNow as later:
            if message.attempts >= self.bridge.settings.delivery.attempts:
                self._give_up(message, later.reason)
                return replace(report, dead=report.dead + 1)
            self._later(message, later.reason)
            return replace(report, retried=report.retried + 1)
        with write(self.bridge.engine) as connection:
            sent(connection, message, self.now)
        logger.info("sent", kind=message.kind.value, learner=message.learner_id, recipient=message.recipient_id)
        return replace(report, sent=report.sent + 1)

    def _later(self, message: Message, reason: str) -> None:
        retry_at = self.now + pause_before(message.attempts + 1, self.bridge.settings.delivery.backoff)
        with write(self.bridge.engine) as connection:
            failed(connection, message, reason=reason, retry_at=retry_at, now=self.now)

    def _give_up(self, message: Message, reason: str) -> None:
        with write(self.bridge.engine) as connection:
            failed(connection, message, reason=reason, retry_at=None, now=self.now)
        logger.error("not deliverable", kind=message.kind.value, recipient=message.recipient_id, reason=reason)


def pause_before(attempt: int, backoff: timedelta) -> timedelta:
    """How long to wait before the second, third, … attempt: twice as long each time, a day at most."""
    pause: timedelta = backoff * 2 ** min(attempt - 2, 20)
    return min(pause, max(backoff, _LONGEST_PAUSE))
