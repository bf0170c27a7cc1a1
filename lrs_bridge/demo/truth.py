"""What the demo knows of its own invention, said without the product: the test holds the product's findings against it.

Only what attendances and agreements decide by themselves; what follows from supports and habits is not foretold here.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from lrs_bridge.demo.agreements import Agreement
from lrs_bridge.demo.attending import Attendance, Ending
from lrs_bridge.demo.mishaps import BREAKAGES
from lrs_bridge.demo.offers import UNLISTED
from lrs_bridge.demo.organisation import Invention
from lrs_bridge.demo.strategy import NEEDS
from lrs_bridge.demo.times import TIME_ZONE
from lrs_bridge.domain.contract import Goal
from lrs_bridge.domain.waste import WasteReason

MASTERY = 85.0


@dataclass(frozen=True, slots=True)
class Truth:
    """`completions`: learner, activity and moment of every end. `reasons`: learner and activity per reason."""

    completions: frozenset[tuple[str, str, datetime]]
    unmatched: frozenset[str]
    reasons: Mapping[WasteReason, frozenset[tuple[str, str]]]
    broken: int
    strangers: frozenset[str]


def truth_of(invention: Invention) -> Truth:
    """What an honest product must find."""
    ours = [each for each in invention.attendances if not each.under_stray]
    by_person = {agreement.person.id: agreement for agreement in invention.agreements}
    found: dict[WasteReason, set[tuple[str, str]]] = {}
    for each in ours:
        for reason in _reasons(each, by_person[each.person.id]):
            found.setdefault(reason, set()).add((each.person.id, each.offer.id))
    ids = {offer.id for offer in UNLISTED}
    return Truth(
        completions=frozenset((each.person.id, each.offer.id, each.ended_at) for each in ours if each.ending.finished),
        unmatched=frozenset(each.offer.id for each in ours if each.offer.id in ids),
        reasons={reason: frozenset(pairs) for reason, pairs in found.items()},
        broken=2 * len(BREAKAGES),
        strangers=frozenset(
            f"mbox:{each.person.stray}" for each in invention.attendances if each.under_stray
        ),
    )  # fmt: skip


def _reasons(each: Attendance, agreement: Agreement) -> Iterator[WasteReason]:
    offer = each.offer
    if not offer.listed or offer.mandated_by or each.ending in {Ending.WAIVED, Ending.FAILED}:
        return
    if each.ending is Ending.ABANDONED:
        yield WasteReason.ABANDONED
    if each.before is not None and each.before >= MASTERY:
        yield WasteReason.ALREADY_KNOWN
    if not each.ending.finished:
        return
    if each.before is not None and each.after is not None and each.after <= each.before:
        yield WasteReason.NO_GAIN
    if each.again:
        yield WasteReason.REPEAT
    goals = list(_goals_in_force(agreement, each.ended_at))
    if not goals:
        yield WasteReason.NO_CONTRACT
    if not _aligned(each, agreement, goals):
        yield WasteReason.UNALIGNED


def _goals_in_force(agreement: Agreement, at: datetime) -> Iterator[Goal]:
    day = at.astimezone(TIME_ZONE).date()
    for contract in agreement.contracts:
        revision = contract.in_force(at, day)
        if revision is not None:
            yield from revision.goals


def _aligned(each: Attendance, agreement: Agreement, goals: list[Goal]) -> bool:
    """Needed by the organisation, on the growth agenda, or asked for by a goal."""
    competency, learner = each.offer.competency, each.person.learner
    needed = any(need.competency == competency and need.scope.covers(learner) for need in NEEDS)
    wished = any(want.competency == competency for want in agreement.wants)
    asked = any(competency in goal.competencies or each.offer.id in goal.activities for goal in goals)
    return needed or wished or asked
