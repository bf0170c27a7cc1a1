"""What goes wrong on the way into record stores, as in real life: noise, re-sending, voiding, broken records."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from random import Random
from typing import Any

from lrs_bridge.demo.attending import Attendance, Ending
from lrs_bridge.demo.moodle import MoodleTeller
from lrs_bridge.demo.offers import OFFERS, Platform
from lrs_bridge.demo.people import Person
from lrs_bridge.demo.player import PlayerTeller
from lrs_bridge.demo.sending import MOODLE_STORE, PLAYER_STORE, Pen, Sent, by_mail, verb
from lrs_bridge.demo.times import Year
from lrs_bridge.domain.learner import Learner

VOIDED = verb("http://adlnet.gov/expapi/verbs/voided", "voided")

IN_MOODLE = tuple(offer for offer in OFFERS if offer.platform is Platform.MOODLE)
IN_CMI5 = tuple(offer for offer in OFFERS if offer.platform is Platform.CMI5)

#: What a careless client makes of a statement: each takes a sound one and breaks it.
BREAKAGES: tuple[Mapping[str, Any], ...] = (
    {"result": {"score": {"raw": "nine", "max": 10}}},
    {"actor": {"mbox": "mailto:desk@larkfield.example.org", "openid": "https://id.example.org/desk"}},
    {"result": {"completion": "yes"}},
    {"actor": {"account": {"homePage": "https://moodle.larkfield.example.org"}}},
)


def log_ins(random: Random, teller: MoodleTeller, people: Sequence[Person], year: Year) -> Iterator[Sent]:
    """Signing in, again and again: most of what a learning platform has to tell."""
    for person in people:
        for _ in range(random.randrange(20, 70)):
            yield teller.log_in(person, year.at_work(random, year.day(random.randrange(year.days - 1))))


def browsing(random: Random, teller: PlayerTeller, people: Sequence[Person], year: Year) -> Iterator[Sent]:
    """Some look into courses without taking them."""
    for person in random.sample(people, len(people) // 5):
        at = year.at_work(random, year.day(random.randrange(year.days - 1)))
        yield from teller.browse(person, random.choice(IN_CMI5), at)


def resent(random: Random, sent: Sequence[Sent], year: Year) -> Iterator[Sent]:
    """Moodle sends statements without id, so that a repeated cron run makes new ones: the same meaning, another id."""
    pen = Pen(random, MOODLE_STORE, timedelta())
    for each in sent:
        stored = each.stored + timedelta(hours=random.randrange(2, 30))
        if each.store == MOODLE_STORE and random.random() < 0.03 and stored < year.now:
            yield Sent(each.store, stored, {**each.statement, "id": pen.uuid()})


def forwarded(random: Random, sent: Sequence[Sent], year: Year) -> Iterator[Sent]:
    """Some of Moodle's statements are passed on to the other store: the same id twice."""
    for each in sent:
        stored = each.stored + timedelta(minutes=random.randrange(5, 90))
        if each.store == MOODLE_STORE and random.random() < 0.02 and stored < year.now:
            yield replace(each, store=PLAYER_STORE, stored=stored)


def voided(
    random: Random, teller: MoodleTeller, attendances: Sequence[Attendance], desk: Person, year: Year
) -> Iterator[Sent]:
    """Completions entered by mistake and taken back; for every other one the taking back arrives first."""
    pen = Pen(random, PLAYER_STORE, timedelta(minutes=1))
    taken = {(each.person.id, each.offer.id) for each in attendances}
    people = sorted({each.person for each in attendances if not each.under_stray}, key=lambda person: person.id)
    for number in range(max(6, len(people) // 12)):
        person, offer = random.choice(people), random.choice(IN_MOODLE)
        if (person.id, offer.id) in taken:
            continue
        taken.add((person.id, offer.id))
        at = year.at_work(random, year.day(random.randrange(20, year.days - 45)))
        mistake = teller.complete(person, offer, at)
        target = {"objectType": "StatementRef", "id": mistake.id}
        noticed = mistake.stored + timedelta(days=random.randrange(1, 40))
        yield pen.write(at if number % 2 else noticed, by_mail(desk), VOIDED, object=target)
        yield replace(mistake, stored=noticed) if number % 2 else mistake


def broken(random: Random, sent: Sequence[Sent]) -> Iterator[Sent]:
    """Records that no statement can be made of; they were let in by a store that looks at little."""
    pen = Pen(random, MOODLE_STORE, timedelta())
    for breakage in BREAKAGES * 2:
        sound = random.choice(sent)
        yield Sent(sound.store, sound.stored, {**sound.statement, **breakage, "id": pen.uuid()})


def late(random: Random, told: Sequence[Sent], year: Year) -> tuple[Sent, ...]:
    """A laptop was off line: all that it has to tell arrives weeks later."""
    delay = timedelta(days=random.randrange(8, 40))
    if random.random() > 0.03 or any(each.stored + delay >= year.now for each in told):
        return tuple(told)
    return tuple(replace(each, stored=each.stored + delay) for each in told)


def externals(random: Random, year: Year) -> Iterator[Attendance]:
    """Contractors, whom the platforms know and the organisation's list of people does not."""
    for number in range(1, 9):
        contractor = Learner(f"X{number:02d}", f"Contractor {number}", f"contractor{number}@site.example.net")
        person = Person(contractor, 9000 + number)
        for offer in random.sample(IN_MOODLE, random.randrange(1, 4)):
            start = year.at_work(random, year.day(random.randrange(20, year.days - 40)))
            yield Attendance(
                person, offer, start, (start + timedelta(hours=4)).replace(microsecond=0), Ending.COMPLETED
            )
