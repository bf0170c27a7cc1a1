"""Suggest rules for what no rule knows: reads the store, has the domain think, and tries each draft on the past.

Beside the way of a statement: nothing is written. The pages and `lrs-bridge rules suggest` may show the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import chain

from sqlalchemy import Connection

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.suggesting.material import Left, Material, Suggestion, UnmatchedActivity
from lrs_bridge.domain.suggesting.proving import DOCUMENT, document, proven
from lrs_bridge.domain.suggesting.ranking import Ranking
from lrs_bridge.domain.suggesting.showing import shown_by
from lrs_bridge.jobs.backtest import Backtester
from lrs_bridge.store.agendas import load_competencies
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models import wanting_rules
from lrs_bridge.store.read_models.wanting_rules import Unmatched
from lrs_bridge.store.rows import chunks
from lrs_bridge_rules.completions.reading import Reading
from lrs_bridge_rules.errors import StatementError
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import decode_statement

#: So many activities are compared, those completed most often. The others wait until these are known.
MOST = 100_000
#: Names and surroundings are read from so many statements of a completion.
_STATEMENTS = 6

#: Told how many suggestions are ready, and of how many.
Progress = Callable[[int, int | None], None]


def _silently(_done: int, _total: int | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Suggested:
    """The suggestions, those with most at stake first, and what there is besides."""

    suggestions: tuple[Suggestion, ...]
    left: Left


def suggest(
    bridge: Bridge,
    now: datetime,
    *,
    limit: int = 10,
    since: timedelta | None = None,
    backtests: bool = True,
    progress: Progress = _silently,
) -> Suggested:
    """Draft rules for unmatched activities that were completed within `since` (None: ever), each with its backtest.

    Raises ConfigurationError if no rules are in force.
    """
    active = bridge.ruleset()
    after = None if since is None else now - since
    with read(bridge.engine) as connection:
        material = gather(connection, active, after, bridge.settings.organisation.locale)
    ranking = Ranking(material)
    found: list[Suggestion] = []
    for suggestion in ranking.drafted():
        rule = proven(suggestion.variants, active)
        if rule is not None:
            found.append(replace(suggestion, variants=(rule,)))
            progress(len(found), None)
        if len(found) == limit:
            break
    return Suggested(tuple(_tried(bridge, now, found, after, backtests=backtests, progress=progress)), ranking.left)


def gather(connection: Connection, active: Ruleset, after: datetime | None, locale: str) -> Material:
    """Everything that is compared."""
    return Material(
        unmatched=tuple(_unmatched(connection, active, after, locale)),
        known=tuple(wanting_rules.known_activities(connection)),
        competencies=load_competencies(connection),
        goals=tuple(wanting_rules.goal_titles(connection)),
        people=wanting_rules.people(connection),
        rule_ids=frozenset(rule.id for rule in active.rules),
    )


def _unmatched(
    connection: Connection, active: Ruleset, after: datetime | None, locale: str
) -> Iterator[UnmatchedActivity]:
    for rows in chunks(wanting_rules.unmatched(connection, after, MOST)):
        ids = list(chain.from_iterable(row.statements[:_STATEMENTS] for row in rows))
        bodies = wanting_rules.bodies(connection, ids)
        for row in rows:
            yield _shown(row, bodies, active, locale)


def _shown(row: Unmatched, bodies: Mapping[str, tuple[str, bytes]], active: Ruleset, locale: str) -> UnmatchedActivity:
    told = (_reading(own_id, bodies, active, locale) for own_id in row.statements[:_STATEMENTS])
    readings = [each for each in told if each is not None and each.activity.id == row.activity_id]
    return shown_by(
        row.activity_id, readings, row.name, completions=row.completions, learners=row.learners, hours=row.hours
    )


def _reading(own_id: str, bodies: Mapping[str, tuple[str, bytes]], active: Ruleset, locale: str) -> Reading | None:
    """What a statement says; None where it is gone, or cannot be read any more."""
    if own_id not in bodies:
        return None
    source, body = bodies[own_id]
    try:
        return active.read(decode_statement(body), statement_id=own_id, source=source, locale=locale)
    except StatementError:
        return None


def _tried(
    bridge: Bridge,
    now: datetime,
    found: Sequence[Suggestion],
    after: datetime | None,
    *,
    backtests: bool,
    progress: Progress,
) -> Iterator[Suggestion]:
    """Each with its learners counted, and the verdict of a backtest on them: nobody else can be concerned."""
    with read(bridge.engine) as connection:
        learners = [
            wanting_rules.learners_of(connection, [activity.id for activity in each.activities], after)
            for each in found
        ]
    concerned = frozenset(chain.from_iterable(learners))
    since = None if after is None else now - after
    tester = Backtester(bridge, now, since=since, learners=concerned) if backtests and found else None
    for number, (suggestion, who) in enumerate(zip(found, learners, strict=True), start=1):
        verdict = "" if tester is None else tester.line(_published_with(tester.tested.ruleset, suggestion))
        yield replace(suggestion, learners=len(who), verdict=verdict)
        progress(number, len(found))


def _published_with(active: Ruleset, suggestion: Suggestion) -> dict[str, str]:
    """The documents in force, with the draft as if it were active."""
    return {**active.documents, DOCUMENT: document(suggestion.rule, "active")}
