"""What the database knows that the lints of rules ask for: the words in use, and how often each rule fits.

One pass over the learners, in chunks, by the very steps that `plan` takes; nothing is written. Rules that are not
published yet can be asked about as well, as every completion is judged anew by the ruleset that is given.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.facts import Facts, Organisation
from lrs_bridge.domain.planning.context import Context
from lrs_bridge.domain.planning.seeing import Seen, see
from lrs_bridge.store.engine import read
from lrs_bridge.store.load import load
from lrs_bridge.store.people import learner_ids
from lrs_bridge.store.rows import chunks
from lrs_bridge_rules.lint.history import History
from lrs_bridge_rules.ruleset import Ruleset

#: Told after every chunk: how many learners are done, of how many.
Progress = Callable[[int, int | None], None]


@dataclass(slots=True)
class _Gathered:
    """What has been found so far."""

    competencies: set[str] = field(default_factory=set)
    goals: set[str] = field(default_factory=set)
    activities: set[str] = field(default_factory=set)
    follow_ups: set[str] = field(default_factory=set)
    hits: Counter[str] = field(default_factory=Counter)
    completions: int = 0


def look_back(
    bridge: Bridge,
    ruleset: Ruleset,
    now: datetime,
    *,
    since: timedelta | None = None,
    progress: Progress | None = None,
) -> History:
    """Return what the database knows, with the hits among completions that ended in the last `since` (None: all)."""
    start = None if since is None else now - since
    found = _Gathered()
    with read(bridge.engine) as connection:
        organisation = bridge.organisation(connection)
        _gather_common(found, organisation)
        everybody = learner_ids(connection)
        done = 0
        if progress is not None:
            progress(done, len(everybody))
        for ids in chunks(everybody):
            for loaded in load(connection, ids, organisation).values():
                _gather(found, loaded.facts, ruleset, now, start)
            done += len(ids)
            if progress is not None:
                progress(done, len(everybody))
    return History(
        competencies=frozenset(found.competencies),
        goals=frozenset(found.goals),
        activities=frozenset(found.activities),
        follow_ups=frozenset(found.follow_ups),
        hits=found.hits,
        completions=found.completions,
        since=start,
    )


def _gather_common(found: _Gathered, organisation: Organisation) -> None:
    found.competencies.update(need.competency for need in organisation.needs)
    for activity_id in organisation.catalogue.activities:
        found.activities.update(organisation.catalogue.ids_of(activity_id))


def _gather(found: _Gathered, facts: Facts, ruleset: Ruleset, now: datetime, start: datetime | None) -> None:
    found.competencies.update(want.competency for want in facts.wants)
    for contract in facts.contracts:
        found.activities.update({contract.opportunity} - {""})
        for goal in (goal for revision in contract.revisions for goal in revision.goals):
            found.goals.add(goal.title)
            found.competencies.update(goal.competencies)
            found.activities.update(goal.activities)
            found.follow_ups.update(goal.follow_ups)
    for seen in _attempts(facts, ruleset, now):
        found.activities.update(seen.subject.activity_ids)
        if start is None or seen.ended_at >= start:
            found.completions += 1
            found.hits.update(rule.id for rule in ruleset.fitting(seen.subject, now=now))


def _attempts(facts: Facts, ruleset: Ruleset, now: datetime) -> Iterator[Seen]:
    """Iterate over what rules look at: attempts that statements tell of, not those that a manager attested."""
    attempts: Iterable[Seen] = see(Context(facts, ruleset, now))
    return (seen for seen in attempts if seen.attestation is None)
