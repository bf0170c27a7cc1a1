"""Courses and quizzes as Moodle's logstore plugin tells them (shapes: logstore_xapi 5.0 on Moodle 4.5).

What is awkward about it is kept: no attempt key (`registration` is one per cron run), `scaled` runs from -1 to 1, and
`completed` is said of pages and quiz attempts as well as of courses. The ids are those that the record store gave.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import NAMESPACE_URL, uuid5

from lrs_bridge.demo.attending import Attendance, Ending
from lrs_bridge.demo.offers import Offer
from lrs_bridge.demo.people import MOODLE, ORGANISATION, Person
from lrs_bridge.demo.sending import MOODLE_STORE, Pen, Sent, activity, verb
from lrs_bridge.demo.times import Year

#: The extension by which Moodle's statements are known: which plugin made them, from which event.
INFO = "http://lrs.learninglocker.net/define/extensions/info"
MADE_BY = {"http://moodle.org": "4.5.6 (Build: 20250811)", "https://github.com/xAPI-vle/moodle-logstore_xapi": "5.0.1"}

LMS = "http://id.tincanapi.com/activitytype/lms"
COURSE = "https://w3id.org/xapi/cmi5/activitytype/course"
PAGE = "https://w3id.org/xapi/acrossx/activities/page"
ASSESSMENT = "http://adlnet.gov/expapi/activities/assessment"
ATTEMPT = "http://adlnet.gov/expapi/activities/attempt"
REVIEW = "http://activitystrea.ms/schema/1.0/review"
INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction"

COMPLETED = verb("http://adlnet.gov/expapi/verbs/completed", "Completed")
UNCOMPLETED = verb("https://xapi.edlm/profiles/edlm-lms/concepts/verbs/uncompleted", "Uncompleted")
ENROLLED = verb("https://xapi.edlm/profiles/edlm-lms/concepts/verbs/enrolled", "Enrolled")
LOGGED_IN = verb("https://xapi.edlm/profiles/edlm-lms/concepts/verbs/login", "Logged In")
VIEWED = verb("http://id.tincanapi.com/verb/viewed", "Viewed")
STARTED = verb("http://activitystrea.ms/schema/1.0/start", "Started")
ANSWERED = verb("http://adlnet.gov/expapi/verbs/answered", "Answered")
RECEIVED = verb("http://activitystrea.ms/schema/1.0/receive", "Received")

SITE = activity(MOODLE, LMS, f"{ORGANISATION}: learning")
CRON = timedelta(minutes=20)
PAGES = ("Before you start", "The main points", "Try it yourself", "What to take home")


class MoodleTeller:
    """Tells attendances the way Moodle does. From some day on it names people by mail address: a setting changed."""

    def __init__(self, random: Random, year: Year) -> None:
        self._pen = Pen(random, MOODLE_STORE, CRON)
        self._random = random
        self._by_mail_from = year.now - timedelta(days=70)

    def tell(self, attendance: Attendance) -> Iterator[Sent]:
        """Everything said about one attendance, tests before and after included."""
        offer, person = attendance.offer, attendance.person
        course = activity(offer.id, COURSE, offer.name)
        start = attendance.started_at
        if not attendance.again:
            yield self._say(start - timedelta(days=1), person, ENROLLED, course)
        if attendance.before is not None:
            yield from self._quiz(attendance, offer.pre_test, "before", attendance.before, start - timedelta(hours=2))
        yield self._say(start, person, VIEWED, course)
        yield from self._pages(attendance, course)
        if attendance.ending is Ending.COMPLETED:
            yield self._say(attendance.ended_at, person, COMPLETED, course)
        if attendance.after is not None:
            yield from self._quiz(
                attendance, offer.post_test, "after", attendance.after, attendance.ended_at + timedelta(hours=3)
            )

    def complete(self, person: Person, offer: Offer, at: datetime) -> Sent:
        """A completion on its own, as an entry made by mistake is."""
        return self._say(at, person, COMPLETED, activity(offer.id, COURSE, offer.name))

    def log_in(self, person: Person, at: datetime) -> Sent:
        return self._say(at, person, LOGGED_IN, SITE, parents=None)

    def _pages(self, attendance: Attendance, course: dict[str, Any]) -> Iterator[Sent]:
        """Pages viewed and ticked on the way; now and then somebody takes a tick back."""
        length = attendance.ended_at - attendance.started_at
        for number, title in enumerate(PAGES[: self._random.randrange(1, len(PAGES) + 1)]):
            page = activity(f"{MOODLE}/mod/page/view.php?id={attendance.offer.number * 100 + number}", PAGE, title)
            at = (attendance.started_at + length * (number + 1) / 6).replace(microsecond=0)
            yield self._say(at, attendance.person, VIEWED, page, parents=[course])
            yield self._say(at, attendance.person, COMPLETED, page, parents=[course], result={"completion": True})
            if self._random.random() < 0.04:
                later = at + timedelta(seconds=self._random.choice((0, 90)))
                yield self._say(later, attendance.person, UNCOMPLETED, page, parents=[course])

    def _quiz(self, attendance: Attendance, quiz_id: str, when: str, percent: float, at: datetime) -> Iterator[Sent]:
        offer, person = attendance.offer, attendance.person
        name = f"{offer.name}: test {when}"
        cmid = quiz_id.rpartition("=")[2]
        number = self._random.randrange(10_000, 99_999)
        quiz = activity(quiz_id, ASSESSMENT, name)
        attempt = activity(f"{MOODLE}/mod/quiz/attempt.php?attempt={number}&cmid={cmid}", ATTEMPT, f"{name} Attempt 1")
        parents = [quiz, activity(offer.id, COURSE, offer.name)]
        raw = percent / 10
        score = {"raw": raw, "min": 0, "max": 10, "scaled": round(2 * raw / 10 - 1, 4)}
        yield self._say(at, person, STARTED, attempt, parents=parents)
        for question in range(2):
            asked = activity(f"{MOODLE}/question/preview.php?id={int(cmid) * 10 + question}", INTERACTION, "Question")
            yield self._say(at + timedelta(minutes=3 + question), person, ANSWERED, asked, parents=[quiz])
        result = {"score": score, "completion": True, "success": percent >= 60, "duration": "PT18M"}
        yield self._say(at + timedelta(minutes=18), person, COMPLETED, attempt, parents=parents, result=result)
        review = activity(f"{MOODLE}/review.php?attempt={number}", REVIEW, "Review")
        yield self._say(at + timedelta(minutes=30), person, RECEIVED, review, parents=[attempt, *parents])

    def _say(
        self, at: datetime, person: Person, what: dict[str, Any], about: dict[str, Any],
        parents: Sequence[dict[str, Any]] | None = (), **parts: object,
    ) -> Sent:  # fmt: skip
        around = {} if parents is None else {"category": [SITE], **({"parent": list(parents)} if parents else {})}
        cron_run = str(uuid5(NAMESPACE_URL, f"{MOODLE}/{at:%Y-%m-%dT%H}"))
        context = {
            "platform": "Moodle",
            "language": "en",
            "registration": cron_run,
            "extensions": {INFO: MADE_BY},
            "contextActivities": around,
        }
        return self._pen.write(at, self._actor(person, at), what, object=about, context=context, **parts)

    def _actor(self, person: Person, at: datetime) -> dict[str, Any]:
        if at >= self._by_mail_from:
            return {"name": person.learner.name, "mbox": f"mailto:{person.learner.email}"}
        return {"name": person.learner.name, "account": person.account}
