"""What people of the invented organisation want and agree: growth agendas and learning contracts.

Contracts are made here whole, with everything that the year will bring; :func:`known_at` says what of them existed at
a moment, so that each month imports no more than people could have known then.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random

from lrs_bridge.demo.offers import Platform, about
from lrs_bridge.demo.people import Person
from lrs_bridge.demo.strategy import NEEDS, TITLES, WISHES
from lrs_bridge.demo.times import Year
from lrs_bridge.demo.wording import AMBITIONS, applications, measures, supports
from lrs_bridge.domain.agenda import Need, Want, WantOrigin
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

#: How a year's contract fares, as often as it is listed.
FATES = (
    *("signed",) * 31, *("revised",) * 4, *("revision-open",) * 2,
    *("draft",) * 3, *("proposed",) * 3, *("one-signature",) * 3, *("none",) * 4,
)  # fmt: skip

#: When a support comes, as often as it is listed. `promised` ones are due soon or overdue, and not there yet.
PUNCTUALITY = (*("ready",) * 6, *("late",) * 2, *("promised",))


@dataclass(frozen=True, slots=True)
class Agreement:
    """One person's contracts and wishes, and when each support becomes ready (by its id)."""

    person: Person
    wants: tuple[Want, ...]
    contracts: tuple[Contract, ...]
    ready_at: Mapping[str, datetime]


def agree(random: Random, person: Person, year: Year) -> Agreement:
    """Wishes first; then the contract of the year out of needs and wishes; for some a contract for one opportunity."""
    needs = [need for need in NEEDS if need.holds(person.learner, year.first_day)]
    wants = _wants(random, needs)
    contracts = [contract for contract in (_strategic(random, person, needs, wants, year),) if contract is not None]
    if random.random() < 0.12 and person.learner.manager_id is not None:
        contracts.append(_experience(random, person, year))
    ready = {
        support.id: moment
        for contract in contracts
        for goal in contract.latest.goals
        for support in goal.supports
        if (moment := _ready(random, support, year)) is not None
    }
    return Agreement(person, wants, tuple(contracts), ready)


def _wants(random: Random, needs: Iterable[Need]) -> tuple[Want, ...]:
    shared = [need.competency for need in needs if random.random() < 0.55]
    own = random.sample(WISHES, random.choice((0, 1, 1, 2)))
    origins = (WantOrigin.OWN_WISH, WantOrigin.GROWTH_CONVERSATION, WantOrigin.FEEDBACK_360)
    return tuple(
        Want(competency, random.randrange(2, 6), random.choice(origins)) for competency in dict.fromkeys(shared + own)
    )


def _strategic(
    random: Random, person: Person, needs: list[Need], wants: tuple[Want, ...], year: Year
) -> Contract | None:
    fate = random.choice(FATES)
    if fate == "none" or person.learner.manager_id is None:
        return None
    goals = _goals(random, person, needs, wants, year)
    return Contract(
        id=f"contract-{person.id}",
        kind=ContractKind.STRATEGIC,
        learner_id=person.id,
        manager_id=person.learner.manager_id,
        title=f"Learning for the year as {person.learner.job.lower()}",
        revisions=_revisions(random, person, fate, goals, year),
    )


def _revisions(random: Random, person: Person, fate: str, goals: tuple[Goal, ...], year: Year) -> tuple[Revision, ...]:
    begun = max(year.first_day, person.learner.hired_on or year.first_day)
    proposed = year.at_work(random, begun + timedelta(days=random.randrange(1, 25)))
    first = Revision(
        number=1,
        starts_on=begun,
        ends_on=year.last_day,
        goals=goals,
        responsibilities=f"The work of a {person.learner.job.lower()} in {person.learner.unit}.",
        proposed_at=None if fate == "draft" else proposed,
        signatures=() if fate in {"draft", "proposed"} else _signatures(random, person, proposed, year),
    )
    if fate == "one-signature":
        return (replace(first, signatures=first.signatures[:1]),)
    if fate not in {"revised", "revision-open"}:
        return (first,)
    again = year.at_work(random, year.first_day + timedelta(days=random.randrange(150, 240)))
    signatures = _signatures(random, person, again, year)
    changed = (*goals[:-1], replace(goals[-1], required=1.0, application=goals[-1].application + " Shown to the team."))
    kept = signatures if fate == "revised" else signatures[:1]
    return (first, replace(first, number=2, goals=changed, proposed_at=again, signatures=kept))


def _signatures(random: Random, person: Person, proposed: datetime, year: Year) -> tuple[Signature, ...]:
    """Both sides sign within three weeks, in either order."""
    sides = [(Role.LEARNER, person.id), (Role.MANAGER, person.learner.manager_id or person.id)]
    random.shuffle(sides)
    moments = sorted(year.at_work(random, (proposed + timedelta(days=random.randrange(1, 21))).date()) for _ in sides)
    return tuple(Signature(role, by, at) for (role, by), at in zip(sides, moments, strict=True))


