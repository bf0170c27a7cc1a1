"""The one idea: what the derived state of one learner should be, as a pure function of facts, rules and the moment.

There is no other path to a result. A late or voided statement, a linked identity, a changed rule, an edited contract
or a date that passed all lead here, and the store applies only the difference (docs/decisions/0001).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.facts import Facts, Previous
from lrs_bridge.domain.follow_up import FollowUp
from lrs_bridge.domain.notice import Notice
from lrs_bridge.domain.planning.completing import Scores, complete
from lrs_bridge.domain.planning.context import Context
from lrs_bridge.domain.planning.finding import find_waste
from lrs_bridge.domain.planning.following_up import follow_up
from lrs_bridge.domain.planning.growing import Growth, growth
from lrs_bridge.domain.planning.matching import Evidence, Matched, match
from lrs_bridge.domain.planning.noticing import notices
from lrs_bridge.domain.planning.progressing import GoalProgress, progress
from lrs_bridge.domain.planning.seeing import Seen, see
from lrs_bridge.domain.waste import Finding
from lrs_bridge_rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class Plan:
    """Everything derived about one learner. `wake_at`: when time alone will next change something; None: never."""

    completions: tuple[Completion, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    goals: tuple[GoalProgress, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    findings: tuple[Finding, ...] = ()
    notices: tuple[Notice, ...] = ()
    growth: Growth = field(default_factory=Growth)
    wake_at: datetime | None = None

    def as_previous(self) -> Previous:
        """What the next plan must carry on, once this one is applied."""
        return Previous({each.id: frozenset(each.statements) for each in self.completions}, self.follow_ups)


def plan(facts: Facts, ruleset: Ruleset, now: datetime) -> Plan:
    """Derive everything about one learner.

    :param facts: all that happened and was decided; the order of its tuples does not matter.
    :param now: the moment of planning, aware UTC. Planning again before `wake_at` changes nothing.
    """
    context = Context(facts, ruleset, now)
    return derive(context, see(context))


def derive(context: Context, seen: Sequence[Seen]) -> Plan:
    """All that follows from attempts that were seen and judged: a plan but for its first step."""
    matched = tuple(match(context, each) for each in seen)
    scores = Scores(seen)
    return conclude(context, matched, tuple(complete(context, each, scores) for each in matched))


def conclude(context: Context, matched: Sequence[Matched], completions: tuple[Completion, ...]) -> Plan:
    """All that follows from completions and how each is matched: a plan but for what looks at each of them alone.

    For whoever plans the same facts under several rulesets, and does once what is the same.
    """
    evidence = tuple(item for each in matched for item in each.evidence)
    tasks = follow_up(context, matched)
    goals = progress(context, completions, evidence, tasks)
    findings = find_waste(context, matched, completions, tasks, goals)
    grown = growth(context, completions, evidence)
    told = notices(context, completions, tasks, grown)
    return Plan(completions, evidence, goals, tasks, findings, told, grown, _wake_at(context))


def _wake_at(context: Context) -> datetime | None:
    """The horizon's next moment, or that at which an exception of a rule ends."""
    moments = (context.horizon.wake_at, context.ruleset.next_change(context.horizon.now))
    return min((moment for moment in moments if moment is not None), default=None)
