"""A person becomes a ghost: the same facts without the person, from which `plan` derives the same results. Pure.

Ids are replaced by random ones, one for each, in the same order, so that nothing that is kept elsewhere can be joined
to them and yet every tie is decided as before. Texts that people wrote are cleared. What else is known of the person
(job, rate, …) is dropped where the results do not depend on it: `_least` tries that out.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import uuid4

import msgspec

from lrs_bridge.domain.completion import Completion
from lrs_bridge.domain.contract import Attestation, Contract, Goal, GoalAct, Measure, Revision, Role, Signature, Support
from lrs_bridge.domain.facts import Decision, Facts, Previous, StatementFact
from lrs_bridge.domain.follow_up import FollowUp, FollowUpAct, follow_up_id
from lrs_bridge.domain.ghost_statement import HOME_PAGE, Path, reduced, sayings_in
from lrs_bridge.domain.learner import Learner
from lrs_bridge.domain.plan import Plan, plan
from lrs_bridge.domain.planning.seeing import ATTESTED_ACTIVITY
from lrs_bridge.domain.waste import WasteReason, finding_id
from lrs_bridge_rules.ruleset import Ruleset
from lrs_bridge_rules.statements.statement import decode_statement

#: What stands where a text cannot be left empty.
CLEARED: Final = "[erased]"


#: What of a person results may depend on: one of these, or a place in statements.
JOB, RATE, TENURE = ("job",), ("hourly rate",), ("time in the job",)


def ghost_ifi(ghost_id: str) -> str:
    """The canonical identifier under which a ghost's statements are found."""
    return f"account:{HOME_PAGE}|{ghost_id}"


class Names:
    """New ids for old ones. All ids of one kind are given together, so that the new ones keep their order."""

    def __init__(self) -> None:
        self.new: dict[str, str] = {}

    def add(self, old: Iterable[str]) -> None:
        """Give each a random id (UUID)."""
        unnamed = sorted({each for each in old if each not in self.new})
        fresh = sorted(str(uuid4()) for _ in unnamed)
        self.new.update(zip(unnamed, fresh, strict=True))

    def of(self, old: str) -> str:
        """The new id; what was given none keeps its own (an activity's, a competency's)."""
        return self.new.get(old, old)

    def each(self, old: Iterable[str]) -> tuple[str, ...]:
        return tuple(self.of(one) for one in old)


@dataclass(frozen=True, slots=True)
class Ghost:
    """What is left of a person: facts, the plan that follows from them, and which old id became which new one.

    `kept` is what results depend on and is kept for that; `same` is false where some could not be kept all the same.
    """

    facts: Facts
    plan: Plan
    names: Names
    kept: frozenset[Path]
    same: bool


def become_ghost(facts: Facts, ruleset: Ruleset, ghost_id: str, now: datetime) -> Ghost:
    """Reduce a person's facts as far as the results allow.

    :param now: the moment of planning, aware UTC; the ghost's plan is that of this moment.
    """
    before = plan(facts, ruleset, now)
    names = names_for(facts, before)
    maker = _Maker(facts, before, ruleset, names, ghost_id)
    everything = frozenset({JOB, RATE, TENURE}).union(*(sayings_in(each.statement) for each in facts.statements))

    def results(kept: frozenset[Path]) -> object:
        return essence(plan(maker.facts(kept), ruleset, now))

    wanted = results(everything)
    kept = _least(everything, lambda some: results(some) == wanted)
    reduced_facts = maker.facts(kept)
    return Ghost(reduced_facts, plan(reduced_facts, ruleset, now), names, kept, essence(before, names) == wanted)


def _least(everything: frozenset[Path], enough: Callable[[frozenset[Path]], bool]) -> frozenset[Path]:
    """A part of what could be kept that is enough, and of which nothing can be left out: usually nothing at all."""
    kept = frozenset[Path]() if enough(frozenset()) else everything
    for each in sorted(kept):
        if enough(kept - {each}):
            kept -= {each}
    return kept


