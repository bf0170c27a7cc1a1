"""One of the processes: pulls, reconciles and delivers again and again, until the round is over and nothing is left."""

from __future__ import annotations

import logging
import time
from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from enum import StrEnum
from multiprocessing.connection import Connection
from typing import Any

import structlog
from sqlalchemy import func, select

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import deliver, pull_all, reconcile
from lrs_bridge.log import describe_error
from lrs_bridge.settings import Settings
from lrs_bridge.store.due import count_due
from lrs_bridge.store.engine import read
from lrs_bridge.store.tables import OutboxRow, OutboxState
from trials.hands.time_lapse import Lapse

#: Seconds between two turns in which there was nothing to do.
_NAP = 0.02


class Order(StrEnum):
    """What a process is told, besides the clock of a round; and what it answers at the round's end."""

    FINISH = "finish"
    STOP = "stop"
    FINISHED = "finished"


@dataclass(frozen=True, slots=True)
class Did:
    """What one turn came to. `errors` are those that surfaced: none should."""

    pulls: int = 0
    new: int = 0
    planned: int = 0
    superseded: int = 0
    sent: int = 0
    errors: tuple[str, ...] = ()

    def __add__(self, other: Did) -> Did:
        return Did(*(getattr(self, each.name) + getattr(other, each.name) for each in fields(Did)))

    @property
    def idle(self) -> bool:
        return not (self.new or self.planned or self.sent or self.errors)


def run(settings: Mapping[str, Any], orders: Connection) -> None:
    """The life of a process: one round after another, each begun by its clock."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    logging.basicConfig(handlers=[logging.NullHandler()])
    rounds: list[Lapse] = []

    def clock() -> datetime:
        return rounds[-1]()

    with Bridge.open(Settings.model_validate(settings), clock=clock) as bridge:
        while isinstance(order := orders.recv(), Lapse):
            rounds.append(order)
            _work(bridge, orders)


def _work(bridge: Bridge, orders: Connection) -> None:
    finishing = False
    while True:
        did = turn(bridge)
        orders.send(did)
        if finishing and at_rest(bridge):
            orders.send(Order.FINISHED)
            return
        finishing = finishing or (orders.poll() and orders.recv() == Order.FINISH)
        if did.idle:
            time.sleep(_NAP)  # as between two ticks of a schedule


def turn(bridge: Bridge) -> Did:
    """Every job once, each at its own moment, as the tasks of a worker do."""
    try:
        pulled = pull_all(bridge, bridge.clock())
        reconciled = reconcile(bridge, bridge.clock())
        delivered = deliver(bridge, bridge.clock())
    except Exception as error:  # noqa: BLE001 - whatever surfaces is what the trial counts
        return Did(errors=(describe_error(error),))
    trouble = [*(each.error for each in pulled if each.error), *(f"not planned: {each}" for each in reconciled.failed)]
    return Did(
        pulls=len(pulled),
        new=sum(each.new for each in pulled),
        planned=reconciled.learners,
        superseded=reconciled.superseded,
        sent=delivered.sent,
        errors=(*trouble, *([delivered.error] if delivered.error else [])),
    )


def at_rest(bridge: Bridge) -> bool:
    """Whether nobody is due and no message waits whose time has come, whoever holds them."""
    now = bridge.clock()
    ready = OutboxRow.state.in_((OutboxState.PENDING, OutboxState.RETRY)) & (OutboxRow.next_attempt_at <= now)
    with read(bridge.engine) as connection:
        waiting = select(func.count()).where(ready | (OutboxRow.state == OutboxState.SENDING))
        return count_due(connection, now) == 0 and connection.execute(waiting).scalar_one() == 0
