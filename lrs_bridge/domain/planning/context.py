"""What every step of a plan works with: the facts, the ruleset, the horizon, and look-ups made once."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from lrs_bridge.domain.contract import Contract, Goal, GoalAct, GoalActKind, Revision
from lrs_bridge.domain.facts import Decision, DecisionKind, Facts
from lrs_bridge.domain.follow_up import FollowUpAct
from lrs_bridge.domain.horizon import Horizon
from lrs_bridge.domain.moments import end_of, start_of
from lrs_bridge_rules.ruleset import Ruleset


@dataclass(frozen=True, slots=True)
class AgreedGoal:
    """A goal with the contract that it stands in."""

    contract: Contract
    goal: Goal


class Context:
    """One planning run. Everything in it is read only, but for the memory of moments that were asked about."""

    def __init__(self, facts: Facts, ruleset: Ruleset, now: datetime) -> None:
        self.facts = facts
        self.ruleset = ruleset
        self.horizon = Horizon(now)
        self.goal_acts = _by_goal(facts.goal_acts)
        self.follow_up_acts = _by_follow_up(facts.follow_up_acts)
        self.decisions = _by_kind(facts)
        self._contracts = sorted(facts.contracts, key=lambda contract: contract.id)
        self._in_force_at: dict[datetime, tuple[tuple[Contract, Revision], ...]] = {}
        self.agreed_goals = tuple(self._agreed_goals())
        self.given_up = frozenset(self._given_up())

    def day_of(self, moment: datetime) -> date:
        return self.facts.organisation.day_of(moment)

    def goals_in_force(self, at: datetime) -> tuple[AgreedGoal, ...]:
        """The goals of all contracts in force at that moment, without those dropped by then."""
        return tuple(
            AgreedGoal(contract, goal)
            for contract, revision in self._in_force(at)
            for goal in revision.goals
            if not self.dropped(goal.id, at)
        )

    def _in_force(self, at: datetime) -> tuple[tuple[Contract, Revision], ...]:
        """The contracts in force at that moment; remembered, as each attempt asks twice about its end."""
        found = self._in_force_at.get(at)
        if found is None:
            day = self.day_of(at)
            pairs = ((contract, contract.in_force(at, day)) for contract in self._contracts)
            found = tuple((contract, revision) for contract, revision in pairs if revision is not None)
            self._in_force_at[at] = found
        return found

    def _agreed_goals(self) -> Iterator[AgreedGoal]:
        """The goals of each contract as both sides signed them last; where nothing is signed yet there are none."""
        for contract in self._contracts:
            agreed = [
                revision
                for revision in contract.revisions
                if revision.signed_at is not None and self.horizon.passed(revision.signed_at)
            ]
            latest = max(agreed, key=lambda revision: revision.number, default=None)
            yield from (AgreedGoal(contract, goal) for goal in (latest.goals if latest is not None else ()))

    def _given_up(self) -> Iterator[str]:
        """The goals that were dropped by now, by themselves or with their contract."""
        for contract in self.facts.contracts:
            withdrawn = contract.withdrawn_at is not None and self.horizon.passed(contract.withdrawn_at)
            for goal_id in contract.goal_ids:
                acts = self.goal_acts.get(goal_id, ())
                if withdrawn or any(act.kind is GoalActKind.DROPPED and self.horizon.passed(act.at) for act in acts):
                    yield goal_id

    def under_contract(self, at: datetime) -> bool:
        """Whether any contract was in force at that moment, even one whose goals had all been dropped."""
        return bool(self._in_force(at))

    def goals_now(self) -> tuple[AgreedGoal, ...]:
        """The goals in force at the moment of planning; the horizon learns when that will change."""
        for contract in self.facts.contracts:
            for moment in self._turning_points(contract):
                self.horizon.passed(moment)
        return self.goals_in_force(self.horizon.now)

    def _turning_points(self, contract: Contract) -> Iterator[datetime]:
        if contract.withdrawn_at is not None:
            yield contract.withdrawn_at
        for revision in contract.revisions:
            if revision.signed_at is not None:
                yield revision.signed_at
                yield self.start_of(revision.starts_on)
                yield self.end_of(revision.ends_on)
        yield from (act.at for goal in contract.goal_ids for act in self.goal_acts.get(goal, ()))

    def start_of(self, day: date) -> datetime:
        """The first moment of a day where the organisation is, in UTC."""
        return start_of(day, self.facts.organisation.time_zone)

    def end_of(self, day: date) -> datetime:
        """The first moment after a day where the organisation is, in UTC."""
        return end_of(day, self.facts.organisation.time_zone)

    def dropped(self, goal_id: str, at: datetime) -> bool:
        """Whether somebody had dropped the goal by that moment."""
        return any(act.kind is GoalActKind.DROPPED and act.at <= at for act in self.goal_acts.get(goal_id, ()))

    def decided(self, kind: DecisionKind, *subjects: str) -> tuple[Decision, ...]:
        """The decisions of a kind about any of these subjects, the earliest first."""
        by_subject = self.decisions.get(kind)
        if by_subject is None:  # nearly always
            return ()
        return tuple(decision for subject in dict.fromkeys(subjects) for decision in by_subject.get(subject, ()))


def _by_goal(acts: tuple[GoalAct, ...]) -> Mapping[str, tuple[GoalAct, ...]]:
    grouped: dict[str, list[GoalAct]] = defaultdict(list)
    for act in sorted(acts, key=lambda act: (act.at, act.kind)):
        grouped[act.goal_id].append(act)
    return {goal: tuple(each) for goal, each in grouped.items()}


def _by_follow_up(acts: tuple[FollowUpAct, ...]) -> Mapping[str, tuple[FollowUpAct, ...]]:
    grouped: dict[str, list[FollowUpAct]] = defaultdict(list)
    for act in acts:
        grouped[act.follow_up_id].append(act)
    return {follow_up: tuple(each) for follow_up, each in grouped.items()}


def _by_kind(facts: Facts) -> Mapping[DecisionKind, Mapping[str, tuple[Decision, ...]]]:
    grouped: dict[DecisionKind, dict[str, tuple[Decision, ...]]] = {}
    everything = (*facts.organisation.decisions, *facts.decisions)
    for decision in sorted(everything, key=lambda decision: (decision.at, decision.id)):
        of_kind = grouped.setdefault(decision.kind, {})
        of_kind[decision.subject] = (*of_kind.get(decision.subject, ()), decision)
    return grouped
