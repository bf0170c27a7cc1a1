"""Second step: which goals does an attempt evidence, and how does it stand?

Manual decisions stand above the rules; the rules and the catalogue say which competencies and activities an attempt
is about; the goals of the contracts in force when it ended say whether anybody had agreed on that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from lrs_bridge.domain.completion import Standing
from lrs_bridge.domain.contract import Goal
from lrs_bridge.domain.facts import DecisionKind
from lrs_bridge.domain.planning.context import AgreedGoal, Context
from lrs_bridge.domain.planning.seeing import Seen
from lrs_bridge_rules.completions.outcome import Outcome
from lrs_bridge_rules.verdict import EvidenceSpec, Match

BY_CATALOGUE = "catalogue"
BY_CONTRACT = "contract"
BY_DECISION = "decision"
BY_ATTESTATION = "attestation"


@dataclass(frozen=True, slots=True)
class Evidence:
    """That a completion counts for a goal, with which weight, and by which rules (or other grounds)."""

    completion_id: str
    goal_id: str
    contract_id: str
    weight: float
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Matched:
    """An attempt with its standing, the competencies it is about, and the goals that take it as evidence."""

    seen: Seen
    standing: Standing
    competencies: frozenset[str] = frozenset()
    goals: tuple[AgreedGoal, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    follow_ups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    excluded_because: str = ""
    known: bool = False
    any_contract: bool = False


@dataclass(slots=True)
class _Claim:
    """What speaks for one goal while matches are gathered."""

    goal: AgreedGoal
    weight: float = 0.0
    by: list[str] = field(default_factory=list)
    follow_ups: list[str] = field(default_factory=list)

    def add(self, by: str, weight: float = 1.0, follow_ups: Iterable[str] = ()) -> None:
        self.weight = max(self.weight, weight)
        self.by.append(by)
        self.follow_ups.extend(follow_ups)


def match(context: Context, seen: Seen) -> Matched:
    """How one attempt stands towards the rules and the contracts."""
    exclusion = exclusion_of(context, seen)
    if exclusion is not None and exclusion.reason:
        standing = Standing.EXCLUDED if seen.finished else Standing.NOT_COMPLETED
        return Matched(seen, standing, excluded_because=exclusion.reason)
    in_force = context.goals_in_force(seen.ended_at)
    about = competencies_of(context, seen)
    claims = _claims(context, seen, in_force, about)
    known = bool(seen.verdict.matches or about or seen.catalogue is not None or claims)
    taken = tuple(claim for claim in claims.values() if seen.finished)
    return Matched(
        seen=seen,
        standing=_standing(seen, known=known, matched=bool(taken)),
        competencies=about.union(*(claim.goal.goal.competencies for claim in claims.values())),
        goals=tuple(claim.goal for claim in claims.values()),
        evidence=tuple(_evidence(seen, claim) for claim in taken),
        follow_ups={claim.goal.goal.id: _templates(context, claim) for claim in taken},
        known=known,
        any_contract=context.under_contract(seen.ended_at),
    )


def _standing(seen: Seen, *, known: bool, matched: bool) -> Standing:
    if not seen.finished:
        return Standing.NOT_COMPLETED
    if matched:
        return Standing.MATCHED
    return Standing.OFF_CONTRACT if known else Standing.UNMATCHED


@dataclass(frozen=True, slots=True)
class Exclusion:
    """Why an attempt does not count, and by what: a rule's id, `decision`, or `catalogue` (a test of a training)."""

    by: str
    reason: str


def exclusion_of(context: Context, seen: Seen) -> Exclusion | None:
    """Why an attempt does not count: by hand, as the test of a training, or by a rule; None where it does."""
    decided = context.decided(DecisionKind.EXCLUDE, seen.id, *seen.subject.activity_ids)
    if decided:
        return Exclusion(BY_DECISION, decided[0].reason)
    if seen.test_of is not None:
        return Exclusion(BY_CATALOGUE, f"a test of “{seen.test_of.name}”")
    found = seen.verdict.exclusion
    return Exclusion(found.rule, found.reason) if found is not None else None


def competencies_of(context: Context, seen: Seen) -> frozenset[str]:
    """What an attempt is about, by the rules, the catalogue and decisions, whatever any goal asks for."""
    return frozenset(competency for competency, _ in grounds_of(context, seen))


