"""Overview: is data flowing, what came of the learning, what was wasted, what waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models import RequestError, Step, Waiting, overview
from lrs_bridge.store.read_models.periods import PERIODS
from lrs_bridge.store.read_models.words import WORDS
from lrs_bridge.web.access import Permission, needs
from lrs_bridge.web.charts import bars, bubbles
from lrs_bridge.web.current import now, the_bridge
from lrs_bridge.web.links import rows

room = Blueprint("overview", __name__)

#: Figures younger than this are those of now, for whoever looks.
_A_WHILE = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Kind:
    """Something to decide about: its count in `Waiting`, its words for one and for many, and where it is listed."""

    count: str
    one: str
    many: str
    icon: str
    endpoint: str
    filters: Mapping[str, str] = field(default_factory=dict)


#: In the order of how much is lost by waiting.
KINDS = (
    Kind(
        "rescuable_findings",
        "wasted training can still be rescued",
        "wasted trainings can still be rescued",
        "lifebuoy",
        "waste.page",
        {"rescuable": "yes"},
    ),
    Kind(
        "unconfirmed_follow_ups",
        "application waits for its confirmation",
        "applications wait for their confirmation",
        "send",
        "follow_ups.page",
        {"look": "waiting"},
    ),
    Kind(
        "overdue_follow_ups",
        "application task is overdue",
        "application tasks are overdue",
        "clock",
        "follow_ups.page",
        {"look": "overdue"},
    ),
    Kind(
        "unmatched_activities",
        "activity is known to no rule",
        "activities are known to no rule",
        "puzzle-off",
        "unmatched.page",
    ),
    Kind(
        "unknown_actors", "actor is linked to no learner", "actors are linked to no learner", "users", "sources.actors"
    ),
    Kind(
        "quarantined_records",
        "record could not be taken in",
        "records could not be taken in",
        "alert-triangle",
        "sources.quarantine",
        {"state": "waiting"},
    ),
    Kind(
        "orphaned_follow_ups",
        "task has lost its reason",
        "tasks have lost their reason",
        "help-circle",
        "follow_ups.page",
        {"look": "reason-gone"},
    ),
)


@dataclass(frozen=True, slots=True)
class Task:
    """One kind with its count and its address."""

    count: int
    text: str
    icon: str
    href: str


def tasks(waiting: Waiting) -> tuple[Task, ...]:
    """What waits for somebody; kinds of which there is nothing are left out."""
    counts = ((kind, getattr(waiting, kind.count)) for kind in KINDS)
    return tuple(
        Task(count, kind.one if count == 1 else kind.many, kind.icon, rows(kind.endpoint, kind.filters))
        for kind, count in counts
        if count
    )


STEP_WORDS = {
    Step.COMPLETED: (WORDS[Step.COMPLETED], "brought to an end with success"),
    Step.MATCHED: (WORDS[Step.MATCHED], "evidence for a goal that was agreed"),
    Step.FOLLOWED_UP: (WORDS[Step.FOLLOWED_UP], "at least one application task done"),
    Step.APPLIED: (WORDS[Step.APPLIED], "used on the job, shared, or taught back"),
    Step.ACHIEVED: (WORDS[Step.ACHIEVED], "the goal's success measure was reached"),
}


@room.get("/")
@needs(Permission.READ)
def page() -> ResponseReturnValue:
    chosen = request.args.get("period", "year")
    if chosen not in PERIODS:
        raise RequestError(f"“{chosen[:20]}” is no period. It knows: {', '.join(PERIODS)}.")
    settings = the_bridge().settings
    since = PERIODS[chosen].since(now(), settings.organisation.zone)
    with read(the_bridge().engine) as connection:
        seen = overview(
            connection,
            now(),
            since=since,
            zone=settings.organisation.zone,
            sources=settings.source_names,
            stale_after=settings.schedule.stale_after,
        )
    return render_template(
        "overview/page.html",
        seen=seen,
        since=since.isoformat() if since is not None else None,
        periods=PERIODS.values(),
        chosen=chosen,
        tasks=tasks(seen.waiting),
        bubbles=bubbles(seen.quadrants),
        bars=bars,
        step_words=STEP_WORDS,
        counted_a_while_ago=now() - seen.counted_at > _A_WHILE,
        rows=rows,
    )
