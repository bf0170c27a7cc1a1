"""The invented year, lived through month by month on the product's own way.

Every month people act on their tasks, agree and sign; statements arrive in the record stores; the bridge pulls them
over HTTP, reconciles as of the month's end, and people see what is asked of them next.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from secrets import token_urlsafe

from sqlalchemy import select

from lrs_bridge.acts import imports, rules
from lrs_bridge.acts.actor import OPERATOR
from lrs_bridge.bridge import Bridge
from lrs_bridge.demo.acting import Acting
from lrs_bridge.demo.agreements import known_at
from lrs_bridge.demo.documents import write_contracts
from lrs_bridge.demo.installation import write_configuration, write_files
from lrs_bridge.demo.organisation import Invention
from lrs_bridge.demo.sending import Sent
from lrs_bridge.demo.stores import Clock, Stores
from lrs_bridge.demo.times import TIME_ZONE, Month
from lrs_bridge.domain.contract import Contract
from lrs_bridge.domain.follow_up import FollowUpState
from lrs_bridge.domain.planning.progressing import GoalState
from lrs_bridge.errors import ProblemsFound
from lrs_bridge.jobs.pull import pull_all
from lrs_bridge.jobs.reconcile import reconcile
from lrs_bridge.settings import load_settings
from lrs_bridge.store import schema
from lrs_bridge.store.engine import read
from lrs_bridge.store.read_models.follow_ups import follow_ups
from lrs_bridge.store.read_models.listing import LARGEST_PAGE, Request
from lrs_bridge.store.tables import GoalProgressRow

#: Told after each month: how many are done, and of how many.
Report = Callable[[int, int | None], None]


def _silently(_done: int, _total: int | None) -> None:
    """Tell nobody."""


@dataclass(frozen=True, slots=True)
class Lived:
    """The installation after its year, still open, with its record stores still served."""

    bridge: Bridge
    invention: Invention
    stores: Stores
    clock: Clock
    configuration: Path
    acts: int
    refused: int


@contextmanager
def lived(
    invention: Invention, folder: Path, *, until: datetime | None = None, port: int = 0, report: Report = _silently
) -> Iterator[Lived]:
    """Set up an installation in an empty folder and live through the year; everything is ended with the block.

    `until`: the moment of a last pull, later than the year's end; without it the year's end is the last one.
    """
    clock, password = Clock(invention.year.start), token_urlsafe(18)
    stores = Stores(clock, password)
    with stores.served():
        configuration = write_configuration(folder, stores.endpoints, password, port)
        with Bridge.open(load_settings(configuration, {}), clock=clock) as bridge:
            life = _Life(bridge, invention, stores, clock, folder)
            life.begin()
            months = invention.year.months
            for number, month in enumerate(months, start=1):
                life.live(month)
                report(number, len(months))
            life.look_once_more(until or invention.year.now)
            yield Lived(bridge, invention, stores, clock, configuration, life.acts, life.refused)


class _Life:
    """One run through the year."""

    def __init__(self, bridge: Bridge, invention: Invention, stores: Stores, clock: Clock, folder: Path) -> None:
        self._bridge, self._invention, self._stores, self._clock = bridge, invention, stores, clock
        self._folder = folder
        self._acting = Acting(invention)
        self._contracts = [contract for each in invention.agreements for contract in each.contracts]
        self._known: dict[str, Contract] = {}
        self.acts = self.refused = 0

    def begin(self) -> None:
        """An empty database, the rules, and what the organisation knows on the first day."""
        engine, now, files = self._bridge.engine, self._clock(), self._folder / "imports"
        write_files(self._folder, self._invention)
        schema.upgrade(engine)
        rules.publish_files(engine, [self._folder / "rules"], "The rules to begin with", OPERATOR, now)
        imports.learners(engine, OPERATOR, files / "learners.csv", now, seal=self._bridge.seal)
        imports.strategy(engine, OPERATOR, files / "strategy.yaml", now)
        imports.catalogue(engine, OPERATOR, files / "catalogue.yaml", now)
        imports.agendas(engine, OPERATOR, files / "agendas.yaml", now)
        self._import_contracts("drafts")

    def live(self, month: Month) -> None:
        """One month, as of its end."""
        done, refused = self._acting.carry_out(self._bridge.engine, month)
        self.acts, self.refused = self.acts + done, self.refused + refused
        self._clock.set(month.end)
        self._import_contracts(f"{month.end.astimezone(TIME_ZONE):%Y-%m-%d}")
        self._stores.take(self._arriving(month))
        self._work()
        self._look()

    def look_once_more(self, now: datetime) -> None:
        """The last pull, as of now."""
        self._clock.set(now)
        self._work()

    def _arriving(self, month: Month) -> Iterator[Sent]:
        """What arrives in a month; the first one has what came before it as well (an enrolment of the day before)."""
        first = month.start == self._invention.year.start
        return (
            each for each in self._invention.sent if each.stored < month.end and (first or each.stored >= month.start)
        )

    def _import_contracts(self, name: str) -> None:
        """What has changed about contracts since the last time, in files of its own."""
        now = self._clock()
        known = {contract.id: contract for contract in known_at(self._contracts, now)}
        changed = [each for each in known.values() if each != self._known.get(each.id)]
        self._known = known
        if changed:
            paths = write_contracts(self._folder / "imports" / "contracts", name, changed)
            imports.contracts(self._bridge.engine, OPERATOR, paths, now, time_zone=TIME_ZONE)

    def _work(self) -> None:
        """Pull and reconcile, as the schedule would."""
        now = self._clock()
        failed = [report.error for report in pull_all(self._bridge, now) if not report.ok]
        stuck = reconcile(self._bridge, now).failed
        if failed or stuck:
            raise ProblemsFound(f"{'; '.join(failed) or f'{len(stuck)} learners could not be planned'}.")

    def _look(self) -> None:
        """People see their tasks, and what has been applied."""
        request = Request(filters={"state": FollowUpState.OPEN}, size=LARGEST_PAGE)
        applied = select(GoalProgressRow.goal_id).where(GoalProgressRow.state == GoalState.APPLIED)
        with read(self._bridge.engine) as connection:
            self._acting.notice_tasks(follow_ups(connection, request, self._clock()).rows)
            self._acting.notice_applied(connection.execute(applied).scalars())
