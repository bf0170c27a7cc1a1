"""How far planning under the rules in force has come: everybody becomes due when they are activated.

Putting a version in force sets every learner's `due_at` to that moment, or leaves it where it was before. Planning a
learner moves it beyond; so whoever is still due since then has not been planned under these rules, and whoever could
not be planned is counted apart.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, and_, func, select

from lrs_bridge.store import rulesets
from lrs_bridge.store.tables import DueRow

#: Before so many learners are done, what is left cannot be guessed.
_FEW = 20


@dataclass(frozen=True, slots=True)
class Sweep:
    """The version in force since when, by whom and why, and how many of all learners were planned under it.

    `failing` could not be planned; they are tried again. `left` guesses how long the others will take at the rate so
    far; None where nobody is left, or too few are done to say.
    """

    version: int
    since: datetime
    by: str
    note: str
    learners: int
    planned: int
    failing: int
    left: timedelta | None

    @property
    def done(self) -> bool:
        return self.planned + self.failing >= self.learners


def sweep(connection: Connection, now: datetime) -> Sweep | None:
    """How far it has come; None while no rules are in force."""
    activation = next(iter(rulesets.activations(connection)), None)
    if activation is None:
        return None
    learners = connection.execute(select(func.count()).select_from(DueRow)).scalar_one()
    waiting = _count(connection, since=activation.at, failing=False)
    failing = _count(connection, since=activation.at, failing=True)
    planned = learners - waiting - failing
    return Sweep(
        version=activation.number,
        since=activation.at,
        by=activation.by,
        note=activation.note,
        learners=learners,
        planned=planned,
        failing=failing,
        left=_left(now - activation.at, planned, waiting),
    )


def _count(connection: Connection, *, since: datetime, failing: bool) -> int:
    """Who is due since then, or who failed since: a learner who cannot be planned becomes due again later."""
    wanted = DueRow.failures > 0 if failing else and_(DueRow.due_at <= since, DueRow.failures == 0)
    return connection.execute(select(func.count()).where(wanted)).scalar_one()


def _left(passed: timedelta, planned: int, waiting: int) -> timedelta | None:
    if not waiting or planned < _FEW or passed <= timedelta(0):
        return None
    return passed * waiting / planned
