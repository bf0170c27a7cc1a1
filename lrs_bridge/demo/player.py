"""Units of cmi5 and SCORM content as a course player tells them (cmi5 "Quartz"; ADL's SCORM profile of xAPI).

cmi5: the object is the player's own id, the publisher's stands in `grouping`; one registration is one attempt.
SCORM: the attempt is an activity of its own in `grouping`, and has a registration as well.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import Any

from lrs_bridge.demo.attending import Attendance, Ending
from lrs_bridge.demo.offers import PLAYER, Offer, Platform
from lrs_bridge.demo.people import Person
from lrs_bridge.demo.sending import PLAYER_STORE, Pen, Sent, activity, by_hash, by_mail, verb

_ADL = "http://adlnet.gov/expapi/verbs/"
_W3ID = "https://w3id.org/xapi/adl/verbs/"
INITIALIZED, COMPLETED, PASSED, FAILED, TERMINATED, LAUNCHED, INTERACTED, SUSPENDED = (
    verb(f"{_ADL}{name}", name)
    for name in ("initialized", "completed", "passed", "failed", "terminated", "launched", "interacted", "suspended")
)
WAIVED, SATISFIED = (verb(f"{_W3ID}{name}", name) for name in ("waived", "satisfied"))

CMI5 = "https://w3id.org/xapi/cmi5/"
CMI5_CATEGORY = activity(f"{CMI5}context/categories/cmi5")
MOVE_ON = activity(f"{CMI5}context/categories/moveon")
SCORM_CATEGORY = activity("https://w3id.org/xapi/scorm")
LESSON = "http://adlnet.gov/expapi/activities/lesson"
ATTEMPT = "http://adlnet.gov/expapi/activities/attempt"
WAIVED_BECAUSE = f"{CMI5}result/extensions/reason"
QUEUE = timedelta(minutes=4)


@dataclass(frozen=True, slots=True)
class _Run:
    """One attempt at one unit: the unit of an attendance, or one of its tests."""

    person: Person
    offer: Offer
    own_id: str
    name: str
    start: datetime
    end: datetime
    ending: Ending
    percent: float | None
    address: str = ""

    @property
    def player_id(self) -> str:
        """The player's own id of the unit."""
        if self.own_id == self.offer.id:
            return self.offer.player_id
        return f"{PLAYER}/au/{self.own_id.removeprefix(self.offer.id).strip('/')}-{self.offer.number}"

    @property
    def judgement(self) -> dict[str, Any]:
        """The result of a judged attempt."""
        score = {"scaled": (self.percent or 0.0) / 100, "raw": self.percent, "min": 0, "max": 100}
        return {"score": score, "success": self.ending is Ending.PASSED, "duration": "PT30M"}


class PlayerTeller:
    """Tells attendances the way the course player does; cmi5 by mail address, SCORM by its hash."""

    def __init__(self, random: Random) -> None:
        self._pen = Pen(random, PLAYER_STORE, QUEUE)
        self._random = random

    def tell(self, attendance: Attendance) -> Iterator[Sent]:
        """Everything said about one attendance, tests before and after included."""
        tell = self._tell_cmi5 if attendance.offer.platform is Platform.CMI5 else self._tell_scorm
        for run in _runs(attendance):
            yield from tell(run)

    def browse(self, person: Person, offer: Offer, at: datetime) -> Iterator[Sent]:
        """A browse session, as a manager opens a course to look at it: it says nothing about learning."""
        look = _Run(person, offer, offer.id, offer.name, at, at, Ending.ABANDONED, None)
        session = _Cmi5(self._pen, look, "Browse")
        yield session.say(at, LAUNCHED)
        yield session.say(at + timedelta(seconds=8), INITIALIZED)
        yield session.say(at + timedelta(minutes=3), TERMINATED, result={"duration": "PT3M"})

    def _tell_cmi5(self, run: _Run) -> Iterator[Sent]:
        session = _Cmi5(self._pen, run, "Normal")
        if run.ending is Ending.WAIVED:
            result = {"completion": True, "success": True, "extensions": {WAIVED_BECAUSE: "Tested Out"}}
            yield session.say(run.end, WAIVED, move_on=True, result=result)
            yield session.say(run.end + timedelta(seconds=2), SATISFIED)
            return
        yield session.say(run.start - timedelta(seconds=20), LAUNCHED)
        yield session.say(run.start, INITIALIZED)
        for number in range(self._random.randrange(1, 7)):
            yield session.interact(run.start + timedelta(minutes=number + 2))
        if run.ending is not Ending.ABANDONED:
            yield from self._judged(session, run)
        yield session.say(run.end + timedelta(minutes=1), TERMINATED, result={"duration": "PT40M"})

    def _judged(self, session: _Cmi5, run: _Run) -> Iterator[Sent]:
        """Completed, then judged, then the player's conclusion that the requirements are met."""
        if run.ending is not Ending.FAILED:
            at = run.end if run.ending is Ending.COMPLETED else run.end - timedelta(seconds=40)
            yield session.say(at, COMPLETED, move_on=True, result={"completion": True, "duration": "PT30M"})
        if run.ending is not Ending.COMPLETED:
            judged = PASSED if run.ending is Ending.PASSED else FAILED
            yield session.say(run.end, judged, move_on=True, result=run.judgement)
        if run.ending is not Ending.FAILED:
            yield session.say(run.end + timedelta(seconds=3), SATISFIED)

    def _tell_scorm(self, run: _Run) -> Iterator[Sent]:
        scorm = _Scorm(self._pen, run)
        yield scorm.say(run.start, INITIALIZED)
        match run.ending:
            case Ending.ABANDONED:
                yield scorm.say(run.start + timedelta(minutes=9), SUSPENDED)
                return
            case Ending.COMPLETED:
                yield scorm.say(run.end, COMPLETED, result={"completion": True, "duration": "PT45M"})
            case Ending.PASSED:
                yield scorm.say(run.end, PASSED, result=run.judgement | {"completion": True})
            case _:
                yield scorm.say(run.end, FAILED, result=run.judgement | {"completion": True})
        yield scorm.say(run.end + timedelta(seconds=30), TERMINATED)


