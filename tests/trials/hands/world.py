"""What the trial works on: an organisation, and what its LRS has heard by each round, all from one seed.

Every learner has a place in every burst of statements, always the same: so no page holds two statements of one learner,
however the bursts are cut into pages, and the revision of each learner's facts can be told beforehand.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID, uuid5

from lrs_bridge.acts import users
from lrs_bridge.acts.actor import OPERATOR, AccountRole
from lrs_bridge.domain.agenda import Competency, Initiative, Need, Objective, Want
from lrs_bridge.domain.contract import Contract, ContractKind, Goal, Measure, Revision, Role, Signature, Support
from lrs_bridge.domain.learner import Identity, Learner
from lrs_bridge.store import schema
from lrs_bridge.store.agendas import Strategy, save_strategy, save_wants
from lrs_bridge.store.catalogue import save_catalogue
from lrs_bridge.store.contracts import save_contracts
from lrs_bridge.store.engine import make_engine, write
from lrs_bridge.store.people import save_learners, save_units
from lrs_bridge.store.rulesets import RulesetVersion, publish
from lrs_bridge_rules.documents.loader import load_texts
from support.builders import EXCEL, PAINTING, an_activity
from support.installation import PUBLISHABLE

BURSTS = 3
#: Statements are stored this long before a round begins, a second between two bursts.
AHEAD = timedelta(minutes=5)
NEWCOMERS = 4
TEAM = 10
PASSWORD = "correct horse battery"
UNKNOWN = tuple(f"https://lms.example.org/course/view.php?id={number}" for number in range(900, 904))
#: Of these nobody ever says for all what they are about; so decisions about single completions have an effect.
NEVER_MAPPED = UNKNOWN[2:]
_IDS = UUID("2a3c9f0e-4b1d-5a55-9d1e-6a0f7c2b8e41")
_ADL = "http://adlnet.gov/expapi/verbs/"
_NAMES = {EXCEL: "Excel basics", PAINTING: "Painting with oil"}

#: The versions of the rules, as they come into force. What one adds, it adds for everybody, whenever they learned.
PAINTING_RULE = f"""\
  - id: painting-courses
    title: Painting courses evidence painting
    status: active
    when: {{activity.id: "{PAINTING}"}}
    evidence: {{competency: painting}}
    follow_up: [share]
    tests:
      - {{name: it, statements: [{{verb: passed, activity: {{id: "{PAINTING}", name: Painting}}}}], expect: match}}
      - {{name: another, statements: [{{verb: passed, activity: {{id: "{EXCEL}", name: Excel}}}}], expect: no-match}}
follow_ups:
"""
_WITH_PAINTING = PUBLISHABLE.replace("follow_ups:\n", PAINTING_RULE, 1)
RULES = (PUBLISHABLE, _WITH_PAINTING, _WITH_PAINTING.replace("Painting courses evidence", "Painting is evidence of"))


@dataclass(frozen=True, slots=True)
class World:
    """How much of everything there is. `start` is the moment of the first round."""

    learners: int
    rounds: int
    start: datetime
    between: timedelta
    seed: int = 1
    #: How many of the learners take something back in each round. 0: and none fails what was passed before, either, so
    #: that what is mailed does not depend on how many bursts are read at once.
    taken_back: float = 0.15

    @property
    def people(self) -> tuple[str, ...]:
        """The ids of those who learn, in the order of their places in a burst."""
        return tuple(f"l{number:03}" for number in range(self.learners))

    @property
    def newcomers(self) -> tuple[str, ...]:
        """Those of them whom nobody has said yet which identifier is theirs."""
        return self.people[:: self.learners // NEWCOMERS][:NEWCOMERS]

    @property
    def neighbour(self) -> str:
        """Whom one administrator takes a newcomer for, while another knows better."""
        return self.people[1]

    def begin_of(self, number: int) -> datetime:
        """The moment at which a round begins."""
        return self.start + number * self.between

    def bursts(self, number: int) -> Iterator[tuple[datetime, list[dict[str, Any]]]]:
        """What the LRS hears in a round: the moment after each burst, and its statements."""
        for burst in range(BURSTS):
            begin = self.begin_of(number) - AHEAD + burst * timedelta(seconds=1)
            yield begin + timedelta(seconds=1), list(self._burst(number, burst, begin))

    def quiet(self, number: int) -> tuple[str, ...]:
        """Those of whom nothing is taken in during a round: what they have can be taken away without a trace."""
        return tuple(each for each in self.people if self._kind(number, each) is _odd)

    @cache  # noqa: B019  # a world lives as long as the trial
    def taking_back(self, number: int) -> frozenset[str]:
        """Those of whose last round something is voided in this one.

        Nobody acts on them meanwhile, and nothing changes for everybody that concerns it: a message that is written
        between the two is no mistake, but whether it is written depends on who is faster.
        """
        chance = random.Random(f"{self.seed} taking back {number}")
        some = [each for each in self.people if number > 0 and chance.random() < self.taken_back]
        return frozenset(each for each in some if self._kind(number - 1, each) is not _painting)

    def statements(self) -> int:
        """How many there are in all."""
        return self.rounds * BURSTS * self.learners

    def _burst(self, number: int, burst: int, begin: datetime) -> Iterator[dict[str, Any]]:
        for place, learner in enumerate(self.people):
            at = (begin + place * timedelta(milliseconds=1)).isoformat(timespec="milliseconds")
            body = self._said(number, burst, learner) or _said(learner, "experienced", UNKNOWN[place % 4])
            own_id = str(uuid5(_IDS, f"{number} {burst} {learner}"))
            yield {"id": own_id, "timestamp": at, "stored": at, **body}

    def _said(self, number: int, burst: int, learner: str) -> dict[str, Any] | None:
        """What a learner's place in a burst holds; None: something that nobody wants to know."""
        chance = random.Random(f"{self.seed} {number} {learner}")
        if burst == 2:
            return self._voiding(number, learner) if learner in self.taking_back(number) else None
        return self._kind(number, learner)(learner, number, chance)[burst]

    def _kind(self, number: int, learner: str) -> Story:
        return random.Random(f"{self.seed} kind {number} {learner}").choice(_STORIES if self.taken_back else _LASTING)

    def _voiding(self, number: int, learner: str) -> dict[str, Any]:
        """What the learner said in the round before was a mistake."""
        target = str(uuid5(_IDS, f"{number - 1} 1 {learner}"))
        said = _said("lms", "voided", "")
        return {**said, "object": {"objectType": "StatementRef", "id": target}}