def names_for(facts: Facts, before: Plan) -> Names:
    """A new id for everything of a person that has one."""
    names = Names()
    goals = [goal for contract in facts.contracts for revision in contract.revisions for goal in revision.goals]
    names.add(fact.id for fact in facts.statements)
    names.add(each for each in map(_registration, facts.statements) if each is not None)
    names.add(contract.id for contract in facts.contracts)
    names.add(goal.id for goal in goals)
    names.add(act.goal_id for act in facts.goal_acts)
    names.add(support.id for goal in goals for support in goal.supports)
    names.add(act.id for act in facts.follow_up_acts)
    names.add(decision.id for decision in facts.decisions)
    names.add((*(each.id for each in before.completions), *(each.id for each in facts.attestations)))
    _add_what_follows(names, before)
    return names


def _registration(fact: StatementFact) -> str | None:
    return None if fact.statement.context is None else fact.statement.context.registration


def _add_what_follows(names: Names, before: Plan) -> None:
    """Ids of tasks and findings follow from those of completions and goals; those of attested activities as well."""
    for task in before.follow_ups:
        names.new[task.id] = follow_up_id(names.of(task.completion_id), task.template)
    subjects = {each.id for each in before.completions} | {each.goal_id for each in before.goals}
    for subject in sorted(subjects):
        for reason in WasteReason:
            names.new[finding_id(reason, subject)] = finding_id(reason, names.of(subject))
    for each in before.completions:
        if each.attested:
            names.new[each.activity_id] = f"{ATTESTED_ACTIVITY}{names.of(each.id)}"


def essence(found: Plan, names: Names | None = None) -> object:
    """What of a plan is counted, with new ids if `names` are given: all but texts, and whom to ask about it."""
    own = names or Names()
    return (
        {own.of(each.id): _counted(each, own) for each in found.completions},
        {(own.of(e.completion_id), own.of(e.goal_id), own.of(e.contract_id), e.weight, e.by) for e in found.evidence},
        {own.of(each.goal_id): (each.state, each.since, each.learned, each.measured) for each in found.goals},
        {own.of(each.id): _task_counted(each, own) for each in found.follow_ups},
        {
            own.of(each.id): (each.status, each.since, each.hours, each.money, each.counted, each.provider)
            for each in found.findings
        },
        found.growth,
    )


def _counted(completion: Completion, names: Names) -> Completion:
    return replace(
        completion,
        id=names.of(completion.id),
        activity_id=names.of(completion.activity_id),
        activity_name="",
        statements=tuple(sorted(names.each(completion.statements))),
        excluded_because=CLEARED if completion.excluded_because else "",
    )


def _task_counted(task: FollowUp, names: Names) -> FollowUp:
    goals = tuple(sorted(names.each(task.goals)))
    completion_id = names.of(task.completion_id)
    return replace(task, id=names.of(task.id), completion_id=completion_id, goals=goals, title="")


