"""A draft tried on some learners: who can be concerned at all is found out before anything is decoded.

What holds for everybody (catalogue, needs, decisions) is loaded once for a whole backtest.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace

import structlog
from sqlalchemy import Connection

from lrs_bridge.bridge import Bridge
from lrs_bridge.domain.backtesting.screening import Screen
from lrs_bridge.domain.backtesting.tally import Tally, total
from lrs_bridge.domain.backtesting.trial import Trial
from lrs_bridge.domain.facts import Organisation
from lrs_bridge.domain.planning.seeing import Seen
from lrs_bridge.errors import ConfigurationError
from lrs_bridge.jobs.collector import collector_at_rest
from lrs_bridge.store.derived import count_completions
from lrs_bridge.store.engine import read
from lrs_bridge.store.errors import Unreachable
from lrs_bridge.store.load import Known, bodies_of, load_facts

logger = structlog.stdlib.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A trial, with all that it needs besides the learners."""

    bridge: Bridge
    trial: Trial
    organisation: Organisation
    screen: Screen | None

    @classmethod
    def of(cls, bridge: Bridge, trial: Trial, organisation: Organisation | None = None) -> Attempt:
        """With what holds for everybody, loaded if it is not at hand."""
        common = organisation or bridge.organisation()
        return cls(bridge, trial, common, trial.screen(common.catalogue))

    def on(self, learner_ids: Sequence[str]) -> Tally:
        """What the draft would do to some learners.

        Raises ConfigurationError, and Unreachable if the database is gone: then nobody can be tried.
        """
        try:
            with collector_at_rest(), read(self.bridge.engine) as connection:
                concerned, tally = self._screened(connection, learner_ids)
                known = load_facts(connection, concerned, self.organisation)
                return total((tally, *(try_one(self.trial, each) for each in known.values())))
        except (ConfigurationError, Unreachable):
            raise
        except Exception:  # one learner must not stop the others: told in the report
            logger.exception("learners cannot be loaded", learners=len(learner_ids))
            if len(learner_ids) == 1:
                return Tally(learners=1, failed=1)
        return total(self.on([each]) for each in learner_ids)

    def _screened(self, connection: Connection, learner_ids: Sequence[str]) -> tuple[Sequence[str], Tally]:
        """Who is to be looked at, and the tally of the others: nothing moves for them, and they are only counted."""
        if self.screen is None:
            return learner_ids, Tally()
        concerned: set[str] = set()
        statements: defaultdict[str, set[str]] = defaultdict(set)
        for learner_id, own_id, body in bodies_of(connection, learner_ids):
            if learner_id not in concerned:
                statements[learner_id].add(own_id)
                if self.screen.passes(body):
                    concerned.add(learner_id)
        others = [each for each in learner_ids if each not in concerned]
        completions = count_completions(connection, others, self.trial.since)
        tally = Tally(
            learners=len(others),
            statements=sum(len(statements[each]) for each in others),
            completions_before=completions,
            completions_after=completions,
        )
        return sorted(concerned), tally


def try_one(trial: Trial, known: Known, seen: Sequence[Seen] | None = None) -> Tally:
    """A draft tried on one learner; `seen`: the attempts under the rules in force, if they are at hand."""
    try:
        return replace(trial.of(known.facts, seen), unreadable=len(known.unreadable))
    except Exception:  # one learner must not stop the others: counted, and told in the report
        logger.exception("a draft cannot be tried on a learner", learner=known.facts.learner.id)
        return Tally(learners=1, failed=1)