def _goals(random: Random, person: Person, needs: list[Need], wants: tuple[Want, ...], year: Year) -> tuple[Goal, ...]:
    """Two or three of the organisation's needs, and perhaps one wish that goes beyond them."""
    wanted = {want.competency for want in wants}
    needed = random.sample(needs, min(len(needs), random.choice((2, 2, 3))))
    goals = [
        _needed_goal(random, person, number, need, need.competency in wanted, year)
        for number, need in enumerate(needed, 1)
    ]
    wishes = [want for want in wants if want.competency in WISHES]
    if wishes and random.random() < 0.4:
        goals.append(_wished_goal(random, person, len(goals) + 1, wishes[0].competency))
    return tuple(goals)


def _needed_goal(random: Random, person: Person, number: int, need: Need, wanted: bool, year: Year) -> Goal:
    own_id = f"goal-{person.id}-{number}"
    method = random.choice((*(Method.TRAINING,) * 7, Method.MENTORING, Method.PROJECT, Method.JOB_SHADOWING))
    planned = _planned(random, need.competency) if method is Method.TRAINING else frozenset()
    return Goal(
        id=own_id,
        title=f"{TITLES[need.competency]} as a {person.learner.job.lower()}",
        competencies=frozenset({need.competency}),
        method=method,
        activities=planned,
        application=random.choice(applications(need.competency)),
        measure=_measure(random, need.competency, year.last_day) if random.random() < 0.6 else None,
        supports=_supports(random, person, own_id, need.competency, year),
        wanted_by=WantedBy.BOTH if wanted else WantedBy.ORGANISATION,
        initiative_id=need.initiative_id,
    )


def _wished_goal(random: Random, person: Person, number: int, competency: str) -> Goal:
    return Goal(
        id=f"goal-{person.id}-{number}",
        title=f"{TITLES[competency]}, for what comes next",
        competencies=frozenset({competency}),
        method=Method.SELF_STUDY,
        application=random.choice(applications(competency)),
        wanted_by=WantedBy.LEARNER,
        ambition=random.choice(AMBITIONS),
    )


def _planned(random: Random, competency: str) -> frozenset[str]:
    offers = about(competency)
    return frozenset({random.choice(offers).id}) if offers and random.random() < 0.5 else frozenset()


def _measure(random: Random, competency: str, by: date) -> Measure:
    metric, unit, baseline, target = random.choice(measures(competency))
    return Measure(metric, unit, baseline, target, by)


def _supports(random: Random, person: Person, goal_id: str, competency: str, year: Year) -> tuple[Support, ...]:
    wanted = random.sample(supports(competency), random.choice((0, 1, 1, 2)))
    return tuple(
        Support(
            id=f"support-{goal_id}-{number}",
            what=what,
            provider_id=person.learner.manager_id,
            needed_by=year.day(random.randrange(60, year.days)),
        )
        for number, what in enumerate(wanted, start=1)
    )


def _ready(random: Random, support: Support, year: Year) -> datetime | None:
    needed = support.needed_by or year.last_day
    match random.choice(PUNCTUALITY):
        case "ready":
            day = needed - timedelta(days=random.randrange(3, 50))
        case "late":
            day = needed + timedelta(days=random.randrange(20, 110))
        case _:
            return None
    return year.at_work(random, max(day, year.first_day)) if day < year.now.date() else None


def _experience(random: Random, person: Person, year: Year) -> Contract:
    """One opportunity that came up: what is to be learned, how it is linked, how it will be applied."""
    opportunity = random.choice([offer for offer in about("presenting") + about("agile-methods") if offer.fee > 300])
    proposed = year.at_work(random, year.day(random.randrange(40, 160)))
    goal = Goal(
        id=f"goal-{person.id}-x",
        title=f"Bring back from “{opportunity.name}” what the team can use",
        method=Method.CONFERENCE if opportunity.platform is Platform.CMI5 else Method.TRAINING,
        activities=frozenset({opportunity.id}),
        application="Share the three main points with the team and try one of them for a month.",
        wanted_by=WantedBy.BOTH,
        follow_ups=("share-with-team",),
    )
    revision = Revision(
        number=1,
        starts_on=proposed.date(),
        ends_on=year.last_day,
        goals=(goal,),
        link="Useful for the job as it is, and for the next one.",
        proposed_at=proposed,
        signatures=_signatures(random, person, proposed, year),
    )
    return Contract(
        id=f"experience-{person.id}",
        kind=ContractKind.EXPERIENCE,
        learner_id=person.id,
        manager_id=person.learner.manager_id,
        revisions=(revision,),
        title=opportunity.name,
        opportunity=opportunity.id,
    )


def known_at(contracts: Iterable[Contract], moment: datetime) -> Iterator[Contract]:
    """The contracts as they stood at a moment: no revision, proposal or signature from later."""
    for contract in contracts:
        revisions = tuple(_revision_at(each, moment) for each in contract.revisions if _begun(each, moment))
        if revisions:
            yield replace(contract, revisions=revisions)


def _begun(revision: Revision, moment: datetime) -> bool:
    """Drafts are there from the start; later revisions from when they were proposed."""
    return revision.number == 1 or revision.proposed_at is None or revision.proposed_at <= moment


def _revision_at(revision: Revision, moment: datetime) -> Revision:
    proposed = revision.proposed_at if revision.proposed_at and revision.proposed_at <= moment else None
    return replace(
        revision, proposed_at=proposed, signatures=tuple(each for each in revision.signatures if each.at <= moment)
    )