def grounds_of(context: Context, seen: Seen) -> Iterator[tuple[str, str]]:
    """The competencies that an attempt is about, each with what says so: a rule's id, `catalogue` or `decision`."""
    for found in seen.verdict.matches:
        yield from ((spec.competency, found.rule) for spec in found.evidence if spec.competency)
    for decision in context.decided(DecisionKind.MAP_ACTIVITY, *seen.subject.activity_ids):
        if decision.object:
            yield decision.object, BY_DECISION
    for competency in seen.catalogue.competencies if seen.catalogue is not None else ():
        if competency:
            yield competency, BY_CATALOGUE


def _claims(
    context: Context, seen: Seen, in_force: Iterable[AgreedGoal], about: frozenset[str]
) -> Mapping[str, _Claim]:
    """What speaks for which goal, by goal id."""
    claims = {agreed.goal.id: _Claim(agreed) for agreed in in_force}
    ids = frozenset(seen.subject.activity_ids)
    for claim in claims.values():
        _gather(claim, seen, ids, about)
    for agreed in _linked(context, seen):
        claims.setdefault(agreed.goal.id, _Claim(agreed)).add(BY_DECISION)
    return {goal_id: claim for goal_id, claim in claims.items() if claim.by}


def _linked(context: Context, seen: Seen) -> Iterator[AgreedGoal]:
    """The goals that somebody linked it to by hand, also where the contract was signed only after the training."""
    linked = {each.object for each in context.decided(DecisionKind.LINK_TO_GOAL, seen.id)}
    for agreed in context.agreed_goals if linked else ():
        if agreed.goal.id in linked and not context.dropped(agreed.goal.id, seen.ended_at):
            yield agreed


def _gather(claim: _Claim, seen: Seen, ids: frozenset[str], about: frozenset[str]) -> None:
    """What speaks for one goal: a manager's word, rules, the contract's own activities, else the catalogue."""
    goal = claim.goal.goal
    if seen.attestation is not None:
        if seen.attestation.goal_id == goal.id:
            claim.add(BY_ATTESTATION)
        return
    for found in seen.verdict.matches:
        _claim_by_rule(claim, found, goal, ids)
    if ids & goal.activities or claim.goal.contract.opportunity in ids:
        claim.add(BY_CONTRACT, follow_ups=_general_follow_ups(seen))
    if goal.competencies & about and not claim.by:
        claim.add(BY_CATALOGUE)


def _claim_by_rule(claim: _Claim, found: Match, goal: Goal, ids: frozenset[str]) -> None:
    weights = [spec.weight for spec in found.evidence if _asks_for(goal, spec, ids)]
    if weights:
        claim.add(found.rule, max(weights), found.follow_ups)


def _asks_for(goal: Goal, spec: EvidenceSpec, ids: frozenset[str]) -> bool:
    """Whether a goal asks for what a rule says that the completion shows."""
    if spec.competency is not None:
        return spec.competency in goal.competencies
    if spec.activity is not None:
        return spec.activity in goal.activities or (spec.activity in ids and bool(ids & goal.activities))
    return spec.goal == goal.title


def _general_follow_ups(seen: Seen) -> tuple[str, ...]:
    """The follow-ups that rules name for this activity, whatever goal takes it."""
    return tuple(each for found in seen.verdict.matches for each in found.follow_ups)


def _templates(context: Context, claim: _Claim) -> tuple[str, ...]:
    """The goal's own follow-ups, else the rules', else the organisation's default."""
    named = claim.goal.goal.follow_ups or tuple(claim.follow_ups) or context.ruleset.follow_ups_default
    return tuple(each for each in dict.fromkeys(named) if each in context.ruleset.follow_ups)


def _evidence(seen: Seen, claim: _Claim) -> Evidence:
    return Evidence(
        completion_id=seen.id,
        goal_id=claim.goal.goal.id,
        contract_id=claim.goal.contract.id,
        weight=claim.weight,
        by=tuple(dict.fromkeys(claim.by)),
    )


def opens_tasks(matched: Matched) -> bool:
    """Whether application tasks follow: not where the training was waived, for then there is nothing to take home."""
    return bool(matched.evidence) and matched.seen.conclusion.outcome is not Outcome.WAIVED
