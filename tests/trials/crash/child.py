"""What is killed: pull, reconcile and deliver in a loop, as tasks of a worker do it, until nothing is left.

Learners and messages are taken a few at a time, so that there are many transactions to be killed in.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog

from lrs_bridge.bridge import Bridge
from lrs_bridge.jobs import deliver, pull_all, reconcile
from lrs_bridge.settings import Settings
from lrs_bridge.store.errors import StoreError
from trials.crash.stages import Marker, Stage
from trials.crash.watching import Watch

#: Learners who are claimed at a time.
FEW = 3
DONE = 0
DATABASE_GONE = 3
FAILED = 4


def work(request: Mapping[str, Any], alarm: int) -> int:
    """Do what is to be done at one moment; the exit status. The request is that of `forks.Forks.start`."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.ERROR))
    marker = Marker(Path(request["marker"]))
    aim = request["aim"]
    watch = Watch(marker, alarm, (Stage(aim[0]), aim[1]) if aim else None)
    watch.reach(Stage.STARTING)
    now = datetime.fromisoformat(request["now"])
    try:
        with Bridge.open(Settings.model_validate(request["settings"]), clock=lambda: now) as bridge:
            watch.follow(bridge.engine)
            watch.follow_mail()
            return _work_off(bridge, watch, now)
    except StoreError as error:  # as a task of a worker: the next tick goes on
        os.write(2, f"{error}\n".encode())
        return DATABASE_GONE


def _work_off(bridge: Bridge, watch: Watch, now: datetime) -> int:
    watch.begin("pull")
    pulled = all(report.ok for report in pull_all(bridge, now))
    watch.begin("reconcile")
    planned = True
    while (report := reconcile(bridge, now, limit=FEW)).learners:
        planned = planned and report.ok
    watch.begin("deliver")
    delivered = not deliver(bridge, now).error
    watch.reach(Stage.ENDING)
    return DONE if pulled and planned and delivered else FAILED
