"""Who learned what and when, in the invented year: attendances, from which platforms will make statements.

Reasons for waste are planted where an attendance alone decides them (done again, never finished, already known, no
gain); the others come about by themselves, through contracts, supports and habits.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from random import Random

from lrs_bridge.demo.agreements import Agreement
from lrs_bridge.demo.offers import EXCLUDED, OFFERS, UNLISTED, Offer, Platform, about, numbered
from lrs_bridge.demo.people import Person
from lrs_bridge.demo.strategy import NEEDS
from lrs_bridge.demo.times import Year
from lrs_bridge.domain.contract import Goal, Method

#: Methods that leave no trace in an LRS: the manager attests them.
ATTESTED = frozenset({Method.MENTORING, Method.JOB_SHADOWING})

#: What champions recommend to everybody, whether it is needed or not.
FAVOURITES = tuple(offer for offer in OFFERS if offer.number > 50)

#: Of which unit mandated training is asked; None: of everybody.
MANDATED = (
    (numbered(41), "Field Service"), (numbered(42), None), (numbered(44), "Network Operations"),
    (numbered(45), "Field Service"), (numbered(43), "Engineering"),
)  # fmt: skip


class Ending(StrEnum):
    """How it ended."""

    COMPLETED = "completed"
    PASSED = "passed"
    FAILED = "failed"
    WAIVED = "waived"
    ABANDONED = "abandoned"

    @property
    def finished(self) -> bool:
        return self in {Ending.COMPLETED, Ending.PASSED, Ending.WAIVED}


@dataclass(frozen=True, slots=True)
class Attendance:
    """One person at one offer, once. `ended_at` is the moment of the statement that decides how it ended.

    Scores are percentages: `percent` of the offer itself, `before` and `after` of its tests. `again`: not the first
    time. `under_stray`: told of an address that nobody has linked to the person.
    """

    person: Person
    offer: Offer
    started_at: datetime
    ended_at: datetime
    ending: Ending
    percent: float | None = None
    before: float | None = None
    after: float | None = None
    again: bool = False
    under_stray: bool = False


def attend(random: Random, agreement: Agreement, year: Year) -> tuple[Attendance, ...]:
    """All attendances of one person, in order of their start; never the same offer twice unless done again."""
    chosen: dict[str, Attendance] = {}
    for offer in _choices(random, agreement):
        if offer.id not in chosen:
            chosen[offer.id] = _attendance(random, agreement.person, offer, year)
    again = [once_more for each in chosen.values() if (once_more := _again(random, each, year)) is not None]
    return tuple(sorted((*chosen.values(), *again), key=lambda each: (each.started_at, each.offer.number)))


def _choices(random: Random, agreement: Agreement) -> Iterator[Offer]:
    goals = [goal for contract in agreement.contracts for goal in contract.latest.goals]
    for goal in goals:
        yield from _for_goal(random, goal)
    for need in NEEDS:
        if need.scope.covers(agreement.person.learner) and random.random() < 0.16:
            yield from random.sample(about(need.competency), 1)
    for want in agreement.wants:
        if random.random() < 0.5:
            yield from random.sample(about(want.competency), 1)
    for offer, unit in MANDATED:
        if unit in (None, agreement.person.learner.unit) and random.random() < 0.85:
            yield offer
    yield from random.sample(FAVOURITES, random.choice((0, 0, 1, 1, 2)))
    yield from random.sample(UNLISTED, random.choice((0, 0, 1, 2, 3)))
    yield from random.sample(EXCLUDED, random.choice((0, 0, 1)))


def _for_goal(random: Random, goal: Goal) -> Iterator[Offer]:
    if goal.method in ATTESTED or random.random() < 0.1:
        return
    planned = [offer for offer in OFFERS if offer.id in goal.activities]
    possible = [offer for competency in sorted(goal.competencies) for offer in about(competency)]
    yield from planned
    if possible and (not planned or random.random() < 0.35):
        yield random.choice(possible)


def _attendance(random: Random, person: Person, offer: Offer, year: Year) -> Attendance:
    earliest = max(5, ((person.learner.hired_on or year.first_day) - year.first_day).days + 3)
    latest = year.days - 4 - _span(offer).days
    number = min(latest, earliest + int((latest - earliest) * random.random() ** 1.25))
    started = year.at_work(random, year.day(number))
    ended = started + max(timedelta(minutes=20), _span(offer) * random.uniform(0.6, 1.0))
    ending = _ending(random, offer, started, year)
    if ending is Ending.ABANDONED:
        ended = started + timedelta(minutes=random.randrange(20, 90))
    attendance = Attendance(
        person=person,
        offer=offer,
        started_at=started,
        ended_at=ended.replace(microsecond=0),
        ending=ending,
        percent=_percent(random, ending),
        under_stray=bool(person.stray) and offer.platform is Platform.CMI5 and random.random() < 0.7,
    )
    return _tested(random, attendance) if offer.tested and ending.finished else attendance


def _span(offer: Offer) -> timedelta:
    """How long it takes from start to end: about four hours of learning a week."""
    return timedelta(days=offer.hours * 7 / 4 if offer.hours > 2 else 0, hours=offer.hours)


def _ending(random: Random, offer: Offer, started: datetime, year: Year) -> Ending:
    """Courses in Moodle are completed or left; the player knows more endings."""
    draw = random.random()
    if draw < 0.08 and offer.listed and started < year.now - timedelta(days=80):
        return Ending.ABANDONED
    if offer.platform is Platform.MOODLE or not offer.listed:
        return Ending.COMPLETED
    if draw < 0.16 and not offer.mandated_by:
        return Ending.FAILED
    if draw < 0.20 and offer.platform is Platform.CMI5 and not offer.tested:
        return Ending.WAIVED
    return Ending.PASSED if draw < 0.8 else Ending.COMPLETED


def _percent(random: Random, ending: Ending) -> float | None:
    match ending:
        case Ending.PASSED:
            return float(random.randrange(70, 101))
        case Ending.FAILED:
            return float(random.randrange(20, 60))
        case _:
            return None


def _tested(random: Random, attendance: Attendance) -> Attendance:
    """Scores before and after: mostly a gain; for some it was known already, for some nothing was gained."""
    draw = random.random()
    if draw < 0.12:
        before = random.randrange(88, 100)
        return replace(attendance, before=float(before), after=float(min(100, before + random.randrange(1, 4))))
    before = random.randrange(25, 70)
    gain = random.randrange(-12, 1) if draw < 0.26 else random.randrange(8, 30)
    return replace(attendance, before=float(before), after=float(before + gain))


def _again(random: Random, first: Attendance, year: Year) -> Attendance | None:
    """Some are sent a second time though the first one still holds."""
    later = first.ended_at + timedelta(days=random.randrange(45, 150))
    latest = year.now - _span(first.offer) - timedelta(days=4)
    repeatable = first.ending in {Ending.COMPLETED, Ending.PASSED} and first.offer in OFFERS
    if not repeatable or first.offer.mandated_by or later > latest or random.random() > 0.09:
        return None
    started = year.at_work(random, later.date())
    ended = (started + (first.ended_at - first.started_at)).replace(microsecond=0)
    return replace(first, started_at=started, ended_at=ended, before=None, after=None, again=True)
