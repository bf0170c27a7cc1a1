"""The invented organisation as a whole, made from a seed: the same seed and the same day make the same bytes.

Everybody has random sources of their own, so that one person's year does not change with the number of the others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from random import Random

from lrs_bridge.demo import mishaps
from lrs_bridge.demo.agreements import Agreement, agree
from lrs_bridge.demo.attending import Attendance, attend
from lrs_bridge.demo.moodle import MoodleTeller
from lrs_bridge.demo.offers import Platform
from lrs_bridge.demo.people import Person, invent_people, partners
from lrs_bridge.demo.player import PlayerTeller
from lrs_bridge.demo.sending import Sent
from lrs_bridge.demo.times import Year

SEED = 2718
PEOPLE = 200


@dataclass(frozen=True, slots=True)
class Invention:
    """Who there is, what they agreed, what they learned, and what the platforms told of it, in order of arrival."""

    seed: int
    year: Year
    people: tuple[Person, ...]
    partners: Mapping[str, str]
    agreements: tuple[Agreement, ...]
    attendances: tuple[Attendance, ...]
    sent: tuple[Sent, ...]

    def random(self, *topic: str) -> Random:
        """A random source for one topic; the same one each time."""
        return _random(self.seed, *topic)


def invent(seed: int = SEED, count: int = PEOPLE, *, now: datetime) -> Invention:
    """Invent an organisation of `count` people whose year ends at `now` (aware UTC)."""
    year = Year(now)
    people = invent_people(_random(seed, "people"), count, year)
    agreements = tuple(agree(_random(seed, "agreement", person.id), person, year) for person in people)
    attendances = tuple(
        attendance
        for agreement in agreements
        for attendance in attend(_random(seed, "attending", agreement.person.id), agreement, year)
    )
    asked = partners(people)
    desk = next(person for person in people if person.id in asked.values())
    sent = _in_order(_told(seed, people, attendances, desk, year))
    return Invention(seed, year, people, asked, agreements, attendances, sent)


def _told(
    seed: int, people: Sequence[Person], attendances: Sequence[Attendance], desk: Person, year: Year
) -> Iterator[Sent]:
    moodle = MoodleTeller(_random(seed, "moodle"), year)
    player = PlayerTeller(_random(seed, "player"))
    delays = _random(seed, "late")
    sound = [
        sent
        for attendance in (*attendances, *mishaps.externals(_random(seed, "externals"), year))
        for sent in mishaps.late(
            delays, list((moodle if attendance.offer.platform is Platform.MOODLE else player).tell(attendance)), year
        )
    ]
    yield from sound
    yield from mishaps.log_ins(_random(seed, "log-ins"), moodle, people, year)
    yield from mishaps.browsing(_random(seed, "browsing"), player, people, year)
    yield from mishaps.resent(_random(seed, "resent"), sound, year)
    yield from mishaps.forwarded(_random(seed, "forwarded"), sound, year)
    yield from mishaps.voided(_random(seed, "voided"), moodle, attendances, desk, year)
    yield from mishaps.broken(_random(seed, "broken"), sound)


def _in_order(sent: Iterator[Sent]) -> tuple[Sent, ...]:
    return tuple(sorted(sent, key=lambda each: (each.stored, each.store, each.id)))


def _random(seed: int, *topic: str) -> Random:
    return Random(" ".join((str(seed), *topic)))
