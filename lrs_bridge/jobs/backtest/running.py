"""A backtest in one process: learners in parts of equal size, drawn by chance, so that the first figures are a sample.

Which part a learner is in follows from the learner's id alone. Each part is loaded in a few queries and then tried.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zlib import crc32

import structlog
from sqlalchemy import select

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.backtesting.tally import Tally, total
from lrs_bridge.domain.backtesting.trial import Trial, attempts_under
from lrs_bridge.domain.facts import Facts
from lrs_bridge.domain.planning.seeing import Seen
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.jobs.backtest.noise import newly_wanted
from lrs_bridge.jobs.backtest.report import BacktestReport
from lrs_bridge.jobs.collector import collector_at_rest
from lrs_bridge.store import rulesets
from lrs_bridge.store.engine import read
from lrs_bridge.store.errors import Unreachable
from lrs_bridge.store.load import Loaded, load
from lrs_bridge.store.tables import LearnerRow
from lrs_bridge_rules.documents.loader import load_texts
from lrs_bridge_rules.ruleset import Ruleset

logger = structlog.stdlib.get_logger(__name__)

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
class _Known:
    """A learner whose statements are decoded and put together already."""

    facts: Facts
    seen: Sequence[Seen]
    unreadable: int


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

    With `keep` what was decoded is kept for the next draft, if it is not too much: then a draft that adds a rule to
    those in force takes a look at each completion, and little more. What changed meanwhile is not seen.
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
        self._keep = keep
        self._known: dict[int, Sequence[_Known]] = {}
        self._kept = 0

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
        for number in range(len(self.parts)):
            if cancelled is not None and cancelled():
                break
            tally = total((report.tally, self._try(trial, number)))
            report = replace(report, tally=tally, seconds=time.monotonic() - begun)
            if progress is not None:
                progress(report)
        return report

    def _try(self, trial: Trial, number: int) -> Tally:
        if not self._keep:
            return try_part(self._bridge, trial, self.parts[number])
        with collector_at_rest():
            if number not in self._known:
                loaded = _load(self._bridge, self.parts[number])
                if not self._room_for(loaded):
                    return _try_all(trial, loaded)
                self._known[number] = list(self._attempts(loaded))
            return total(_guarded(trial, each.facts, each.seen, each.unreadable) for each in self._known[number])

    def _room_for(self, loaded: Sequence[Loaded]) -> bool:
        statements = sum(len(each.facts.statements) for each in loaded)
        if self._kept + statements > KEPT_STATEMENTS:
            return False
        self._kept += statements
        return True

    def _attempts(self, loaded: Sequence[Loaded]) -> Iterator[_Known]:
        for each in loaded:
            seen = attempts_under(self.tested.ruleset, each.facts, self.now)
            yield _Known(each.facts, seen, len(each.unreadable))


def try_part(bridge: Bridge, trial: Trial, learner_ids: Sequence[str]) -> Tally:
    """A draft tried on some learners, who are loaded for that.

    Raises ConfigurationError, and Unreachable if the database is gone: then nobody can be tried.
    """
    with collector_at_rest():
        try:
            return _try_all(trial, _load(bridge, learner_ids))
        except (ConfigurationError, Unreachable):
            raise
        except Exception:  # one learner must not stop the others: told in the report
            logger.exception("learners cannot be loaded", learners=len(learner_ids))
            if len(learner_ids) == 1:
                return Tally(learners=1, failed=1)
    return total(try_part(bridge, trial, [each]) for each in learner_ids)


def _try_all(trial: Trial, loaded: Sequence[Loaded]) -> Tally:
    return total(_guarded(trial, each.facts, None, len(each.unreadable)) for each in loaded)


def _guarded(trial: Trial, facts: Facts, seen: Sequence[Seen] | None, unreadable: int) -> Tally:
    try:
        return replace(trial.of(facts, seen), unreadable=unreadable)
    except Exception:  # one learner must not stop the others: counted, and told in the report
        logger.exception("a draft cannot be tried on a learner", learner=facts.learner.id)
        return Tally(learners=1, failed=1)


def _load(bridge: Bridge, learner_ids: Sequence[str]) -> Sequence[Loaded]:
    with read(bridge.engine) as connection:
        return list(load(connection, learner_ids, bridge.organisation(connection)).values())


def everybody(bridge: Bridge) -> Sequence[str]:
    """The ids of all learners."""
    with read(bridge.engine) as connection:
        return list(connection.execute(select(LearnerRow.id)).scalars())


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
