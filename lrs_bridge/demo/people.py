"""The people of the invented organisation: units, jobs, lines of management, and the identifiers platforms know."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum
from hashlib import sha1
from random import Random

from lrs_bridge.demo.names import full_names
from lrs_bridge.demo.times import Year
from lrs_bridge.domain.learner import Learner

ORGANISATION = "Larkfield Waterworks"
MOODLE = "https://moodle.larkfield.example.org"
DOMAIN = "larkfield.example.org"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: its share of all people, its jobs with hourly rates in hundredths, and who heads it."""

    name: str
    share: float
    head: str
    jobs: tuple[tuple[str, int], ...]


UNITS = (
    Unit("Network Operations", 0.22, "Head of Network Operations",
         (("Network technician", 4200), ("Leak detection specialist", 4700), ("Control room operator", 4500))),
    Unit("Field Service", 0.20, "Head of Field Service", (("Service fitter", 3900), ("Service planner", 4100))),
    Unit("Customer Service", 0.18, "Head of Customer Service",
         (("Service agent", 3400), ("Complaints specialist", 3800))),
    Unit("Engineering", 0.13, "Head of Engineering", (("Process engineer", 5900), ("Project engineer", 5700))),
    Unit("IT and Data", 0.10, "Head of IT and Data", (("Data analyst", 5400), ("Systems engineer", 5600))),
    Unit("Finance and Procurement", 0.10, "Head of Finance", (("Accountant", 4600), ("Buyer", 4700))),
    Unit("People and Learning", 0.07, "Head of People", (("Learning partner", 4800), ("HR adviser", 4700))),
)  # fmt: skip

DIRECTOR = "Managing director"
TEAM_LEAD = "Team lead"
TEAM_SIZE = 9


class Habit(Enum):
    """What somebody does with application tasks: how likely to hand in, to decline, else lets them run out."""

    KEEN = (0.92, 0.02)
    STEADY = (0.72, 0.06)
    BUSY = (0.40, 0.12)
    ABSENT = (0.06, 0.24)

    @property
    def submits(self) -> float:
        return self.value[0]

    @property
    def declines(self) -> float:
        return self.value[1]


HABITS = (Habit.KEEN,) * 5 + (Habit.STEADY,) * 8 + (Habit.BUSY,) * 5 + (Habit.ABSENT,) * 2


@dataclass(frozen=True, slots=True)
class Person:
    """A learner with what the demo knows beside: the id in Moodle, and how the person deals with tasks.

    `stray` is an address that a platform knows and nobody has linked to the person.
    """

    learner: Learner
    user_id: int
    habit: Habit = Habit.STEADY
    stray: str = ""

    @property
    def id(self) -> str:
        return self.learner.id

    @property
    def account(self) -> dict[str, str]:
        """The account as Moodle's logstore names it, by user id."""
        return {"homePage": MOODLE, "name": str(self.user_id)}

    @property
    def mbox_sha1(self) -> str:
        return sha1(f"mailto:{self.learner.email}".encode()).hexdigest()  # noqa: S324  # xAPI's mbox_sha1sum is SHA-1

    @property
    def identities(self) -> tuple[str, ...]:
        """Canonical identifiers as they stand in the import file."""
        return (f"mbox:{self.learner.email}", f"sha1:{self.mbox_sha1}", f"account:{MOODLE}|{self.user_id}")


def invent_people(random: Random, count: int, year: Year) -> tuple[Person, ...]:
    """`count` people in seven units: a director, a head per unit, leads for teams, and their staff.

    At least 20, so that every unit has a head and somebody to lead.
    """
    if count < 20:
        raise ValueError(f"an organisation for the demo needs at least 20 people, not {count}")
    posts = list(_posts(random, count))
    names = full_names(random)
    return tuple(_person(random, number, post, next(names), year) for number, post in enumerate(posts))


@dataclass(frozen=True, slots=True)
class _Post:
    """A place in the organisation; `manager` is the number of the post that it answers to."""

    unit: str
    job: str
    rate: int
    manager: int | None


def _posts(random: Random, count: int) -> Iterator[_Post]:
    yield _Post(UNITS[-1].name, DIRECTOR, 11500, None)
    number = 1
    sizes = _sizes(count - 1)
    for unit, size in zip(UNITS, sizes, strict=True):
        yield _Post(unit.name, unit.head, 8200, 0)
        head = manager = number
        team = 0
        for member in range(size - 1):
            number += 1
            if size > TEAM_SIZE and team == 0 and size - 1 - member > 3:
                yield _Post(unit.name, TEAM_LEAD, 6100, head)
                manager, team = number, random.randrange(TEAM_SIZE - 2, TEAM_SIZE + 3)
                continue
            job, rate = unit.jobs[member % len(unit.jobs)] if unit is UNITS[-1] else random.choice(unit.jobs)
            yield _Post(unit.name, job, rate + 50 * random.randrange(-6, 9), manager)
            team = max(0, team - 1)
        number += 1


def _sizes(count: int) -> list[int]:
    sizes = [max(2, round(count * unit.share)) for unit in UNITS]
    sizes[0] += count - sum(sizes)
    return sizes


def _person(random: Random, number: int, post: _Post, name: tuple[str, str], year: Year) -> Person:
    tenure = random.choice((120, 300, 500, 800, 1100, 1500, 2200, 3600, 5200)) + random.randrange(90)
    hired = year.first_day - timedelta(days=tenure) if random.random() > 0.06 else year.day(random.randrange(20, 200))
    learner = Learner(
        id=f"L{number + 1:03d}",
        name=" ".join(name),
        email=f"{name[0]}.{name[1]}@{DOMAIN}".lower(),
        manager_id=None if post.manager is None else f"L{post.manager + 1:03d}",
        unit=post.unit,
        job=post.job,
        hired_on=hired,
        hourly_rate=post.rate,
    )
    stray = f"{name[0]}.{number}@mail.example.net".lower() if random.random() < 0.05 else ""
    return Person(learner, 1000 + number, random.choice(HABITS), stray)


def partners(people: tuple[Person, ...]) -> dict[str, str]:
    """The learning partner of each unit (unit name to learner id): whom to ask."""
    asked = [person.id for person in people if person.learner.job == "Learning partner"] or [people[0].id]
    return {unit.name: asked[index % len(asked)] for index, unit in enumerate(UNITS)}
