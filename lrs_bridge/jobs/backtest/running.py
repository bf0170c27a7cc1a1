"""A backtest in one process: learners in parts of equal size, drawn by chance, so that the first figures are a sample.

Which part a learner is in follows from the learner's id alone. Each part is loaded in a few queries and then tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.backtesting.tally import Tally, total
from lrs_bridge.domain.backtesting.trial import Trial, attempts_under
from lrs_bridge.domain.planning.seeing import Seen
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.jobs.backtest.noise import newly_wanted
from lrs_bridge.jobs.backtest.report import BacktestReport
from lrs_bridge.jobs.backtest.trying import Attempt, try_one
from lrs_bridge.jobs.collector import collector_at_rest
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read
from lrs_bridge.store.load import Known, load_facts
from lrs_bridge.store.people import learner_ids
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.ruleset import Ruleset

#: About how many learners are looked at together.
PART = 50
#: Up to so many statements are kept decoded for the next draft.
KEPT_STATEMENTS = 100_000

#: Told after every part: the report as far as it has come.
Progress = Callable[[BacktestReport], None]


def backtest(
    bridge: Bridge,
    documents: Mapping[str, str],
    *,
    since: timedelta | None = None,
    learners: Collection[str] | None = None,
    now: datetime,
    progress: Progress | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> BacktestReport:
    """What documents would do if they were published: their plans held against those of the rules in force.

    :param since: count only completions that ended so long ago at most; plans see everything.
    :param learners: ids; None: everybody. Ids that are nobody's are passed over.
    :param cancelled: asked between two parts; once it says so, the report is `partial`.
    :raises DocumentError: with all mistakes of the documents. :raises ConfigurationError: no rules are in force.
    """
    tester = Backtester(bridge, now, since=since, learners=learners, keep=False)
    return tester.report(load_texts(documents), progress, cancelled)


@dataclass(frozen=True, slots=True)
class Tested:
    """The rules that drafts are held against, and the number of their version."""

    version: int
    ruleset: Ruleset

    @classmethod
    def now_in_force(cls, bridge: Bridge) -> Tested:
        """Raises ConfigurationError if no rules are published."""
        ruleset = bridge.ruleset()
        with read(bridge.engine) as connection:
            version = rulesets.active(connection)
        if version is None:
            raise ConfigurationError("No rules are in force.", "Run `lrs-bridge rules publish` first.")
        return cls(version.number, ruleset if version.digest == ruleset.digest else load_texts(version.documents))

    def opening(self, bridge: Bridge, trial: Trial, learners: int) -> BacktestReport:
        """The report before anybody was looked at."""
        currency = bridge.settings.organisation.currency
        noise = newly_wanted(bridge, trial.alteration.new_definitions, trial.since)
        return BacktestReport(trial.nobody(), learners, self.version, trial.now, trial.since, currency, noise)


class Backtester:
    """Tries drafts, one after the other, on the same learners at the same moment.

    A draft that adds a rule about an activity id or a name takes no more than a look through the statements. For others
    what was decoded is kept for the next one (with `keep`), if it is not too much; what changed meanwhile is not seen.
    """

    def __init__(
        self,
        bridge: Bridge,
        now: datetime,
        *,
        since: timedelta | None = None,
        learners: Collection[str] | None = None,
        keep: bool = True,
    ) -> None:
        self._bridge = bridge
        self.now = now
        self.since = None if since is None else now - since
        self.tested = Tested.now_in_force(bridge)
        self.parts = _parts(bridge, learners)
        self._organisation = bridge.organisation()
        self._room = KEPT_STATEMENTS if keep else 0
        self._kept: dict[int, Sequence[tuple[Known, Sequence[Seen]]]] = {}

    def line(self, documents: Mapping[str, str]) -> str:
        """The verdict on a draft in one line. Raises DocumentError."""
        return self.report(load_texts(documents)).line

    def report(
        self,
        draft: Ruleset,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> BacktestReport:
        """What a draft would do; see `backtest`."""
        begun = time.monotonic()
        trial = Trial(self.tested.ruleset, draft, self.now, self.since)
        report = self.tested.opening(self._bridge, trial, sum(map(len, self.parts)))
        attempt = Attempt.of(self._bridge, trial, self._organisation)
        for number in range(len(self.parts)):
            if cancelled is not None and cancelled():
                break
            tally = total((report.tally, self._try(attempt, number)))
            report = replace(report, tally=tally, seconds=time.monotonic() - begun)
            if progress is not None:
                progress(report)
        return report

    def _try(self, attempt: Attempt, number: int) -> Tally:
        if attempt.screen is not None or (number not in self._kept and not self._keep(number)):
            return attempt.on(self.parts[number])
        with collector_at_rest():
            return total(try_one(attempt.trial, known, seen) for known, seen in self._kept[number])

    def _keep(self, number: int) -> bool:
        """Decode a part for this draft and those to come, while there is room."""
        if self._room <= 0:
            return False
        with collector_at_rest(), read(self._bridge.engine) as connection:
            loaded = load_facts(connection, self.parts[number], self._organisation).values()
            self._kept[number] = [(each, attempts_under(self.tested.ruleset, each.facts, self.now)) for each in loaded]
        self._room -= sum(len(each.facts.statements) for each in loaded)
        return True


def everybody(bridge: Bridge) -> Sequence[str]:
    """The ids of all learners."""
    with read(bridge.engine) as connection:
        return learner_ids(connection)


def parts_in(learners: int) -> int:
    """In how many parts so many learners are looked at."""
    return -(-learners // PART)


def members_of(learner_ids: Sequence[str], number: int, count: int) -> Sequence[str]:
    """Who of them is in one of so many parts."""
    return [each for each in learner_ids if crc32(each.encode()) % count == number]


def _parts(bridge: Bridge, learners: Collection[str] | None) -> Sequence[Sequence[str]]:
    """Everybody (or some), in parts of which none is empty."""
    them = everybody(bridge)
    wanted = them if learners is None else sorted(set(learners) & set(them))
    count = parts_in(len(wanted))
    return [part for part in (members_of(wanted, number, count) for number in range(count)) if part]
