"""First step: statements become attempts, each with its id, what the catalogue knows, and what the rules say."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from lrs_bridge.domain.activity import CatalogueActivity
from lrs_bridge.domain.completion import Attempt, attempts_of, carry_ids
from lrs_bridge.domain.contract import Attestation
from lrs_bridge.domain.facts import DecisionKind
from lrs_bridge.domain.planning.context import Context
from lrs_bridge.domain.waste import WasteReason, finding_id
from lrs_bridge_rules.completions.attempt import Conclusion
from lrs_bridge_rules.completions.outcome import FINISHED, Outcome
from lrs_bridge_rules.completions.reading import Activity, Reading
from lrs_bridge_rules.completions.subject import Subject, subject_of
from lrs_bridge_rules.verdict import Verdict

ATTESTED_ACTIVITY = "urn:lrs-bridge:attested:"


@dataclass(frozen=True, slots=True)
class Seen:
    """One attempt as seen: by statements, or attested by a manager (then for one goal, and without statements)."""

    id: str
    activity: Activity
    conclusion: Conclusion
    subject: Subject
    verdict: Verdict
    statements: tuple[str, ...]
    last_at: datetime
    catalogue: CatalogueActivity | None = None
    test_of: CatalogueActivity | None = None
    attestation: Attestation | None = None

    @property
    def finished(self) -> bool:
        return self.conclusion.outcome in FINISHED

    @property
    def ended_at(self) -> datetime:
        """When it ended; for one that has not, when it was last heard of."""
        return self.conclusion.ended_at or self.last_at

    @property
    def mandated(self) -> bool:
        return self.catalogue is not None and self.catalogue.mandated


def readings_of(context: Context) -> tuple[Reading, ...]:
    """What the completion definitions make of the statements that count: not voided, and no voiders themselves."""
    facts, ruleset = context.facts, context.ruleset
    counting = {fact.id: fact for fact in facts.statements if fact.id not in facts.voided}
    organisation = facts.organisation
    readings = (
        ruleset.read_told(organisation.told(fact), statement_id=fact.id, locale=organisation.locale)
        for fact in counting.values()
        if fact.statement.voids is None
    )
    return tuple(reading for reading in readings if reading is not None)


def see(context: Context) -> tuple[Seen, ...]:
    """All attempts of the learner, in order of their end."""
    attempts = attempts_of(readings_of(context), context.facts.organisation.catalogue)
    ids = carry_ids(attempts, context.facts.previous.completions, _ties(context))
    seen = [_seen(context, attempt, own_id) for attempt, own_id in zip(attempts, ids, strict=True)]
    seen += [_attested(attestation) for attestation in context.facts.attestations]
    return tuple(sorted(seen, key=lambda each: (each.ended_at, each.activity.id, each.statements, each.id)))


#: What people did weighs more than any number of tasks that nobody has touched yet.
_BY_HAND = 1000


def _ties(context: Context) -> Counter[str]:
    """How much hangs on the id of each known completion: its tasks, what was done about them, what was decided."""
    facts = context.facts
    ties: Counter[str] = Counter()
    for task in facts.previous.follow_ups:
        ties[task.completion_id] += _BY_HAND if task.id in context.follow_up_acts else 1
    for kind in (DecisionKind.LINK_TO_GOAL, DecisionKind.EXCLUDE):
        ties.update(
            {known: _BY_HAND for known in context.decisions.get(kind, {}) if known in facts.previous.completions}
        )
    accepted = context.decisions.get(DecisionKind.ACCEPT_FINDING, {})
    for known in facts.previous.completions if accepted else ():
        ties[known] += _BY_HAND * sum(finding_id(reason, known) in accepted for reason in WasteReason)
    return ties


def _seen(context: Context, attempt: Attempt, own_id: str) -> Seen:
    facts = context.facts
    catalogue = facts.organisation.catalogue
    found = catalogue.find(attempt.activity_id)
    subject = subject_of(
        attempt.conclusion,
        attempt.readings,
        activity_ids=catalogue.ids_of(attempt.activity_id),
        unit=facts.learner.unit,
        job=facts.learner.job,
        **_offer(found),
    )
    name = found.name if found is not None and found.name else subject.activity.name
    return Seen(
        id=own_id,
        activity=Activity(attempt.activity_id, name or attempt.activity_id, subject.activity.type),
        conclusion=attempt.conclusion,
        subject=subject,
        verdict=context.ruleset.evaluate(subject, now=context.horizon.now),
        statements=attempt.statements,
        last_at=attempt.readings[-1].at,
        catalogue=found,
        test_of=catalogue.tested_by(attempt.activity_id),
    )


class _Offer(TypedDict, total=False):
    """What the catalogue says of an activity to those who judge a completion of it."""

    provider: str
    provider_kind: str
    mandated: bool
    mandated_by: str


def _offer(found: CatalogueActivity | None) -> _Offer:
    if found is None:
        return {}
    return {
        "provider": found.provider,
        "provider_kind": found.provider_kind or "",
        "mandated": found.mandated,
        "mandated_by": found.mandated_by,
    }


def _attested(attestation: Attestation) -> Seen:
    activity = Activity(f"{ATTESTED_ACTIVITY}{attestation.id}", attestation.title, "")
    conclusion = Conclusion(
        outcome=Outcome.COMPLETED,
        started_at=attestation.started_at or attestation.ended_at,
        ended_at=attestation.ended_at,
        percent=None,
        success=None,
        duration=timedelta(hours=attestation.hours),
    )
    subject = Subject(activity, (activity.id,), Outcome.COMPLETED, None, None, None, attestation.ended_at)
    return Seen(
        attestation.id, activity, conclusion, subject, Verdict(), (), attestation.ended_at, attestation=attestation
    )