def _runs(attendance: Attendance) -> Iterator[_Run]:
    """The test before, the unit itself, the test after: as far as there are such."""
    person, offer, start, end = attendance.person, attendance.offer, attendance.started_at, attendance.ended_at
    address = person.stray if attendance.under_stray else ""
    if attendance.before is not None:
        at, score = start - timedelta(hours=5), attendance.before
        yield _Run(person, offer, offer.pre_test, f"{offer.name}: before", at, at, Ending.PASSED, score, address)
    yield _Run(person, offer, offer.id, offer.name, start, end, attendance.ending, attendance.percent, address)
    if attendance.after is not None:
        at, score = end + timedelta(hours=4), attendance.after
        yield _Run(person, offer, offer.post_test, f"{offer.name}: after", at, at, Ending.PASSED, score, address)


class _Cmi5:
    """One session at one unit."""

    def __init__(self, pen: Pen, run: _Run, mode: str) -> None:
        self._pen, self._mode = pen, mode
        self._actor = by_mail(run.person, run.address)
        self._publisher = activity(run.own_id, "", run.name)
        self._object = activity(run.player_id, "", run.name)
        self._registration = pen.uuid()
        self._session = pen.uuid()

    def say(self, at: datetime, what: dict[str, Any], *, move_on: bool = False, **parts: object) -> Sent:
        categories = [CMI5_CATEGORY, MOVE_ON] if move_on else [CMI5_CATEGORY]
        return self._pen.write(
            at, self._actor, what, object=self._object, context=self._context(categories, what), **parts
        )

    def interact(self, at: datetime) -> Sent:
        """A statement of the content's own, which is allowed in a session and no cmi5 statement."""
        return self._pen.write(at, self._actor, INTERACTED, object=self._object, context=self._context([], INTERACTED))

    def _context(self, categories: list[dict[str, Any]], what: dict[str, Any]) -> dict[str, Any]:
        """The launch mode stands in `launched` alone."""
        around = {"grouping": [self._publisher], **({"category": categories} if categories else {})}
        mode = {f"{CMI5}context/extensions/launchmode": self._mode} if what is LAUNCHED else {}
        extensions = {f"{CMI5}context/extensions/sessionid": self._session, **mode}
        return {"registration": self._registration, "contextActivities": around, "extensions": extensions}


class _Scorm:
    """One attempt at one SCORM unit."""

    def __init__(self, pen: Pen, run: _Run) -> None:
        attempt = pen.uuid()
        self._pen = pen
        self._actor = by_hash(run.person)
        self._object = activity(run.own_id, LESSON, run.name)
        self._context = {
            "platform": "Course player",
            "registration": attempt,
            "contextActivities": {
                "grouping": [activity(f"{run.own_id}?attemptId={attempt}", ATTEMPT, f"Attempt at {run.name}")],
                "category": [SCORM_CATEGORY],
            },
        }

    def say(self, at: datetime, what: dict[str, Any], **parts: object) -> Sent:
        return self._pen.write(at, self._actor, what, object=self._object, context=self._context, **parts)