@dataclass(frozen=True, slots=True)
class _Maker:
    """Makes a ghost's facts out of a person's."""

    before: Facts
    planned: Plan
    ruleset: Ruleset
    names: Names
    ghost_id: str

    def facts(self, kept: Collection[Path]) -> Facts:
        """The facts with these traits only."""
        before = self.before
        counting = [fact for fact in before.statements if fact.id not in before.voided and not fact.statement.voids]
        return Facts(
            learner=self._learner(before.learner, kept),
            organisation=before.organisation,
            statements=tuple(self._statement(fact, kept) for fact in counting),
            contracts=tuple(self._contract(each) for each in before.contracts),
            wants=before.wants,
            attestations=tuple(self._attestation(each) for each in before.attestations),
            decisions=tuple(self._decision(each) for each in before.decisions),
            follow_up_acts=tuple(self._follow_up_act(each) for each in before.follow_up_acts),
            goal_acts=tuple(self._goal_act(each) for each in before.goal_acts),
            previous=Previous(
                {self.names.of(c.id): frozenset(self.names.each(c.statements)) for c in self.planned.completions},
                tuple(self._task(each) for each in self.planned.follow_ups),
            ),
        )

    def _learner(self, learner: Learner, kept: Collection[Path]) -> Learner:
        """The unit stays: results are told by it. Who led the person goes."""
        tenure = TENURE in kept
        return Learner(
            id=self.ghost_id,
            name=self.ghost_id,
            unit=learner.unit,
            job=learner.job if JOB in kept else "",
            hired_on=learner.hired_on if tenure else None,
            job_since=learner.job_since if tenure else None,
            hourly_rate=learner.hourly_rate if RATE in kept else None,
        )

    def _by(self, person: str) -> str:
        """Own acts are the ghost's; who else acted on the person's things is nobody's business any more."""
        return self.ghost_id if person == self.before.learner.id else ""

    def _statement(self, fact: StatementFact, kept: Collection[Path]) -> StatementFact:
        own_id = self.names.of(fact.id)
        said = reduced(fact.statement, own_id, self.ghost_id, self.names.of, sayings_in(fact.statement) & set(kept))
        return replace(fact, id=own_id, statement=decode_statement(msgspec.json.encode(said)))

    def _contract(self, contract: Contract) -> Contract:
        return replace(
            contract,
            id=self.names.of(contract.id),
            learner_id=self.ghost_id,
            manager_id=None,
            title="",
            revisions=tuple(self._revision(each) for each in contract.revisions),
        )

    def _revision(self, revision: Revision) -> Revision:
        signatures = tuple(
            Signature(each.role, self.ghost_id if each.role is Role.LEARNER else "", each.at)
            for each in revision.signatures
        )
        goals = tuple(self._goal(each) for each in revision.goals)
        return replace(revision, goals=goals, responsibilities="", link="", signatures=signatures)

    def _goal(self, goal: Goal) -> Goal:
        measure = goal.measure and Measure("", "", goal.measure.baseline, goal.measure.target, goal.measure.by)
        return replace(
            goal,
            id=self.names.of(goal.id),
            title=goal.title if goal.title in _titles_in(self.ruleset) else CLEARED,
            application="",
            measure=measure,
            supports=tuple(self._support(each) for each in goal.supports),
            ambition="",
            beyond="",
            serves=self.names.each(goal.serves),
        )

    def _support(self, support: Support) -> Support:
        return replace(support, id=self.names.of(support.id), what=CLEARED, provider_id=None)

    def _attestation(self, attestation: Attestation) -> Attestation:
        return replace(
            attestation,
            id=self.names.of(attestation.id),
            goal_id=self.names.of(attestation.goal_id),
            title=CLEARED,
            by=self._by(attestation.by),
        )

    def _decision(self, decision: Decision) -> Decision:
        return replace(
            decision,
            id=self.names.of(decision.id),
            subject=self.names.of(decision.subject),
            object=self.names.of(decision.object),
            reason=CLEARED,
            by=self._by(decision.by),
        )

    def _follow_up_act(self, act: FollowUpAct) -> FollowUpAct:
        own_id, task = self.names.of(act.id), self.names.of(act.follow_up_id)
        return replace(act, id=own_id, follow_up_id=task, by=self._by(act.by), text="")

    def _goal_act(self, act: GoalAct) -> GoalAct:
        return replace(act, goal_id=self.names.of(act.goal_id), by=self._by(act.by), reason="")

    def _task(self, task: FollowUp) -> FollowUp:
        return replace(
            task,
            id=self.names.of(task.id),
            completion_id=self.names.of(task.completion_id),
            goals=self.names.each(task.goals),
            title=CLEARED,
        )


def _titles_in(ruleset: Ruleset) -> frozenset[str]:
    """The goal titles that rules name: they are the organisation's words, and results depend on them."""
    return frozenset(spec.goal for rule in ruleset.rules for spec in rule.evidence if spec.goal)
