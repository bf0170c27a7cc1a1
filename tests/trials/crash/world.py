"""An invented organisation and what happens in it, day by day and hour by hour: the same for the same seed.

A day has so many turns, a quarter of an hour apart; in each, other learners' statements reach the LRS, and the program
is started. What takes something back or decides anew (a voiding, an act, a contract) happens before the first turn:
so whether the program was up at some turn or not, in the evening the same has happened.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lrs_bridge.domain.activity import CatalogueActivity
from lrs_bridge.domain.contract import Contract, ContractKind, Goal, Revision, Role, Signature, Support
from lrs_bridge.domain.learner import Identity, Learner

LMS = "https://lms.example.org"
FIRST_DAY = datetime(2026, 3, 2, 4, tzinfo=UTC)
#: Long enough that what a killed process held is free at the next turn: the leases of messages last 15 minutes.
PAUSE = timedelta(minutes=16)
#: From one day with turns to the next: reminders, due dates and certificates come up on the way.
WEEK = timedelta(days=7)
EVENING = timedelta(hours=16)
MANAGERS = 4
BEGIN = FIRST_DAY - timedelta(days=30)

ADL = "http://adlnet.gov/expapi/verbs"
FIRE = f"{LMS}/course/view.php?id=5"
ACTIVITIES = (
    (f"{LMS}/course/view.php?id=42", "Excel basics"),
    (f"{LMS}/course/view.php?id=43", "Excel for reports"),
    (f"{LMS}/course/view.php?id=77", "Painting with oil"),
    (FIRE, "Fire safety"),
    (f"{LMS}/course/view.php?id=999", "Something new"),
)
_IDS = UUID("0a6cf3a0-56b1-5d0f-9a0d-3a7b7b1f5c21")

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """One start of the program: when, and which learners' statements came just before. The last of a day has none."""

    day: int
    number: int
    now: datetime
    learners: tuple[int, ...]

    @property
    def is_morning(self) -> bool:
        return self.number == 0

    @property
    def is_evening(self) -> bool:
        """Nothing comes in, nothing is killed: what was put off is done by the end of it."""
        return not self.learners


@dataclass(frozen=True, slots=True)
class World:
    """What happens; `turns` is how often the program is started on a day, beside the evening."""

    seed: int
    turns: int
    learners: int = 48

    def day(self, day: int) -> Iterator[Turn]:
        """The turns of a day; each learner has one of them."""
        morning = FIRST_DAY + day * WEEK
        order = list(range(self.learners))
        self._chance("order", day).shuffle(order)
        for number in range(self.turns):
            yield Turn(day, number, morning + number * PAUSE, tuple(order[number :: self.turns]))
        yield Turn(day, self.turns, morning + EVENING, ())

    def statements(self, turn: Turn) -> list[Json]:
        """What reaches the LRS before a turn, oldest first: learning of the day before, stored now."""
        bodies = [body for number in turn.learners for body in self._learning(turn.day, number)]
        if turn.is_morning and turn.day:
            bodies += self._taken_back(turn.day - 1)
        stored = (turn.now - timedelta(seconds=len(bodies)) + timedelta(seconds=place) for place in range(len(bodies)))
        return [{**body, "stored": at.isoformat()} for body, at in zip(bodies, stored, strict=True)]

    def _learning(self, day: int, number: int) -> Iterator[Json]:
        """One attempt of a learner; what people click besides; and now and then nonsense."""
        if _never_learns(number):
            return
        chance = self._chance("learning", day, number)
        activity, name = _choice(chance, day, number)
        at = FIRST_DAY + day * WEEK - timedelta(hours=18) + timedelta(minutes=number)
        verbs = chance.choice(
            (
                ("initialized", "passed"),
                ("initialized", "completed", "passed"),
                ("initialized", "failed"),
                ("initialized",),
                ("passed",),
            )
        )
        what = {"id": activity, "definition": {"name": {"en": name}}}
        registration = _id("registration", self.seed, day, number)
        for place, verb in enumerate(verbs):
            yield self._statement(
                f"{day} {number} {verb}",
                _agent(number),
                verb,
                at + timedelta(minutes=place),
                object=what,
                context={"registration": registration},
                **_result(verb, chance.randrange(40, 101)),
            )
        page = {"id": f"{LMS}/page/{chance.randrange(9)}", "definition": {"type": f"{LMS}/page"}}
        yield self._statement(f"{day} {number} viewed", _agent(number), "experienced", at, object=page)
        if chance.random() < 0.1:
            nobody = {"mbox": "mailto:a@example.org", "openid": "https://b.example.org"}  # two identifiers
            yield self._statement(f"{day} {number} nonsense", nobody, "passed", at, object=what)

    def _taken_back(self, day: int) -> Iterator[Json]:
        """Voidings of some of what was learned on a day."""
        learn = [number for number in range(self.learners) if not _never_learns(number)]
        for number in self._chance("voided", day).sample(learn, 2):
            target = next(self._learning(day, number))["id"]
            at = FIRST_DAY + (day + 1) * WEEK - timedelta(hours=1)
            yield self._statement(
                f"voids {target}",
                {"mbox": "mailto:lms@example.org"},
                "voided",
                at,
                object={"objectType": "StatementRef", "id": target},
            )

    def _statement(self, name: str, actor: Json, verb: str, at: datetime, **more: Any) -> Json:
        return {
            "id": _id(self.seed, name),
            "actor": actor,
            "verb": {"id": f"{ADL}/{verb}"},
            "timestamp": at.isoformat(),
            **more,
        }

    def _chance(self, *what: object) -> random.Random:
        return random.Random(" ".join(map(str, (self.seed, *what))))

    def newcomers(self, day: int) -> tuple[list[Learner], list[Identity]]:
        """Who is imported on a morning. Most are known at first; the others have been learning meanwhile."""
        numbers = [number for number in range(self.learners) if _arrival(number) == day]
        return [_learner(number) for number in numbers], [_identity(number) for number in numbers]

    def contracts(self, day: int) -> list[Contract]:
        """What is signed on a morning, by people who have been imported; and what is withdrawn again."""
        signed = [_contract(number) for number in range(self.learners) if _signing(number) == day]
        withdrawn_at = FIRST_DAY + day * WEEK
        withdrawn = [_contract(number, withdrawn_at) for number in range(self.learners) if _signing(number) == day - 8]
        return [*signed, *withdrawn[:2]]


