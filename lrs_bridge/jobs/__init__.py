"""What is done without a person: pull, backfill, reconcile, rescan, verify, deliver, retain; `worker.py` has tasks.

They are plain functions. Each takes the bridge and the moment `now`, returns a report, and can be repeated, interrupted
or run twice at once without harm.
"""

from lrs_bridge.jobs.deliver import DeliverReport, deliver
from lrs_bridge.jobs.drift import VerifyReport
from lrs_bridge.jobs.pull import PullReport, pull, pull_all
from lrs_bridge.jobs.reconcile import Progress, ReconcileReport, reconcile
from lrs_bridge.jobs.rescan import RescanReport, rescan
from lrs_bridge.jobs.retain import RetainReport, retain
from lrs_bridge.jobs.scheduled import scheduled_pull
from lrs_bridge.jobs.verify import verify

__all__ = [
    "DeliverReport",
    "Progress",
    "PullReport",
    "ReconcileReport",
    "RescanReport",
    "RetainReport",
    "VerifyReport",
    "deliver",
    "pull",
    "pull_all",
    "reconcile",
    "rescan",
    "retain",
    "scheduled_pull",
    "verify",
]
