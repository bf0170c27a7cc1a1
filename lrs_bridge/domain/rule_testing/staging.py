"""The facts that a case tells: who the learner is, what was agreed, what the catalogue knows, which statements came.

First step of a case: its short words become the very facts that the store loads for a real learner.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import msgspec

from lrs_bridge.domain.activity import Catalogue, CatalogueActivity, ProviderKind
from lrs_bridge.domain.agenda import Need, Scope, ScopeKind, Want
from lrs_bridge.domain.contract import (
    Contract,
    ContractKind,
    Goal,
    Measure,
    Method,
    Revision,
    Role,
    Signature,
    Support,
    WantedBy,
)
from lrs_bridge.domain.facts import Facts, Organisation, StatementFact
from lrs_bridge.domain.learner import Learner
from lrs_bridge_rules.documents.case_model import CatalogueModel, ContractModel, GoalModel, NeedModel, ShortStatement
from lrs_bridge_rules.documents.test_model import TestModel
from lrs_bridge_rules.expansion import beginning_of, expand_all, moment_of
from lrs_bridge_rules.statements.statement import decode_statement

LEARNER = "learner"
MANAGER = "manager"
SOURCE = "test"


@dataclass(frozen=True, slots=True)
class Stage:
    """A case as facts, and the moments at which somebody would have looked: when each statement came, and now."""

    facts: Facts
    beginning: datetime
    now: datetime

    @property
    def moments(self) -> tuple[datetime, ...]:
        came = {fact.statement.at for fact in self.facts.statements}
        return (*sorted(moment for moment in came if moment < self.now), self.now)

    @property
    def titles(self) -> dict[str, str]:
        """The titles of all goals, by their ids."""
        revisions = (revision for contract in self.facts.contracts for revision in contract.revisions)
        return {goal.id: goal.title for revision in revisions for goal in revision.goals}

    def known_at(self, moment: datetime) -> Facts:
        """What was known at a moment; now, everything is: servers also send what lies in the future."""
        if moment == self.now:
            return self.facts
        known = tuple(fact for fact in self.facts.statements if fact.statement.at <= moment)
        return replace(self.facts, statements=known, voided=_voided(known))


def statements_of(shorts: Sequence[ShortStatement]) -> tuple[StatementFact, ...]:
    """The statements of a case, decoded as if a server had sent them. Raises StatementError."""
    decoded = [
        (short, decode_statement(msgspec.json.encode(body)))
        for short, body in zip(shorts, expand_all(shorts), strict=True)
    ]
    return tuple(
        StatementFact(each.id or "", short.source or SOURCE, each, short.source_kind or "") for short, each in decoded
    )


def stage(case: TestModel, statements: tuple[StatementFact, ...], own_activity: str) -> Stage:
    """The facts of a case. `own_activity` is what the catalogue's entry is about that names no id."""
    beginning = beginning_of(case.statements)
    last = max((fact.statement.at for fact in statements), default=beginning)
    facts = Facts(
        learner=_learner(case, beginning),
        organisation=Organisation(_catalogue(case, own_activity), tuple(map(_need, case.needs))),
        statements=statements,
        voided=_voided(statements),
        contracts=tuple(_contract(model, number, beginning) for number, model in enumerate(case.contract, start=1)),
        wants=tuple(Want(each.competency, each.amount) for each in case.wants),
    )
    return Stage(facts, beginning, last if case.now is None else moment_of(case.now, beginning))


def _voided(statements: Sequence[StatementFact]) -> frozenset[str]:
    targets = (fact.statement.voids for fact in statements)
    return frozenset(target for target in targets if target is not None)


def _learner(case: TestModel, beginning: datetime) -> Learner:
    model = case.learner
    return Learner(
        id=LEARNER,
        manager_id=MANAGER,
        unit=model.unit or case.unit,
        job=model.job or case.job,
        hired_on=_day(model.hired_on, beginning),
        job_since=_day(model.job_since, beginning),
        hourly_rate=_hundredths(model.hourly_rate),
    )


def _catalogue(case: TestModel, own_activity: str) -> Catalogue:
    in_short = CatalogueModel(provider=case.provider, mandated_by="somebody" if case.mandated else "")
    entries = case.catalogue or ([in_short] if case.provider or case.mandated else [])
    return Catalogue.of(_activity(entry, own_activity) for entry in entries)


def _activity(model: CatalogueModel, own_activity: str) -> CatalogueActivity:
    return CatalogueActivity(
        id=model.id or own_activity,
        name=model.name,
        provider=model.provider,
        provider_kind=ProviderKind(model.provider_kind) if model.provider_kind is not None else None,
        fee=_hundredths(model.fee),
        hours=model.hours,
        competencies=frozenset(model.competencies),
        aliases=frozenset(model.aliases),
        mandated_by=model.mandated_by,
        valid_for=model.valid_for,
        pre_test=model.pre_test,
        post_test=model.post_test,
    )


def _need(model: NeedModel) -> Need:
    kind = ScopeKind.UNIT if model.unit else ScopeKind.JOB if model.job else ScopeKind.EVERYONE
    scope = Scope(kind, model.unit or model.job)
    return Need(f"need {model.competency}", model.competency, "initiative", scope)


def _contract(model: ContractModel, number: int, beginning: datetime) -> Contract:
    at = moment_of(model.signed, beginning) if isinstance(model.signed, datetime | timedelta) else None
    sides = ((Role.LEARNER, LEARNER), (Role.MANAGER, MANAGER))
    revision = Revision(
        number=1,
        starts_on=moment_of(model.from_, beginning).date(),
        ends_on=moment_of(model.until, beginning).date(),
        goals=tuple(
            _goal(goal, f"goal {number}.{place}", beginning) for place, goal in enumerate(model.goals, start=1)
        ),
        signatures=tuple(Signature(role, by, at) for role, by in sides) if at is not None else (),
    )
    kind = ContractKind.EXPERIENCE if model.opportunity else ContractKind.STRATEGIC
    return Contract(f"contract {number}", kind, LEARNER, MANAGER, (revision,), opportunity=model.opportunity)


def _goal(model: GoalModel, own_id: str, beginning: datetime) -> Goal:
    return Goal(
        id=own_id,
        title=model.title,
        competencies=frozenset(model.competencies),
        method=Method(model.method),
        activities=frozenset(model.activities),
        measure=_measure(model, beginning),
        supports=tuple(
            Support(
                id=f"{own_id} support {place}",
                what=each.what,
                needed_by=_day(each.needed_by, beginning),
                ready_at=moment_of(each.ready, beginning) if each.ready is not None else None,
            )
            for place, each in enumerate(model.supports, start=1)
        ),
        wanted_by=WantedBy(model.wanted_by),
        follow_ups=tuple(model.follow_ups),
        required=model.required,
    )


def _measure(model: GoalModel, beginning: datetime) -> Measure | None:
    given = model.measure
    if given is None:
        return None
    return Measure(given.metric, given.unit, given.baseline, given.target, _day(given.by, beginning))


def _day(given: datetime | timedelta | None, beginning: datetime) -> date | None:
    return moment_of(given, beginning).date() if given is not None else None


def _hundredths(amount: float) -> int:
    return round(amount * 100)