#: What a learner says in the first two bursts of a round; the third is for taking back.
Places = tuple[dict[str, Any] | None, dict[str, Any] | None]
Story = Callable[[str, int, random.Random], Places]


def _course(learner: str, number: int, chance: random.Random) -> Places:
    """An Excel course, begun in one burst and passed in the next."""
    of_one_attempt = {"context": {"registration": str(uuid5(_IDS, f"{learner} {number}"))}}
    score = {"result": {"score": {"raw": chance.randrange(50, 101), "max": 100, "min": 0}}}
    begun = {**_said(learner, "initialized", EXCEL), **of_one_attempt}
    return begun, {**_said(learner, "passed", EXCEL), **of_one_attempt, **score}


def _painting(learner: str, _: int, __: random.Random) -> Places:
    return None, _said(learner, "passed", PAINTING)


def _something_new(learner: str, number: int, _: random.Random) -> Places:
    return _said(learner, "passed", UNKNOWN[(number + 2) % 4]), None


def _failing(learner: str, _: int, __: random.Random) -> Places:
    return None, _said(learner, "failed", EXCEL)


def _odd(learner: str, _: int, __: random.Random) -> Places:
    """What cannot be taken in: two identifiers where one is allowed."""
    actor = {"mbox": f"mailto:{learner}@example.org", "openid": f"https://id.example.org/{learner}"}
    return None, {**_said(learner, "passed", EXCEL), "actor": actor}


_STORIES: tuple[Story, ...] = (_course, _course, _course, _painting, _something_new, _something_new, _failing, _odd)
_LASTING = tuple(each for each in _STORIES if each is not _failing)


def _said(learner: str, verb: str, activity: str) -> dict[str, Any]:
    return {
        "actor": {"mbox": f"mailto:{learner}@example.org"},
        "verb": {"id": f"{_ADL}{verb}"},
        "object": {"id": activity, "definition": {"name": {"en": _NAMES.get(activity, "Something new")}}},
    }


def manager_of(learner: str) -> str:
    """Whose team a learner is in."""
    return f"m{int(learner[1:]) // TEAM}"


def furnish(url: str, world: World) -> None:
    """Lay out a database with the organisation in it, as it was before the first round."""
    engine, before = make_engine(url), world.start - timedelta(days=60)
    schema.upgrade(engine)
    managers = sorted({manager_of(each) for each in world.people})
    people = [
        *(_person(each, None, before) for each in managers),
        *(_person(each, manager_of(each), before) for each in world.people),
    ]
    known = [Identity(f"mbox:{each}@example.org", each, before) for each in world.people if each not in world.newcomers]
    with write(engine) as connection:
        save_learners(connection, people, known, before)
        save_units(connection, {"finance": managers[0]})
        save_catalogue(connection, [an_activity()], before)
        save_strategy(connection, _strategy(), before)
        save_wants(connection, {each: (Want("painting"),) for each in world.people[::3]}, before)
        save_contracts(connection, [_contract(each, before, world.start.date()) for each in world.people], before)
        ruleset = load_texts({"organisation.yaml": RULES[0]})
        publish(connection, RulesetVersion(1, "trial", "", ruleset.digest, ruleset.documents, before))
    users.add(engine, OPERATOR, "admin", PASSWORD, AccountRole.ADMINISTRATOR, before)
    engine.dispose()


def _person(own_id: str, manager: str | None, before: datetime) -> Learner:
    hired = before.date() - timedelta(days=400)
    return Learner(own_id, f"Person {own_id}", f"{own_id}@example.org", manager, "finance", "clerk", hired, None, 4500)


def _strategy() -> Strategy:
    return Strategy(
        (Objective("o1", "Close the books in three days"),),
        (Initiative("i1", "One report for all units", "o1"),),
        (Need("n1", "spreadsheets", "i1"),),
        tuple(Competency(each, each.capitalize()) for each in ("spreadsheets", "painting", "colours")),
    )


def _contract(learner: str, signed: datetime, start: date) -> Contract:
    goals = (
        Goal(
            f"{learner}-sheets",
            "Monthly report without help",
            frozenset({"spreadsheets"}),
            measure=Measure("hours per report", "h", 10, 4),
            initiative_id="i1",
            supports=(Support(f"{learner}-seat", "a licence", manager_of(learner), start + timedelta(days=200)),),
        ),
        Goal(f"{learner}-paint", "Posters of our own", frozenset({"painting"})),
    )
    signatures = tuple(
        Signature(role, by, signed) for role, by in ((Role.LEARNER, learner), (Role.MANAGER, manager_of(learner)))
    )
    period = (signed.date() - timedelta(days=30), start + timedelta(days=400))
    revision = Revision(1, *period, goals, signatures=signatures)
    return Contract(f"c-{learner}", ContractKind.STRATEGIC, learner, manager_of(learner), (revision,))