def _never_learns(number: int) -> bool:
    """Some have been in their job for long, and learn nothing: their managers are told."""
    return number % 16 == 7


def _choice(chance: random.Random, day: int, number: int) -> tuple[str, str]:
    """What is learned. Nobody renews a certificate before it has run out: the letter about it would be withdrawn, and
    whether it had left before would depend on when the program was up."""
    if (day + number) % 12 == 0:
        return FIRE, "Fire safety"
    return chance.choices([each for each in ACTIVITIES if each[0] != FIRE], [4, 4, 1, 1])[0]


def _arrival(number: int) -> int:
    """The day on which a learner is imported."""
    return number % 6 + 1 if number % 5 == 4 else 0


def _signing(number: int) -> int | None:
    """The day on which a learner's contract is signed; None for those who have none."""
    return max(number % 4, _arrival(number)) if number % 6 else None


def managers() -> list[Learner]:
    """Who leads the others, and whom they ask."""
    return [
        Learner(f"m{number}", f"Manager {number}", f"m{number}@example.org", unit="leading")
        for number in range(MANAGERS)
    ]


def catalogue() -> list[CatalogueActivity]:
    """What is offered; fire safety is required, and valid for ten weeks."""
    return [_offer(activity, name) for activity, name in ACTIVITIES[:4]]


def _offer(activity: str, name: str) -> CatalogueActivity:
    if activity == FIRE:
        return CatalogueActivity(activity, name, hours=2.0, mandated_by="the law", valid_for=timedelta(days=70))
    competencies = frozenset({"spreadsheets"}) if "Excel" in name else frozenset()
    return CatalogueActivity(activity, name, fee=12000, hours=4.0, competencies=competencies)


def _learner(number: int) -> Learner:
    # Some have no address: messages to them are given up.
    address = "" if number % 11 == 10 else f"l{number:02}@example.org"
    return Learner(
        f"l{number:02}",
        f"Learner {number}",
        address,
        manager_id=f"m{number % MANAGERS}",
        unit=f"unit {number % 3}",
        job="clerk",
        job_since=date(2022 if _never_learns(number) else 2025, 1, 1),
        hourly_rate=5000,
    )


def _contract(number: int, withdrawn_at: datetime | None = None) -> Contract:
    learner, manager = f"l{number:02}", f"m{number % MANAGERS}"
    signatures = (Signature(Role.LEARNER, learner, BEGIN), Signature(Role.MANAGER, manager, BEGIN))
    needed_by = (FIRST_DAY + timedelta(days=10 * (number % 9))).date()
    support = Support(f"support-{number}", "A licence", provider_id=manager, needed_by=needed_by)
    goal = Goal(f"goal-{number}", "Reports without help", frozenset({"spreadsheets"}), supports=(support,))
    revision = Revision(1, date(2026, 1, 1), date(2027, 12, 31), (goal,), signatures=signatures)
    return Contract(
        f"contract-{number}", ContractKind.STRATEGIC, learner, manager, (revision,), withdrawn_at=withdrawn_at
    )


def _agent(number: int) -> Json:
    return {"account": {"homePage": LMS, "name": f"l{number:02}"}}


def _identity(number: int) -> Identity:
    return Identity(f"account:{LMS}|l{number:02}", f"l{number:02}", BEGIN)


def _result(verb: str, percent: int) -> Json:
    return {"result": {"score": {"raw": percent, "min": 0, "max": 100}}} if verb in {"passed", "failed"} else {}


def _id(*parts: object) -> str:
    return str(uuid5(_IDS, " ".join(map(str, parts))))
